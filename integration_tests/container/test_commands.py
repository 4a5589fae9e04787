"""spec, check, discover and read in a container that can write nothing and may do nothing."""

import time
from pathlib import Path

from integration_tests.connector import Connector, discovered_streams
from integration_tests.container.conftest import Contain, Note
from integration_tests.container.connector import ContainedConnector
from integration_tests.container.image import Image
from integration_tests.fake_freshdesk import Account, FakeFreshdesk
from integration_tests.filling import add_tickets

SPEC_SECONDS = 3
"""Under one on two cores that are idle; a machine that runs other things may take as long as this."""

TRIES = 10


def test_spec_needs_no_network_and_little_time(image: Image, tmp_path: Path, note: Note) -> None:
    connector = ContainedConnector(image, tmp_path / "secrets", {}, network="none")
    expected = Connector(tmp_path, {}).spec().of_type("SPEC")
    seconds: list[float] = []
    while len(seconds) < TRIES and min(seconds, default=SPEC_SECONDS) >= 1:
        started = time.monotonic()
        run = connector.spec()
        seconds.append(time.monotonic() - started)
        assert run.exit_code == 0
        assert run.of_type("SPEC") == expected
    note(f"spec in a container takes {min(seconds):.2f} s")
    assert min(seconds) < SPEC_SECONDS


def test_check_distinguishes_a_valid_key_from_a_bad_one(fake: FakeFreshdesk, contain: Contain) -> None:
    good, bad = contain(fake).check(), contain(fake, api_key="a-wrong-key").check()
    assert [run.exit_code for run in (good, bad)] == [0, 0]
    assert [status["status"] for status in good.of_type("CONNECTION_STATUS")] == ["SUCCEEDED"]
    assert [status["status"] for status in bad.of_type("CONNECTION_STATUS")] == ["FAILED"]


def test_discover_says_what_it_says_outside(fake: FakeFreshdesk, contain: Contain) -> None:
    run = contain(fake).discover()
    (catalog,) = run.of_type("CATALOG")
    assert run.exit_code == 0
    assert {stream["name"]: stream for stream in catalog["streams"]} == discovered_streams()


def test_full_reads_bring_all_each_time_and_incremental_ones_what_has_changed(
    account: Account, fake: FakeFreshdesk, contain: Contain
) -> None:
    add_tickets(account, 250)
    contacts = {account.add_contact()["id"] for _ in range(120)}
    connector = contain(fake)
    for _ in range(2):
        full = connector.read("tickets", "contacts", sync_mode="full_refresh")
        assert full.exit_code == 0
        assert sorted(full.ids("tickets")) == sorted(account.tickets)
        assert sorted(full.ids("contacts")) == sorted(contacts)
    first = connector.read("tickets", "contacts")
    assert sorted(first.ids("tickets")) == sorted(account.tickets)
    new = account.add_ticket(created_at=account.now(), updated_at=account.now())
    second = connector.read("tickets", "contacts", state=first.last_states)
    assert second.exit_code == 0
    assert new["id"] in second.ids("tickets")
    assert len(second.ids("tickets")) < 5
