"""G13: a server that speaks the language xx shows no plain English word on any page."""

import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Page

from tests.browser.conftest import ADA, signed_in
from tests.browser.routes import OPEN_ROUTES, ROUTES, at
from tests.house import House, running
from tests.visitor import PASSWORD

# Places for values, addresses, and names: of the product, of a format, of plans, of what is
# the demo's people's own.
NAMES = (
    r"%\(\w+\)s|https://\S+|(\*\.)?(shop|abc)\.(example|test)|\w+@example\.test|"
    r"Miniback|Slack|CSV|FREE|STARTER|PRO|UTC|Europe/Paris|Ada Lindqvist|nothing like this|"
    r"Storefront|Mobile app|Help centre|Beta programme|storefront|beta-programme|help-centre"
)
WORD = re.compile("[A-Za-z]{3,}")
TOLD = """() => {
  // What is written in English in every language says so.
  const ours = e => !e.closest("[translate=no], [lang]:not(html), script, style");
  const shared = "meta[name=description], meta[property$=title], meta[property$=description]";
  const all = [...document.querySelectorAll("title, body *, " + shared)];
  const found = all.filter(ours).flatMap(e => [
    ...[...e.childNodes].filter(n => n.nodeType === 3).map(n => n.data),
    ...["placeholder", "aria-label", "aria-valuetext", "title", "alt"].map(n => e.getAttribute(n)),
    e.matches(shared) ? e.content : "",
  ]);
  const words = value => typeof value === "string" ? [value] : Object.values(value).flatMap(words);
  return [...found, ...words(JSON.parse(document.body.dataset.words))].filter(Boolean);
}"""


@pytest.fixture(scope="module")
def abroad(new_house: Callable[..., House]) -> Iterator[House]:
    """A server over the demo's data that speaks xx."""
    house = new_house("sqlite", environment={"MINIBACK_LANGUAGE": "xx"})
    filled = house.run("seed", "--demo", "--password", PASSWORD)
    assert filled.returncode == 0, filled.stderr
    with running(house):
        yield house


@pytest.fixture(scope="module")
def ada(abroad: House) -> list[dict[str, Any]]:
    return signed_in(abroad, ADA)


@pytest.fixture
def page(new_page: Callable[..., Page], abroad: House, ada: list[dict[str, Any]]) -> Page:
    return new_page(ada, base_url=abroad.base_url)


def plain_words(page: Page) -> list[str]:
    """Texts of ours on a page in which a word stands as the template has it."""
    texts = [re.sub(NAMES, "", text).strip() for text in page.evaluate(TOLD)]
    return [text for text in texts if WORD.search(text)]


@pytest.mark.parametrize("route", ROUTES)
def test_g13_no_page_shows_a_plain_word(route: str, page: Page, abroad: House) -> None:
    page.goto(at(abroad, route))
    # The title of an item begins with a visitor's words.
    said = page.title().partition(" · ")[0] if "{item}" in route else ""

    assert plain_words_but(page, said) == []


@pytest.mark.parametrize("route", OPEN_ROUTES)
def test_g13_no_page_before_sign_in_shows_a_plain_word(
    route: str, new_page: Callable[..., Page], abroad: House
) -> None:
    page = new_page(base_url=abroad.base_url)
    page.goto(at(abroad, route))

    assert plain_words(page) == []


@pytest.mark.parametrize(
    ("route", "form", "fields"),
    [
        ("/projects/new", "form.card", {"name": "", "slug": "Not A Slug"}),
        ("/projects/new", "form.card", {"name": "Shop", "slug": "storefront"}),
        ("/projects/storefront/settings", "form[data-guard]", {"name": "", "slug": "No!"}),
        ("/projects/storefront/settings", "form[data-guard]", {"slug": "help-centre"}),
        ("/projects/storefront/security", ".card form", {"domain": "https://shop.test/x"}),
        ("/projects/storefront/delete", ".card form", {"slug": "xyz"}),
        ("/settings/webhooks", "form[action$=webhooks]", {"address": "http://x"}),
        ("/settings/notifications", "form[action$=notifications]", {"address": "x"}),
        ("/settings/profile", "#main form", {"name": "a\u0007b"}),
        ("/settings/profile", "form[action$=email]", {"email": "x", "current_password": "y"}),
        ("/settings/profile", "form[action$=password]", {"current_password": "x", "password": "y"}),
    ],
)
def test_g13_no_refusal_shows_a_plain_word(
    route: str, form: str, fields: dict[str, str], page: Page
) -> None:
    page.goto(route)
    send(page, form, fields)

    assert page.locator(".error").count()
    assert plain_words_but(page, *fields.values()) == []


@pytest.mark.parametrize(
    ("route", "form", "fields"),
    [
        ("/projects/help-centre", ".actions form", {}),
        ("/projects/beta-programme", ".actions form", {}),
        ("/projects/storefront/security", ".card form", {"domain": "abc.test"}),
        ("/settings/appearance", "form[data-guard]", {}),
        ("/settings/profile", "#main form", {}),
        ("/settings/webhooks", "form[action$=webhooks]", {"address": "https://shop.example/other"}),
        (
            "/settings/notifications",
            "form[action$=notifications]",
            {"address": "more@example.test"},
        ),
        ("/projects/storefront/api", "form[action$=key]", {}),
        ("/projects/storefront/api/revoke", ".card form", {}),
    ],
)
def test_g13_no_message_shows_a_plain_word(
    route: str, form: str, fields: dict[str, str], page: Page
) -> None:
    page.goto(route)
    send(page, form, fields)

    assert page.locator(".toast, dialog.reveal").count()
    assert plain_words_but(page, *fields.values()) == []


def test_g13_a_refused_sign_in_shows_no_plain_word(
    new_page: Callable[..., Page], abroad: House
) -> None:
    page = new_page(base_url=abroad.base_url)
    page.goto("/login")
    send(page, "form", {"email": "ada@example.test", "password": "wrong"})

    assert page.get_by_role("alert").count()
    assert plain_words(page) == []


def send(page: Page, form: str, fields: dict[str, str]) -> None:
    """Fill fields in as they are, and send the form past the browser's own checks."""
    script = """(form, fields) => {
      for (const [name, value] of Object.entries(fields))
        form.elements.namedItem(name).value = value;
      form.submit();
    }"""
    with page.expect_navigation():
        page.locator(form).first.evaluate(script, fields)


def plain_words_but(page: Page, *filled_in: str) -> list[str]:
    """The same without what was filled in, which a refusal may repeat."""
    kept = [each for each in filled_in if each]
    return [
        text
        for text in plain_words(page)
        if WORD.search(re.sub("|".join(map(re.escape, kept)) or "$^", "", text))
    ]
