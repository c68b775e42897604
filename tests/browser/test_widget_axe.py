"""The widget for everybody: axe finds nothing, targets can be hit, languages fit (W4, W16)."""

from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.browser.customers import Shop, alert, launcher, open_panel, panel, send
from tests.browser.test_g_axe import NewPage, found_by_axe

FIELDS = 'data-fields="rating,kind,name,email,screenshot" data-privacy-url="https://shop.test/"'
STILL = "each => Promise.all(each.getAnimations({subtree: true}).map(a => a.finished))"
# What can be pressed and is too small, and what is wider than its place.
SMALL = """each => [...each.querySelectorAll("button, label, input:not([name=website]), textarea")]
  .filter(e => e.getClientRects().length && e.type !== "radio")
  .filter(e => Math.min(e.offsetWidth, e.offsetHeight) < 24).map(e => e.outerHTML)"""
WIDE = """each => [each, ...each.querySelectorAll("form *")]
  .filter(e => e.scrollWidth > e.clientWidth + 1 && e.clientWidth).map(e => e.outerHTML)"""
LOOKS: list[dict[str, Any]] = [
    {"color_scheme": "light"},
    {"color_scheme": "dark"},
    {"forced_colors": "active"},
]
SIZES = [{"width": 360, "height": 740}, {"width": 1280, "height": 800}]


def at_rest(page: Page) -> None:
    panel(page).evaluate(STILL)


@pytest.mark.parametrize("look", LOOKS, ids=["light", "dark", "forced"])
@pytest.mark.parametrize("size", SIZES, ids=["360", "1280"])
@pytest.mark.parametrize("lang", ["en", "ar"])
def test_w4_axe_finds_nothing(
    lang: str, size: Any, look: dict[str, Any], shop: Shop, new_page: NewPage
) -> None:
    page = new_page(viewport=size, **look)
    shop.visit(page, FIELDS, lang=lang)
    found = {"closed": found_by_axe(page)}
    open_panel(page)
    panel(page).locator("[value=bug]").check()
    panel(page).locator("[value='4']").check()
    at_rest(page)
    found["open"] = found_by_axe(page)
    small = panel(page).evaluate(SMALL)
    send(page, "")
    expect(alert(page)).not_to_be_empty()
    found["error"] = found_by_axe(page)
    send(page, "A word")
    expect(panel(page).get_by_role("status")).to_be_visible()
    found["done"] = found_by_axe(page)

    assert found == {"closed": [], "open": [], "error": [], "done": []}
    assert small == []


# The last but one is as far from white as from black.
@pytest.mark.parametrize(
    ("color", "scheme"),
    [
        ("#facc15", "light"),
        ("#ffffff", "light"),
        ("#101010", "dark"),
        ("#777777", "dark"),
        ("rebeccapurple", "light"),
    ],
)
def test_w4_text_can_be_read_on_any_accent(
    color: str, scheme: str, shop: Shop, new_page: NewPage
) -> None:
    page = new_page(color_scheme=scheme)
    shop.visit(page, f'data-color="{color}"')
    open_panel(page)
    panel(page).locator("[value=bug]").check()
    at_rest(page)

    assert found_by_axe(page) == []


def test_w4_right_to_left_is_laid_out_from_the_right(shop: Shop, visitor: Page) -> None:
    shop.visit(visitor, lang="he")
    open_panel(visitor)
    at_rest(visitor)
    close = panel(visitor).locator(".close").bounding_box()
    title = panel(visitor).get_by_role("heading").bounding_box()

    assert close
    assert title
    assert close["x"] < title["x"]


@pytest.mark.parametrize(
    ("lang", "width"), [("de", 320), ("ar", 320), ("fr", 320), ("ru", 360), ("de", 1280)]
)
def test_w16_long_languages_fit(lang: str, width: int, shop: Shop, new_page: NewPage) -> None:
    page = new_page(viewport={"width": width, "height": 740})
    shop.visit(page, FIELDS, lang=lang)
    box = launcher(page).bounding_box()
    assert box
    assert box["width"] < width
    open_panel(page)
    send(page, "")
    at_rest(page)

    assert panel(page).evaluate(WIDE) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= width
