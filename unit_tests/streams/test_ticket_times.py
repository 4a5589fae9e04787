"""Tickets with odd times, as the stream reads them."""

import logging
from typing import Any

import pytest
import requests_mock

from source_freshdesk.streams.tickets import Tickets
from unit_tests.support import (
    API,
    SimulatedClock,
    a_page,
    a_ticket,
    ago,
    answer,
    api,
    ids,
    records,
    warnings,
)

TICKETS = f"{API}tickets"
ME = f"{API}agents/me"
AGENT = answer({"id": 7, "ticket_scope": 1})


class TestTheFuture:
    """Rows and clocks that are ahead of Freshdesk's own clock."""

    def test_a_ticket_dated_in_the_future_and_a_fast_clock_do_not_move_the_watermark_past_freshdesks_time(
        self, server: requests_mock.Mocker, clock: SimulatedClock
    ) -> None:
        clock.sleep(3_600)
        tickets = Tickets(api(clock))
        server.get(TICKETS, [a_page(a_ticket(1, 1_000), a_ticket(2, -86_400))])
        assert ids(records(tickets)) == [1, 2]
        assert tickets.state["updated_at"] == ago(0)

    def test_a_state_in_the_future_is_pulled_back_with_a_warning(
        self, server: requests_mock.Mocker, tickets: Tickets, caplog: pytest.LogCaptureFixture
    ) -> None:
        tickets.state = {"updated_at": ago(-3_600), "read_from": ago(-3_300), "emitted": {ago(-3_600): [9]}}
        server.get(TICKETS, [a_page(), a_page(a_ticket(1, 100))])
        with caplog.at_level(logging.WARNING):
            assert ids(records(tickets)) == [1]
        (warning,) = warnings(caplog)
        assert warning.startswith("The saved state of tickets is later than Freshdesk's clock.")
        assert tickets.state["updated_at"] == ago(0)


class TestOddTimes:
    """Tickets whose times are missing, no times, or before 1970."""

    @pytest.mark.parametrize("updated_at", [None, "", "yesterday"])
    def test_a_ticket_without_a_valid_time_comes_once_and_moves_no_state(
        self, server: requests_mock.Mocker, tickets: Tickets, updated_at: Any, caplog: pytest.LogCaptureFixture
    ) -> None:
        odd = a_ticket(2) | {"updated_at": updated_at}
        server.get(
            TICKETS, [a_page(a_ticket(1, 2_000), odd, a_ticket(3, 1_000), more=True), a_page(odd, a_ticket(4, 900))]
        )
        with caplog.at_level(logging.WARNING):
            assert ids(records(tickets)) == [1, 2, 3, 4]
        (warning,) = warnings(caplog)
        assert "1 rows of tickets have no valid time" in warning
        assert tickets.state["updated_at"] == ago(900)

    def test_a_ticket_from_before_1970_comes(self, server: requests_mock.Mocker, tickets: Tickets) -> None:
        server.get(TICKETS, [a_page(a_ticket(1) | {"updated_at": "1969-12-31T00:00:00Z"}, a_ticket(2))])
        assert ids(records(tickets)) == [1, 2]
