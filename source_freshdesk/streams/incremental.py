"""Streams that start where their state ends."""

import logging
from abc import ABC, abstractmethod
from collections.abc import Collection, Iterable, Iterator, Mapping, MutableMapping, Set
from dataclasses import dataclass
from typing import Any, ClassVar

from airbyte_cdk.models import (
    AirbyteEstimateTraceMessage,
    AirbyteMessage,
    AirbyteStateBlob,
    AirbyteStateMessage,
    AirbyteStateType,
    AirbyteStreamState,
    AirbyteTraceMessage,
    ConfiguredAirbyteStream,
    EstimateType,
    StreamDescriptor,
    SyncMode,
    TraceType,
    Type,
)
from airbyte_cdk.sources.streams.checkpoint.checkpoint_reader import FULL_REFRESH_COMPLETE_STATE
from airbyte_cdk.sources.streams.core import StreamData

from source_freshdesk import instants
from source_freshdesk.api.errors import config_error
from source_freshdesk.api.freshdesk_api import FreshdeskApi
from source_freshdesk.api.rate_limit import Call
from source_freshdesk.api.search import Search
from source_freshdesk.records.keys import some_of
from source_freshdesk.state.emitted_versions import RowKey
from source_freshdesk.streams.base import FreshdeskStream


@dataclass(frozen=True)
class ExpectedCalls:
    """About how many calls a stream will take. each: what one of them costs."""

    count: int
    each: Call


class IncrementalStream(FreshdeskStream, ABC):
    """A stream that starts where its state ends. A leaf decides what the state holds."""

    cursor_field = "updated_at"
    is_resumable = True
    state_fields: ClassVar[Set[str]] = frozenset()
    """What a state may hold without the cursor field, as one of an interrupted first sync does."""

    def __init__(self, api: FreshdeskApi, *parents: FreshdeskStream, **kwargs: Any) -> None:
        self._state: MutableMapping[str, Any] = {}
        super().__init__(api, *parents, **kwargs)
        self.search = Search(api, self.name, self.logger)

    def read(
        self,
        configured_stream: ConfiguredAirbyteStream,
        logger: logging.Logger,
        slice_logger: Any,
        stream_state: Any,
        state_manager: Any,
        internal_config: Any,
    ) -> Iterable[StreamData]:
        """As for all streams. The last state of a complete full refresh says that it is complete: the next one that
        gets it starts anew. One that was interrupted continues.
        """
        yield from super().read(configured_stream, logger, slice_logger, stream_state, state_manager, internal_config)
        if configured_stream.sync_mode is SyncMode.full_refresh and self.outcome.may_checkpoint:
            yield self.checkpoint(dict(FULL_REFRESH_COMPLETE_STATE))

    @abstractmethod
    def load_state(self, state: Mapping[str, Any]) -> None:
        """Continue from a saved state; an empty one means the start. Raises any error if it cannot be read."""

    def checkpoint(self, state: MutableMapping[str, Any]) -> AirbyteMessage:
        """Save a state: all records that it covers were yielded before. The only writer of the stream's state.

        The state that this saved last is the truth about the stream's state: the CDK asks for it at the end of each
        slice and emits it then. Cursors and sets in other objects are what the next one is made of.

        The message is for a leaf to yield between the records of a slice, where the CDK emits no state.
        """
        self._state = state
        return AirbyteMessage(
            type=Type.STATE,
            state=AirbyteStateMessage(
                type=AirbyteStateType.STREAM,
                stream=AirbyteStreamState(
                    stream_descriptor=StreamDescriptor(name=self.name), stream_state=AirbyteStateBlob(state)
                ),
            ),
        )

    @property
    def state(self) -> MutableMapping[str, Any]:
        """The state that was saved last: see `checkpoint`."""
        return self._state

    @state.setter
    def state(self, value: MutableMapping[str, Any]) -> None:
        """Set by the CDK before the stream is read. Raises `AirbyteTracedException` if it cannot be read."""
        self.expect_state(value)
        self._warn_of_odd_state(value)
        self._state = dict(value)

    def expect_state(self, value: Mapping[str, Any]) -> None:
        """This is the state that the stream will get. Raises `AirbyteTracedException` if it cannot be read."""
        try:
            self.load_state(value)
        except (TypeError, ValueError, AttributeError, KeyError, OverflowError) as error:
            raise config_error(
                f"The saved state of {self.name} cannot be read ({error}). Clear the stream's state in Airbyte, or the "
                "state file: the next sync then reads all of it again."
            ) from error

    def _warn_of_odd_state(self, state: Mapping[str, Any]) -> None:
        if not state or state == FULL_REFRESH_COMPLETE_STATE:
            return
        if self.state_fields.isdisjoint(state) and self.cursor_field not in state:
            names = ", ".join(sorted(state))
            self.logger.warning(
                f"The saved state of {self.name} names no time up to which it was read ({names}): is it another "
                "stream's? All of it is read."
            )
        elif state.keys() == {self.cursor_field} and (instants.or_none(state[self.cursor_field]) or 0) > self._tomorrow:
            self.logger.warning(
                f"The saved state of {self.name} lies in the future ({state[self.cursor_field]}). All of it is read."
            )

    @property
    def _tomorrow(self) -> float:
        return self.api.clock.now() + 86_400

    def warn_of_state_ahead(self) -> None:
        """The saved state lies after Freshdesk's time, and was pulled back to it."""
        self.logger.warning(
            f"The saved state of {self.name} is later than Freshdesk's clock. The sync continues from Freshdesk's time."
        )

    def warn_of_rows_without_times(self, keys: Collection[RowKey]) -> None:
        """These rows hold no valid time: they are emitted in each sync and move no state."""
        if keys:
            self.logger.warning(
                f"{len(keys):,} rows of {self.name} have no valid time of their last change and are emitted in each "
                f"sync (keys {some_of(keys)})."
            )

    def tell_of_gone_rows(self, keys: Collection[RowKey]) -> None:
        """These rows were listed before and are not any more."""
        if keys:
            self.logger.info(
                f"{len(keys):,} rows of {self.name} are gone from Freshdesk (keys {some_of(keys)}). Their last records "
                "stay in the destination; a full refresh that overwrites removes them."
            )

    def prefetch(self, state: Mapping[str, Any]) -> None:
        """Nothing: a leaf decides what is read first."""

    def expected_calls(self) -> ExpectedCalls | None:
        """About how many calls a first sync takes; None if Freshdesk does not count what the stream reads."""
        return None

    def count(self, counted: str, since: int) -> int | None:
        """How many rows of a resource changed since the day of an instant, None if Freshdesk does not say."""
        return self.search.count(counted, since)

    def estimate(self, counted: str, since: int, rows_each: float = 1.0) -> Iterator[AirbyteMessage]:
        """A message with about how many records there will be, so that a platform can show progress; none if Freshdesk
        does not answer the question.

        counted: the resource that Freshdesk counts. rows_each: how many records there are for each of its rows.
        """
        count = self.count(counted, since)
        if count is not None:
            self.report.expect(round(count * rows_each))
            yield AirbyteMessage(
                type=Type.TRACE,
                trace=AirbyteTraceMessage(
                    type=TraceType.ESTIMATE,
                    emitted_at=self.api.clock.now() * 1000,
                    estimate=AirbyteEstimateTraceMessage(
                        name=self.name, type=EstimateType.STREAM, row_estimate=round(count * rows_each)
                    ),
                ),
            )
