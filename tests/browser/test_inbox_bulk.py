"""Many at once, and what is deleted, in the inbox (IN6, IN7)."""

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.conftest import cookies_of
from tests.browser.test_inbox_list import NewPage, expect_shown, opened, rows, shown
from tests.browser.test_inbox_work import row, statuses, tab, toast
from tests.feedback.batch import fill
from tests.house import House
from tests.visitor import Member, owner

MANY = 128


@pytest.fixture
def bob(demo: House) -> Member:
    """The owner of five new items, of which Pay 4 is the newest."""
    bob = owner(demo)
    fill(demo, bob.account, [f"Pay {number}" for number in range(5)])
    return bob


@pytest.fixture
def dave(demo: House) -> Member:
    """The owner of 128 items, every eighth of them reviewed."""
    dave = owner(demo)
    ids = fill(demo, dave.account, [f"Item {number}" for number in range(MANY)])
    for item in ids[::8]:
        dave.account.put(f"/api/feedback/{item}", json={"status": "REVIEWED"})
    return dave


@pytest.fixture
def page(new_page: NewPage, bob: Member) -> Page:
    return opened(new_page, bob)


@pytest.fixture
def full(new_page: NewPage, dave: Member) -> Page:
    return opened(new_page, dave)


def bar(page: Page, name: str) -> Locator:
    return page.locator("#chosen").get_by_role("button", name=name, exact=True)


def test_in6_shift_click_chooses_a_range(page: Page) -> None:
    row(page, "Pay 3").get_by_role("checkbox").click()
    row(page, "Pay 1").get_by_role("checkbox").click(modifiers=["Shift"])
    boxes = page.locator(".item input:checked")
    expect(boxes).to_have_count(3)
    expect(page.locator(".chosen [data-chosen]")).to_have_text("3 chosen")
    row(page, "Pay 2").get_by_role("checkbox").click(modifiers=["Shift"])

    assert row(page, "Pay 3").get_by_role("checkbox").is_checked()
    assert not row(page, "Pay 2").get_by_role("checkbox").is_checked()


def test_in6_shift_x_chooses_a_range_and_a_the_page(page: Page) -> None:
    for key in ("j", "x", "j", "j", "Shift+X"):
        page.keyboard.press(key)
    expect(page.locator(".item input:checked")).to_have_count(3)
    page.keyboard.press("a")
    expect(page.locator(".item input:checked")).to_have_count(5)
    page.keyboard.press("Escape")
    expect(page.locator(".item input:checked")).to_have_count(0)


