"""Working through the inbox: by keyboard and mouse, shown at once (IN4, IN5)."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Locator, Page, Request, Route, expect

from tests.browser.conftest import cookies_of
from tests.browser.test_inbox_list import (
    NewPage,
    expect_shown,
    holding,
    opened,
    rows,
    shown,
    wait_for,
)
from tests.feedback.batch import fill
from tests.house import House, until
from tests.visitor import Member, owner

ACT = "**/inbox/act"


@pytest.fixture
def bob(demo: House) -> Member:
    """The owner of five new items, of which Pay 4 is the newest."""
    bob = owner(demo)
    fill(demo, bob.account, [f"Pay {number}" for number in range(5)])
    return bob


@pytest.fixture
def page(new_page: NewPage, bob: Member) -> Page:
    return opened(new_page, bob)


def row(page: Page, message: str) -> Locator:
    return rows(page).filter(has=page.get_by_role("link", name=message, exact=True))


def badge(page: Page, message: str) -> Locator:
    return row(page, message).locator(".badge")


def tab(page: Page, name: str) -> Locator:
    return page.locator(f"[data-tab={name}]")


def toast(page: Page) -> Locator:
    return page.locator("mb-toasts .toast").last


def statuses(member: Member) -> dict[str, str]:
    """The status of every item, as the API tells it."""
    found: dict[str, str] = {}
    for number in (1, 2):
        query = {"pageSize": 100, "page": number}
        data = member.account.get("/api/feedback", params=query).json()["data"]
        found.update({each["message"]: each["status"] for each in data})
    return found


def answers(page: Page, status: int) -> list[Request]:
    """Let every act be answered with a status, and return the acts as they come."""
    acts: list[Request] = []

    def refuse(route: Route) -> None:
        acts.append(route.request)
        route.fulfill(status=status, json={"error": "No"})

    page.route(ACT, refuse)
    return acts


def by_keys(page: Page) -> None:
    """Search, and resolve the second row."""
    page.keyboard.press("/")
    page.keyboard.type("pay")
    expect(page).to_have_url(re.compile("search=pay"))
    expect(page.get_by_role("searchbox")).to_be_focused()
    page.keyboard.press("Escape")
    for key in "jje":
        page.keyboard.press(key)


def by_mouse(page: Page) -> None:
    row(page, "Pay 3").get_by_role("link").click()
    page.locator("#detail").get_by_role("button", name="Resolve").click()


@pytest.mark.parametrize("way", [by_keys, by_mouse], ids=["keys", "mouse"])
def test_in4_the_second_row_is_resolved_and_undo_restores_it(
    page: Page, bob: Member, way: Callable[[Page], None]
) -> None:
    way(page)
    expect(toast(page)).to_contain_text(re.compile("resolved", re.IGNORECASE))
    expect(badge(page, "Pay 3")).to_have_text("Resolved")
    assert statuses(bob) == {f"Pay {at}": "RESOLVED" if at == 3 else "NEW" for at in range(5)}
    if way is by_keys:
        page.keyboard.press("z")
    else:
        toast(page).get_by_role("button", name="Undo").click()

    expect(badge(page, "Pay 3")).to_have_text("New")
    until(lambda: set(statuses(bob).values()) == {"NEW"}, "what was before")


def test_in4_the_toast_names_the_key_that_undoes(page: Page) -> None:
    page.keyboard.press("j")
    page.keyboard.press("e")

    expect(toast(page)).to_contain_text("Undo (z)")


@pytest.mark.parametrize("path", ["/inbox", "/inbox?status=NEW"])
def test_in4_the_focus_goes_on_to_the_next_row(new_page: NewPage, bob: Member, path: str) -> None:
    page = opened(new_page, bob, path)
    for key in "jje":
        page.keyboard.press(key)
    expect(toast(page)).to_contain_text("resolved")
    expect(tab(page, "RESOLVED")).to_have_text("1")
    expect(row(page, "Pay 2").get_by_role("link")).to_be_focused()
    page.keyboard.press("e")

    expect(tab(page, "RESOLVED")).to_have_text("2")
    expect(row(page, "Pay 1").get_by_role("link")).to_be_focused()
    resolved = [name for name, status in statuses(bob).items() if status == "RESOLVED"]
    assert resolved == ["Pay 3", "Pay 2"]


def test_in4_escape_keeps_what_is_searched_for(page: Page) -> None:
    page.keyboard.press("/")
    page.keyboard.type("Pay 2")
    expect(rows(page)).to_have_count(1)
    page.keyboard.press("Escape")

    expect(page.get_by_role("searchbox")).to_have_value("Pay 2")
    expect(page.get_by_role("searchbox")).not_to_be_focused()
    expect(rows(page)).to_have_count(1)


def test_in4_without_single_keys_no_key_does_anything(new_page: NewPage, bob: Member) -> None:
    bob.submit("/settings/appearance", theme="SYSTEM", density="COMFORTABLE")
    bob.get("/settings/appearance")
    page = opened(new_page, bob)
    assert page.locator("body[data-shortcuts]").count() == 0
    sent: list[str] = []
    page.on("request", lambda request: sent.append(request.method))
    row(page, "Pay 3").get_by_role("link").focus()
    for key in ["/", "j", "e", "r", "x", "a", "#", "z", "o", "?"]:
        page.keyboard.press(key)

    expect(row(page, "Pay 3").get_by_role("link")).to_be_focused()
    assert page.locator(".item :checked, dialog[open], #detail, .toast").count() == 0
    assert "POST" not in sent
    assert set(statuses(bob).values()) == {"NEW"}


def test_in5_a_badge_changes_before_the_server_has_answered(page: Page, bob: Member) -> None:
    held = holding(page, ACT)
    page.keyboard.press("j")
    page.keyboard.press("e")
    expect(badge(page, "Pay 4")).to_have_text("Resolved")
    wait_for(page, held, "the act")
    assert statuses(bob)["Pay 4"] == "NEW"
    held[0].continue_()

    expect(toast(page)).to_contain_text("resolved")
    expect(badge(page, "Pay 4")).to_have_text("Resolved")
    assert statuses(bob)["Pay 4"] == "RESOLVED"


@pytest.mark.parametrize("is_open", [False, True])
def test_in5_a_failure_is_taken_back_and_can_be_tried_again(
    page: Page, bob: Member, is_open: bool
) -> None:
    answers(page, 500)
    page.keyboard.press("j")
    if is_open:
        page.keyboard.press("o")
        expect(page.locator("#detail")).to_be_visible()
    page.keyboard.press("e")
    retry = toast(page).get_by_role("button", name="Retry")
    expect(retry).to_be_visible()
    expect(badge(page, "Pay 4")).to_have_text("New")
    page.unroute(ACT)
    retry.click()

    expect(badge(page, "Pay 4")).to_have_text("Resolved")
    until(lambda: statuses(bob)["Pay 4"] == "RESOLVED", "the second try")


@pytest.mark.parametrize("key", ["e", "#"])
def test_in5_without_a_network_nothing_stays_changed(page: Page, bob: Member, key: str) -> None:
    page.route(ACT, lambda route: route.abort())
    page.keyboard.press("j")
    page.keyboard.press(key)

    expect(toast(page).get_by_role("button", name="Retry")).to_be_visible()
    expect(badge(page, "Pay 4")).to_have_text("New")
    expect(row(page, "Pay 4")).to_be_visible()
    assert len(statuses(bob)) == 5


def test_in5_not_found_takes_the_row_away(page: Page) -> None:
    answers(page, 404)
    page.keyboard.press("j")
    page.keyboard.press("e")

    expect(toast(page)).to_contain_text(re.compile("deleted elsewhere", re.IGNORECASE))


def test_in5_what_was_deleted_elsewhere_leaves_the_list(
    new_page: NewPage, bob: Member, demo: House
) -> None:
    page = new_page(cookies_of(bob))
    page.route("**/inbox/live*", lambda route: route.abort())
    page.goto("/inbox")
    ids = shown(page)
    bob.account.delete(f"/api/feedback/{ids[0]}")
    page.keyboard.press("j")
    page.keyboard.press("e")

    expect(toast(page)).to_contain_text(re.compile("deleted elsewhere", re.IGNORECASE))
    expect_shown(page, ids[1:])
