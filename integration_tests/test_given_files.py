"""Files that a command is given and that cannot be used: a config error that names the file, never a traceback."""

import json
from pathlib import Path

import pytest

from integration_tests.connector import Connector, Run

CONFIG = {"domain": "http://127.0.0.1:9", "api_key": "kQ7pX2vN9rT4wZ8sB1mC"}
CONTENTS = {
    "empty": b"",
    "cut off": b'{"streams": [',
    "with a byte order mark": b"\xef\xbb\xbf{}",
    "UTF-16": json.dumps(CONFIG).encode("utf-16"),
    "a list of numbers": b"[1, 2]",
}
NEWER_CATALOG = {
    "streams": [
        {
            "stream": {"name": "tickets", "json_schema": {}, "supported_sync_modes": ["full_refresh"]},
            "sync_mode": "full_refresh",
            "destination_sync_mode": "overwrite_dedup",
        }
    ]
}


def assert_named(run: Run, kind: str, file: Path) -> None:
    (error,) = run.errors_traced
    assert error["failure_type"] == "config_error"
    assert error["message"].startswith(f"The {kind} file {file} ")
    assert "Traceback" not in run.output + run.errors
    assert len(run.messages) <= 2


def written(folder: Path, kind: str, content: bytes | None) -> Path:
    file = folder / f"{kind}.json"
    if content is not None:
        file.write_bytes(content)
    return file


@pytest.mark.parametrize("content", [*CONTENTS.values(), None], ids=[*CONTENTS, "missing"])
@pytest.mark.parametrize("kind", ["config", "catalog", "state"])
def test_a_file_that_cannot_be_used_is_named(tmp_path: Path, kind: str, content: bytes | None) -> None:
    files = {
        "config": written(tmp_path, "config", json.dumps(CONFIG).encode()),
        "catalog": written(tmp_path, "catalog", b'{"streams": []}'),
        "state": written(tmp_path, "state", b"[]"),
    }
    files[kind] = written(tmp_path, f"bad_{kind}", content)
    arguments = [part for name, file in files.items() for part in (f"--{name}", str(file))]
    run = Connector(tmp_path, CONFIG).run("read", *arguments)
    assert run.exit_code == 1
    assert_named(run, kind, files[kind])


MESSAGES_OF_DISCOVER = (
    '{"type":"LOG","log":{"level":"INFO","message":"."}}\n{"type":"CATALOG","catalog":{"streams":[]}}'
)
STATE = '{"type":"STREAM","stream":{"stream_descriptor":{"name":"tickets"},"stream_state":{}}}'


@pytest.mark.parametrize(
    ("kind", "content", "words"),
    [
        ("catalog", MESSAGES_OF_DISCOVER, "is what 'discover' writes"),
        ("catalog", '{"streams":[{"name":"tickets","json_schema":{}}]}', "is what 'discover' writes"),
        ("state", f'{{"type":"STATE","state":{STATE}}}', "holds messages of a sync"),
        ("state", f'{{"type":"RECORD"}}\n{{"type":"STATE","state":{STATE}}}\n', "holds messages of a sync"),
        ("state", f'[{{"type":"STATE","state":{STATE}}}]', "holds messages of a sync"),
        ("state", STATE, "holds messages of a sync"),
    ],
)
def test_a_file_that_is_often_mistaken_for_it_is_named_with_what_to_do(
    tmp_path: Path, kind: str, content: str, words: str
) -> None:
    files = {
        "config": written(tmp_path, "config", json.dumps(CONFIG).encode()),
        "catalog": written(tmp_path, "catalog", b'{"streams": []}'),
        kind: written(tmp_path, f"bad_{kind}", content.encode()),
    }
    arguments = [part for name, file in files.items() for part in (f"--{name}", str(file))]
    run = Connector(tmp_path, CONFIG).run("read", *arguments)
    assert run.exit_code == 1
    assert_named(run, kind, files[kind])
    assert words in run.errors_traced[0]["message"]
    assert "jq -c" in run.errors_traced[0]["message"]


@pytest.mark.parametrize("content", [b'{"streams": [1]}', b'{"streams": 5}'])
def test_a_catalog_of_another_shape_is_named(tmp_path: Path, content: bytes) -> None:
    config = written(tmp_path, "config", json.dumps(CONFIG).encode())
    catalog = written(tmp_path, "odd", content)
    run = Connector(tmp_path, CONFIG).run("read", "--config", str(config), "--catalog", str(catalog))
    assert_named(run, "catalog", catalog)


def test_a_directory_is_no_file(tmp_path: Path) -> None:
    assert_named(Connector(tmp_path, CONFIG).run("discover", "--config", str(tmp_path)), "config", tmp_path)


def test_a_check_has_a_status_too(tmp_path: Path) -> None:
    file = written(tmp_path, "bad", b"{")
    run = Connector(tmp_path, CONFIG).run("check", "--config", str(file))
    assert run.exit_code == 0
    (status,) = run.of_type("CONNECTION_STATUS")
    assert status["status"] == "FAILED"
    assert status["message"].startswith(f"The config file {file} is not JSON")


def test_a_word_of_a_newer_protocol_is_named(tmp_path: Path) -> None:
    config = written(tmp_path, "config", json.dumps(CONFIG).encode())
    catalog = written(tmp_path, "newer", json.dumps(NEWER_CATALOG).encode())
    run = Connector(tmp_path, CONFIG).run("read", "--config", str(config), "--catalog", str(catalog))
    assert_named(run, "catalog", catalog)
    assert "overwrite_dedup" in run.errors_traced[0]["message"]
