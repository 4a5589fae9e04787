"""What a key or a plan may not read."""

import pytest

from integration_tests.conftest import Serve
from integration_tests.fake_freshdesk import FakeFreshdesk
from integration_tests.fake_freshdesk_tests.resources.requests_made import (
    FEATURES,
    FOR_ALL_AGENTS,
    FURTHER_PATHS_FOR_ADMINISTRATORS,
    PAGED,
    WHOLE,
    get,
    problem,
)


@pytest.mark.parametrize("path", sorted({*PAGED, *WHOLE, *FURTHER_PATHS_FOR_ADMINISTRATORS} - FOR_ALL_AGENTS))
def test_configuration_is_for_administrators(serve: Serve, path: str) -> None:
    response = get(serve(admin=False), path)
    assert response.status_code == 403
    assert response.json()["code"] == "access_denied"


@pytest.mark.parametrize("path", sorted(FOR_ALL_AGENTS))
def test_some_lists_are_for_every_agent(serve: Serve, path: str) -> None:
    assert get(serve(admin=False), path).status_code == 200


@pytest.mark.parametrize(("path", "feature"), FEATURES.items())
def test_a_plan_may_lack_a_feature(serve: Serve, path: str, feature: str) -> None:
    response = get(serve(missing_features=[feature]), path)
    assert response.status_code == 403
    assert response.json()["code"] == "require_feature"
    assert feature in response.json()["message"]
    assert get(serve(missing_features=[feature], no_feature="not_found"), path).status_code == 404


@pytest.mark.parametrize(
    "path",
    [*PAGED, *WHOLE, "account", "settings/helpdesk", "automations/4/rules", "tickets/1/watchers"],
)
def test_an_unknown_parameter_is_refused(fake: FakeFreshdesk, path: str) -> None:
    assert problem(fake, path, updated_since="2026-01-01T00:00:00Z") == ("updated_since", "invalid_field")


@pytest.mark.parametrize(
    "path",
    [
        "tickets/999/watchers",
        "tickets/999/associated_tickets",
        "tickets/999/prime_association",
        "tickets/999/summary",
        "admin/ticket_fields/999",
        "admin/ticket_fields/999/sections",
        "ticket-forms/999",
        "automations/2/rules",
        "automations/1/rules/999",
        "canned_response_folders/999/responses",
        "business_hours/999",
    ],
)
def test_what_is_not_there_is_a_404(fake: FakeFreshdesk, path: str) -> None:
    assert get(fake, path).status_code == 404
