"""`miniback demo`, as somebody meets it who only wants to look."""

from collections.abc import Callable
from pathlib import Path

from playwright.sync_api import Page, expect

from tests.browser.customers import open_panel, ready, send
from tests.browser.test_sign_in import sign_in
from tests.demos import demonstrated


def test_from_the_printed_link_to_feedback_in_the_inbox(
    tmp_path: Path, new_page: Callable[..., Page]
) -> None:
    with demonstrated(tmp_path, "--no-open") as demo:
        email, password = demo.told("Sign in as"), demo.told("Password")
        page = new_page()
        page.goto(demo.told("A page with the widget"))
        ready(page)
        open_panel(page)
        send(page, "A word from the demo")
        expect(page.locator("miniback-widget dialog")).to_contain_text("Thank")

        page.goto(demo.told("The inbox"))
        sign_in(page, email, password)
        expect(page.get_by_role("link", name="A word from the demo")).to_be_visible()
