"""When a stream that is refused has failed."""

import logging

import pytest
from airbyte_cdk.models import AirbyteStream, ConfiguredAirbyteStream, DestinationSyncMode, FailureType, SyncMode
from airbyte_cdk.utils.traced_exception import AirbyteTracedException

from source_freshdesk.api.errors import ROLE_IS_MISSING, ResourceUnavailable, rule_for
from source_freshdesk.retrieval.access import StreamAccess
from source_freshdesk.retrieval.outcome import Outcome, is_overwritten
from unit_tests import support

LOGGER = logging.getLogger("airbyte.unit_tests")


def configured(mode: DestinationSyncMode, generation: int | None, least: int | None) -> ConfiguredAirbyteStream:
    stream = AirbyteStream(name="roles", json_schema={}, supported_sync_modes=[SyncMode.full_refresh])
    return ConfiguredAirbyteStream(
        stream=stream,
        sync_mode=SyncMode.full_refresh,
        destination_sync_mode=mode,
        generation_id=generation,
        minimum_generation_id=least,
    )


@pytest.mark.parametrize(
    ("mode", "generation", "least", "is_so"),
    [
        (DestinationSyncMode.overwrite, None, None, True),
        (DestinationSyncMode.append, None, None, False),
        (DestinationSyncMode.append, 3, 3, True),
        (DestinationSyncMode.append_dedup, 3, 0, False),
        (DestinationSyncMode.append, 0, 0, False),
    ],
)
def test_a_destination_overwrites_or_drops_earlier_generations(
    mode: DestinationSyncMode, generation: int | None, least: int | None, is_so: bool
) -> None:
    assert is_overwritten(configured(mode, generation, least)) is is_so


@pytest.mark.parametrize(
    ("code", "is_failure", "fails"),
    [(ROLE_IS_MISSING, True, True), (ROLE_IS_MISSING, False, False), ("require_feature", True, False)],
)
def test_only_what_the_role_refuses_can_be_a_failure(code: str, is_failure: bool, fails: bool) -> None:
    outcome = Outcome("roles", LOGGER)
    refused = ResourceUnavailable(rule_for(403, code), "GET /api/v2/roles -> 403", "", 403, code)
    outcome.skip(refused, StreamAccess(support.api(), "roles", LOGGER, "an administrator", ""))
    if not fails:
        outcome.report_skip(is_failure=is_failure)
        return
    with pytest.raises(AirbyteTracedException, match="skip_refused_streams") as caught:
        outcome.report_skip(is_failure=is_failure)
    assert caught.value.failure_type is FailureType.config_error
