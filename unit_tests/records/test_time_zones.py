"""Names of time zones become those that a warehouse knows."""

from zoneinfo import available_timezones

import pytest

from source_freshdesk.records.time_zones import IANA_NAMES, iana_name


def test_every_name_is_one_that_there_is() -> None:
    assert set(IANA_NAMES.values()) - available_timezones() == set()


@pytest.mark.parametrize(
    ("name", "iana"),
    [
        ("Berlin", "Europe/Berlin"),
        ("Magadan", "Asia/Magadan"),
        ("UTC", "Etc/UTC"),
        ("Eastern Time (US & Canada)", "America/New_York"),
        ("Europe/Berlin", "Europe/Berlin"),
        ("Atlantis", None),
        (None, None),
        (7, None),
    ],
)
def test_a_name_of_rails_becomes_that_of_iana(name: object, iana: str | None) -> None:
    assert iana_name(name) == iana
