"""Configurations to read."""

from typing import Any

import pytest
from airbyte_cdk.models import FailureType
from airbyte_cdk.utils.traced_exception import AirbyteTracedException

from source_freshdesk.config import Config
from unit_tests.support import KEY, NOW


def config(**settings: Any) -> Config:
    return Config.from_mapping({"domain": "acme", "api_key": KEY} | settings, now=NOW)


def refused(**settings: Any) -> str:
    """The sentence with which these settings are refused."""
    with pytest.raises(AirbyteTracedException) as caught:
        config(**settings)
    assert caught.value.failure_type is FailureType.config_error
    assert caught.value.message is not None
    assert KEY not in f"{caught.value.message}{caught.value.internal_message}"
    return caught.value.message


def config_or_none(**settings: Any) -> Config | None:
    """The config, None where the settings are refused in the way that is due."""
    try:
        return config(**settings)
    except AirbyteTracedException as bad:
        if bad.failure_type is not FailureType.config_error:
            raise
        return None
