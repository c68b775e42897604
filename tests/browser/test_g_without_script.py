"""G6: with JavaScript off, everything of importance is done by forms and links."""

import re
from collections.abc import Callable

import httpx2
import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import cookies_of
from tests.house import House
from tests.visitor import PASSWORD, Member, Visitor, link_for, owner

NewPage = Callable[..., Page]


@pytest.fixture
def member(demo: House) -> Member:
    return owner(demo)


@pytest.fixture
def plain(new_page: NewPage, member: Member) -> Page:
    """The owner's page in a browser that runs no scripts."""
    return new_page(cookies_of(member), java_script_enabled=False)


def press(page: Page, name: str) -> None:
    page.get_by_role("main").get_by_role("button", name=name, exact=True).first.click()


def told(page: Page, text: str) -> None:
    expect(page.locator("#toasts")).to_contain_text(text)


def test_g6_one_signs_in_and_out(new_page: NewPage, member: Member) -> None:
    page = new_page(java_script_enabled=False)
    page.goto("/usage")
    page.get_by_label("Email").fill(member.email)
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    press(page, "Sign in")
    expect(page.locator("h1")).to_have_text("Plan & usage")
    page.get_by_role("button", name="Sign out").click()
    page.goto("/usage")
    expect(page).to_have_url(re.compile("/login"))


def test_g6_one_chooses_a_new_password_by_a_link(new_page: NewPage, member: Member) -> None:
    page = new_page(java_script_enabled=False)
    page.goto("/login")
    page.get_by_role("link", name="Forgot your password?").click()
    page.get_by_label("Email").fill(member.email)
    press(page, "Send the link")
    page.goto(link_for(member.house, member.email))
    page.get_by_label("New password").fill("quite another horse battery")
    press(page, "Save and sign in")

    expect(page.locator("h1")).to_have_text("Inbox")


def test_g6_one_starts_a_project(plain: Page) -> None:
    plain.goto("/projects")
    plain.get_by_role("link", name="New project").click()
    plain.get_by_label("Name").fill("Without a script")
    press(plain, "Create")

    expect(plain.locator("h1")).to_contain_text("Without a script")
    told(plain, "Project created")


def test_g6_one_searches_sorts_and_narrows_the_list(plain: Page, member: Member) -> None:
    plain.goto("/projects")
    plain.get_by_label("Search projects by name").fill("website")
    plain.get_by_label("Sort").select_option(index=1)
    plain.get_by_label("Hide paused").check()
    press(plain, "Show")

    expect(plain).to_have_url(re.compile(r"search=website.*paused=hide"))
    expect(plain.locator(".projects li")).to_have_count(1)
    plain.get_by_role("link", name="Clear").click()
    expect(plain).to_have_url(f"{member.house.base_url}/projects")


def test_g6_one_renames_a_project(plain: Page, member: Member) -> None:
    plain.goto(f"/projects/{member.account.slug}")
    plain.get_by_role("main").get_by_role("link", name="Settings").click()
    plain.get_by_label("Name").fill("Another name")
    press(plain, "Save")

    expect(plain.locator("h1")).to_contain_text("Another name")


def test_g6_one_pauses_resumes_and_takes_it_back(plain: Page, member: Member) -> None:
    plain.goto(f"/projects/{member.account.slug}")
    press(plain, "Pause")
    expect(plain.locator("h1 .badge")).to_have_text("Paused")
    press(plain, "Resume")
    expect(plain.locator("h1 .badge")).to_have_text("Active")
    plain.locator("#toasts").get_by_role("button", name="Undo").click()
    expect(plain.locator(".projects .badge").first).to_have_text("Paused")


def test_g6_one_pauses_from_the_menu_of_a_row(plain: Page) -> None:
    plain.goto("/projects")
    plain.locator("details.menu summary").click()
    plain.locator("details.menu").get_by_role("button", name="Pause").click()

    expect(plain.locator(".projects .badge").first).to_have_text("Paused")


def test_g6_one_deletes_a_project(plain: Page, member: Member) -> None:
    plain.goto(f"/projects/{member.account.slug}/settings")
    plain.get_by_role("link", name="Delete project").click()
    plain.get_by_role("textbox").fill("not this")
    press(plain, "Delete project")
    expect(plain.locator("#delete-error")).to_be_visible()
    plain.get_by_role("textbox").fill(member.account.slug)
    press(plain, "Delete project")

    expect(plain.locator("h2")).to_contain_text(["No project yet"])


def works(member: Member, key: str) -> bool:
    path = member.house.base_url + member.account.feedback_path
    return httpx2.get(path, headers={"x-api-key": key}).status_code == 200


