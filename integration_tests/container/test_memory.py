"""A first sync in a container of 512 MB, whatever the size of the texts."""

import pytest

from integration_tests.container.conftest import Contain
from integration_tests.fake_freshdesk import Account, FakeFreshdesk
from integration_tests.filling import add_tickets


@pytest.mark.parametrize(("kilobytes", "count"), [(4, 3_000), (60, 800), (1_000, 120)])
def test_a_first_sync_fits_into_512_megabytes(
    account: Account, fake: FakeFreshdesk, contain: Contain, kilobytes: int, count: int
) -> None:
    add_tickets(account, count)
    for ticket in account.tickets.values():
        ticket["description"] = "x" * (kilobytes * 1_024)
    run = contain(fake, memory="512m").read("tickets")
    assert run.exit_code == 0, run.errors_traced
    assert len(run.ids("tickets")) == count
