"""Finding a page by its words, without a script (DO3)."""

import re
from html import unescape

import pytest

from tests.house import House

DATABASES = ("sqlite",)


def found(house: House, query: str) -> list[str]:
    """Where the results of a query lead, best first."""
    answer = house.client.get("/docs/search", params={"q": query})
    assert answer.status_code == 200
    return [unescape(each) for each in re.findall(r'<li><p><a href="([^"]+)"', answer.text)]


@pytest.mark.parametrize(
    ("query", "pages"),
    [
        ("regenerate key", {"/docs/api/api-keys", "/docs/authentication", "/docs/security"}),
        ("x-feedback-source", {"/docs/api/feedback", "/docs/api/public-door", "/docs/widget"}),
        ("Idempotency-Key", {"/docs/api/feedback", "/docs/api/projects", "/docs/clients"}),
        ("content security policy", {"/docs/widget"}),
        ("standard webhooks", {"/docs/webhooks"}),
        ("MINIBACK_BACKUP_EVERY_HOURS", {"/docs/settings", "/docs/backup"}),
        ("Project is paused", {"/docs/api/feedback", "/docs/api/public-door", "/docs/errors"}),
    ],
)
def test_do3_what_is_looked_for_is_among_the_first_three(
    house: House, query: str, pages: set[str]
) -> None:
    assert {each.partition("#")[0] for each in found(house, query)[:3]} & pages


def test_do3_a_result_leads_to_the_very_passage(house: House) -> None:
    assert "/docs/api/api-keys#createApiKey" in found(house, "regenerate key")[:3]


@pytest.mark.parametrize("query", ["", "   ", "…", "zzzqqq nothing"])
def test_do3_a_search_in_vain_says_what_to_do(house: House, query: str) -> None:
    assert found(house, query) == []
    assert "words" in house.client.get("/docs/search", params={"q": query}).text


@pytest.mark.parametrize("query", ["<img src=x onerror=alert(1)>", "a" * 5_000, "\0", '" onload="'])
def test_a_query_is_text_whatever_it_is(house: House, query: str) -> None:
    answer = house.client.get("/docs/search", params={"q": query})

    assert answer.status_code in (200, 400)
    assert "<img src=x" not in answer.text
    assert 'value="" onload' not in answer.text


def test_a_search_is_kept_out_of_search_engines(house: House) -> None:
    text = house.client.get("/docs/search?q=key").text

    assert '<meta name="robots" content="noindex">' in text
