"""Ends the process with a message before the kernel kills it without one.

A container that needs more memory than it may have is killed, and all that a platform sees is exit code 137. The CDK
looks at the memory every few thousand messages, which for large records is too seldom.
"""

import threading
from collections.abc import Callable
from pathlib import Path

LIMIT_FILES = (Path("/sys/fs/cgroup/memory.max"), Path("/sys/fs/cgroup/memory/memory.limit_in_bytes"))
"""Of control groups of version 2 and 1."""
NO_LIMIT_BYTES = 1 << 60
"""Version 1 writes a number near 2^63 where there is none."""

FULL_PART = 0.9
LOOKS_EVERY_SECONDS = 0.02
PAGE_BYTES = 4096


def limit_bytes(files: tuple[Path, ...] = LIMIT_FILES) -> int | None:
    """How much memory the process's control group may have, None if any."""
    for file in files:
        try:
            limit = file.read_text().strip()
        except OSError:
            continue
        if limit.isdecimal() and int(limit) < NO_LIMIT_BYTES:
            return int(limit)
    return None


def used_bytes(file: Path = Path("/proc/self/statm")) -> int:
    """How much of it is this process's own: https://man7.org/linux/man-pages/man5/proc_pid_statm.5.html"""
    _, resident, shared, *_ = map(int, file.read_text().split())
    return (resident - shared) * PAGE_BYTES


def watch(when_full: Callable[[str], None]) -> None:
    """Have `when_full` called from a thread of its own, with a message for the user, when the memory is nearly full.

    Does nothing where there is no limit.
    """
    limit = limit_bytes()
    if limit is None:
        return

    def look() -> None:
        pause = threading.Event()
        while used_bytes() < FULL_PART * limit:
            pause.wait(LOOKS_EVERY_SECONDS)
        when_full(
            f"The sync needs more memory than its limit of {limit // 1_000_000:,} MB. Raise the limit, or lower the "
            "number of concurrent requests (num_workers). The next sync continues from the last state."
        )

    threading.Thread(target=look, daemon=True, name="memory").start()
