"""The check says what a key can read."""

from pathlib import Path

from integration_tests.conftest import API_KEY
from integration_tests.connector import Run
from integration_tests.fake_freshdesk import Account, FakeFreshdesk, Options
from integration_tests.refused_resources.refusals import (
    ASKED_ONE_BY_ONE,
    BY_ROLE,
    FEATURES,
    FOR_ADMINISTRATORS,
    NEEDED_FOR,
    STREAMS,
    WORDS,
    connector_for,
)


def test_the_check_says_what_a_key_can_read(account: Account, tmp_path: Path) -> None:
    with FakeFreshdesk(account, API_KEY) as fake:
        run = connector_for(fake, tmp_path).check()
    assert run.of_type("CONNECTION_STATUS")[0]["status"] == "SUCCEEDED"
    assert f"This key can read all {len(STREAMS)} streams: {', '.join(STREAMS)}." in run.log("INFO")
    assert run.log("WARN", "ERROR") == ""


def test_the_check_names_what_a_key_cannot_read_and_why(account: Account, tmp_path: Path) -> None:
    with FakeFreshdesk(account, API_KEY, Options(admin=False, missing_features=FEATURES)) as fake:
        run = connector_for(fake, tmp_path).check()
    assert run.of_type("CONNECTION_STATUS")[0]["status"] == "SUCCEEDED"
    assert run.exit_code == 0
    for feature in sorted(set(FEATURES) - ASKED_ONE_BY_ONE - {"Multilingual"}):
        for stream in NEEDED_FOR[feature]:
            assert why_not(run, stream).endswith(f"It needs the feature {feature}.")
    by_feature = set().union(*NEEDED_FOR.values())
    for stream in FOR_ADMINISTRATORS - by_feature:
        assert WORDS[BY_ROLE] in why_not(run, stream)
    for stream in ("tickets", "conversations", "contacts", "companies", "ticket_fields", "account"):
        assert not lines_about(run, stream)
    assert len(run.log("WARN").split("\n")) < 20, "a line for each reason, not for each stream"
    assert API_KEY not in run.output + run.errors


def why_not(run: Run, stream: str) -> str:
    """The one warning about a stream."""
    (line,) = lines_about(run, stream)
    return line


def lines_about(run: Run, stream: str) -> list[str]:
    """The warnings that name it."""
    lines = run.log("WARN").split("\n")
    return [line for line in lines if stream in line.partition(".")[0].removeprefix("Not readable: ").split(", ")]
