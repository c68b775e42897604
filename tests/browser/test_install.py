"""From a pasted line to the first feedback: the install page and the demo page (ON1 to ON5)."""

from collections.abc import Callable

import httpx2
import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import cookies_of
from tests.house import NO_TLS, House
from tests.visitor import Member, owner

NewPage = Callable[..., Page]
# Criteria name two seconds, and twenty where the stream is cut off; the tests wait ten times that.
SOON_MS = 20_000
KINDS = ["HTML", "React", "Vue", "Next.js", "WordPress", "curl"]


@pytest.fixture
def bob(demo: House) -> Member:
    return owner(demo)


@pytest.fixture
def page(new_page: NewPage, bob: Member) -> Page:
    """Bob's page, which may use the clipboard."""
    return new_page(cookies_of(bob), permissions=["clipboard-read", "clipboard-write"])


def install(page: Page, bob: Member) -> None:
    page.goto(f"/projects/{bob.account.slug}/install")


def load_from(bob: Member, site: str) -> None:
    """Ask for the script as a browser on a page of a site does."""
    httpx2.get(
        f"{bob.house.base_url}/w/{bob.account.slug}.js", headers={"referer": site}, verify=NO_TLS
    ).raise_for_status()


@pytest.mark.parametrize("kind", KINDS)
def test_on1_what_is_shown_is_what_is_copied(page: Page, bob: Member, kind: str) -> None:
    install(page, bob)
    page.get_by_role("link", name=kind, exact=True).click()

    shown = page.get_by_label("Code", exact=True).inner_text()
    page.get_by_role("button", name="Copy", exact=True).nth(2).click()

    expect(page.get_by_text("Copied").first).to_be_visible()
    assert page.evaluate("navigator.clipboard.readText()") == shown
    assert bob.house.base_url in shown
    assert bob.account.slug in shown


def test_on1_the_strict_tag_carries_the_hash_of_the_very_file(page: Page, bob: Member) -> None:
    install(page, bob)
    tag = page.get_by_label("Code with a hash").inner_text()

    page.goto(f"/demo/{bob.account.slug}")
    loaded = page.evaluate(
        """tag => new Promise(resolve => {
            const page = new DOMParser().parseFromString(tag, "text/html");
            const parsed = page.querySelector("script");
            const script = document.createElement("script");
            for (const each of parsed.attributes) script.setAttribute(each.name, each.value);
            script.onload = () => resolve(true);
            script.onerror = () => resolve(false);
            document.head.append(script);
        })""",
        tag,
    )

    assert loaded is True


def test_on2_loading_the_script_ticks_the_second_step(page: Page, bob: Member) -> None:
    install(page, bob)
    expect(page.get_by_text("Script not seen yet")).to_be_visible()

    load_from(bob, "https://shop.test/")

    expect(page.get_by_text("Loaded on shop.test")).to_be_visible(timeout=SOON_MS)
    expect(page.get_by_text("Script not seen yet")).to_have_count(0)


def test_on3_the_first_feedback_ticks_the_third_step(page: Page, bob: Member) -> None:
    install(page, bob)
    page.get_by_role("link", name="React").focus()
    visitor = page.context.new_page()
    visitor.goto(f"/demo/{bob.account.slug}")
    visitor.get_by_role("button", name="Open it from a button of your own").click()
    visitor.get_by_label("Your message").fill("Hello from the demo page")
    visitor.get_by_role("button", name="Send", exact=True).click()

    expect(page.get_by_text("Hello from the demo page")).to_be_visible(timeout=SOON_MS)
    expect(page.get_by_role("link", name="Go to inbox")).to_be_visible()
    expect(page.get_by_role("link", name="React")).to_be_focused()
    assert page.locator(".steps").get_attribute("aria-live") == "polite"
    page.get_by_role("link", name="Go to inbox").click()
    expect(page.locator("#said")).to_have_text("Hello from the demo page")


def test_on4_the_steps_are_told_by_what_has_happened(
    page: Page, bob: Member, new_page: NewPage
) -> None:
    load_from(bob, "https://shop.test/")
    bob.account.say("By my own code")

    install(new_page(cookies_of(bob)), bob)
    install(page, bob)

    expect(page.get_by_text("Loaded on shop.test")).to_be_visible()
    expect(page.get_by_text("By my own code")).to_be_visible()
    expect(page.locator(".steps > li.done")).to_have_count(3)


def test_on5_a_site_that_is_not_allowed_is_named_and_added_by_one_press(
    page: Page, bob: Member
) -> None:
    settings = f"/api/projects/{bob.account.project_id}/settings"
    bob.account.put(settings, json={"allowedDomains": ["example.com"]})
    load_from(bob, "https://evil.test/")
    install(page, bob)
    expect(
        page.get_by_text("Loaded on evil.test, but this domain is not in Allowed domains")
    ).to_be_visible()

    page.get_by_role("button", name="Add evil.test").click()

    expect(page).to_have_url(f"{bob.house.base_url}/projects/{bob.account.slug}/install")
    expect(page.get_by_text("Loaded on evil.test", exact=False)).to_be_visible()
    expect(page.get_by_text("is not in Allowed domains")).to_have_count(0)
    listed = bob.account.get(settings).json()["data"]["allowedDomains"]
    assert listed == ["example.com", "evil.test"]


def test_the_form_without_a_script_is_sent_without_one(new_page: NewPage, bob: Member) -> None:
    page = new_page(java_script_enabled=False)
    page.goto(f"/f/{bob.account.slug}")
    page.get_by_label("Your message").fill("No script, no problem")
    page.get_by_label("Something is broken").check()
    page.get_by_role("button", name="Send").click()

    expect(page.get_by_role("heading", name="Thank you")).to_be_visible()
    (item,) = bob.account.get("/api/feedback").json()["data"]
    assert (item["message"], item["context"]["kind"]) == ("No script, no problem", "bug")
