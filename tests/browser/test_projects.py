"""The list of projects: finding, starting and pausing them by mouse and keyboard (PR1 to PR4)."""

import re
from collections.abc import Callable

import httpx2
import pytest
from playwright.sync_api import Locator, Page, expect

from miniback import plans
from tests.browser.conftest import cookies_of
from tests.house import House
from tests.visitor import Member, owner

NewPage = Callable[..., Page]


@pytest.fixture(scope="module")
def carol(demo: House) -> Member:
    """The owner of an account with three projects, one of them paused, one with feedback."""
    carol = owner(demo)
    carol.account.say()
    start(carol, "Apple stand")
    paused = start(carol, "Zoo tickets")
    carol.call("PUT", f"/api/projects/{paused['id']}", json={"status": "PAUSED"})
    return carol


@pytest.fixture
def bob(demo: House) -> Member:
    return owner(demo)


@pytest.fixture
def alice(demo: House) -> Member:
    """The owner of an account on FREE, whose one place for a project is taken."""
    return owner(demo, plans.FREE)


@pytest.fixture
def open_as(new_page: NewPage) -> NewPage:
    """Open a page at a path as somebody."""

    def open_(member: Member, path: str = "/projects") -> Page:
        page = new_page(cookies_of(member))
        page.goto(path)
        return page

    return open_


def start(member: Member, name: str) -> dict[str, str]:
    made: dict[str, str] = member.call("POST", "/api/projects", json={"name": name}).json()["data"]
    return made


def names(page: Page) -> Locator:
    return page.locator("#found .title a")


def row_menu(page: Page, name: str = "My Website") -> Locator:
    return page.get_by_label(f"More for {name}")


def kept(member: Member) -> list[tuple[object, ...]]:
    """What the database holds of somebody's projects."""
    sql = "SELECT name, slug, status FROM projects WHERE account_id = :id"
    return member.house.rows(sql, id=member.account.id)


def post_without_key(member: Member) -> httpx2.Response:
    """Send feedback as the widget does, by the slug alone."""
    body = {"projectSlug": member.account.slug, "message": "A word"}
    return member.house.client.post("/api/feedback", json=body)


def test_pr1_the_search_is_in_the_address_and_survives_a_reload(
    open_as: NewPage, carol: Member
) -> None:
    page = open_as(carol)
    page.get_by_label("Search projects by name").press_sequentially("apple")
    expect(names(page)).to_have_text(["Apple stand"])
    expect(page).to_have_url(re.compile("search=apple"))
    page.reload()

    expect(page.get_by_label("Search projects by name")).to_have_value("apple")
    expect(names(page)).to_have_text(["Apple stand"])


def test_pr1_enter_in_the_search_keeps_the_focus_and_what_was_typed(
    open_as: NewPage, carol: Member
) -> None:
    page = open_as(carol)
    field = page.get_by_label("Search projects by name")
    field.press_sequentially("zoo")
    field.press("Enter")

    expect(names(page)).to_have_text(["Zoo tickets"])
    expect(field).to_be_focused()
    expect(field).to_have_value("zoo")


def test_pr1_what_a_search_leaves_is_counted_aloud(open_as: NewPage, carol: Member) -> None:
    page = open_as(carol)
    page.get_by_label("Search projects by name").press_sequentially("apple")

    expect(page.locator("#found [role=status], [role=status]:has(+ #found)")).to_have_text(
        "1 project"
    )


@pytest.mark.parametrize(
    ("label", "first", "last"),
    [
        ("Oldest", "My Website", "Zoo tickets"),
        ("Name Z to A", "Zoo tickets", "Apple stand"),
        ("Most feedback", "My Website", ""),
    ],
)
def test_pr1_the_order_is_chosen_and_survives_a_reload(
    open_as: NewPage, carol: Member, label: str, first: str, last: str
) -> None:
    page = open_as(carol)
    page.get_by_label("Sort").select_option(label)
    expect(page).to_have_url(re.compile("sort="))
    for _ in ("before the reload", "after it"):
        expect(names(page).first).to_contain_text(first)
        expect(names(page).last).to_contain_text(last)
        page.reload()
    expect(page.get_by_label("Sort").locator("option:checked")).to_have_text(label)


def test_pr1_paused_ones_are_hidden_and_stay_so_after_a_reload(
    open_as: NewPage, carol: Member
) -> None:
    page = open_as(carol)
    expect(names(page)).to_have_count(3)
    page.get_by_label("Hide paused").check()
    expect(names(page)).to_have_text(["Apple stand", "My Website"])
    page.reload()

    expect(page.get_by_label("Hide paused")).to_be_checked()
    expect(names(page)).to_have_text(["Apple stand", "My Website"])


def test_pr1_clear_restores_the_address_and_the_fields(open_as: NewPage, carol: Member) -> None:
    page = open_as(carol, "/projects?search=zoo&sort=name&paused=hide")
    expect(page.get_by_text("No project fits.")).to_be_visible()
    page.get_by_role("link", name="Clear").click()

    expect(page).to_have_url(f"{carol.house.base_url}/projects")
    expect(page.get_by_label("Search projects by name")).to_have_value("")
    expect(page.get_by_label("Hide paused")).not_to_be_checked()
    expect(names(page)).to_have_count(3)


