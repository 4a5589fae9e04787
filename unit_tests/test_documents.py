"""What the documents say of the code is true of the code."""

import html
import json
import re
import tomllib
from pathlib import Path
from uuid import UUID

import pytest
import yaml
from airbyte_cdk.models.connector_metadata import ConnectorLanguage, MetadataFile
from jsonschema import Draft7Validator

from docs import advice, advice_on_errors, costs, generate, joins, messages
from docs.form import render
from source_freshdesk.api import errors
from source_freshdesk.config import Config
from source_freshdesk.process.heartbeat import SILENT_SECONDS
from source_freshdesk.streams.tickets import Tickets
from unit_tests.support import NOW

ROOT = Path(__file__).parent.parent
STREAMS = generate.all_streams()
SPEC = json.loads((ROOT / "source_freshdesk" / "spec.json").read_text())["connectionSpecification"]


def test_every_page_is_as_make_docs_writes_it() -> None:
    stale = [page.name for page, text in generate.pages(STREAMS) if page.read_text() != text]
    assert stale == [], "run make docs"


def test_the_page_of_streams_lists_every_stream_in_the_order_of_the_source() -> None:
    page = (ROOT / "docs" / "streams.md").read_text()
    names = [stream.name for stream in STREAMS]
    assert re.findall(r"^\| \[(\w+)\]", page, re.MULTILINE) == names
    assert re.findall(r"^## (\w+)$", page, re.MULTILINE) == names


def test_the_number_of_streams_is_written_nowhere_by_hand() -> None:
    written = [page.name for page in DOCUMENTS if re.search(rf"\b{len(STREAMS)} streams", page.read_text())]
    assert written == []


def test_the_metadata_are_what_the_cdk_and_the_registry_read() -> None:
    metadata = MetadataFile.from_file(ROOT / "metadata.yaml").data
    assert metadata.language is ConnectorLanguage.PYTHON
    declared = yaml.safe_load((ROOT / "metadata.yaml").read_text())["data"]
    assert UUID(declared["definitionId"]).version == 4
    assert (ROOT / declared["icon"]).exists()
    assert "*.freshdesk.com" in declared["allowedHosts"]["hosts"]
    assert declared["maxSecondsBetweenMessages"] > 2 * SILENT_SECONDS
    assert {suite["suite"] for suite in declared["connectorTestSuitesOptions"]} == {"unitTests", "integrationTests"}
    assert (declared["connectorType"], declared["connectorSubtype"], declared["license"]) == ("source", "api", "MIT")


def test_every_stream_that_is_suggested_exists() -> None:
    metadata = yaml.safe_load((ROOT / "metadata.yaml").read_text())["data"]
    assert set(metadata["suggestedStreams"]["streams"]) <= {stream.name for stream in STREAMS}


def test_version_and_base_image_are_the_same_wherever_they_stand() -> None:
    metadata = yaml.safe_load((ROOT / "metadata.yaml").read_text())["data"]
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    dockerfile = (ROOT / "Dockerfile").read_text()
    assert metadata["dockerImageTag"] == project["version"]
    assert f'io.airbyte.version="{project["version"]}"' in dockerfile
    assert f"ARG BASE_IMAGE={metadata['connectorBuildOptions']['baseImage']}\n" in dockerfile
    assert re.search(
        rf"^## {project['version']} - \d{{4}}-\d\d-\d\d$", (ROOT / "CHANGELOG.md").read_text(), re.MULTILINE
    )


DOCUMENTS = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *sorted((ROOT / "docs").glob("*.md"))]


def anchors(page: Path) -> set[str]:
    """What a link can name on a page, by the rule that GitHub makes it by."""
    headings = re.findall(r"^#+ (.*)$", page.read_text(), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda document: document.name)
def test_what_the_documents_link_to_exists(document: Path) -> None:
    for target in re.findall(r"\]\((?!http)([^)]+)\)", document.read_text()):
        name, _, anchor = target.partition("#")
        page = document.parent / name if name else document
        assert page.exists(), target
        assert not anchor or anchor in anchors(page), target


def test_every_page_for_the_user_is_in_the_index() -> None:
    pages = {page.name for page in (ROOT / "docs").glob("*.md")} - {"README.md"}
    assert pages == set(re.findall(r"\]\(([^)]+)\)", (ROOT / "docs" / "README.md").read_text()))


class TestTheForm:
    def test_shows_every_option_with_title_and_help(self) -> None:
        page = render.page(SPEC)
        for name, declared in SPEC["properties"].items():
            assert (f'id="{name}"' in page) is not declared.get("airbyte_hidden", False)
            if declared.get("airbyte_hidden"):
                continue
            assert html.escape(declared["title"]) in page
            assert html.escape(declared["description"]) in page

    def test_hides_the_key_and_marks_what_is_required(self) -> None:
        page = render.page(SPEC)
        assert re.findall(r'<input id="(\w+)" type="password"', page) == ["api_key"]
        assert page.count(">Required<") == len(SPEC["required"])

    def test_has_a_place_without_endy_option(self) -> None:
        groups = [group["id"] for group in SPEC["groups"]]
        places = [(declared["group"], declared["order"]) for declared in SPEC["properties"].values()]
        assert {group for group, _ in places} == set(groups)
        assert len(set(places)) == len(places)
        assert {SPEC["properties"][name]["group"] for name in SPEC["required"]} == {groups[0]}

    def test_takes_its_own_examples_and_defaults(self) -> None:
        validator = Draft7Validator(SPEC)
        settings = {"domain": "acme", "api_key": "key"}
        for name, declared in SPEC["properties"].items():
            for value in [*declared.get("examples", []), *([declared["default"]] if "default" in declared else [])]:
                assert list(validator.iter_errors(settings | {name: value})) == []
                assert Config.from_mapping(settings | {name: value}, now=NOW).api_key

    def test_has_a_picture_of_this_very_form_that_is_quick_to_load(self) -> None:
        assert render.mark_of(render.page(SPEC)) in render.PICTURE.read_bytes(), "run make form"
        assert render.PICTURE.stat().st_size < 200_000


