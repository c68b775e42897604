"""Tags and assignees for many at once, from the bar of what is chosen (IN4 to IN6, IN15)."""

from functools import partial
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect

from miniback.accounts import Role
from tests.browser.conftest import cookies_of
from tests.browser.test_g_every_page import wider_than_the_window
from tests.browser.test_inbox_list import NewPage, holding, opened, rows, wait_for
from tests.browser.test_inbox_phone import PHONE
from tests.browser.test_inbox_work import ACT, answers, row, statuses, toast
from tests.feedback.batch import fill
from tests.house import House, until
from tests.inbox.acting import assign, assignee_of, tag, tags_of
from tests.visitor import Member, member_of, owner

MANY = 60
# What lies within the window and is hit where it is seen.
REACHED = """e => { const {left, right, top, bottom} = e.getBoundingClientRect();
  const hit = document.elementFromPoint((left + right) / 2, (top + bottom) / 2);
  const isWithin = left >= 0 && right <= innerWidth && top >= 0 && bottom <= innerHeight;
  return isWithin && e.contains(hit); }"""


@pytest.fixture
def bob(demo: House) -> Member:
    """The owner of five new items, of which Pay 4 is the newest."""
    bob = owner(demo)
    fill(demo, bob.account, [f"Pay {number}" for number in range(5)])
    return bob


@pytest.fixture
def max_(demo: House, bob: Member) -> Member:
    """A colleague of his."""
    return member_of(demo, bob.account, Role.MEMBER)


@pytest.fixture
def page(new_page: NewPage, bob: Member, max_: Member) -> Page:
    return opened(new_page, bob)


def ids_of(member: Member) -> dict[str, str]:
    """The ids of items by their messages."""
    data = member.account.get("/api/feedback").json()["data"]
    return {each["message"]: each["id"] for each in data}


def tagged(member: Member) -> dict[str, list[str]]:
    """The tags of all items that have any, by their messages."""
    found = {text: tags_of(member.account, item) for text, item in ids_of(member).items()}
    return {text: tags for text, tags in found.items() if tags}


def assigned(member: Member) -> dict[str, str]:
    """The assignees of all items that have one, by their messages."""
    found = {text: assignee_of(member.account, item) for text, item in ids_of(member).items()}
    return {text: email for text, email in found.items() if email}


def check(page: Page, *messages: str) -> None:
    for message in messages:
        row(page, message).get_by_role("checkbox").check()


def open_menu(page: Page, name: str) -> Locator:
    """Open a menu of the bar."""
    menu = page.locator("#chosen details").filter(has=page.get_by_text(name, exact=True))
    menu.locator("summary").click()
    return menu


def fill_in_tag(page: Page, name: str, button: str) -> None:
    menu = open_menu(page, "Tag")
    menu.get_by_label("Name of the tag").fill(name)
    menu.get_by_role("button", name=button).click()


def choose_person(page: Page, label: str) -> None:
    menu = open_menu(page, "Assign")
    menu.get_by_label("Assign to").select_option(label=label)
    menu.get_by_role("button", name="Assign").click()


def undo(page: Page) -> None:
    toast(page).get_by_role("button", name="Undo").click()
    expect(toast(page)).to_contain_text("as before")


@pytest.mark.parametrize("has_script", [True, False])
def test_in6_what_is_checked_is_tagged_and_undone(
    new_page: NewPage, bob: Member, has_script: bool
) -> None:
    page = opened(new_page, bob, java_script_enabled=has_script)
    check(page, "Pay 1", "Pay 3")
    fill_in_tag(page, "late", "Add the tag")
    expect(toast(page)).to_contain_text("2 items tagged")
    assert tagged(bob) == {"Pay 3": ["late"], "Pay 1": ["late"]}
    expect(row(page, "Pay 3").locator(".tag")).to_have_text(["late"])
    expect(row(page, "Pay 2").locator(".tag")).to_have_count(0)
    undo(page)

    expect(page.locator(".item .tag")).to_have_count(0)
    assert (tagged(bob), set(statuses(bob).values())) == ({}, {"NEW"})


