"""Agents, groups and skills."""

import pytest

from integration_tests.conftest import Serve
from integration_tests.fake_freshdesk import Account, FakeFreshdesk
from integration_tests.fake_freshdesk_tests.resources.requests_made import read


def test_availability_is_another_kind_of_row(account: Account, fake: FakeFreshdesk) -> None:
    rows = read(fake, "agents", only="availability")
    assert {row["id"] for row in rows} == set(account.agents)
    assert set(rows[0]) == {
        "id",
        "user_data",
        "contact",
        "availability",
        "deactivated",
        "availability_control",
        "legacy_routing",
    }
    assert rows[0]["availability"]["channel_availability"] == []
    assert rows[1]["availability"]["channel_availability"][0]["channel"] == "freshdesk"
    assert len(read(fake, "agents", only="availability", per_page=1)) == 1
    assert "ticket_scope" in read(fake, "agents")[0]


def test_the_list_of_revamped_groups_has_their_members(account: Account, fake: FakeFreshdesk) -> None:
    members = {row["id"]: row["agent_ids"] for row in read(fake, "admin/groups")}
    old = read(fake, "groups")
    assert not any("agent_ids" in row for row in old)
    for group_id in (row["id"] for row in old):
        assert read(fake, f"groups/{group_id}")["agent_ids"] == members[group_id]
    escalations = [row["escalate_to"] for row in read(fake, "admin/groups")]
    assert {type(escalate_to) for escalate_to in escalations} == {int, list, type(None)}


@pytest.mark.parametrize("path", ["skills", "admin/skills"])
def test_whether_skills_are_wrapped_is_an_option(serve: Serve, path: str) -> None:
    bare, wrapped = read(serve(), path), read(serve(skills_wrapped=True), path)
    assert [row["name"] for row in bare] == ["Repairs", "Anything"]
    assert wrapped == {"skills": bare}
