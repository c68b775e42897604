"""Miniback inside other sites, as people meet it: the set-up, the widget, the open inbox."""

import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.customers import open_panel, ready, send
from tests.browser.test_sign_in import set_up, sign_in
from tests.house import PATIENCE_S
from tests.mounting.sites import AT, Site, open_for
from tests.visitor import owner_of

NewPage = Callable[..., Page]
PATIENCE_MS = PATIENCE_S * 1000
LIVE = f"**{AT}/inbox/live*"
SECRET = "an identity secret of the project's"


@pytest.fixture
def new_site(tmp_path: Path) -> Callable[..., Site]:
    def make(application: str, **environment: str) -> Site:
        url = f"sqlite:///{tmp_path}/miniback.db"
        return Site(tmp_path, url, environment, application=application)

    return make


@pytest.fixture
def fastapi_site(new_site: Callable[..., Site]) -> Iterator[Site]:
    """A site on its first day."""
    with open_for(new_site("examples.fastapi_site:app")) as site:
        yield site


def said(page: Page, text: str) -> None:
    """Send feedback from a site's own page."""
    ready(page)
    open_panel(page)
    send(page, text)
    expect(page.locator("miniback-widget dialog")).to_contain_text("Thank")


def test_a_newcomer_comes_from_the_link_that_the_site_prints_to_feedback_from_its_page(
    fastapi_site: Site, new_page: NewPage
) -> None:
    inbox = new_page(base_url=fastapi_site.origin)
    inbox.goto(fastapi_site.printed_link)
    set_up(inbox)
    inbox.get_by_role("link", name="Start the first one").click()
    inbox.get_by_label("Name").fill("My Website")
    inbox.keyboard.press("Enter")
    expect(inbox).to_have_url(re.compile(f"{AT}/projects/my-website$"))
    with inbox.expect_response(LIVE):
        inbox.goto(f"{AT}/inbox")

    visitor = new_page()
    visitor.goto(fastapi_site.origin)
    said(visitor, "The button is hard to find")
    # The news come by the stream, and the list by what the page asks for then.
    pill = inbox.locator("[data-pill]")
    expect(pill).to_have_text("1 new", timeout=PATIENCE_MS)
    pill.click()
    inbox.get_by_role("link", name="The button is hard to find").click()

    expect(inbox).to_have_url(re.compile(f"{AT}/inbox/feedback_"))
    assert {cookie["path"] for cookie in inbox.context.cookies()} == {AT}


def test_whom_the_site_has_signed_in_is_verified_in_the_inbox(
    new_site: Callable[..., Site], new_page: NewPage
) -> None:
    with open_for(new_site("examples.flask_site:app", WIDGET_SECRET=SECRET)) as site:
        ada = owner_of(site, site.account())
        site.change("UPDATE projects SET identity_secret = :secret", secret=SECRET)
        visitor = new_page(base_url=site.origin)
        visitor.goto("/")
        visitor.get_by_label("Name").fill("grace")
        visitor.get_by_role("button", name="Sign in").click()
        expect(visitor.get_by_role("heading")).to_have_text("Hello, grace")
        said(visitor, "It is me")

        inbox = new_page(base_url=site.origin)
        inbox.goto(f"{AT}/inbox")
        sign_in(inbox, ada.email)
        inbox.get_by_role("link", name="It is me").click()
        expect(inbox.get_by_text("Verified")).to_be_visible()


def test_what_is_done_in_the_inbox_is_done_below_the_path(
    fastapi_site: Site, new_page: NewPage
) -> None:
    ada = owner_of(fastapi_site, fastapi_site.account())
    ada.account.say("Resolve me")
    page = new_page(base_url=fastapi_site.origin)
    page.goto(f"{AT}/inbox")
    sign_in(page, ada.email)
    page.get_by_role("link", name="Resolve me").click()
    page.keyboard.press("e")
    expect(page.get_by_role("button", name="Undo")).to_be_visible()
    page.keyboard.press("g")
    page.keyboard.press("p")

    expect(page).to_have_url(re.compile(f"{AT}/projects$"))
    assert fastapi_site.row("SELECT status FROM feedback") == ("RESOLVED",)
