"""A refusal that no rule knows fails its stream and no other."""

from collections import Counter
from pathlib import Path
from typing import Any

from integration_tests.conftest import API_KEY
from integration_tests.fake_freshdesk import Account, FakeFreshdesk, faults
from integration_tests.refused_resources.refusals import (
    CUSTOM_OBJECTS,
    LISTS,
    STREAMS,
    assert_all_came,
    connector_for,
    other_than,
    refuse,
)


def test_a_refusal_that_no_rule_knows_fails_the_stream_and_no_other(
    account: Account, keys: dict[str, Counter[Any]], tmp_path: Path
) -> None:
    with FakeFreshdesk(account, API_KEY) as fake:
        refuse(fake, faults.forbidden("inaccessible_field"), ["groups"])
        run = connector_for(fake, tmp_path).read(*STREAMS)
    assert run.exit_code == 1
    assert run.statuses["groups"] == ["STARTED", "INCOMPLETE"]
    assert "Freshdesk refuses this call" in run.errors_traced[0]["message"]
    assert_all_came(run, other_than(["groups"]), keys)


def test_every_stream_fails_at_a_refusal_that_no_rule_knows(
    account: Account, keys: dict[str, Counter[Any]], tmp_path: Path
) -> None:
    with FakeFreshdesk(account, API_KEY) as fake:
        refuse(fake, faults.forbidden("inaccessible_field"), [path for path in LISTS if path != "companies"])
        run = connector_for(fake, tmp_path).read(*STREAMS)
    assert run.exit_code == 1
    failing = other_than(["companies", *CUSTOM_OBJECTS])
    assert {stream for stream in failing if run.statuses[stream][-1] != "INCOMPLETE"} == set()
    assert_all_came(run, ["companies"], keys)
