"""Reads your Freshdesk account into freshdesk.duckdb. Run again, it reads what has changed since.

export FRESHDESK_DOMAIN=acme FRESHDESK_API_KEY=...
PATH="$PWD/.venv/bin:$PATH" .venv-pyairbyte/bin/python examples/sync.py

AIRBYTE_OFFLINE_MODE=1 keeps PyAirbyte from asking Airbyte's list of connectors and from telling Airbyte of its use.
"""

import os

import airbyte
from airbyte.caches import DuckDBCache

source = airbyte.get_source(
    "source-freshdesk",
    local_executable="source-freshdesk",
    config={"domain": os.environ["FRESHDESK_DOMAIN"], "api_key": os.environ["FRESHDESK_API_KEY"]},
    streams="*",
)
source.read(cache=DuckDBCache(db_path="freshdesk.duckdb"))
