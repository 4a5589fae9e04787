"""What streams share that start where their state ends."""

from typing import Any

import pytest
from airbyte_cdk.models import FailureType
from airbyte_cdk.utils.traced_exception import AirbyteTracedException

from source_freshdesk.catalog import all_streams
from source_freshdesk.config import Config
from source_freshdesk.streams.incremental import IncrementalStream
from unit_tests import support
from unit_tests.support import HOST, KEY, ago

STREAMS = [stream for stream in all_streams(support.api(), Config(HOST, KEY)) if isinstance(stream, IncrementalStream)]
EACH = pytest.mark.parametrize("stream", STREAMS, ids=lambda stream: stream.name)


@EACH
@pytest.mark.parametrize("when", ["yesterday", ["2024-01-31T00:00:00Z"], "P1D"])
def test_a_state_that_cannot_be_read_is_the_users_to_clear(stream: IncrementalStream, when: Any) -> None:
    place = {stream.cursor_field: when}
    state = {"schemas": {"30": place}} if stream.name == "custom_object_records" else place
    with pytest.raises(AirbyteTracedException, match=r"saved state of \w+ cannot be read") as caught:
        stream.state = state
    assert caught.value.failure_type is FailureType.config_error
    assert "Clear the stream's state" in str(caught.value)


@EACH
def test_the_log_says_whose_state_to_clear(stream: IncrementalStream) -> None:
    place = {stream.cursor_field: "yesterday"}
    state = {"schemas": {"30": place}} if stream.name == "custom_object_records" else place
    with pytest.raises(AirbyteTracedException, match=f"saved state of {stream.name} cannot be read"):
        stream.state = state


@EACH
def test_a_state_comes_back_as_it_was_given_until_something_was_read(stream: IncrementalStream) -> None:
    for state in ({stream.cursor_field: ago(500)}, {}):
        stream.state = dict(state)
        assert stream.state == state


@EACH
def test_a_stream_starts_without_a_state(stream: IncrementalStream) -> None:
    assert stream.is_resumable
    assert stream.cursor_field
