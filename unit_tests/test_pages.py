"""Pages that others ask a shape of: Airbyte, whoever approves the connector, programs."""

import re
from pathlib import Path

from docs import generate

ROOT = Path(__file__).parent.parent
STREAMS = generate.all_streams()


def test_the_page_for_programs_is_short_enough_to_be_read_whole() -> None:
    page = (ROOT / "docs" / "skill.md").read_text()
    assert len(page.encode()) <= 40_000
    assert all(f"| {stream.name} |" in page for stream in STREAMS)


def test_every_file_that_the_page_on_security_names_exists() -> None:
    named = re.findall(r"`((?:unit_tests|integration_tests)/[\w/.]*)`", (ROOT / "docs" / "security.md").read_text())
    assert len(named) >= 5
    assert [path for path in named if not (ROOT / path).exists()] == []


def test_every_stream_is_said_to_hold_personal_data_or_none() -> None:
    page = (ROOT / "docs" / "security.md").read_text().partition("## Personal data")[2]
    named = set(re.findall(r"`(\w+)`", page)) & {stream.name for stream in STREAMS}
    assert {"contacts", "conversations", "agents", "ticket_activities", "account"} <= named


def test_the_page_beside_the_form_has_the_sections_that_airbyte_asks_for_in_their_order() -> None:
    page = (ROOT / "docs" / "integration.md").read_text()
    assert re.findall(r"^## (.*)$", page, re.MULTILINE) == [
        "Prerequisites",
        "Setup guide",
        "Set up Freshdesk",
        "Set up the Freshdesk connector in Airbyte",
        "Supported sync modes",
        "Supported Streams",
        "IP allow list",
        "Data type map",
        "Limitations & Troubleshooting",
        "Changelog",
    ]


def test_the_readme_is_short() -> None:
    assert len((ROOT / "README.md").read_text().splitlines()) <= 120
