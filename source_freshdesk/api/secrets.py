"""Which texts are kept out of everything that the connector says."""

from airbyte_cdk.utils.airbyte_secrets_utils import add_to_secrets

SHORTEST_KEY = 8
"""Freshdesk's API keys have 20 characters and more. What is shorter than this may be a part of a word."""


def hide(secret: str) -> None:
    """Have all log lines and traces show asterisks instead of `secret`.

    One that may be a part of a word, as a wrong key can be, is hidden where it stands in quotation marks only: or the
    messages that say what is wrong could not be read.
    """
    if len(secret) >= SHORTEST_KEY:
        add_to_secrets(secret)
    elif secret:
        for mark in ('"', "'", '\\"'):
            add_to_secrets(f"{mark}{secret}{mark}")