FIELDS = {
    stream.name: {name.strip("`"): kind for name, kind, _ in generate.fields_in(stream.get_json_schema())}
    for stream in STREAMS
}


class TestJoins:
    @pytest.mark.parametrize("join", joins.JOINS, ids=lambda join: f"{join.stream}.{join.field}")
    def test_both_ends_are_there_and_of_one_type(self, join: joins.Join) -> None:
        kind = FIELDS[join.stream][join.field].removeprefix("array of ")
        assert {FIELDS[target][join.key] for target in join.targets} == {kind}

    def test_every_stream_is_in_a_diagram_or_reported_to_stand_alone(self) -> None:
        joined = {name for join in joins.JOINS for name in (join.stream, *join.targets)}
        assert joined.isdisjoint(joins.ALONE)
        assert joined | set(joins.ALONE) == set(FIELDS)

    def test_every_id_is_a_key_a_join_or_reported_to_be_neither(self) -> None:
        joined = {f"{join.stream}.{join.field}" for join in joins.JOINS}
        unknown = [name for name in ids() if name not in joined and not any(part in name for part in joins.ELSEWHERE)]
        assert unknown == []

    def test_every_id_that_leads_nowhere_is_there(self) -> None:
        fields = [f"{stream}.{field}" for stream, fields in FIELDS.items() for field in fields]
        assert [part for part in joins.ELSEWHERE if not any(part in name for name in fields)] == []


def ids() -> list[str]:
    """Every field that looks like the key of something, keys of its own stream left out."""
    found = []
    for stream in STREAMS:
        for field, kind in FIELDS[stream.name].items():
            name = field.rpartition(".")[2].removesuffix("[]")
            looks_like_one = (
                name == "id" or name.endswith(("_id", "_ids")) or (name.endswith("_by") and kind == "integer")
            )
            if looks_like_one and field not in (stream.primary_key or ()) and field != stream.primary_key:
                found.append(f"{stream.name}.{field}")
    return found


class TestTroubleshooting:
    PAGE = (ROOT / "docs" / "troubleshooting.md").read_text()

    def test_has_every_message_of_the_error_rules(self) -> None:
        meanings = (
            *errors.ERROR_RULES,
            *errors.CURRENT_AGENT_RULES,
            *errors.RULES_WITHOUT_RESPONSE,
            errors.INVALID_RESPONSE,
        )
        assert [one.message for one in meanings if one.message not in self.PAGE] == []

    def test_has_every_message_of_the_code(self) -> None:
        said = set(messages.said_in_the_code()) - advice.UNSAID
        assert [message for message in said if f"| {message} |" not in self.PAGE] == [], "see docs/messages.py"

    def test_has_no_message_that_the_code_does_not_say(self) -> None:
        known = {
            *advice_on_errors.ANSWERS,
            *advice.UNSAID,
            *(said for advice in advice.ADVICE.values() for said in advice),
        }
        assert known - set(messages.said_in_the_code()) == set(), "see docs/messages.py"


class TestCosts:
    GROWTH, PRO = costs.LIMITS["Growth"], costs.LIMITS["Pro"]

    def test_the_limits_are_those_of_the_reference(self) -> None:
        rows = [line.split(" | ")[:4] for line in costs.table_of_limits().splitlines()]
        assert ["| Growth", "200", "20", "20"] in rows
        assert ["| Pro", "400", "100", "100"] in rows
        assert ["| Enterprise", "700", "200", "200"] in rows

    def test_a_page_of_tickets_costs_what_the_stream_asks_for(self) -> None:
        (tickets,) = (stream for stream in STREAMS if isinstance(stream, Tickets))
        assert len(tickets.columns_of_include) == costs.INCLUDES
        assert (costs.tickets(1_000)[0].count, costs.tickets(1_000)[0].credits) == (15, 75)

    def test_tickets_take_as_long_as_the_lower_of_their_two_limits(self) -> None:
        (growth,), (pro,) = (costs.tickets(18_000) for _ in range(2))
        assert growth.minutes(self.GROWTH) == pytest.approx(10), "the list's"
        assert pro.minutes(self.PRO) == pytest.approx((180 * 7 + 2 + 3) / 360), "the account's"

    def test_conversations_cost_a_call_for_each_ticket(self) -> None:
        (phase,) = costs.conversations(250)
        assert (phase.count, phase.credits) == (253, 253)

    def test_a_list_of_one_page_is_read_once_and_of_more_all_but_the_last_twice(self) -> None:
        assert [phase.count for phase in costs.companies(100)] == [1]
        assert [phase.count for phase in costs.companies(101)] == [2, 1]

    def test_contacts_cost_a_call_each_with_their_details(self) -> None:
        assert sum(phase.count for phase in costs.contacts(150)) == 2 + 150 + 1 + 1 + 2
        assert sum(phase.count for phase in costs.contacts(150, details=False)) == 2 + 1 + 1 + 2
