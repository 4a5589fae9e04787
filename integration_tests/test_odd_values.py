"""Values of kinds that Freshdesk does not promise, anywhere in any answer: no error without a name."""

import json
import random
from dataclasses import replace
from typing import Any

import pytest

from integration_tests.conftest import Connect
from integration_tests.connector import Run
from integration_tests.fake_freshdesk import FakeFreshdesk, faults
from integration_tests.fake_freshdesk.endpoints.answers import Answer

ODD_VALUES = [None, "", "\ud83d", "http://[", 10**30, True, [None], {"id": None}]
SHARE_OF_FIELDS, SHARE_OF_MEMBERS = 0.25, 0.1


def with_odd(content: Any, odd: Any, chance: random.Random, *, is_member: bool = False) -> Any:
    """Some fields and members replaced; ids stay, since rows without them are tested elsewhere."""
    if isinstance(content, dict):
        return {
            name: odd if name != "id" and chance.random() < SHARE_OF_FIELDS else with_odd(value, odd, chance)
            for name, value in content.items()
        }
    if isinstance(content, list):
        return [
            odd if is_member and chance.random() < SHARE_OF_MEMBERS else with_odd(one, odd, chance, is_member=True)
            for one in content
        ]
    return content


def odd_values(odd: Any) -> faults.Fault:
    chance = random.Random(repr(odd))

    def spoil(honest: faults.Honest, _: str) -> Answer:
        answer = honest()
        try:
            content = json.loads(answer.body)
        except ValueError:
            return answer
        return replace(answer, body=json.dumps(with_odd(content, odd, chance)).encode())

    return faults.Fault("odd_values", spoil)


def assert_every_error_has_its_name(run: Run) -> None:
    assert not run.errors
    for error in run.errors_traced:
        assert "Something went wrong" not in error["message"]


@pytest.mark.parametrize("odd", ODD_VALUES, ids=repr)
def test_an_odd_value_is_cast_left_or_named(served: FakeFreshdesk, connect: Connect, odd: Any) -> None:
    connector = connect(served, hasty=True)
    streams = [one["name"] for one in connector.discover().of_type("CATALOG")[0]["streams"]]
    served.misbehave(odd_values(odd), path="/api/v2/*", times=None)
    assert connector.discover().exit_code == 0
    assert_every_error_has_its_name(connector.check())
    run = connector.read(*streams)
    assert_every_error_has_its_name(run)
    assert all(statuses[-1] in ("COMPLETE", "INCOMPLETE") for statuses in run.statuses.values())
    assert set(run.statuses) == set(streams)
