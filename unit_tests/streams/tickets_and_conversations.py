"""Tickets and their conversations."""

from typing import Any

import requests_mock
from airbyte_cdk.models import SyncMode

from source_freshdesk.streams.conversations import Conversations
from unit_tests.support import API, answer, ids, records

TICKETS = f"{API}tickets"
ME = f"{API}agents/me"
AGENT = answer({"id": 7, "ticket_scope": 1})


def talk(server: requests_mock.Mocker, ticket_id: int, *conversation_ids: int) -> None:
    """The conversations of a ticket."""
    rows = [{"id": number, "ticket_id": ticket_id} for number in conversation_ids]
    server.get(f"{TICKETS}/{ticket_id}/conversations", [answer(rows)])


def conversed(stream: Conversations) -> list[tuple[list[Any], dict[str, Any]]]:
    """The records of each slice and the state after it."""
    return [
        (ids(records(stream, stream_slice=one)), dict(stream.state))
        for one in stream.stream_slices(SyncMode.incremental)
    ]
