"""G7 for what comes and goes: messages at the foot of the page, dialogs, menus."""

import itertools
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import ADA, cookies_of
from tests.house import House
from tests.visitor import owner

NewPage = Callable[..., Page]
Cookies = dict[str, list[dict[str, Any]]]
MOST_STOPS = 60
SEEN_AT = """() => {
  const e = document.activeElement, box = e.getClientRects()[0];
  if (e === document.body) return null;
  const points = [[.5, .5], [.05, .1], [.95, .1], [.05, .9], [.95, .9]];
  const seen = points.filter(([x, y]) =>
    e.contains(document.elementFromPoint(box.x + box.width * x, box.y + box.height * y)));
  return [e.outerHTML.slice(0, 120), seen.length];
}"""


def stops(page: Page) -> Iterator[tuple[str, int]]:
    """Press Tab until the page is left; tell each stop and at how many of 5 points it is seen."""
    for _ in range(MOST_STOPS):
        page.keyboard.press("Tab")
        found = page.evaluate(SEEN_AT)
        if found is None:
            return
        yield found[0], found[1]


@pytest.mark.parametrize("path", ["api", "settings", "security"])
@pytest.mark.parametrize("size", [(360, 740), (1440, 500)], ids=["360", "1440"])
def test_g7_no_control_hides_entirely_under_a_message(
    size: tuple[int, int], path: str, new_page: NewPage, demo: House
) -> None:
    member = owner(demo)
    own = f"/projects/{member.account.slug}"
    page = new_page(cookies_of(member), viewport={"width": size[0], "height": size[1]})
    page.goto(own)
    page.get_by_role("button", name="Pause").click()
    expect(page.locator(".toast")).to_be_visible()
    # The same message on a longer page.
    toast = page.locator("mb-toasts").inner_html()
    page.goto(f"{own}/{path}")
    page.locator("mb-toasts").evaluate("(place, html) => place.innerHTML = html", toast)

    assert [stop for stop, seen in stops(page) if not seen] == []


@pytest.mark.parametrize(
    ("path", "opener", "dialog"),
    [
        ("/projects/storefront/settings", "[data-opens=delete]", "dialog#delete"),
        ("/projects/storefront/api", "[data-opens=regenerate]", "dialog#regenerate"),
    ],
)
def test_g7_a_dialog_takes_the_focus_and_gives_it_back(
    path: str, opener: str, dialog: str, page: Page
) -> None:
    page.goto(path)
    page.locator(opener).focus()
    page.keyboard.press("Enter")
    expect(page.locator(dialog)).to_be_visible()
    assert page.evaluate(
        "name => document.querySelector(name).contains(document.activeElement)", dialog
    )
    page.keyboard.press("Escape")

    expect(page.locator(opener)).to_be_focused()


def test_g7_the_menu_of_a_row_closes_on_escape_and_gives_the_focus_back(page: Page) -> None:
    page.goto("/projects")
    summary = page.locator("details.menu summary").first
    summary.focus()
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    expect(page.locator("details.menu[open] button")).to_be_focused()
    page.keyboard.press("Escape")

    expect(summary).to_be_focused()
    expect(page.locator("details.menu[open]")).to_have_count(0)


def test_g7_the_menu_of_a_phone_is_walked_by_tab_and_closed_by_escape(
    new_page: NewPage, cookies: Cookies
) -> None:
    page = new_page(cookies[ADA], viewport={"width": 360, "height": 740})
    page.goto("/projects")
    button = page.locator(".menu-button")
    button.focus()
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    expect(page.locator("#menu a").first).to_be_focused()
    page.keyboard.press("Escape")

    expect(button).to_be_focused()
    expect(page.locator("#menu")).not_to_be_visible()


def test_g7_all_of_the_phone_menu_is_seen_as_it_is_walked(
    new_page: NewPage, cookies: Cookies
) -> None:
    page = new_page(cookies[ADA], viewport={"width": 360, "height": 740})
    page.goto("/projects")
    page.get_by_role("button", name="Menu").click()
    own = page.locator("#menu :is(a, button)").count()
    walked = list(itertools.islice(stops(page), own))

    assert [stop for stop, seen in walked if not seen] == []
    assert page.evaluate("document.querySelector('#menu').contains(document.activeElement)")
