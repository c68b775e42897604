"""The widget's look, seen at once in the real widget beside it (PJ2)."""

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Frame, Page, expect

from tests.browser.conftest import cookies_of
from tests.house import House
from tests.visitor import Member, owner

NewPage = Callable[..., Page]
# The criterion names 300 ms; the test waits ten times that.
AT_ONCE_MS = 3_000
COLOR_OF_THE_BUTTON = """() => {
    const host = [...document.body.children].find(each => each.shadowRoot)
        ?? [...document.documentElement.children].find(each => each.shadowRoot);
    const button = host?.shadowRoot.querySelector("[part~=button]");
    return button ? getComputedStyle(button).backgroundColor : "";
}"""


@pytest.fixture
def bob(demo: House) -> Member:
    return owner(demo)


@pytest.fixture
def page(new_page: NewPage, bob: Member) -> Page:
    page = new_page(cookies_of(bob))
    page.goto(f"/projects/{bob.account.slug}/widget")
    return page


def preview(page: Page) -> Frame:
    frame = page.query_selector("iframe.preview")
    assert frame
    inside = frame.content_frame()
    assert inside
    inside.wait_for_function(f"({COLOR_OF_THE_BUTTON})() !== ''")
    return inside


def fill_color(page: Page, color: str) -> None:
    page.get_by_label("Colour").evaluate(
        """(input, color) => {
            input.value = color;
            input.dispatchEvent(new Event("input", { bubbles: true }));
        }""",
        color,
    )


def saved(bob: Member) -> dict[str, Any]:
    path = f"/api/projects/{bob.account.project_id}/settings"
    widget: dict[str, Any] = bob.account.get(path).json()["data"]["widget"]
    return widget


def test_pj2_a_change_of_colour_is_seen_in_the_real_widget(page: Page) -> None:
    frame = preview(page)

    fill_color(page, "#cc0055")

    frame.wait_for_function(f"({COLOR_OF_THE_BUTTON})() === 'rgb(204, 0, 85)'", timeout=AT_ONCE_MS)
    sandbox = page.locator("iframe.preview").get_attribute("sandbox")
    assert sandbox is not None
    assert "allow-top-navigation" not in sandbox


@pytest.mark.parametrize(
    ("color", "is_hard", "text"),
    [("#ffcc00", True, "#000000"), ("#4338ca", False, "#ffffff"), ("#00aa88", True, "#000000")],
)
def test_pj2_a_colour_that_is_hard_to_read_is_told(
    page: Page, bob: Member, color: str, is_hard: bool, text: str
) -> None:
    fill_color(page, color)

    warning = page.get_by_text("White text would be hard to read on this colour")
    expect(warning).to_be_visible(visible=is_hard)
    expect(page.locator("[data-text-color]")).to_have_text(text)
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("Widget saved")).to_be_visible()
    expect(warning).to_be_visible(visible=is_hard)
    expect(page.locator("[data-text-color]")).to_have_text(text)
    assert saved(bob)["color"] == color


def test_pj2_all_that_is_chosen_is_kept_and_shown_to_visitors(page: Page, bob: Member) -> None:
    page.get_by_label("Corner").select_option("top-left")
    page.get_by_label("Theme").select_option("dark")
    page.get_by_label("Text of the button").fill("Tell us")
    page.get_by_label("Title of the panel").fill("What do you think?")
    page.get_by_label("How do you feel? Five faces").check()
    page.get_by_label("Email").uncheck()
    page.get_by_label("Say that it is made with Miniback").uncheck()
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("Widget saved")).to_be_visible()

    page.goto(f"/demo/{bob.account.slug}")
    page.get_by_role("button", name="Tell us").click()

    expect(page.get_by_role("heading", name="What do you think?")).to_be_visible()
    expect(page.get_by_role("radio")).to_have_count(8)
    expect(page.get_by_label("Email")).to_have_count(0)
    kept = saved(bob)
    assert (kept["position"], kept["theme"]) == ("top-left", "dark")
    assert (kept["fields"], kept["poweredBy"]) == (["rating", "kind"], False)


def test_pj2_a_wrong_address_is_told_at_its_field(new_page: NewPage, bob: Member) -> None:
    page = new_page(cookies_of(bob), java_script_enabled=False)
    page.goto(f"/projects/{bob.account.slug}/widget")
    page.get_by_label("Text of the button").fill("Kept")
    page.get_by_label("Address of your privacy page").fill("ftp://example.com")
    page.get_by_role("button", name="Save").click()

    expect(page.locator("#privacy_url-error")).to_be_visible()
    expect(page.get_by_label("Text of the button")).to_have_value("Kept")
    assert saved(bob)["label"] == ""
