"""Features that the plan of the account does not include."""

from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from integration_tests.conftest import API_KEY
from integration_tests.fake_freshdesk import Account, FakeFreshdesk, Options
from integration_tests.fake_freshdesk.service.routes import ROUTES
from integration_tests.refused_resources.refusals import (
    ASKED_ONE_BY_ONE,
    FEATURES,
    NEEDED_FOR,
    STREAMS,
    assert_all_came,
    assert_skipped,
    connector_for,
    other_than,
)


def test_these_are_all_features_that_resources_need() -> None:
    assert {endpoint.feature for endpoint in ROUTES.endpoints} == {None, *FEATURES}


@pytest.mark.parametrize("feature", FEATURES)
def test_a_feature_that_the_plan_has_not_skips_what_needs_it(
    account: Account, keys: dict[str, Counter[Any]], tmp_path: Path, feature: str
) -> None:
    with FakeFreshdesk(account, API_KEY, Options(missing_features={feature})) as fake:
        run = connector_for(fake, tmp_path).read(*STREAMS)
    assert_skipped(run, NEEDED_FOR[feature], f"It needs the feature {feature}.")
    assert_all_came(run, other_than(NEEDED_FOR[feature]), keys)


@pytest.mark.parametrize("feature", FEATURES)
def test_a_feature_that_freshdesk_does_not_know_skips_what_needs_it(
    account: Account, keys: dict[str, Counter[Any]], tmp_path: Path, feature: str
) -> None:
    with FakeFreshdesk(account, API_KEY, Options(missing_features={feature}, no_feature="not_found")) as fake:
        run = connector_for(fake, tmp_path).read(*STREAMS)
    assert_skipped(run, () if feature in ASKED_ONE_BY_ONE else NEEDED_FOR[feature], f"It needs the feature {feature}.")
    assert_all_came(run, other_than(NEEDED_FOR[feature]), keys)
    for stream in NEEDED_FOR[feature]:
        assert (run.records[stream], run.statuses[stream]) == ([], ["STARTED", "COMPLETE"])


@pytest.mark.parametrize("no_feature", ["require_feature", "not_found"])
def test_an_account_without_any_feature_is_read(
    account: Account, keys: dict[str, Counter[Any]], tmp_path: Path, no_feature: Any
) -> None:
    with FakeFreshdesk(account, API_KEY, Options(missing_features=FEATURES, no_feature=no_feature)) as fake:
        run = connector_for(fake, tmp_path).read(*STREAMS)
    silent = ASKED_ONE_BY_ONE if no_feature == "not_found" else set()
    skipped = {stream for feature in set(FEATURES) - silent for stream in NEEDED_FOR[feature]}
    assert_skipped(run, skipped, "It needs the feature ")
    assert_all_came(run, other_than(set().union(*NEEDED_FOR.values())), keys)
