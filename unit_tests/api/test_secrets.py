"""What the connector never says."""

from collections.abc import Iterator

import pytest
from airbyte_cdk.utils.airbyte_secrets_utils import filter_secrets, update_secrets

from source_freshdesk.api.secrets import hide


@pytest.fixture(autouse=True)
def _no_secrets() -> Iterator[None]:
    update_secrets([])
    yield
    update_secrets([])


def test_a_key_is_hidden_wherever_it_stands() -> None:
    hide("kQ7pX2vN9rT4wZ8sB1mC")
    assert filter_secrets("user=kQ7pX2vN9rT4wZ8sB1mC:X") == "user=****:X"


@pytest.mark.parametrize("quoted", ['"tick"', "'tick'", '\\"tick\\"'])
def test_a_short_key_is_hidden_in_quotation_marks_and_stays_a_part_of_words(quoted: str) -> None:
    hide("tick")
    assert "tick" not in filter_secrets(f"the key {quoted} is wrong")
    assert filter_secrets("archived_tickets of a ticket") == "archived_tickets of a ticket"


def test_no_secret_hides_nothing() -> None:
    hide("")
    assert filter_secrets("a text") == "a text"
