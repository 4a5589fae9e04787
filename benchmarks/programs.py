"""The programs that are compared, and how each is called."""

import json
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import yaml

from integration_tests.connector import ROOT, Connector

API_KEY = "key-of-the-benchmarks"
MANIFEST = Path(__file__).parent / "low_code" / "manifest.yaml"


class Ours:
    """This connector."""

    name = "this connector"

    def command(self, folder: Path, url: str, command: str, streams: Sequence[str], **more: Any) -> list[str]:
        """settings: of the config. columns: those selected, by stream. state: of the last sync."""
        settings, state = more.pop("settings", {}), more.pop("state", None)
        folder.mkdir(parents=True, exist_ok=True)
        connector = Connector(folder, {"domain": url, "api_key": API_KEY, **settings})
        main = [sys.executable, str(ROOT / "main.py")]
        if command == "read":
            return [*main, *connector.read_arguments(*streams, state=state, **more)]
        return [*main, command, *([] if command == "spec" else ["--config", str(folder / "config.json")])]


class LowCode:
    """The manifest in low_code/, with so many workers; None: as many as the CDK takes by default."""

    def __init__(self, workers: int | None = None) -> None:
        self.name = f"low-code, {workers} workers" if workers else "low-code"
        self._workers = workers

    def command(self, folder: Path, url: str, command: str, streams: Sequence[str], **more: Any) -> list[str]:
        """state: of the last sync."""
        manifest = yaml.safe_load(MANIFEST.read_text("utf-8"))
        if self._workers:
            manifest["concurrency_level"] = {
                "type": "ConcurrencyLevel",
                "default_concurrency": self._workers,
                "max_concurrency": self._workers,
            }
        files = {
            "manifest.yaml": manifest,
            "config.json": {"domain": url, "api_key": API_KEY},
            "catalog.json": {"streams": [_configured(stream) for stream in streams]},
            "state.json": more.get("state"),
        }
        folder.mkdir(parents=True, exist_ok=True)
        for name, content in files.items():
            (folder / name).write_text(json.dumps(content), encoding="utf-8")
        called = [str(Path(sys.executable).with_name("source-declarative-manifest")), command]
        if command != "spec":
            called += ["--config", str(folder / "config.json")]
        if command == "read":
            called += ["--catalog", str(folder / "catalog.json")]
            called += ["--state", str(folder / "state.json")] if more.get("state") else []
        return [*called, "--manifest-path", str(folder / "manifest.yaml")]


def _configured(stream: str) -> dict[str, Any]:
    is_incremental = stream == "tickets"
    return {
        "stream": {
            "name": stream,
            "json_schema": {},
            "supported_sync_modes": ["full_refresh", "incremental"] if is_incremental else ["full_refresh"],
        },
        "sync_mode": "incremental" if is_incremental else "full_refresh",
        "destination_sync_mode": "append",
    }