def test_pr1_nothing_asked_for_leaves_nothing_to_clear(open_as: NewPage, carol: Member) -> None:
    page = open_as(carol)
    field = page.get_by_label("Search projects by name")
    field.press_sequentially("zoo")
    expect(page.get_by_role("link", name="Clear")).to_be_visible()
    field.fill("")

    expect(names(page)).to_have_count(3)
    expect(page.get_by_role("link", name="Clear")).to_have_count(0)


def test_pr2_at_the_limit_new_project_opens_a_dialog_that_leads_to_the_plans(
    open_as: NewPage, alice: Member
) -> None:
    page = open_as(alice)
    page.get_by_role("link", name="New project").press("Enter")

    dialog = page.get_by_role("dialog", name="Project limit reached")
    expect(dialog).to_contain_text("Your plan has room for 1 active project")
    dialog.get_by_role("link", name="See the plans").click()
    expect(page).to_have_url(re.compile("/settings/billing$"))


def test_pr2_escape_closes_the_limit_and_gives_the_focus_back(
    open_as: NewPage, alice: Member
) -> None:
    page = open_as(alice)
    page.get_by_role("link", name="New project").press("Enter")
    page.keyboard.press("Escape")

    expect(page.get_by_role("dialog")).to_have_count(0)
    expect(page.get_by_role("link", name="New project")).to_be_focused()


def test_pr2_the_form_at_the_limit_is_refused_in_the_words_of_the_api(
    open_as: NewPage, alice: Member
) -> None:
    before = kept(alice)
    told = alice.call("POST", "/api/projects", json={"name": "Two"}).json()["error"]
    page = open_as(alice, "/projects/new")
    page.get_by_label("Name").fill("Two")
    with page.expect_response("**/projects/new") as sent:
        page.keyboard.press("Enter")

    assert sent.value.status == 403
    expect(page.get_by_role("main")).to_contain_text(told)
    assert kept(alice) == before


def test_pr3_pausing_changes_the_badge_and_can_be_undone(open_as: NewPage, bob: Member) -> None:
    page = open_as(bob)
    row_menu(page).click()
    page.get_by_role("button", name="Pause").click()

    row = page.get_by_role("listitem").filter(has_text="My Website")
    expect(row.locator(".badge.paused")).to_have_text("Paused")
    toast = page.locator(".toast")
    expect(toast).to_contain_text("My Website is paused")
    toast.get_by_role("button", name="Undo").click()

    expect(row.locator(".badge.active")).to_have_text("Active")
    expect(toast).to_contain_text("My Website takes feedback again")


def test_pr3_a_paused_project_refuses_feedback_without_a_key(open_as: NewPage, bob: Member) -> None:
    page = open_as(bob, f"/projects/{bob.account.slug}")
    page.get_by_role("button", name="Pause").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Paused")
    answer = post_without_key(bob)
    assert answer.status_code == 403
    assert "paused" in answer.json()["error"]

    page.get_by_role("button", name="Resume").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Active")
    assert post_without_key(bob).status_code == 201


@pytest.mark.parametrize(
    ("field", "value", "why"), [("Slug", "storefront", "taken"), ("Name", "  ", "")]
)
def test_pr4_a_field_that_is_refused_says_why_and_has_the_focus(
    open_as: NewPage, bob: Member, field: str, value: str, why: str
) -> None:
    page = open_as(bob, "/projects/new")
    filled = {"Name": "A shop", "Slug": "a-shop-of-bob", field: value}
    for label, text in filled.items():
        page.get_by_label(label).fill(text)
    with page.expect_response("**/projects/new") as sent:
        page.keyboard.press("Enter")

    assert sent.value.status == 422
    refused = page.get_by_label(field)
    expect(refused).to_be_focused()
    expect(refused).to_have_attribute("aria-describedby", re.compile(f"{field.lower()}-error"))
    expect(page.locator(f"#{field.lower()}-error")).to_contain_text(why)
    for label, text in filled.items():
        expect(page.get_by_label(label)).to_have_value(text)


def test_pr4_an_empty_name_is_not_even_sent(open_as: NewPage, bob: Member) -> None:
    page = open_as(bob, "/projects/new")
    page.get_by_label("Slug").fill("nameless-of-bob")
    page.get_by_role("button", name="Create").click()

    expect(page.get_by_label("Name")).to_be_focused()
    assert len(kept(bob)) == 1


def test_a_double_click_starts_one_project(open_as: NewPage, bob: Member) -> None:
    page = open_as(bob, "/projects/new")
    page.get_by_label("Name").fill("Clicked twice")
    page.get_by_role("button", name="Create").dblclick()

    expect(page.get_by_role("heading", level=1)).to_contain_text("Clicked twice")
    assert [name for name, *_ in kept(bob)].count("Clicked twice") == 1


def test_a_row_menu_opens_by_keyboard_and_escape_gives_the_focus_back(
    open_as: NewPage, bob: Member
) -> None:
    page = open_as(bob)
    row_menu(page).focus()
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    expect(page.get_by_role("button", name="Pause")).to_be_focused()
    page.keyboard.press("Escape")

    expect(page.get_by_role("button", name="Pause")).to_be_hidden()
    expect(row_menu(page)).to_be_focused()


@pytest.mark.parametrize("way", ["click", "tab"])
def test_a_row_menu_closes_when_one_goes_on_elsewhere(
    open_as: NewPage, bob: Member, way: str
) -> None:
    page = open_as(bob)
    row_menu(page).click()
    if way == "click":
        page.get_by_role("heading", level=1).click()
    else:
        page.keyboard.press("Shift+Tab")

    expect(page.get_by_role("button", name="Pause")).to_be_hidden()
