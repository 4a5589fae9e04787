"""An account that is suspended or a key that is revoked ends the sync."""

from pathlib import Path

import pytest

from integration_tests.conftest import API_KEY
from integration_tests.fake_freshdesk import Account, FakeFreshdesk, faults
from integration_tests.refused_resources.refusals import CALLS_UNDER_WAY, STREAMS, connector_for


@pytest.mark.parametrize(
    ("fault", "words"),
    [
        (faults.forbidden("account_suspended", "Suspended"), "has suspended this account"),
        (faults.forbidden("password_lockout", "Locked"), "has locked the agent"),
        (faults.unauthorized(), "rejected the API key"),
        (faults.status(401, {"code": "password_expired", "message": "Expired"}), "has expired"),
    ],
)
@pytest.mark.parametrize("place", ["tickets/3/conversations", "roles", "solutions/categories"])
def test_an_account_that_closes_in_mid_sync_ends_it(
    account: Account, tmp_path: Path, fault: faults.Fault, words: str, place: str
) -> None:
    """Nothing is asked for after that but what was under way: the first pages of the streams that come next."""
    with FakeFreshdesk(account, API_KEY) as fake:
        closed_at: list[int] = []

        def close(_number: int, path: str, _params: dict[str, str]) -> None:
            if path == f"/api/v2/{place}" and not closed_at:
                closed_at.append(fake.journal.count())
                fake.misbehave(fault, path="*", times=None)

        fake.before_request(close)
        run = connector_for(fake, tmp_path).read(*STREAMS)
        after = len(fake.journal.calls()) - closed_at[0]
    assert run.exit_code == 1
    assert words in run.errors_traced[0]["message"]
    assert {trace["failure_type"] for trace in run.errors_traced} == {"config_error"}
    begun = [stream for stream in STREAMS if "STARTED" in run.statuses[stream]]
    assert len([stream for stream in begun if run.statuses[stream][-1] == "INCOMPLETE"]) == 1
    assert {tuple(run.statuses[stream]) for stream in STREAMS if stream not in begun} == {("INCOMPLETE",)}
    assert after < CALLS_UNDER_WAY
