"""What comes in, or is done elsewhere, shows by itself, over one connection (IN8, IN9)."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, Request, expect

from tests.browser.conftest import cookies_of
from tests.browser.test_g_every_page import WATCHING
from tests.browser.test_inbox_list import (
    NewPage,
    expect_shown,
    holding,
    rows,
    shown,
    wait_for,
)
from tests.browser.test_inbox_work import row, tab
from tests.feedback.batch import fill
from tests.house import House, running, until
from tests.visitor import Member, owner

LIVE = "**/inbox/live*"
# Ten times what the criterion allows.
PATIENCE_MS = 20_000
HIDE = """state => {
  Object.defineProperty(document, "visibilityState", {value: state, configurable: true});
  document.dispatchEvent(new Event("visibilitychange"));
}"""


class Connections:
    """The streams that a browser has asked for, and those that are still open."""

    def __init__(self, page: Page) -> None:
        self.begun: list[Request] = []
        self.ended: list[Request] = []
        page.context.on("request", lambda request: self._note(self.begun, request))
        page.context.on("requestfinished", lambda request: self._note(self.ended, request))
        page.context.on("requestfailed", lambda request: self._note(self.ended, request))

    @property
    def open(self) -> int:
        return len(self.begun) - len(self.ended)

    def _note(self, where: list[Request], request: Request) -> None:
        if "/inbox/live" in request.url:
            where.append(request)


@pytest.fixture
def bob(demo: House) -> Member:
    """The owner of 30 items, one page and a part of another."""
    bob = owner(demo)
    fill(demo, bob.account, [f"Item {number}" for number in range(30)])
    return bob


def expect_new(page: Page, count: int) -> None:
    pill = page.locator("[data-pill]")
    expect(pill).to_have_text(f"{count} new", timeout=PATIENCE_MS)
    expect(pill).to_be_visible()


def listening(page: Page) -> Page:
    """Wait until a page has its stream, so that what follows is news to it."""
    with page.expect_response(LIVE):
        page.goto("/inbox")
    return page


def place_now(member: Member) -> str:
    """How far the stream has come, as it says itself."""
    news = member.get("/inbox/live", headers={"accept": "application/json"}).json()["data"]
    return str(news["place"])


def by_the_api(member: Member) -> str:
    return str(member.account.say("Hot off the press")["id"])


def beside_the_server(member: Member) -> str:
    return fill(member.house, member.account, ["Hot off the press"])[0]


@pytest.mark.parametrize("post", [by_the_api, beside_the_server])
def test_in8_what_comes_in_is_announced_and_shown_when_asked_for(
    new_page: NewPage, bob: Member, post: Callable[[Member], str]
) -> None:
    page = listening(new_page(cookies_of(bob)))
    ids = shown(page)
    item = post(bob)
    expect_new(page, 1)
    expect(tab(page, "ALL")).to_have_text("31")
    expect(tab(page, "NEW")).to_have_text("31")
    expect(page.locator("[data-count-new]")).to_contain_text("31")
    expect(page).to_have_title(re.compile(r"^\(1\) Inbox"))
    assert shown(page) == ids
    page.locator("[data-pill]").click()

    expect_shown(page, [item, *ids[:-1]])
    expect(page.locator("[data-pill]")).to_be_hidden()
    expect(page).to_have_title(re.compile("^Inbox"))


def test_in8_the_list_does_not_move_when_something_comes_in(new_page: NewPage, bob: Member) -> None:
    page = new_page(cookies_of(bob))
    page.add_init_script(WATCHING)
    listening(page)
    before, shift = rows(page).first.bounding_box(), page.evaluate("seen.shift")
    bob.account.say()
    expect_new(page, 1)

    assert rows(page).first.bounding_box() == before
    assert page.evaluate("seen.shift") == shift


def test_in8_the_pill_counts_on_while_more_comes_in(new_page: NewPage, bob: Member) -> None:
    page = listening(new_page(cookies_of(bob)))
    for count in (1, 2, 3):
        bob.account.say(f"Number {count}")
        expect_new(page, count)
        expect(page).to_have_title(re.compile(rf"^\({count}\) Inbox"))


def test_in8_only_what_fits_the_filters_is_announced(new_page: NewPage, bob: Member) -> None:
    page = listening(new_page(cookies_of(bob)))
    page.get_by_role("searchbox").fill("basket")
    expect(page).to_have_url(re.compile("search=basket"))
    expect(page.locator("main .empty")).to_be_visible()
    bob.account.say("Nothing of the kind")
    item = bob.account.say("An empty basket")
    expect_new(page, 1)
    page.locator("[data-pill]").click()

    expect_shown(page, [item["id"]])


def test_in8_from_another_page_the_pill_leads_to_the_top(new_page: NewPage, bob: Member) -> None:
    page = new_page(cookies_of(bob))
    with page.expect_response(LIVE):
        page.goto("/inbox?page=2")
    item = bob.account.say()
    expect_new(page, 1)
    page.locator("[data-pill]").click()

    expect(page).to_have_url(f"{bob.house.base_url}/inbox")
    expect(rows(page).first).to_have_attribute("data-id", item["id"])


def test_in8_what_is_done_in_another_tab_shows_here(new_page: NewPage, bob: Member) -> None:
    page = listening(new_page(cookies_of(bob)))
    other = page.context.new_page()
    other.goto("/inbox")
    for key in "jje":
        other.keyboard.press(key)
    badge = row(page, "Item 28").locator(".badge")
    expect(badge).to_have_text("Resolved", timeout=PATIENCE_MS)
    expect(tab(page, "RESOLVED")).to_have_text("1")
    other.keyboard.press("z")
    expect(badge).to_have_text("New", timeout=PATIENCE_MS)
    other.keyboard.press("#")

    expect(row(page, "Item 27")).to_be_hidden(timeout=PATIENCE_MS)
    expect(tab(page, "ALL")).to_have_text("29")


def test_in8_the_open_item_shows_what_is_done_to_it_elsewhere(
    new_page: NewPage, bob: Member
) -> None:
    page = new_page(cookies_of(bob))
    item = bob.account.say("Open here")["id"]
    with page.expect_response(LIVE):
        page.goto(f"/inbox/{item}")
    bob.account.put(f"/api/feedback/{item}", json={"status": "RESOLVED"})
    expect(row(page, "Open here").locator(".badge")).to_have_text("Resolved", timeout=PATIENCE_MS)

    expect(page.locator(".detail-head .badge")).to_have_text("Resolved", timeout=PATIENCE_MS)


def test_in9_three_tabs_have_one_connection_and_all_are_told(
    new_page: NewPage, bob: Member
) -> None:
    first = new_page(cookies_of(bob))
    live = Connections(first)
    tabs = [listening(first), first.context.new_page(), first.context.new_page()]
    for page in tabs[1:]:
        page.goto("/inbox")
    bob.account.say()
    for page in tabs:
        expect_new(page, 1)

    assert (len(live.begun), live.open) == (1, 1)


def test_in9_when_the_tab_that_listens_is_closed_another_one_does(
    new_page: NewPage, bob: Member
) -> None:
    first = new_page(cookies_of(bob))
    live = Connections(first)
    listening(first)
    second, third = first.context.new_page(), first.context.new_page()
    for page in (second, third):
        page.goto("/inbox")
    with first.context.expect_event("request", lambda request: "/inbox/live" in request.url):
        first.close()
    bob.account.say()
    for page in (second, third):
        expect_new(page, 1)

    assert len(live.begun) == 2


def test_in9_a_hidden_tab_is_disconnected_and_catches_up(new_page: NewPage, bob: Member) -> None:
    page = new_page(cookies_of(bob))
    live = Connections(page)
    listening(page)
    until(lambda: page.evaluate("1") and live.open == 1, "a connection")
    page.evaluate(HIDE, "hidden")
    until(lambda: page.evaluate("1") and live.open == 0, "no connection")
    bob.account.say()
    page.evaluate(HIDE, "visible")

    expect_new(page, 1)
    assert live.open == 1


def test_in9_nothing_is_missed_before_the_first_connection(new_page: NewPage, bob: Member) -> None:
    page = new_page(cookies_of(bob))
    held = holding(page, LIVE)
    page.goto("/inbox")
    wait_for(page, held, "a connection")
    item = bob.account.say("In between")
    bob.account.put(f"/api/feedback/{shown(page)[0]}", json={"status": "REVIEWED"})
    held[0].continue_()

    expect_new(page, 1)
    expect(row(page, "Item 29").locator(".badge")).to_have_text("Reviewed", timeout=PATIENCE_MS)
    assert item["id"] not in shown(page)


def test_in9_a_connection_that_ends_is_taken_up_where_it_was(
    new_page: NewPage, bob: Member
) -> None:
    page = new_page(cookies_of(bob))
    held = holding(page, LIVE)
    page.goto("/inbox")
    wait_for(page, held, "a connection")
    place = place_now(bob)
    bob.account.say("Meanwhile")
    told = f'retry: 10\nid: {place}\ndata: {{"place":"","new":[],"changed":[]}}\n\n'
    held[0].fulfill(content_type="text/event-stream", body=told)
    until(lambda: page.evaluate("1") and len(held) == 2, "another connection")

    held[1].continue_()
    expect_new(page, 1)


def test_in9_what_comes_in_while_the_server_is_away_is_told_when_it_is_back(
    new_house: Callable[..., House], new_page: NewPage
) -> None:
    house = new_house("sqlite")
    with running(house):
        carol = owner(house)
        page = listening(new_page(cookies_of(carol), base_url=house.base_url))
        until(lambda: page.evaluate("1"), "the page")
        house.kill()
        fill(house, carol.account, ["While it was away"])
        house.start()

        expect_new(page, 1)
