"""The connector: where its parts are put together."""

import logging
import math
import time
from collections.abc import Iterator, Mapping
from typing import Any

from airbyte_cdk.models import (
    AirbyteCatalog,
    AirbyteConnectionStatus,
    AirbyteMessage,
    AirbyteRecordMessage,
    AirbyteStateMessage,
    AirbyteStreamStatus,
    ConfiguredAirbyteCatalog,
    ConfiguredAirbyteStream,
    Status,
    Type,
)
from airbyte_cdk.sources import AbstractSource
from airbyte_cdk.sources.connector_state_manager import ConnectorStateManager
from airbyte_cdk.sources.message import InMemoryMessageRepository, MessageRepository
from airbyte_cdk.sources.streams import Stream
from airbyte_cdk.sources.streams.core import StreamData
from airbyte_cdk.sources.utils.schema_helpers import InternalConfig
from airbyte_cdk.utils.airbyte_secrets_utils import filter_secrets
from airbyte_cdk.utils.stream_status_utils import as_airbyte_message
from airbyte_cdk.utils.traced_exception import AirbyteTracedException

from source_freshdesk.api.clock import Clock
from source_freshdesk.api.current_agent import CurrentAgent
from source_freshdesk.api.freshdesk_api import FreshdeskApi
from source_freshdesk.api.rate_limit import RateLimit
from source_freshdesk.catalog import all_streams, in_reading_order
from source_freshdesk.config import Config
from source_freshdesk.discovery import with_custom_fields
from source_freshdesk.forecast import with_forecast
from source_freshdesk.readable import report_readable, warn_of_scope
from source_freshdesk.running_sync import RunningSync
from source_freshdesk.summary import log_summary

PATIENCE_OF_A_CHECK_SECONDS, PATIENCE_OF_DISCOVERY_SECONDS = 5.0, 30.0
"""Somebody waits for both; discovery also goes before a scheduled sync, which it should not fail."""


