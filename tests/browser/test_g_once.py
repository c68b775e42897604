"""G11: what is sent twice is done once, and what no page of ours has sent is not done."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import cookies_of
from tests.house import House
from tests.visitor import Member, owner

NewPage = Callable[..., Page]


@pytest.fixture
def member(demo: House) -> Member:
    return owner(demo)


def filled(page: Page, name: str) -> Page:
    page.goto("/projects/new")
    page.locator("#name").fill(name)
    return page


def made(member: Member, name: str) -> int:
    sql = "SELECT count(*) FROM projects WHERE account_id = :account AND name = :name"
    (count,) = member.house.row(sql, account=member.account.id, name=name)
    return int(count)


@pytest.mark.parametrize("has_scripts", [True, False])
def test_g11_a_double_click_on_create_makes_one_project(
    has_scripts: bool, new_page: NewPage, member: Member
) -> None:
    page = filled(new_page(cookies_of(member), java_script_enabled=has_scripts), "Once")
    page.get_by_role("button", name="Create").dblclick()

    expect(page.locator("h1")).to_contain_text("Once")
    assert made(member, "Once") == 1


def test_g11_two_tabs_of_the_same_filled_form_make_one_project(
    new_page: NewPage, member: Member
) -> None:
    first = filled(new_page(cookies_of(member)), "Twice sent")
    second = filled(first.context.new_page(), "Twice sent")
    once = first.locator("[name=once]").input_value()
    second.locator("[name=once]").evaluate("(field, once) => field.value = once", once)
    for tab in (first, second):
        tab.get_by_role("button", name="Create").click(no_wait_after=True)
    for tab in (first, second):
        expect(tab).to_have_url(f"{member.house.base_url}/projects/twice-sent")

    assert made(member, "Twice sent") == 1


def test_g11_two_forms_make_two_projects(new_page: NewPage, member: Member) -> None:
    page = new_page(cookies_of(member))
    for _ in range(2):
        filled(page, "Namesake").get_by_role("button", name="Create").click()
        expect(page.locator("h1")).to_contain_text("Namesake")

    assert made(member, "Namesake") == 2


def test_g11_a_double_click_on_regenerate_makes_one_key(new_page: NewPage, member: Member) -> None:
    page = new_page(cookies_of(member))
    page.goto(f"/projects/{member.account.slug}/api")
    page.locator("a[data-opens=regenerate]").click()
    page.locator("dialog#regenerate").get_by_role("radio").last.check()
    page.locator("dialog#regenerate button.primary").dblclick(no_wait_after=True)
    expect(page.locator("dialog.reveal #new-key")).to_be_visible()
    page.request.get("/projects")

    sql = "SELECT count(*) FROM api_keys WHERE project_id = :project"
    assert member.house.row(sql, project=member.account.project_id) == (2,)


@pytest.mark.parametrize("has_scripts", [True, False])
def test_g11_a_double_click_adds_one_webhook(
    has_scripts: bool, new_page: NewPage, member: Member
) -> None:
    page = new_page(cookies_of(member), java_script_enabled=has_scripts)
    page.goto("/settings/webhooks")
    page.get_by_label("Address").fill("https://shop.example/hook")
    page.get_by_role("button", name="Add webhook").dblclick()
    expect(page.get_by_text("https://shop.example/hook").first).to_be_visible()

    sql = "SELECT count(*) FROM targets WHERE account_id = :account"
    assert member.house.row(sql, account=member.account.id) == (1,)


def test_g11_a_form_without_its_token_changes_nothing(new_page: NewPage, member: Member) -> None:
    page = filled(new_page(cookies_of(member)), "Forged")
    page.locator("form.card [name=csrf_token]").evaluate("field => field.remove()")
    with page.expect_navigation() as navigation:
        page.get_by_role("button", name="Create").click()

    assert navigation.value.status == 403
    expect(page.locator("h1")).to_have_text("You cannot do that")
    assert made(member, "Forged") == 0
