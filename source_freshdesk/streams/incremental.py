"""What streams share that start where their state ends."""

from abc import ABC, abstractmethod
from collections.abc import Iterator, Mapping, MutableMapping
from typing import Any

from airbyte_cdk.models import (
    AirbyteEstimateTraceMessage,
    AirbyteMessage,
    AirbyteStateBlob,
    AirbyteStateMessage,
    AirbyteStateType,
    AirbyteStreamState,
    AirbyteTraceMessage,
    EstimateType,
    StreamDescriptor,
    TraceType,
    Type,
)

from source_freshdesk import instants
from source_freshdesk.api.errors import config_error
from source_freshdesk.api.freshdesk_api import FreshdeskApi
from source_freshdesk.api.search import Search
from source_freshdesk.state.updated_at_cursor import UpdatedAtCursor
from source_freshdesk.streams.base import FreshdeskStream


class StatefulStream(FreshdeskStream, ABC):
    """A stream that starts where its state ends. What the state holds is the leaf's to say."""

    cursor_field = "updated_at"
    is_resumable = True

    def __init__(self, api: FreshdeskApi, **kwargs: Any) -> None:
        self._saved_state: MutableMapping[str, Any] = {}
        super().__init__(api, **kwargs)
        self._search = Search(api, self.name, self.logger)

    @property
    def state(self) -> MutableMapping[str, Any]:
        """How far the records that were emitted go."""
        return self._saved_state

    @state.setter
    def state(self, value: MutableMapping[str, Any]) -> None:
        """Raises `AirbyteTracedException` of type config_error if it cannot be read."""
        try:
            self.load_state(value)
        except (TypeError, ValueError, AttributeError, KeyError, OverflowError) as error:
            raise config_error(
                f"The saved state of {self.name} cannot be read ({error}). Clear the stream's state in Airbyte, or the "
                "state file: the next sync then reads all of it again."
            ) from error
        self._saved_state = dict(value)

    @abstractmethod
    def load_state(self, state: Mapping[str, Any]) -> None:
        """Take over what a state says; an empty one means the start. Raises any error if it is none."""

    def prefetch_first_page(self) -> None:
        """Nothing: which page is the first depends on the state."""

    @property
    def calls(self) -> int:
        """Calls made so far, retries included."""
        return super().calls + self._search.calls

    def estimate(self, counted: str, since: int, rows_each: float = 1.0) -> Iterator[AirbyteMessage]:
        """A message with how many records there will be about, so that a platform can show progress; none if
        Freshdesk does not tell.

        counted: the resource whose rows lead to the records. rows_each: how many records for each of them.
        """
        count = self._search.count(counted, since)
        if count is not None:
            yield AirbyteMessage(
                type=Type.TRACE,
                trace=AirbyteTraceMessage(
                    type=TraceType.ESTIMATE,
                    emitted_at=self._api.clock.now() * 1000,
                    estimate=AirbyteEstimateTraceMessage(
                        name=self.name, type=EstimateType.STREAM, row_estimate=round(count * rows_each)
                    ),
                ),
            )

    def state_message(self) -> AirbyteMessage:
        """The state as a message, for a place in the stream of records where the CDK would not put one."""
        return AirbyteMessage(
            type=Type.STATE,
            state=AirbyteStateMessage(
                type=AirbyteStateType.STREAM,
                stream=AirbyteStreamState(
                    stream_descriptor=StreamDescriptor(name=self.name),
                    stream_state=AirbyteStateBlob(self._saved_state),
                ),
            ),
        )


class IncrementalStream(StatefulStream, ABC):
    """A stream whose rows carry `updated_at`, and whose state is a place in time.

    start: the earliest `updated_at` that is wanted (epoch seconds).
    """

    def __init__(self, api: FreshdeskApi, start: int = instants.EPOCH, **kwargs: Any) -> None:
        self._cursor = UpdatedAtCursor(start)
        super().__init__(api, **kwargs)

    @property
    def since(self) -> int:
        """The instant from which on rows are read."""
        return self._cursor.read_from

    def load_state(self, state: Mapping[str, Any]) -> None:
        self._cursor.load(state, now=int(self._api.clock.now()))
