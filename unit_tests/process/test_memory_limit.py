"""When the memory is taken for full."""

import threading
from pathlib import Path

import pytest

from source_freshdesk.process import memory_limit


@pytest.mark.parametrize(
    ("declared", "limit"), [("134217728\n", 134_217_728), ("max\n", None), ("9223372036854771712\n", None), ("", None)]
)
def test_the_limit_of_the_control_group_counts(tmp_path: Path, declared: str, limit: int | None) -> None:
    file = tmp_path / "memory.max"
    file.write_text(declared)
    assert memory_limit.limit_bytes((tmp_path / "missing", file)) == limit


def test_without_a_control_group_there_is_no_limit(tmp_path: Path) -> None:
    assert memory_limit.limit_bytes((tmp_path / "missing",)) is None


def test_what_is_shared_with_other_processes_is_not_ours(tmp_path: Path) -> None:
    file = tmp_path / "statm"
    file.write_text("50000 30000 10000 1 0 20000 0\n")
    assert memory_limit.used_bytes(file) == 20_000 * 4096


def test_a_full_memory_is_logged_once_with_what_to_do(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(memory_limit, "limit_bytes", lambda: 100_000_000)
    used = iter([10_000_000, 95_000_000])
    monkeypatch.setattr(memory_limit, "used_bytes", lambda: next(used))
    said: list[str] = []
    declared = threading.Event()

    def when_full(message: str) -> None:
        said.append(message)
        declared.set()

    memory_limit.watch(when_full)
    assert declared.wait(10)
    assert said == [
        "The sync needs more memory than its limit of 100 MB. Raise the limit, or lower the number of concurrent "
        "requests (num_workers). The next sync continues from the last state."
    ]


def test_nobody_watches_where_there_is_no_limit(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(memory_limit, "limit_bytes", lambda: None)
    before = threading.active_count()
    memory_limit.watch(lambda _: None)
    assert threading.active_count() == before