class SourceFreshdesk(AbstractSource):
    """Reads a Freshdesk account."""

    # `Config` names the field that is wrong, the CDK's check against the spec does not.
    check_config_against_spec = False

    def __init__(self, clock: Clock | None = None) -> None:
        self._clock = clock or Clock()
        self._messages = InMemoryMessageRepository()
        self._sync: RunningSync | None = None
        self._logger = logging.getLogger("airbyte")

    @property
    def message_repository(self) -> MessageRepository:
        """Messages that go out between records."""
        return self._messages

    @property
    def raise_exception_on_missing_stream(self) -> bool:
        """A catalog that names a stream which is not there fails, instead of leaving it out in silence."""
        return True

    def read(
        self,
        logger: logging.Logger,
        config: Mapping[str, Any],
        catalog: ConfiguredAirbyteCatalog,
        state: list[AirbyteStateMessage] | None = None,
    ) -> Iterator[AirbyteMessage]:
        """Sync the streams of the catalog, and say at the end what it has cost."""
        settings = self._read_config(config)
        api, started_at = self._api(settings), self._clock.monotonic()
        self._sync = sync = RunningSync(api, in_reading_order(all_streams(api, settings)), catalog)
        sync.select()
        # Streams whose rows others need come first, so that they are read once.
        catalog.streams.sort(key=lambda configured: sync.index_of(configured.stream.name))
        try:
            messages = super().read(logger, config, catalog, state)
            yield from with_forecast(messages, api, sync.read_first(state or ()), logger)
        except AirbyteTracedException:
            # A platform takes a stream without a last status for an error of its own.
            for configured in sync.unread() if api.is_out_of_reach else ():
                yield as_airbyte_message(configured.stream, AirbyteStreamStatus.INCOMPLETE)
            raise
        finally:
            self._sync = None
            log_summary(api, sync.streams_begun(), sync.unread_names(), self._clock.monotonic() - started_at)

    def discover(self, logger: logging.Logger, config: Mapping[str, Any]) -> AirbyteCatalog:
        """All streams, with the fields that the account has defined, as far as the key may see these."""
        settings = self._read_config(config)
        api = self._impatient_api(settings, PATIENCE_OF_DISCOVERY_SECONDS)
        streams = [stream.as_airbyte_stream() for stream in all_streams(api, settings)]
        return with_custom_fields(AirbyteCatalog(streams=streams), api, logger)

    def check(self, logger: logging.Logger, config: Mapping[str, Any]) -> AirbyteConnectionStatus:
        """Whether the account can be read. A failure is one message, and a trace with its type and no stack."""
        try:
            return super().check(logger, config)
        except AirbyteTracedException as failure:
            trace = failure.as_sanitized_airbyte_message()
            if trace.trace and trace.trace.error:
                trace.trace.error.stack_trace = None
            self._messages.emit_message(trace)
            return AirbyteConnectionStatus(status=Status.FAILED, message=filter_secrets(str(failure)))

    def check_connection(self, logger: logging.Logger, config: Mapping[str, Any]) -> tuple[bool, Any]:
        """Ask who the key belongs to, warn if that agent does not see all tickets, and say what it can read.

        Raises `AirbyteTracedException` with a message for the user.
        """
        settings = self._read_config(config)
        api = self._impatient_api(settings, PATIENCE_OF_A_CHECK_SECONDS)
        warn_of_scope(CurrentAgent(api, "check", logger).get(), logger)
        report_readable(api, all_streams(api, settings), logger)
        return True, None

    @property
    def stop_sync_on_stream_failure(self) -> bool:
        """Whether the streams that are left would fail as the last one did: the account or the key is refused."""
        return self._sync is not None and self._sync.api.is_out_of_reach

    def streams(self, config: Mapping[str, Any]) -> list[Stream]:
        """All streams, over one account; in a sync always the same."""
        if self._sync is not None:
            return list(self._sync.streams)
        settings = self._read_config(config)
        return list(all_streams(self._api(settings), settings))

    def _read_stream(
        self,
        logger: logging.Logger,
        stream_instance: Stream,
        configured_stream: ConfiguredAirbyteStream,
        state_manager: ConnectorStateManager,
        internal_config: InternalConfig,
    ) -> Iterator[AirbyteMessage]:
        if self._sync is not None:
            self._sync.begin(stream_instance, state_manager)
        yield from super()._read_stream(logger, stream_instance, configured_stream, state_manager, internal_config)

    def _get_message(self, record_data_or_message: StreamData | AirbyteMessage, stream: Stream) -> AirbyteMessage:
        """As the CDK's, which copies each record, to transform it by a schema; rows are in form when they get here."""
        if type(record_data_or_message) is not dict:
            return super()._get_message(record_data_or_message, stream)
        record = AirbyteRecordMessage(stream.name, record_data_or_message, emitted_at=time.time_ns() // 1_000_000)
        return AirbyteMessage(type=Type.RECORD, record=record)

    def _api(self, settings: Config) -> FreshdeskApi:
        rate_limit = RateLimit(
            settings.api_quota_percent,
            settings.calls_per_minute,
            list_calls_per_minute=settings.list_calls_per_minute,
            stated_total=settings.stated_call_limit,
        )
        return self._api_within(rate_limit, settings)

    def _impatient_api(self, settings: Config, patience_seconds: float) -> FreshdeskApi:
        """For a few calls that somebody waits for: they need not fit into the part of the limit that syncs may use."""
        return self._api_within(RateLimit(percent=100), settings, patience_seconds)

    def _api_within(self, rate_limit: RateLimit, settings: Config, patience_seconds: float = math.inf) -> FreshdeskApi:
        return FreshdeskApi(
            settings.base_url,
            settings.api_key,
            rate_limit=rate_limit,
            num_workers=settings.num_workers,
            clock=self._clock,
            logger=self._logger,
            patience_seconds=patience_seconds,
        )

    def _read_config(self, config: Mapping[str, Any]) -> Config:
        return Config.from_mapping(config, now=int(self._clock.now()))