def test_g6_one_regenerates_revokes_and_generates_a_key(plain: Page, member: Member) -> None:
    plain.goto(f"/projects/{member.account.slug}/api")
    press(plain, "Regenerate")
    key = plain.locator("#new-key").input_value()
    assert (works(member, key), works(member, member.account.key)) == (True, False)
    plain.get_by_role("link", name="Done").click()
    plain.get_by_role("link", name="Revoke").click()
    press(plain, "Revoke the key")
    assert not works(member, key)
    press(plain, "Generate the key")
    assert works(member, plain.locator("#new-key").input_value())


def test_g6_one_adds_and_removes_a_domain(plain: Page, member: Member) -> None:
    plain.goto(f"/projects/{member.account.slug}/security")
    plain.get_by_role("textbox", name="Domain").fill("shop.example")
    press(plain, "Add")
    expect(plain.locator("ul.list code")).to_have_text(["shop.example"])
    plain.get_by_label("Address of a page").fill("https://shop.example/cart")
    press(plain, "Test")
    expect(plain.locator("#verdict")).to_contain_text("Allowed by shop.example")
    press(plain, "Remove shop.example")
    expect(plain.locator("ul.list code")).to_have_count(0)


def test_g6_one_takes_the_domain_that_is_offered(plain: Page, member: Member) -> None:
    plain.goto(f"/projects/{member.account.slug}/security")
    plain.get_by_role("textbox", name="Domain").fill("https://shop.example/cart")
    press(plain, "Add")
    press(plain, "Add shop.example")

    expect(plain.locator("ul.list code")).to_have_text(["shop.example"])


def test_g6_an_administrator_changes_the_plan(plain: Page, member: Member) -> None:
    sql = "UPDATE users SET is_administrator = 1 WHERE email = :email"
    member.house.change(sql, email=member.email)
    plain.goto("/usage")
    plain.get_by_role("link", name="See the plans").click()
    plain.get_by_role("link", name="Choose FREE").click()
    press(plain, "Change to FREE")

    told(plain, "The account is on FREE")


def test_g6_one_changes_name_and_zone(plain: Page) -> None:
    plain.goto("/settings/profile")
    plain.get_by_label("Name").fill("Edsger")
    plain.get_by_label("Time zone").select_option("Asia/Kathmandu")
    press(plain, "Save")

    expect(plain.locator(".whom")).to_contain_text("Edsger")
    expect(plain.get_by_label("Time zone")).to_have_value("Asia/Kathmandu")


def test_g6_one_changes_the_address(plain: Page, member: Member) -> None:
    plain.goto("/settings/profile")
    plain.get_by_label("Email", exact=True).fill(f"new-{member.email}")
    plain.get_by_label("Your password").fill(PASSWORD)
    press(plain, "Change address")

    told(plain, "Email address changed")


def test_g6_one_changes_the_password(plain: Page, member: Member) -> None:
    plain.goto("/settings/profile")
    plain.get_by_label("Current password").fill(PASSWORD)
    plain.get_by_label("New password").fill("quite another horse battery")
    press(plain, "Change password")

    expect(plain).to_have_url(re.compile("/settings/profile$"))
    fresh = Visitor(member.house)
    assert fresh.sign_in(member.email, "quite another horse battery").status_code == 303


def test_g6_one_chooses_theme_density_and_keys(plain: Page) -> None:
    plain.goto("/settings/appearance")
    plain.get_by_label("Dark").check()
    plain.get_by_label("Compact").check()
    plain.get_by_label("Single-key shortcuts").uncheck()
    press(plain, "Save")

    expect(plain.locator("html")).to_have_attribute("data-theme", "dark")
    expect(plain.locator("html")).to_have_attribute("data-density", "compact")
    expect(plain.get_by_label("Single-key shortcuts")).not_to_be_checked()


@pytest.mark.parametrize("button", ["End", "Sign out other sessions"])
def test_g6_one_ends_other_sessions(button: str, plain: Page, member: Member) -> None:
    elsewhere = Member(member.house, member.account, member.email)
    plain.goto("/settings/profile")
    press(plain, button)

    expect(plain.locator("section[aria-labelledby=sessions] li")).to_have_count(1)
    assert elsewhere.get("/projects").status_code == 303


def test_g6_the_menu_of_a_phone_leads_on(new_page: NewPage, member: Member) -> None:
    narrow = {"width": 360, "height": 740}
    page = new_page(cookies_of(member), java_script_enabled=False, viewport=narrow)
    page.goto("/projects")
    page.get_by_role("button", name="Menu").click()
    page.get_by_role("link", name="Plan & usage").click()

    expect(page.locator("h1")).to_have_text("Plan & usage")


def test_g6_no_button_is_shown_that_needs_a_script(plain: Page, member: Member) -> None:
    plain.goto(f"/projects/{member.account.slug}/api")

    for button in ("Copy", "Cancel", "Test now"):
        expect(plain.get_by_role("button", name=button, exact=True)).to_have_count(0)
