"""G9: what a system asks for: less motion, colours of its own."""

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import ADA, cookies_of
from tests.browser.routes import ROUTES, at
from tests.house import House
from tests.visitor import owner

NewPage = Callable[..., Page]
Cookies = dict[str, list[dict[str, Any]]]
STILL = "Promise.all(document.getAnimations().map(each => each.finished)).then(() => null)"
EDGES = """(all) => all.filter(e => e.checkVisibility()).filter(e => {
  const style = getComputedStyle(e);
  return style.borderTopStyle === "none" || parseFloat(style.borderTopWidth) < 1
    || style.borderTopColor === style.backgroundColor
    || /^rgba.*, 0\\)$/.test(style.borderTopColor);
}).map(e => e.outerHTML.slice(0, 120))"""


def test_g9_nothing_moves_where_less_motion_is_asked_for(
    new_page: NewPage, cookies: Cookies, demo: House
) -> None:
    page = new_page(cookies[ADA], reduced_motion="reduce")
    moving = []
    for route in ROUTES:
        page.goto(at(demo, route))
        moving += page.evaluate("document.getAnimations().map(each => each.animationName)")

    assert moving == []


@pytest.mark.parametrize(("asked", "count"), [("reduce", 0), ("no-preference", 1)])
def test_g9_a_message_rises_only_for_those_who_like_motion(
    asked: str, count: int, new_page: NewPage, demo: House
) -> None:
    member = owner(demo)
    page = new_page(cookies_of(member), reduced_motion=asked)
    page.add_init_script("window.started = 0; addEventListener('animationstart', () => started++)")
    page.goto(f"/projects/{member.account.slug}")
    page.get_by_role("button", name="Pause").click()
    expect(page.locator(".toast")).to_be_visible()
    page.evaluate(STILL)

    assert page.evaluate("started") == count


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize(
    "selector",
    [
        ".card",
        ".badge",
        "button:not(.quiet, .with-script *)",
        ".button",
        "input:not([type=checkbox])",
    ],
)
def test_g9_edges_stay_where_the_system_chooses_the_colours(
    selector: str, scheme: str, new_page: NewPage, cookies: Cookies
) -> None:
    page = new_page(cookies[ADA], forced_colors="active", color_scheme=scheme)
    seen, without = 0, []
    for route in ("/projects", "/projects/storefront", "/settings/billing", "/projects/new"):
        page.goto(route)
        seen += page.locator(selector).count()
        without += page.locator(selector).evaluate_all(EDGES)

    assert seen
    assert without == []


def test_g9_bars_stay_where_the_system_chooses_the_colours(
    new_page: NewPage, cookies: Cookies
) -> None:
    page = new_page(cookies[ADA], forced_colors="active")
    page.goto("/projects/storefront")
    fill, background = page.locator(".bars rect").first.evaluate(
        "bar => [getComputedStyle(bar).fill, getComputedStyle(document.body).backgroundColor]"
    )
    assert fill != background
