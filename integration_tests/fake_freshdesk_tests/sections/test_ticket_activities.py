"""The export of ticket activities, whose files are on another host."""

import json
from datetime import timedelta
from typing import Any

import pytest
import requests

from integration_tests.conftest import API_KEY, Serve
from integration_tests.fake_freshdesk import Account, FakeFreshdesk, faults
from integration_tests.fake_freshdesk.sections import ticket_activities
from integration_tests.fake_freshdesk.service.fake import KeyShownToStrangers
from integration_tests.fake_freshdesk_tests.sections.requests_made import LAST_FILE, get, problem, truth
from integration_tests.filling import before


def export(fake: FakeFreshdesk, days_ago: float = 1) -> requests.Response:
    return get(fake, ticket_activities.EXPORT, created_at=before(days=days_ago).date().isoformat())


def download(url: str, **settings: Any) -> requests.Response:
    return requests.get(url, timeout=10, **settings)


def test_the_file_of_a_day_is_kept_elsewhere(fake: FakeFreshdesk) -> None:
    url = export(fake).json()["export"]["url"]
    assert url.startswith(f"{fake.download_url}/")
    assert fake.download_url != fake.url

    answer = download(url)

    assert (answer.status_code, answer.headers["Content-Type"]) == (200, "binary/octet-stream")
    assert not [name for name in answer.headers if "ratelimit" in name.lower()]
    content = answer.json()
    assert set(content) == {"metadata", "activities_data"}
    first = content["activities_data"][0]
    assert set(first) == {"performed_at", "ticket_id", "performer_type", "performer_id", "activity"}
    assert first["performed_at"] == "31-05-2026 10:00:00 +0000"
    assert content["activities_data"][-1]["performed_at"] == "01-06-2026 09:59:59 +0000"


def test_files_have_all_activities_equal_ones_too(account: Account, fake: FakeFreshdesk) -> None:
    files = [download(export(fake, days_ago).json()["export"]["url"]).json() for days_ago in (4, 3, 2, 1)]
    read = [row for file in files for row in file["activities_data"]]
    kept = [
        {key: value for key, value in row.items() if key not in ("id", "file_day")}
        for row in truth(account, "ticket_activities")
    ]
    assert read == kept
    assert len({json.dumps(row) for row in read}) < len(read)
    assert [len(file["activities_data"]) > 0 for file in files] == [True, True, False, True]


def test_the_answer_may_be_a_list_with_another_way_to_write_the_day(account: Account, fake: FakeFreshdesk) -> None:
    account.objects[ticket_activities.EXPORT] = {"shape": "list"}
    account.advance(timedelta(days=2))
    (only,) = get(fake, ticket_activities.EXPORT, created_at="2026-06-02").json()["export"]
    assert only["created_at"] == "2-6-2026"
    assert download(only["url"]).json()["activities_data"] == []


def test_a_file_is_ready_at_ten_of_the_next_day_and_kept_for_a_month(account: Account, fake: FakeFreshdesk) -> None:
    assert export(fake, days_ago=0).status_code == 404
    account.advance(timedelta(hours=21, minutes=59))
    assert export(fake, days_ago=0).status_code == 404
    account.advance(timedelta(minutes=1))
    assert export(fake, days_ago=0).status_code == 200
    assert export(fake, days_ago=28).status_code == 200
    assert export(fake, days_ago=29).status_code == 404


def test_a_file_may_be_late(account: Account, fake: FakeFreshdesk) -> None:
    account.objects[ticket_activities.EXPORT] = {"late": ["2026-05-31"]}
    assert export(fake).status_code == 404
    assert export(fake, days_ago=2).status_code == 200


@pytest.mark.parametrize("day", ["", "31-05-2026", "2026-02-30", "20260531", "2026-05-31T00:00:00Z", "yesterday"])
def test_a_bad_day_is_refused(fake: FakeFreshdesk, day: str) -> None:
    assert problem(get(fake, ticket_activities.EXPORT, created_at=day)) == ("created_at", "invalid_value")


def test_the_export_takes_a_day_and_nothing_else(fake: FakeFreshdesk) -> None:
    assert problem(get(fake, ticket_activities.EXPORT)) == ("created_at", "missing_field")
    refused = get(fake, ticket_activities.EXPORT, created_at="2026-05-31", page=1)
    assert problem(refused) == ("page", "invalid_field")


def test_only_administrators_of_accounts_that_have_it_may_export(serve: Serve) -> None:
    assert export(serve(admin=False)).json()["code"] == "access_denied"
    lacking = serve(missing_features=[ticket_activities.TICKET_ACTIVITIES_EXPORT])
    assert export(lacking).json()["code"] == "require_feature"


def test_showing_the_key_to_the_host_of_the_files_is_refused_and_fails_the_test(account: Account) -> None:
    def show_it() -> None:
        with FakeFreshdesk(account, API_KEY) as fake:
            url = export(fake).json()["export"]["url"]
            assert download(url, auth=(API_KEY, "X")).status_code == 400
            assert download(url, headers={"Authorization": "Bearer x"}).status_code == 400

    with pytest.raises(KeyShownToStrangers):
        show_it()


def test_a_url_is_used_up(account: Account, fake: FakeFreshdesk) -> None:
    account.objects[ticket_activities.EXPORT] = {"uses": 2}
    url = export(fake).json()["export"]["url"]
    assert [download(url).status_code for _ in range(3)] == [200, 200, 403]
    expired = download(url)
    assert expired.headers["Content-Type"] == "application/xml"
    assert "<Message>Request has expired</Message>" in expired.text
    assert download(export(fake).json()["export"]["url"]).status_code == 200


def test_a_url_needs_its_signature(fake: FakeFreshdesk) -> None:
    url = export(fake).json()["export"]["url"]
    other_day = url.replace("2026-05-31", "2026-05-30")
    for wrong in (url.partition("?")[0], url[:-1], other_day, f"{fake.download_url}/api/v2/tickets"):
        assert download(wrong).status_code == 403


def test_the_journal_has_downloads_and_the_limit_does_not(fake: FakeFreshdesk) -> None:
    download(export(fake).json()["export"]["url"])
    called, downloaded = fake.journal.calls()
    assert (called.path, called.credits) == (f"/api/v2/{ticket_activities.EXPORT}", 1)
    assert (downloaded.path, downloaded.status, downloaded.credits) == (LAST_FILE, 200, 0)


def test_downloads_may_go_wrong_like_everything_else(fake: FakeFreshdesk) -> None:
    url = export(fake).json()["export"]["url"]
    fake.misbehave(faults.status(503), LAST_FILE)
    assert [download(url).status_code for _ in range(2)] == [503, 200]
    fake.misbehave(faults.truncated_body(), "/ticket_activities/*")
    with pytest.raises((requests.exceptions.ChunkedEncodingError, requests.exceptions.ConnectionError)):
        download(url)
