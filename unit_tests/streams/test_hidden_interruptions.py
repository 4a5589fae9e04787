"""Tickets go to the trash and come back while syncs are killed, and while servers show an older state for a moment."""

from collections.abc import Callable, Mapping
from typing import Any

from airbyte_cdk.models import SyncMode

from source_freshdesk.api.response import Row
from source_freshdesk.retrieval.page import Page
from source_freshdesk.streams.tickets import Tickets
from unit_tests.live_account.syncs import InlineApi
from unit_tests.support import NOW, a_ticket, no_schema

Flags = list[tuple[int, bool]]


class DeskTickets(Tickets):
    """Reads these tickets, in the trash and not, none of which moves its time.

    before_page: called with how many pages were fetched.
    """

    name = "tickets"
    get_json_schema = no_schema

    def __init__(self, shown: list[Row], trash: list[Row], before_page: Callable[[int], object] = bool) -> None:
        super().__init__(InlineApi())
        self.shown, self.trash, self._before_page = shown, trash, before_page
        self.page_count = 0

    def fetch(self, stream_slice: Any = None, query: Any = None, **_: Any) -> Page:
        self._before_page(self.page_count)
        self.page_count += 1
        rows = {None: self.shown, "deleted": self.trash, "spam": []}[query.get("filter")]
        return Page([dict(row) for row in rows if row["updated_at"] >= query["updated_since"]], None, NOW)

    def fetch_ticket(self, path: str) -> Row:
        number = int(path.removeprefix("tickets/").partition("?")[0])
        (row,) = (row for row in [*self.shown, *self.trash] if row["id"] == number)
        return dict(row)


def sync(stream: DeskTickets, state: Mapping[str, Any], *, killed_after: int | None = None) -> tuple[Flags, Any]:
    """What is emitted, and the last state that came out. killed_after: this ticket."""
    stream.state = dict(state)
    saved, emitted = dict(state), Flags()
    for item in stream.read_records(SyncMode.incremental):
        if isinstance(item, Mapping):
            emitted.append((item["id"], item["deleted"]))
            if item["id"] == killed_after:
                return emitted, saved
        else:
            saved = dict(stream.state)
    return emitted, dict(stream.state)


OLD, MOVED = a_ticket(1, 5_000), a_ticket(7, 9_000)
IN_TRASH = MOVED | {"deleted": True}


def known() -> Any:
    """The state of a sync that saw both tickets before either was deleted."""
    _, state = sync(DeskTickets([MOVED, OLD], []), {})
    return state


def test_one_that_was_emitted_as_deleted_before_a_kill_and_came_back_is_emitted_as_it_is() -> None:
    emitted, state = sync(DeskTickets([OLD], [IN_TRASH]), known(), killed_after=7)
    assert emitted == [(7, True)]
    assert sync(DeskTickets([MOVED, OLD], []), state)[0] == [(7, False)]


def test_one_that_was_emitted_as_deleted_before_a_kill_and_stays_comes_again() -> None:
    _, state = sync(DeskTickets([OLD], [IN_TRASH]), known(), killed_after=7)
    emitted, state = sync(DeskTickets([OLD], [IN_TRASH]), state)
    assert emitted == [(7, True)]
    assert sync(DeskTickets([OLD], [IN_TRASH]), state)[0] == []


def test_one_that_an_old_server_shows_after_a_newer_one_had_it_in_the_trash_is_put_right() -> None:
    changed = a_ticket(7, 600)
    deleted = changed | {"deleted": True}
    emitted, state = sync(DeskTickets([OLD, changed], [deleted]), known())
    assert emitted == [(7, True), (7, False)]
    assert sync(DeskTickets([OLD], [deleted]), state)[0] == [(7, True)]


def test_the_same_holds_if_the_sync_is_killed_in_between() -> None:
    changed = a_ticket(7, 600)
    deleted = changed | {"deleted": True}
    stream, state, emitted = DeskTickets([OLD, changed], [deleted]), known(), Flags()
    stream.state = dict(state)
    for item in stream.read_records(SyncMode.incremental):
        if not isinstance(item, Mapping):
            state = dict(stream.state)
            continue
        emitted.append((item["id"], item["deleted"]))
        if len(emitted) == 2:
            break
    assert emitted == [(7, True), (7, False)]
    assert sync(DeskTickets([OLD], [deleted]), state)[0] == [(7, True)]


def test_one_that_enters_while_the_trash_is_read_is_missed_when_it_leaves() -> None:
    other = a_ticket(8, 9_500) | {"deleted": True}
    trash = [other]

    def seven_enters(pages: int) -> None:
        if pages == 2 and len(trash) == 1:
            trash.insert(0, IN_TRASH)

    emitted, state = sync(DeskTickets([OLD], trash, seven_enters), known())
    assert (7, True) in emitted
    assert (7, False) in sync(DeskTickets([MOVED, OLD], [other]), state)[0]
