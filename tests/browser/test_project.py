"""A project's pages: allowed domains, slugs, its end, and what can be copied (PJ1, PJ3, PJ4)."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.conftest import cookies_of
from tests.house import House
from tests.visitor import Member, owner

NewPage = Callable[..., Page]
PRECISE = re.compile("^Add$")
ALLOWED = ["https://app.example.com/page", "http://APP.example.com:8080/", "app.example.com/page"]
REFUSED = {
    "https://a.b.example.com/page": "a.b.example.com",
    "https://example.com": "example.com",
    "https://app.example.com.evil.test/": "app.example.com.evil.test",
}


@pytest.fixture
def bob(demo: House) -> Member:
    return owner(demo)


@pytest.fixture
def page(new_page: NewPage, bob: Member) -> Page:
    """Bob's page."""
    return new_page(cookies_of(bob))


def home(bob: Member, tab: str = "") -> str:
    return f"/projects/{bob.account.slug}{tab}"


def enter(page: Page, domain: str) -> None:
    """Fill in a domain and send it by the keyboard."""
    page.get_by_label("Domain", exact=True).fill(domain)
    page.keyboard.press("Enter")


def domains(bob: Member) -> list[str]:
    settings = bob.account.get(f"/api/projects/{bob.account.project_id}/settings").json()
    listed: list[str] = settings["data"]["allowedDomains"]
    return listed


@pytest.mark.parametrize(
    "entry",
    [
        "https://example.com",
        "example.com/shop",
        "example.com/",
        " HTTPS://Example.com:443/shop?a=1#b ",
    ],
)
def test_pj1_what_is_no_bare_host_is_refused_and_mended_by_one_press(
    page: Page, bob: Member, entry: str
) -> None:
    page.goto(home(bob, "/security"))
    enter(page, entry)

    field = page.get_by_label("Domain", exact=True)
    expect(field).to_be_focused()
    expect(field).to_have_accessible_description(re.compile("leave out the "))
    expect(field).to_have_value(entry)
    page.get_by_role("button", name="Add example.com").click()
    expect(page.get_by_text("Allowed domains saved")).to_be_visible()
    expect(page.get_by_role("button", name="Remove example.com")).to_be_visible()
    assert domains(bob) == ["example.com"]


@pytest.mark.parametrize("entry", ["two words", "*.*.example.com"])
def test_pj1_what_cannot_be_mended_is_refused_without_an_offer(
    page: Page, bob: Member, entry: str
) -> None:
    page.goto(home(bob, "/security"))
    enter(page, entry)

    expect(page.get_by_label("Domain", exact=True)).to_have_attribute("aria-invalid", "true")
    expect(page.get_by_role("button", name=re.compile("^Add"))).to_have_text([PRECISE])
    assert domains(bob) == []


def test_pj1_a_domain_is_saved_at_once_and_removed_at_once(page: Page, bob: Member) -> None:
    page.goto(home(bob, "/security"))
    enter(page, "shop.example")
    expect(page.locator(".toast")).to_contain_text("Allowed domains saved")
    assert domains(bob) == ["shop.example"]

    page.get_by_role("button", name="Remove shop.example").press("Enter")
    expect(page.get_by_text("Any website may send feedback.")).to_be_visible()
    assert domains(bob) == []


def verdict(page: Page, address: str) -> Locator:
    """Ask the tester about an address, by the keyboard."""
    page.get_by_label("Address of a page").fill(address)
    page.keyboard.press("Enter")
    return page.locator("#verdict")


def test_pj1_a_wildcard_takes_one_label_as_the_tester_shows(page: Page, bob: Member) -> None:
    path = f"/api/projects/{bob.account.project_id}/settings"
    bob.account.put(path, json={"allowedDomains": ["*.example.com"]})
    page.goto(home(bob, "/security"))

    for address in ALLOWED:
        expect(verdict(page, address)).to_have_text(re.compile(r"Allowed by\s+\*\.example\.com"))
        expect(verdict(page, "")).to_be_empty()
    for address, host in REFUSED.items():
        told = re.compile(rf"Refused: no entry fits\s+{re.escape(host)}")
        expect(verdict(page, address)).to_have_text(told)


def test_pj1_the_tester_says_of_what_is_no_address_that_it_is_none(page: Page, bob: Member) -> None:
    path = f"/api/projects/{bob.account.project_id}/settings"
    bob.account.put(path, json={"allowedDomains": ["*.example.com"]})
    page.goto(home(bob, "/security"))

    expect(verdict(page, "not an address")).to_contain_text("This is not an address of a page")


def test_pj1_the_tester_tells_of_each_address_in_turn(page: Page, bob: Member) -> None:
    page.goto(home(bob, "/security"))
    expect(verdict(page, "https://a.test")).to_contain_text("Allowed: the list is empty")
    bob.account.put(
        f"/api/projects/{bob.account.project_id}/settings", json={"allowedDomains": ["b.test"]}
    )

    expect(verdict(page, "https://a.test")).to_contain_text("Refused: no entry fits a.test")
    expect(verdict(page, "https://b.test")).to_contain_text("Allowed by b.test")
    expect(page.get_by_label("Address of a page")).to_be_focused()


@pytest.fixture
def ending(page: Page, bob: Member) -> Locator:
    """The dialog that asks before a project with two items of feedback is deleted."""
    for _ in range(2):
        bob.account.say()
    page.goto(home(bob, "/settings"))
    page.get_by_role("link", name="Delete project").press("Enter")
    return page.get_by_role("dialog", name="Delete this project?")