@pytest.mark.parametrize("has_script", [True, False])
def test_in6_a_tag_is_taken_off_and_undone(
    new_page: NewPage, bob: Member, has_script: bool
) -> None:
    tag(bob.account, ids_of(bob)["Pay 1"], "late", "kept")
    page = opened(new_page, bob, java_script_enabled=has_script)
    check(page, "Pay 1", "Pay 3")
    fill_in_tag(page, "Late", "Take the tag off")
    expect(toast(page)).to_contain_text("taken off 1 item")
    expect(row(page, "Pay 1").locator(".tag")).to_have_text(["kept"])
    undo(page)

    expect(row(page, "Pay 1").locator(".tag")).to_have_count(2)
    assert tagged(bob) == {"Pay 1": ["kept", "late"]}


@pytest.mark.parametrize("has_script", [True, False])
def test_in6_what_is_checked_is_assigned_and_undone(
    new_page: NewPage, bob: Member, max_: Member, has_script: bool
) -> None:
    assign(bob.account, ids_of(bob)["Pay 1"], bob.email)
    page = opened(new_page, bob, java_script_enabled=has_script)
    check(page, "Pay 1", "Pay 3")
    choose_person(page, max_.email)
    expect(toast(page)).to_contain_text("2 items assigned")
    expect(row(page, "Pay 3").locator(".person")).to_contain_text(max_.email)
    assert assigned(bob) == {"Pay 3": max_.email, "Pay 1": max_.email}
    undo(page)

    expect(row(page, "Pay 3").locator(".person")).to_have_count(0)
    assert assigned(bob) == {"Pay 1": bob.email}


def test_in6_items_are_assigned_to_nobody(new_page: NewPage, bob: Member) -> None:
    assign(bob.account, ids_of(bob)["Pay 1"], bob.email)
    page = opened(new_page, bob)
    check(page, "Pay 1")
    choose_person(page, "Nobody")

    expect(toast(page)).to_contain_text("1 item is nobody's now")
    expect(row(page, "Pay 1").locator(".person")).to_have_count(0)
    assert assigned(bob) == {}


def test_in6_all_that_match_are_tagged_by_one_request(
    new_page: NewPage, demo: House, bob: Member
) -> None:
    fill(demo, bob.account, [f"More {number}" for number in range(MANY)])
    page, acts = opened(new_page, bob, "/inbox?search=more"), list[str]()
    page.on("request", lambda each: acts.append(each.url) if each.method == "POST" else None)
    rows(page).first.get_by_role("checkbox").check()
    page.get_by_label(f"All {MANY} that match").check()
    fill_in_tag(page, "late", "Add the tag")

    expect(toast(page)).to_contain_text(f"{MANY} items tagged")
    assert len(acts) == 1
    total = bob.account.get("/api/feedback?tag=late").json()["pagination"]["total"]
    assert total == MANY
    undo(page)
    assert bob.account.get("/api/feedback?tag=late").json()["data"] == []


def test_in5_tags_and_assignees_are_shown_before_the_server_answers(
    page: Page, bob: Member, max_: Member
) -> None:
    held = holding(page, ACT)
    check(page, "Pay 1", "Pay 3")
    fill_in_tag(page, "late", "Add the tag")
    expect(page.locator(".item .tag")).to_have_text(["late", "late"])
    choose_person(page, max_.email)
    expect(row(page, "Pay 1").locator(".person")).to_contain_text(max_.email)
    choose_person(page, "Nobody")
    expect(page.locator(".item .person")).to_have_count(0)
    fill_in_tag(page, "LATE", "Take the tag off")
    expect(page.locator(".item .tag")).to_have_count(0)

    wait_for(page, held, "the acts")
    assert (tagged(bob), assigned(bob)) == ({}, {})


@pytest.mark.parametrize("action", ["tag", "person"])
def test_in5_what_the_server_refuses_is_taken_back_and_offered_again(
    page: Page, bob: Member, max_: Member, action: str
) -> None:
    acts = answers(page, 500)
    check(page, "Pay 1", "Pay 3")
    if action == "tag":
        fill_in_tag(page, "late: very", "Add the tag")
    else:
        choose_person(page, max_.email)
    expect(toast(page)).to_contain_text("That was not done")
    expect(page.locator(".item").locator(f".{action}")).to_have_count(0)
    page.unroute(ACT)
    toast(page).get_by_role("button", name="Retry").click()

    expect(page.locator(".item").locator(f".{action}")).to_have_count(2)
    assert len(acts) == 1
    value: Any = ["late: very"] if action == "tag" else max_.email
    wanted = {"Pay 3": value, "Pay 1": value}
    until(lambda: (tagged(bob) if action == "tag" else assigned(bob)) == wanted, "both to be done")


