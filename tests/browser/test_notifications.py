"""Addresses of mail and chats on their page (SE4, SE6)."""

import re
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Page, expect

from miniback import plans
from tests.browser.conftest import cookies_of
from tests.house import House, free_port, running, until
from tests.notifications.post_office import FROM, PostOffice, open_at
from tests.notifications.receivers import receiving
from tests.visitor import Member, owner

NewPage = Callable[..., Page]
TOLD = "/settings/notifications"


@pytest.fixture(scope="module")
def mail_port() -> int:
    return free_port()


@pytest.fixture(scope="module")
def mailing(new_house: Callable[..., House], mail_port: int) -> Iterator[House]:
    """A house that sends mail, and may tell receivers on this very machine."""
    environment = {
        "MINIBACK_ALLOW_PRIVATE_TARGETS": "on",
        "MINIBACK_SMTP_URL": f"smtp://127.0.0.1:{mail_port}",
        "MINIBACK_MAIL_FROM": FROM,
    }
    with running(new_house("sqlite", environment=environment)) as house:
        yield house


@pytest.fixture
def office(mail_port: int) -> Iterator[PostOffice]:
    with open_at(mail_port) as office:
        yield office


@pytest.fixture
def bob(mailing: House) -> Member:
    return owner(mailing)


@pytest.fixture
def page(new_page: NewPage, mailing: House, bob: Member) -> Page:
    return new_page(cookies_of(bob), base_url=mailing.base_url)


@pytest.fixture
def email(bob: Member) -> str:
    return f"team-{bob.account.slug}@example.test"


def add(page: Page, email: str) -> None:
    page.goto(TOLD)
    page.get_by_role("textbox", name="Email").fill(email)
    page.get_by_role("button", name="Add address").click()
    told(page, "A letter is on its way")


def told(page: Page, text: str) -> None:
    expect(page.locator("#toasts")).to_contain_text(text)


@pytest.mark.parametrize("has_scripts", [True, False])
def test_se4_an_address_says_yes_is_told_and_says_no_more_without_signing_in(
    new_page: NewPage, bob: Member, office: PostOffice, email: str, has_scripts: bool
) -> None:
    base = {"base_url": bob.house.base_url, "java_script_enabled": has_scripts}
    page, reader = new_page(cookies_of(bob), **base), new_page(**base)
    add(page, email)
    expect(page.get_by_text("Waits for a yes")).to_be_visible()
    bob.account.say("Too early")
    reader.goto(office.wait(email)[0].link("verify"))
    reader.get_by_role("button", name="Yes, tell this address").click()
    expect(reader.get_by_role("status").first).to_contain_text("From now on this address is told")
    bob.account.say("In time")
    letter = office.wait(email, 2)[1]
    reader.goto(letter.link("unsubscribe"))
    reader.get_by_role("button", name="No more mail").click()
    expect(reader.get_by_role("main")).to_contain_text("no more mail goes to this address")
    page.reload()

    assert "In time" in letter.text
    expect(page.locator(".list")).to_contain_text("Disabled")
    expect(page.locator(".list")).to_contain_text("wants no more mail")


def test_se4_one_address_on_free_and_the_form_is_gone(
    new_page: NewPage, mailing: House, office: PostOffice
) -> None:
    alice = owner(mailing, plans.FREE)
    page = new_page(cookies_of(alice), base_url=mailing.base_url)
    add(page, f"team-{alice.account.slug}@example.test")

    expect(page.get_by_text("1 of 1")).to_be_visible()
    expect(page.get_by_role("textbox", name="Email")).to_have_count(0)
    expect(page.get_by_role("main")).to_contain_text("Your plan notifies 1 email address.")
    expect(page.get_by_role("link", name="See the plans")).to_have_count(1)


def test_an_address_is_tested_changed_and_removed(
    page: Page, bob: Member, office: PostOffice, email: str
) -> None:
    add(page, email)
    bob.submit(office.wait(email)[0].link("verify"))
    page.get_by_role("link", name=email, exact=True).click()
    page.get_by_role("button", name="Send a test").click()
    expect(page.locator("#tested")).to_contain_text("Arrived", timeout=100_000)
    page.get_by_label("Once a day, together").check()
    page.get_by_label("Once a day at").select_option("17")
    page.get_by_role("button", name="Save").click()
    told(page, "Notifications saved")
    page.get_by_role("link", name=email, exact=True).click()
    expect(page.get_by_label("Once a day, together")).to_be_checked()
    expect(page.get_by_label("Once a day at")).to_have_value("17")
    page.get_by_role("button", name="Remove").click()

    told(page, "Removed")
    expect(page.get_by_text("Nobody is told by mail yet.")).to_be_visible()
    assert office.to(email)[1].message["Subject"] == "Miniback: A test"


@pytest.mark.parametrize("has_scripts", [True, False])
def test_a_chat_is_added_tested_and_removed(
    new_page: NewPage, bob: Member, has_scripts: bool
) -> None:
    page = new_page(cookies_of(bob), base_url=bob.house.base_url, java_script_enabled=has_scripts)
    with receiving() as receiver:
        page.goto(TOLD)
        page.get_by_text("Add a chat").click()
        page.get_by_label("Discord").check()
        address = f"http://127.0.0.1:{receiver.port}/api/webhooks/1/x"
        page.get_by_role("textbox", name="Address").fill(address)
        page.get_by_role("button", name="Add chat").click()
        told(page, "It is told from now on")
        page.get_by_role("link", name=re.compile("^Discord")).click()
        page.get_by_role("button", name="Send a test").click()
        until(lambda: receiver.got, "the test")
        expect_outcome(page, has_scripts)
    page.get_by_role("button", name="Remove").click()

    told(page, "Removed")
    assert receiver.got[0].json["allowed_mentions"] == {"parse": []}


def expect_outcome(page: Page, has_scripts: bool) -> None:
    """See the outcome of a test; without scripts by looking again and again."""

    def is_seen() -> bool:
        if not has_scripts:
            page.reload()
        return "200 in" in page.locator("#tested").inner_text()

    until(is_seen, "the outcome")


def test_se6_a_refused_form_keeps_every_field_and_stays_open(page: Page) -> None:
    page.goto(TOLD)
    page.get_by_text("Add a chat").click()
    page.get_by_label("Telegram").check()
    page.get_by_role("textbox", name="Address").fill("https://example.com/x")
    chats = page.get_by_role("region", name="Chats")
    chats.get_by_label("New feedback").uncheck()
    chats.get_by_label("A status that changes").check()
    page.get_by_role("button", name="Add chat").click()

    expect(page.locator(".error")).to_contain_text("This is no address of this chat")
    expect(page.get_by_role("textbox", name="Address")).to_have_value("https://example.com/x")
    expect(page.get_by_role("textbox", name="Address")).to_be_focused()
    expect(page.get_by_label("Telegram")).to_be_checked()
    expect(chats.get_by_label("New feedback")).not_to_be_checked()
    expect(chats.get_by_label("A status that changes")).to_be_checked()


def test_without_a_mail_server_the_page_says_so(new_page: NewPage, demo: House) -> None:
    page = new_page(cookies_of(owner(demo)))
    page.goto(TOLD)

    expect(page.locator(".notice").first).to_contain_text("This server has no mail server yet")
    expect(page.get_by_role("button", name="Add address")).to_be_visible()