def test_pj3_the_dialog_says_what_goes_and_waits_for_the_slug(ending: Locator, bob: Member) -> None:
    button = ending.get_by_role("button", name="Delete project")
    field = ending.get_by_label(f"Type {bob.account.slug} to delete it")
    expect(ending).to_contain_text("2 items of feedback will be deleted")
    expect(field).to_be_focused()
    expect(button).to_be_disabled()

    field.fill(bob.account.slug[:-1])
    expect(button).to_be_disabled()
    field.fill(bob.account.slug)
    expect(button).to_be_enabled()
    field.fill("")
    expect(button).to_be_disabled()


@pytest.mark.parametrize("way", ["Escape", "Cancel", "backdrop"])
def test_pj3_one_can_leave_the_dialog_and_the_focus_returns(
    page: Page, ending: Locator, bob: Member, way: str
) -> None:
    if way == "Escape":
        page.keyboard.press("Escape")
    elif way == "Cancel":
        ending.get_by_role("button", name="Cancel").press("Enter")
    else:
        page.mouse.click(2, 2)

    expect(ending).to_be_hidden()
    expect(page.get_by_role("link", name="Delete project")).to_be_focused()
    assert bob.account.get(f"/api/projects/{bob.account.project_id}").status_code == 200


def test_pj3_the_page_behind_the_dialog_cannot_be_reached(page: Page, ending: Locator) -> None:
    expect(ending).to_be_visible()
    for _ in range(8):
        page.keyboard.press("Tab")
        assert page.evaluate(
            "document.activeElement === document.body || !!document.activeElement.closest('dialog')"
        )


def test_pj3_after_it_the_project_is_gone_and_the_list_says_so(
    page: Page, ending: Locator, bob: Member
) -> None:
    second = bob.call("POST", "/api/projects", json={"name": "Stays"}).json()["data"]
    path = f"/api/projects/{second['id']}/api-key"
    key = bob.call("POST", path, json={}).json()["data"]["apiKey"]
    ending.get_by_role("textbox").fill(bob.account.slug)
    page.keyboard.press("Enter")

    expect(page).to_have_url(f"{bob.house.base_url}/projects")
    expect(page.locator(".toast")).to_contain_text("My Website is deleted")
    expect(page.locator("#found .title")).to_have_count(1)
    path, headers = f"/api/projects/{bob.account.project_id}", {"x-api-key": key}
    assert bob.house.client.get(path, headers=headers).status_code == 404


def test_pj3_a_wrong_slug_is_refused_on_the_page_without_the_dialog(
    new_page: NewPage, bob: Member
) -> None:
    page = new_page(cookies_of(bob), java_script_enabled=False)
    page.goto(home(bob, "/delete"))
    page.get_by_role("textbox").fill("something-else")
    page.keyboard.press("Enter")

    expect(page.get_by_role("textbox")).to_have_attribute("aria-invalid", "true")
    expect(page.get_by_text("Type the slug exactly as it is written above")).to_be_visible()
    assert bob.account.get(f"/api/projects/{bob.account.project_id}").status_code == 200


@pytest.fixture
def renamed(page: Page, bob: Member) -> str:
    """The new slug of Bob's project, changed on the page."""
    page.goto(home(bob, "/settings"))
    expect(page.get_by_text("Widgets and filters with the old slug go on working")).to_be_visible()
    slug = f"{bob.account.slug}-moved"
    page.get_by_label("Slug").fill(slug)
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile(f"/projects/{slug}/settings$"))
    expect(page.locator(".toast")).to_contain_text("Project saved")
    return slug


def test_pj4_both_slugs_take_feedback_and_filter_it(bob: Member, renamed: str) -> None:
    for number, slug in enumerate((bob.account.slug, renamed), start=1):
        body = {"projectSlug": slug, "message": "A word"}
        assert bob.house.client.post("/api/feedback", json=body).status_code == 201
        found = bob.account.get("/api/feedback", params={"projectSlug": slug})
        assert found.json()["pagination"]["total"] == number


def test_pj4_the_old_address_leads_to_the_new_one(page: Page, bob: Member, renamed: str) -> None:
    page.goto(home(bob))

    expect(page).to_have_url(f"{bob.house.base_url}/projects/{renamed}")
    expect(page.get_by_role("main")).to_contain_text(renamed)


def test_pj4_a_taken_slug_keeps_what_was_filled_in(page: Page, bob: Member) -> None:
    page.goto(home(bob, "/settings"))
    page.get_by_label("Name").fill("Renamed")
    page.get_by_label("Slug").fill("storefront")
    page.keyboard.press("Enter")

    expect(page.get_by_label("Slug")).to_be_focused()
    expect(page.get_by_label("Slug")).to_have_accessible_description(re.compile("taken"))
    expect(page.get_by_label("Slug")).to_have_value("storefront")
    expect(page.get_by_label("Name")).to_have_value("Renamed")


@pytest.mark.parametrize(("what", "has_clipboard"), [("Slug", True), ("Id", False)])
def test_slug_and_id_are_copied_and_it_is_said(
    page: Page, bob: Member, what: str, has_clipboard: bool
) -> None:
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    reader = page.context.new_page()
    reader.goto("/usage")
    if not has_clipboard:  # as on plain http
        page.add_init_script("Object.defineProperty(navigator, 'clipboard', {value: undefined})")
    page.goto(home(bob))
    page.bring_to_front()
    button = page.locator(".identity > span", has_text=what).get_by_role("button")
    button.press("Enter")

    expect(page.locator("mb-toasts")).to_contain_text("Copied")
    expect(button).to_be_focused()
    reader.bring_to_front()
    text = bob.account.slug if what == "Slug" else bob.account.project_id
    assert reader.evaluate("navigator.clipboard.readText()") == text
