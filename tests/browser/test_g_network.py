"""G8: what belongs to the whole site rather than to a page: titles, icons, what is shared."""

import json
from collections.abc import Callable
from urllib.parse import urljoin, urlsplit

import httpx2
import pytest
from playwright.sync_api import Page

from tests.browser.routes import OPEN_ROUTES, ROUTES, at
from tests.house import House

PNG, ICO = b"\x89PNG\r\n\x1a\n", b"\0\0\1\0"


def test_g8_no_two_pages_have_the_same_title(page: Page, demo: House) -> None:
    titles: dict[str, set[str]] = {}
    for route in ROUTES:
        response = page.goto(at(demo, route))
        if response and response.ok:
            titles.setdefault(page.title(), set()).add(urlsplit(route).path)

    assert {title: paths for title, paths in titles.items() if len(paths) > 1} == {}


def test_g8_the_pages_before_sign_in_have_titles_of_their_own(
    new_page: Callable[..., Page], demo: House
) -> None:
    page = new_page()
    titles = []
    for route in OPEN_ROUTES:
        page.goto(at(demo, route))
        titles.append(page.title())

    assert len(set(titles)) == len(titles)


@pytest.mark.parametrize(
    ("selector", "start", "kind"),
    [
        ("link[rel=icon][type='image/svg+xml']", b"<svg", "image/svg+xml"),
        ("link[rel=icon][href$='.ico']", ICO, "image/x-icon"),
    ],
)
def test_g8_there_are_two_icons(page: Page, selector: str, start: bytes, kind: str) -> None:
    page.goto("/projects")
    answer = page.request.get(page.locator(selector).evaluate("link => link.href"))

    assert answer.ok
    assert answer.headers["content-type"].startswith(kind)
    assert answer.body().lstrip().startswith(start)


def test_g8_the_manifest_is_json_and_its_icons_exist(demo: House, page: Page) -> None:
    page.goto("/projects")
    address = page.locator("link[rel=manifest]").evaluate("link => link.href")
    manifest = json.loads(page.request.get(address).body())

    assert {"name", "start_url", "display", "icons"} <= manifest.keys()
    assert manifest["icons"]
    for icon in manifest["icons"]:
        answer = httpx2.get(urljoin(address, icon["src"]))
        assert answer.status_code == 200
        assert answer.headers["content-type"] == icon["type"]


def test_g8_an_icon_of_the_manifest_is_as_large_as_it_says(demo: House) -> None:
    manifest = httpx2.get(demo.base_url + "/manifest.webmanifest").json()
    (icon,) = [each for each in manifest["icons"] if each["type"] == "image/png"]
    picture = httpx2.get(f"{demo.base_url}/{icon['src']}").content

    size = [int.from_bytes(picture[start : start + 4]) for start in (16, 20)]
    assert picture.startswith(PNG)
    assert icon["sizes"] == "x".join(map(str, size))


def test_g8_the_public_page_says_what_to_show_where_it_is_shared(
    new_page: Callable[..., Page],
) -> None:
    page = new_page()
    page.goto("/login")
    shared = page.locator("meta[property^='og:']").evaluate_all(
        "all => Object.fromEntries(all.map(e => [e.getAttribute('property'), e.content]))"
    )
    picture = page.request.get(shared["og:image"])

    assert shared["og:title"] == page.title()
    assert shared["og:description"]
    assert picture.ok
    assert picture.body().startswith(PNG)
