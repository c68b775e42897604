"""A real Chromium before a real server with the demo in it.

The people of the demo share one account: Ada owns it, Grace is a member. Tests that change things
make accounts of their own.
"""

import shutil
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, Playwright, sync_playwright

from tests.browser.customers import Shop, open_site
from tests.house import House, running
from tests.visitor import PASSWORD, Member

# The same browser without windows where it is there: contexts cost it a quarter of the time.
CHROMIUM = next(
    filter(None, map(shutil.which, ("chromium-headless-shell", "chromium", "chromium-browser"))),
    None,
)
ADA, GRACE = "ada@example.test", "grace@example.test"


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Without a browser nothing here can run; the summary says so loudly."""
    if CHROMIUM is None:
        mark = pytest.mark.skip(reason="no Chromium on this machine")
        for item in items:
            if "tests/browser/" in item.nodeid:
                item.add_marker(mark)


@pytest.fixture(scope="session")
def playwright_driver() -> Iterator[Playwright]:
    with sync_playwright() as driver:
        yield driver


@pytest.fixture(scope="session")
def browser(playwright_driver: Playwright) -> Iterator[Browser]:
    browser = playwright_driver.chromium.launch(
        executable_path=CHROMIUM, args=["--no-sandbox", "--disable-dev-shm-usage"]
    )
    yield browser
    browser.close()


@pytest.fixture(scope="session")
def demo(new_house: Callable[..., House]) -> Iterator[House]:
    """A server over the demo's data."""
    house = new_house("sqlite")
    filled = house.run("seed", "--demo", "--password", PASSWORD)
    assert filled.returncode == 0, filled.stderr
    with running(house):
        yield house


@pytest.fixture(scope="session")
def cookies(demo: House) -> dict[str, list[dict[str, Any]]]:
    """The session cookies of the demo's people, so that not every test signs in by the form."""
    return {email: signed_in(demo, email) for email in (ADA, GRACE)}


@pytest.fixture
def new_page(browser: Browser, demo: House) -> Iterator[Callable[..., Page]]:
    """Open pages, each in a context of its own with the options of Browser.new_context()."""
    contexts: list[BrowserContext] = []

    def make(cookies: list[dict[str, Any]] | None = None, **options: Any) -> Page:
        context = browser.new_context(**{"base_url": demo.base_url, **options})
        context.set_default_timeout(10_000)
        contexts.append(context)
        if cookies:
            context.add_cookies(cookies)  # type: ignore[arg-type]
        return context.new_page()

    yield make
    for context in contexts:
        context.close()


@pytest.fixture
def page(new_page: Callable[..., Page], cookies: dict[str, list[dict[str, Any]]]) -> Page:
    """Ada's page: she owns the demo's account."""
    return new_page(cookies[ADA])


@pytest.fixture
def shop(demo: House) -> Iterator[Shop]:
    """A customer of ours with a website of another origin."""
    with open_site() as site:
        yield Shop(demo, demo.account(), site)


@pytest.fixture
def visitor(new_page: Callable[..., Page]) -> Page:
    """Somebody who is nobody to us, on their way to a customer's website."""
    return new_page()


def signed_in(house: House, email: str) -> list[dict[str, Any]]:
    """Sign somebody in by the form and return the cookies, as a browser's context takes them."""
    return cookies_of(_visited(house, email))


def cookies_of(member: Member) -> list[dict[str, Any]]:
    """A member's cookies, as a browser's context takes them."""
    return [
        {"name": name, "value": value, "url": member.house.base_url}
        for name, value in member.client.cookies.items()
    ]


def _visited(house: House, email: str) -> Member:
    account: Any = None  # the demo's people are looked at, not called with
    return Member(house, account, email)
