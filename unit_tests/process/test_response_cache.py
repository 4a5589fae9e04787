"""The connector starts without the cache for HTTP responses, which is there all the same if it is wanted."""

import subprocess
import sys

import requests_cache

from source_freshdesk.process.response_cache import leave_out_response_cache
from unit_tests.imports import ROOT

START = """
from source_freshdesk.process.response_cache import leave_out_response_cache
leave_out_response_cache()
import logging, sys
from airbyte_cdk.sources.streams.http import HttpClient, http_client
"""


def run(code: str) -> str:
    """What the code prints after the CDK's client was imported without the cache."""
    command = [sys.executable, "-c", START + code]
    return subprocess.run(command, capture_output=True, text=True, cwd=ROOT, check=True).stdout


def test_the_connector_does_not_import_it() -> None:
    loaded = "print([name for name in sys.modules if name.startswith('requests_cache.')])"
    assert run(f"import source_freshdesk.process.run\n{loaded}") == "[]\n"


def test_a_client_that_caches_has_it() -> None:
    code = (
        "session = HttpClient('a', logging.getLogger(), use_cache=True)._session\n"
        "import requests_cache\n"
        "print(isinstance(session, requests_cache.CacheMixin), type(session.cache).__module__)\n"
        "print(requests_cache.SQLiteDict.__getitem__.__module__)\n"
        "print(http_client.requests_cache.CachedSession is requests_cache.CachedSession)\n"
    )
    assert run(code).splitlines() == [
        "True requests_cache.backends.sqlite",
        "airbyte_cdk.sources.streams.http.http_client",
        "True",
    ]


def test_a_name_that_it_does_not_have_is_missed_as_ever() -> None:
    assert run("import requests_cache\nprint(getattr(requests_cache, 'nothing_of_the_kind', 'missing'))") == "missing\n"


def test_it_is_left_alone_where_it_is_imported_already() -> None:
    leave_out_response_cache()
    assert sys.modules["requests_cache"] is requests_cache
