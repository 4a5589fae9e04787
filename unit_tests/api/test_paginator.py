"""Where the next page is."""

import pytest
from airbyte_cdk.models import FailureType
from airbyte_cdk.utils.traced_exception import AirbyteTracedException

from source_freshdesk.api.paginator import names_another_host, next_page
from unit_tests.support import API, HOST, response

HERE = f"{API}tickets?page=2&per_page=100"


@pytest.mark.parametrize(
    ("link", "query"),
    [
        (f'<{API}tickets?per_page=100&page=3>; rel="next"', {"per_page": "100", "page": "3"}),
        (f'< {API}tickets?page=3>; rel="next"', {"page": "3"}),
        (f"<{API}tickets?page=3 >;rel=next", {"page": "3"}),
        ('</api/v2/tickets?page=3>; rel="next"', {"page": "3"}),
        (f'<{API}tickets?page=1>; rel="prev", <{API}tickets?page=3>; rel="next"', {"page": "3"}),
        (
            f'<{API}tickets?updated_since=2024-01-31T00%3A00%3A00Z&page=3>; rel="next"',
            {"updated_since": "2024-01-31T00:00:00Z", "page": "3"},
        ),
        (f'<{API}tickets?page=1>; rel="prev"', None),
        ("", None),
    ],
)
def test_the_next_page_is_where_the_link_says(link: str, query: dict[str, str] | None) -> None:
    following = next_page(response(url=HERE, headers={"link": link}))
    assert following == (query and {"per_page": "100"} | query), "what the link leaves out stays as it was asked"


def test_without_a_link_it_is_the_last_page() -> None:
    assert next_page(response(url=HERE)) is None


@pytest.mark.parametrize(
    ("url", "query"),
    [
        (HERE, {"page": "3", "per_page": "100"}),
        (f"{API}tickets?per_page=100", {"per_page": "100", "page": "2"}),
        (
            f"{API}tickets?updated_since=2024-01-31T00%3A00%3A00Z&page=9",
            {"updated_since": "2024-01-31T00:00:00Z", "page": "10"},
        ),
    ],
)
@pytest.mark.parametrize("headers", [{}, {"link": ""}, {"link": f'<{API}tickets?page=1>; rel="prev"'}])
def test_a_full_page_without_a_link_is_not_taken_for_the_last_one(
    url: str, query: dict[str, str], headers: dict[str, str]
) -> None:
    assert next_page(response(url=url, headers=headers), is_full=True) == query
    assert next_page(response(url=url, headers=headers)) is None


def test_a_full_page_with_a_link_leads_where_that_says() -> None:
    link = f'<{API}tickets?per_page=100&page=7>; rel="next"'
    assert next_page(response(url=HERE, headers={"link": link}), is_full=True) == {"per_page": "100", "page": "7"}


@pytest.mark.parametrize("link", ["next", f"<{API}tickets?page=3>", f"{API}tickets?page=3", ";;", "<>"])
@pytest.mark.parametrize("is_full", [True, False])
def test_a_link_that_cannot_be_read_is_not_taken_for_none(link: str, is_full: bool) -> None:
    with pytest.raises(AirbyteTracedException, match=r"cannot be read; it was not followed\.") as caught:
        next_page(response(url=HERE, headers={"link": link}), is_full=is_full)
    assert caught.value.failure_type is FailureType.system_error


def test_a_link_to_no_number_is_not_followed() -> None:
    with pytest.raises(AirbyteTracedException, match="has no page number"):
        next_page(response(url=HERE, headers={"link": f'<{API}tickets?page=last>; rel="next"'}))


@pytest.mark.parametrize(
    "url",
    [
        f"{API}contacts?page=3",
        f"{API}tickets/7?page=3",
        "file:///etc/passwd",
    ],
)
def test_a_link_that_leads_away_is_not_followed(url: str) -> None:
    with pytest.raises(AirbyteTracedException, match=r"leads away .* was not followed\.") as caught:
        next_page(response(url=HERE, headers={"link": f'<{url}>; rel="next"'}))
    assert caught.value.failure_type is FailureType.system_error


@pytest.mark.parametrize(
    "url",
    [
        "https://evil.com/api/v2/tickets?page=3",
        "//evil.com/api/v2/tickets?page=3",
        f"{HOST}@evil.com/api/v2/tickets?page=3",
        f"{HOST}.evil.com/api/v2/tickets?page=3",
        f"{HOST}:8443/api/v2/tickets?page=3",
        "http://acme.freshdesk.com/api/v2/tickets?page=3",
    ],
)
def test_of_a_link_that_names_another_host_only_the_query_is_used(url: str) -> None:
    here = response(url=HERE, headers={"link": f'<{url}>; rel="next"'})
    query = next_page(here)
    assert query is not None
    assert query["page"] == "3"
    assert names_another_host(here)


@pytest.mark.parametrize(
    "headers", [{}, {"link": f'<{API}tickets?page=3>; rel="next"'}, {"link": '<?page=3>; rel="next"'}]
)
def test_a_link_of_the_account_names_no_other_host(headers: dict[str, str]) -> None:
    assert not names_another_host(response(url=HERE, headers=headers))


@pytest.mark.parametrize(
    "url", [HERE, HERE.removeprefix(HOST), "", f"{API}tickets?page=1&per_page=100", f"{API}tickets"]
)
def test_a_link_back_to_a_page_that_was_read_is_not_followed(url: str) -> None:
    with pytest.raises(AirbyteTracedException, match="back to a page that was read"):
        next_page(response(url=HERE, headers={"link": f'<{url}>; rel="next"'}))
