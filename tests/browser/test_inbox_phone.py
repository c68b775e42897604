"""The inbox on a phone: list and item are pages of their own (IN15)."""

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import cookies_of
from tests.browser.test_g_every_page import wider_than_the_window
from tests.browser.test_inbox_list import NewPage, expect_scroll, rows
from tests.browser.test_inbox_work import row, toast
from tests.feedback.batch import fill
from tests.house import House
from tests.visitor import Member, owner

PHONE = {"viewport": {"width": 360, "height": 740}, "has_touch": True, "is_mobile": True}
# Where the bar is within the window, and what one would hit in the middle of each of its buttons.
BAR = """() => {
  const {top, bottom} = document.querySelector(".deeds").getBoundingClientRect();
  const hit = [...document.querySelectorAll(".deeds button")].map(e => {
    const {left, top, width, height} = e.getBoundingClientRect();
    return e.contains(document.elementFromPoint(left + width / 2, top + height / 2));
  });
  return {top, bottom, height: innerHeight, isHit: hit.every(each => each)};
}"""


@pytest.fixture
def bob(demo: House) -> Member:
    """The owner of 25 short items and the newest, which is long."""
    bob = owner(demo)
    fill(demo, bob.account, [f"Item {number}" for number in range(25)])
    fill(demo, bob.account, ["A long story\n" * 400])
    return bob


@pytest.fixture
def page(new_page: NewPage, bob: Member) -> Page:
    page = new_page(cookies_of(bob), **PHONE)
    page.goto("/inbox")
    return page


def test_in15_a_row_leads_to_a_page_of_the_item_alone(page: Page) -> None:
    expect(page.locator("#detail")).to_have_count(0)
    row(page, "Item 20").locator(".message").tap()

    expect(page.get_by_role("heading", name="Item 20", exact=True)).to_be_visible()
    expect(page.locator(".list-pane")).to_be_hidden()
    assert wider_than_the_window(page) == []
    assert page.evaluate("scrollY") == 0


def test_in15_the_bar_stays_at_the_foot_and_its_targets_are_44_px(page: Page) -> None:
    rows(page).first.locator(".message").tap()
    expect(page.locator("#detail")).to_be_visible()
    buttons = page.locator(".deeds button").all()
    assert len(buttons) >= 3
    for button in buttons:
        box = button.bounding_box()
        assert box
        assert min(box["width"], box["height"]) >= 44
    for at in ("0", "1000", "document.documentElement.scrollHeight"):
        page.evaluate(f"scrollTo(0, {at})")
        bar = page.evaluate(BAR)
        assert 0 <= bar["top"] < bar["bottom"] <= bar["height"], at
        assert bar["isHit"], at
    assert wider_than_the_window(page) == []


def test_in15_the_bar_resolves(page: Page, bob: Member) -> None:
    row(page, "Item 20").locator(".message").tap()
    page.locator(".deeds").get_by_role("button", name="Resolve").tap()

    expect(toast(page)).to_contain_text("resolved")
    expect(page.locator(".detail-head .badge")).to_have_text("Resolved")


def test_in15_back_returns_to_the_same_row(page: Page) -> None:
    message = row(page, "Item 8").locator(".message")
    message.scroll_into_view_if_needed()
    before = page.evaluate("scrollY")
    assert before > 300
    message.tap()
    expect(page.locator("#detail")).to_be_visible()
    page.go_back()
    expect(page.locator("#detail")).to_have_count(0)

    expect(message).to_be_focused()
    expect(message).to_be_in_viewport()
    expect_scroll(page, before)


def test_in15_close_returns_to_the_same_row(page: Page) -> None:
    message = row(page, "Item 8").locator(".message")
    message.tap()
    page.get_by_role("link", name="Close").tap()

    expect(page.locator("#detail")).to_have_count(0)
    expect(message).to_be_in_viewport()