def test_in6_all_that_match_are_resolved_by_one_request_and_undone(
    full: Page, dave: Member
) -> None:
    before, acts = statuses(dave), list[str]()
    full.on("request", lambda each: acts.append(each.url) if each.method == "POST" else None)
    rows(full).first.get_by_role("checkbox").check()
    full.get_by_label(f"All {MANY} that match").check()
    bar(full, "Resolve").click()
    expect(toast(full)).to_contain_text(f"{MANY} items resolved")
    expect(tab(full, "RESOLVED")).to_have_text(str(MANY))
    expect(tab(full, "NEW")).to_have_text("0")
    assert set(statuses(dave).values()) == {"RESOLVED"}
    assert len(acts) == 1
    toast(full).get_by_role("button", name="Undo").click()

    expect(tab(full, "NEW")).to_have_text(str(MANY - MANY // 8))
    assert statuses(dave) == before


def test_in6_all_that_match_are_those_of_the_filter(new_page: NewPage, dave: Member) -> None:
    page = opened(new_page, dave, "/inbox?status=NEW")
    page.keyboard.press("a")
    page.get_by_label("All 112 that match").check()
    later = dave.account.say("Came in later")
    bar(page, "Resolve").click()

    expect(toast(page)).to_contain_text("112 items resolved")
    assert dave.account.get(f"/api/feedback/{later['id']}").json()["data"]["status"] == "NEW"
    assert list(statuses(dave).values()).count("REVIEWED") == MANY // 8


def test_in6_a_part_that_is_gone_is_told_by_number(new_page: NewPage, bob: Member) -> None:
    page = new_page(cookies_of(bob))
    page.route("**/inbox/live*", lambda route: route.abort())
    page.goto("/inbox")
    for item in shown(page)[:2]:
        bob.account.delete(f"/api/feedback/{item}")
    page.keyboard.press("a")
    bar(page, "Resolve").click()

    expect(toast(page)).to_contain_text("3 items resolved")
    expect(toast(page)).to_contain_text("2")  # that were not


def test_in7_one_is_deleted_from_everywhere_and_undo_brings_it_back(
    page: Page, bob: Member
) -> None:
    ids = shown(page)
    page.keyboard.press("j")
    page.keyboard.press("#")
    expect(toast(page)).to_contain_text("deleted")
    expect_shown(page, ids[1:])
    expect(tab(page, "ALL")).to_have_text("4")
    expect(page.locator("[data-count-new]")).to_contain_text("4")
    assert bob.account.get(f"/api/feedback/{ids[0]}").status_code == 404
    assert bob.account.get("/api/feedback").json()["pagination"]["total"] == 4
    toast(page).get_by_role("button", name="Undo").click()

    expect_shown(page, ids)
    expect(tab(page, "ALL")).to_have_text("5")
    expect(page.locator("[data-count-new]")).to_contain_text("5")
    assert bob.account.get(f"/api/feedback/{ids[0]}").json()["data"]["message"] == "Pay 4"


def test_in7_the_open_one_is_deleted_and_undo_brings_it_back(page: Page, bob: Member) -> None:
    ids = shown(page)
    row(page, "Pay 3").get_by_role("link").click()
    page.locator("#detail").get_by_role("button", name="Delete", exact=True).click()
    expect(page.locator("#detail")).to_have_count(0)
    expect_shown(page, [ids[0], *ids[2:]])
    page.keyboard.press("z")

    expect_shown(page, ids)


@pytest.mark.parametrize("is_all", [False, True])
def test_in7_many_are_deleted_only_after_a_dialog_with_their_number(
    full: Page, dave: Member, is_all: bool
) -> None:
    before, count = statuses(dave), MANY if is_all else 25
    full.keyboard.press("a")
    if is_all:
        full.get_by_label(f"All {MANY} that match").check()
    for button in ("Cancel", "Delete"):
        bar(full, "Delete").click()
        dialog = full.get_by_role("dialog", name="Delete items")
        expect(dialog).to_contain_text(f"Delete {count} items?")
        assert statuses(dave) == before
        dialog.get_by_role("button", name=button).click()
        expect(dialog).to_be_hidden()
    expect(toast(full)).to_contain_text(f"{count} items deleted")
    assert len(statuses(dave)) == MANY - count
    toast(full).get_by_role("button", name="Undo").click()

    expect(tab(full, "ALL")).to_have_text(str(MANY))
    assert statuses(dave) == before


def test_in7_escape_leaves_the_dialog_and_deletes_nothing(page: Page, bob: Member) -> None:
    page.keyboard.press("a")
    page.keyboard.press("#")
    expect(page.get_by_role("dialog", name="Delete items")).to_contain_text("Delete 5 items?")
    page.keyboard.press("Escape")

    expect(page.get_by_role("dialog")).to_have_count(0)
    assert len(statuses(bob)) == 5
    expect(rows(page)).to_have_count(5)


def test_in7_without_script_a_page_asks_before_many_are_deleted(
    new_page: NewPage, bob: Member
) -> None:
    page = opened(new_page, bob, java_script_enabled=False)
    for message in ("Pay 1", "Pay 2"):
        row(page, message).get_by_role("checkbox").check()
    bar(page, "Delete").click()
    expect(page.get_by_role("main")).to_contain_text("Delete 2 items?")
    page.get_by_role("main").get_by_role("button", name="Delete").click()
    expect(toast(page)).to_contain_text("2 items deleted")
    assert len(statuses(bob)) == 3
    page.get_by_role("button", name="Undo").click()

    expect(rows(page)).to_have_count(5)