@pytest.mark.parametrize("has_script", [True, False])
def test_in6_enter_in_the_field_tags_and_does_nothing_else(
    new_page: NewPage, bob: Member, has_script: bool
) -> None:
    page = opened(new_page, bob, java_script_enabled=has_script)
    check(page, "Pay 1")
    field = open_menu(page, "Tag").get_by_label("Name of the tag")
    field.fill("late")
    field.press("Enter")

    expect(toast(page)).to_contain_text("1 item tagged")
    assert (tagged(bob), set(statuses(bob).values())) == ({"Pay 1": ["late"]}, {"NEW"})


def test_in4_tags_and_assignees_are_set_by_keyboard_alone(
    page: Page, bob: Member, max_: Member
) -> None:
    for key in ("j", "x", "j", "j", "Shift+X"):
        page.keyboard.press(key)
    page.locator("#chosen summary").first.focus()
    for key in ("Enter", "Tab", "l", "a", "t", "e", "Tab", "Enter"):
        page.keyboard.press(key)
    expect(toast(page)).to_contain_text("3 items tagged")
    expect(page.locator("main li", has_text="late")).to_have_count(3)
    expect(page.locator("#chosen summary").first).to_be_focused()
    page.keyboard.press("Tab")
    expect(page.locator("#chosen summary").nth(1)).to_be_focused()
    for key in ("Enter", "Tab", "ArrowDown", "Tab", "Enter"):
        page.keyboard.press(key)

    expect(toast(page)).to_contain_text("3 items assigned")
    wanted = ["Pay 4", "Pay 3", "Pay 2"]
    assert tagged(bob) == {message: ["late"] for message in wanted}
    assert assigned(bob) == dict.fromkeys(wanted, max_.email)


@pytest.mark.parametrize("name", ["", "a,b"])
def test_in6_a_tag_that_cannot_be_is_not_sent_but_others_are(
    page: Page, bob: Member, name: str
) -> None:
    acts = answers(page, 500)
    check(page, "Pay 1")
    fill_in_tag(page, name, "Add the tag")
    expect(page.get_by_label("Name of the tag")).to_be_focused()
    assert acts == []
    page.unroute(ACT)
    page.keyboard.press("Escape")
    page.locator("#chosen").get_by_role("button", name="Resolve", exact=True).click()

    expect(toast(page)).to_contain_text("1 item resolved")
    assert statuses(bob)["Pay 1"] == "RESOLVED"


def test_in16_the_fields_have_names_and_tags_of_the_account_are_offered(
    new_page: NewPage, bob: Member
) -> None:
    tag(bob.account, ids_of(bob)["Pay 1"], "late")
    page = opened(new_page, bob)
    check(page, "Pay 1")
    menu = open_menu(page, "Tag")
    field = menu.get_by_role("combobox", name="Name of the tag")
    expect(field).to_be_visible()
    assert menu.locator("datalist option").evaluate_all("all => all.map(e => e.value)") == ["late"]
    menu = open_menu(page, "Assign")
    expect(field).to_be_hidden()

    expect(menu.get_by_role("combobox", name="Assign to")).to_be_visible()


@pytest.mark.parametrize("name", ["Tag", "Assign"])
def test_in15_all_of_it_is_within_reach_on_a_phone(
    new_page: NewPage, bob: Member, max_: Member, name: str
) -> None:
    page = new_page(cookies_of(bob), **PHONE)
    page.goto("/inbox")
    check(page, "Pay 1", "Pay 3")
    menu = open_menu(page, name)

    parts = menu.locator("summary, input, select, button").all()
    assert len(parts) >= 3
    for part in parts:
        until(partial(part.evaluate, REACHED), "a control to be reached")
    assert wider_than_the_window(page) == []
