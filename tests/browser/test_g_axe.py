"""G1 for what opens on a page: dialogs, menus, forms that were refused."""

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from miniback import plans
from tests.browser.conftest import ADA, cookies_of
from tests.browser.test_g_every_page import AXE, TAGS, wider_than_the_window
from tests.browser.test_g_motion import STILL
from tests.house import House
from tests.visitor import owner

WIDE, NARROW = {"width": 1440, "height": 900}, {"width": 360, "height": 740}
both_looks = pytest.mark.parametrize(
    ("scheme", "size"), [("light", NARROW), ("dark", WIDE)], ids=["light-360", "dark-1440"]
)
both_themes = pytest.mark.parametrize("scheme", ["light", "dark"])
NewPage = Callable[..., Page]
Cookies = dict[str, list[dict[str, Any]]]


def press_help(page: Page) -> None:
    page.goto("/usage")
    page.keyboard.press("?")
    expect(page.locator("#shortcuts")).to_be_visible()


def ask_to_delete(page: Page) -> None:
    page.goto("/projects/storefront/settings")
    page.locator("a[data-opens=delete]").click()
    expect(page.locator("dialog#delete")).to_be_visible()


def ask_to_regenerate(page: Page) -> None:
    page.goto("/projects/storefront/api")
    page.locator("a[data-opens=regenerate]").click()
    expect(page.locator("dialog#regenerate")).to_be_visible()


def open_a_row(page: Page) -> None:
    page.goto("/projects")
    page.locator("details.menu summary").first.click()
    expect(page.locator("details.menu[open] a.danger")).to_be_visible()


def send_an_empty_project(page: Page) -> None:
    page.goto("/projects/new")
    page.locator("form[data-guard]").evaluate("form => form.noValidate = true")
    page.locator("#slug").fill("Not A Slug")
    page.get_by_role("button", name="Create").click()
    expect(page.locator("#name-error")).to_be_visible()


def type_another_slug(page: Page) -> None:
    page.goto("/projects/storefront/delete")
    page.locator("#delete-slug").fill("another")
    page.locator("form[data-must-equal]").evaluate("form => form.submit()")
    expect(page.locator("#delete-error")).to_be_visible()


def add_a_wrong_domain(page: Page) -> None:
    page.goto("/projects/storefront/security")
    page.locator("#domain").fill("https://shop.example/cart")
    page.get_by_role("button", name="Add").click()
    expect(page.locator("#domain-error")).to_be_visible()


def choose_a_tag(page: Page) -> None:
    page.goto("/inbox")
    page.locator(".item input").first.check()
    page.locator("#chosen summary").first.click()
    expect(page.get_by_label("Name of the tag")).to_be_visible()


def choose_a_person(page: Page) -> None:
    page.goto("/inbox")
    page.locator(".item input").first.check()
    page.locator("#chosen summary").last.click()
    expect(page.get_by_label("Assign to")).to_be_visible()


OPENED = [
    press_help,
    ask_to_delete,
    ask_to_regenerate,
    open_a_row,
    send_an_empty_project,
    type_another_slug,
    add_a_wrong_domain,
    choose_a_tag,
    choose_a_person,
]


@both_looks
@pytest.mark.parametrize("opened", OPENED)
def test_g1_axe_finds_nothing_in_what_opens(
    opened: Callable[[Page], None], size: Any, scheme: str, new_page: NewPage, cookies: Cookies
) -> None:
    page = new_page(cookies[ADA], color_scheme=scheme, viewport=size)
    opened(page)

    assert found_by_axe(page) == []
    assert wider_than_the_window(page) == []


@both_themes
def test_g1_axe_finds_nothing_in_the_menu_of_a_phone(
    scheme: str, new_page: NewPage, cookies: Cookies
) -> None:
    page = new_page(cookies[ADA], color_scheme=scheme, viewport=NARROW)
    page.goto("/projects")
    page.get_by_role("button", name="Menu").click()
    expect(page.locator("#menu:popover-open")).to_be_visible()

    assert found_by_axe(page) == []


@both_looks
def test_g1_axe_finds_nothing_in_a_refused_sign_in(
    size: Any, scheme: str, new_page: NewPage
) -> None:
    page = new_page(color_scheme=scheme, viewport=size)
    page.goto("/login")
    page.locator("#email").fill(f"nobody-{scheme}-{size['width']}@example.test")
    page.locator("#password").fill("not this one")
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("alert")).to_be_focused()

    assert found_by_axe(page) == []


@both_looks
def test_g1_axe_finds_nothing_at_the_limit_and_around_a_new_key(
    size: Any, scheme: str, new_page: NewPage, demo: House
) -> None:
    member = owner(demo, plans.FREE)
    page = new_page(cookies_of(member), color_scheme=scheme, viewport=size)
    page.goto("/projects")
    page.locator("[data-opens=limit]").click()
    expect(page.locator("dialog#limit")).to_be_visible()
    at_the_limit = found_by_axe(page)
    page.goto(f"/projects/{member.account.slug}/api")
    page.locator("a[data-opens=regenerate]").click()
    page.locator("dialog#regenerate button.primary").click()
    expect(page.locator("dialog.reveal")).to_be_visible()

    assert (at_the_limit, found_by_axe(page)) == ([], [])
    assert wider_than_the_window(page) == []


@both_looks
def test_g1_axe_finds_nothing_around_a_message_and_a_first_project(
    size: Any, scheme: str, new_page: NewPage, demo: House
) -> None:
    member = owner(demo)
    page = new_page(cookies_of(member), color_scheme=scheme, viewport=size)
    page.goto(f"/projects/{member.account.slug}")
    page.get_by_role("button", name="Pause").click()
    expect(page.locator(".toast")).to_be_visible()
    # While it rises it is not yet there to be read.
    page.evaluate(STILL)

    assert found_by_axe(page) == []
    assert wider_than_the_window(page) == []


def found_by_axe(page: Page) -> list[tuple[str, Any, str]]:
    """What axe has against a page as it is now."""
    found = AXE.run(page, options={"runOnly": TAGS, "resultTypes": ["violations"]})
    return [
        (each["id"], node["target"], node["failureSummary"])
        for each in found.response["violations"]
        for node in each["nodes"]
    ]
