"""Any list can be refused, and takes no other with it."""

from collections import Counter
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from integration_tests.conftest import API_KEY
from integration_tests.fake_freshdesk import Account, FakeFreshdesk, faults
from integration_tests.refused_resources.refusals import (
    BY_PLAN,
    BY_ROLE,
    CHILDREN,
    LISTS,
    NEEDED_FOR,
    OF_TICKETS,
    STREAMS,
    WORDS,
    assert_all_came,
    assert_skipped,
    connector_for,
    refuse,
)


@pytest.mark.parametrize("code", [BY_PLAN, BY_ROLE])
def test_every_stream_can_be_refused(account: Account, tmp_path: Path, code: str) -> None:
    with FakeFreshdesk(account, API_KEY) as fake:
        refuse(fake, faults.forbidden(code), LISTS)
        run = connector_for(fake, tmp_path).read(*STREAMS)
    assert_skipped(run, STREAMS, WORDS[code])


@pytest.mark.parametrize("code", [BY_PLAN, BY_ROLE])
@pytest.mark.parametrize("refused", CHILDREN)
def test_children_can_be_refused_whose_parents_are_not(
    account: Account, keys: dict[str, Counter[Any]], tmp_path: Path, refused: Mapping[str, tuple[str, ...]], code: str
) -> None:
    streams = [stream for needing in CHILDREN[0].values() for stream in needing]
    skipped = [stream for needing in refused.values() for stream in needing]
    with FakeFreshdesk(account, API_KEY) as fake:
        refuse(fake, faults.forbidden(code), refused)
        run = connector_for(fake, tmp_path).read(*streams)
    assert_skipped(run, skipped, WORDS[code])
    assert_all_came(run, set(streams) - set(skipped), keys)


@pytest.mark.parametrize("code", [BY_PLAN, BY_ROLE])
def test_what_belongs_to_tickets_can_be_refused_although_the_tickets_are_not(
    account: Account, keys: dict[str, Counter[Any]], tmp_path: Path, code: str
) -> None:
    with FakeFreshdesk(account, API_KEY) as fake:
        refuse(fake, faults.forbidden(code), OF_TICKETS.values())
        run = connector_for(fake, tmp_path).read("tickets", *OF_TICKETS, "companies")
    assert_skipped(run, OF_TICKETS, WORDS[code])
    assert_all_came(run, ("tickets", "companies"), keys)
    assert [state for stream in OF_TICKETS for state in run.states(stream) if has_moved(state)] == []


def has_moved(state: dict[str, Any]) -> bool:
    """Whether a state says that something was read."""
    return bool(state["stream"]["stream_state"].get("updated_at"))


@pytest.mark.parametrize("fault", [faults.not_found(), faults.forbidden(BY_ROLE)])
def test_folders_in_folders_that_cannot_be_listed_take_no_others_with_them(
    account: Account, keys: dict[str, Counter[Any]], tmp_path: Path, fault: faults.Fault
) -> None:
    """As in accounts without folders in folders, or when the last of them was deleted a moment ago."""
    with FakeFreshdesk(account, API_KEY) as fake:
        refuse(fake, fault, ["solutions/folders/*/subfolders"])
        run = connector_for(fake, tmp_path).read("solution_folders", "solution_articles")
    outer = {row["id"] for row in account.table("solution_folders").rows.values() if row["parent_folder_id"] is None}
    articles = account.table("solution_articles").rows.values()
    assert run.exit_code == 0
    assert set(run.ids("solution_folders")) == outer
    assert set(run.ids("solution_articles")) == {row["id"] for row in articles if row["folder_id"] in outer}


def test_the_records_of_one_kind_that_are_refused_take_no_others_with_them(
    account: Account, keys: dict[str, Counter[Any]], tmp_path: Path
) -> None:
    refused = next(iter(account.table("custom_object_schemas").rows))
    with FakeFreshdesk(account, API_KEY) as fake:
        refuse(fake, faults.forbidden(BY_ROLE), [f"custom_objects/schemas/{refused}/records"])
        run = connector_for(fake, tmp_path).read("custom_object_records")
    assert set(run.keys("custom_object_records")) == {key for key in keys["custom_object_records"] if key[0] != refused}
    assert "Stream custom_object_records is skipped" not in run.log("WARN")
    assert f"custom_objects/schemas/{refused}/records" in run.log("WARN")


def test_an_archive_that_a_key_may_not_see_is_one_warning(account: Account, tmp_path: Path) -> None:
    with FakeFreshdesk(account, API_KEY) as fake:
        refuse(fake, faults.forbidden(BY_ROLE), ["tickets/archived/*"])
        run = connector_for(fake, tmp_path).read(*NEEDED_FOR["Archive Tickets"])
    assert_skipped(run, NEEDED_FOR["Archive Tickets"], WORDS[BY_ROLE])
