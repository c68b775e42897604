"""G12, T4: what somebody has typed is text, wherever it is shown, and nothing else."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlencode

import pytest
from playwright.sync_api import ConsoleMessage, Dialog, Page, Request, expect

from miniback.dashboard.listing import PAGE_SIZE
from tests.browser.conftest import cookies_of
from tests.browser.payloads import CHOSEN, LONGEST_NAME, OVERLONG, PAYLOADS
from tests.browser.test_g_every_page import LINKS_THAT_RUN, WATCHING, wider_than_the_window
from tests.house import House
from tests.visitor import Member, owner

NewPage = Callable[..., Page]
LATEST = 5
ROUNDS = [PAYLOADS[at : at + LATEST] for at in range(0, len(PAYLOADS), LATEST)]
SOURCES = Path(__file__).parents[2]


@dataclass
class Watched:
    """A person's page, and what has happened on it that must not."""

    page: Page
    member: Member
    happened: list[str] = field(default_factory=list)

    def looks_at(self, path: str) -> Page:
        """Open a page, and see that it is nothing but a page."""
        self.page.goto(path)
        self.happened += self.page.evaluate("seen.violations")
        self.happened += self.page.evaluate(LINKS_THAT_RUN)
        return self.page


@pytest.fixture(scope="module")
def member(demo: House) -> Member:
    return owner(demo)


@pytest.fixture
def watched(new_page: NewPage, demo: House, member: Member) -> Iterator[Watched]:
    page = new_page(cookies_of(member), viewport={"width": 360, "height": 740})
    watched = Watched(page, member)

    def asked(request: Request) -> None:
        if not request.url.startswith(demo.base_url + "/"):
            watched.happened.append(request.url)

    def told(said: ConsoleMessage) -> None:
        # A refusal's status is told there too, and wanted.
        if said.type == "error" and not said.text.startswith("Failed to load resource"):
            watched.happened.append(said.text)

    def opened(dialog: Dialog) -> None:
        if dialog.type != "beforeunload":
            watched.happened.append(dialog.message)
        dialog.accept()

    page.add_init_script(WATCHING)
    page.on("dialog", opened)
    page.on("request", asked)
    page.on("console", told)
    yield watched
    assert watched.happened == []


def as_shown(text: str) -> str:
    """A text as a form takes it: without blanks at its ends."""
    return text.strip()


def texts(page: Page, selector: str) -> list[str]:
    found: list[str] = page.locator(selector).evaluate_all("all => all.map(e => e.textContent)")
    return found


def test_g12_there_are_payloads_enough() -> None:
    assert len(PAYLOADS) >= 200
    assert set(CHOSEN) <= set(PAYLOADS)


@pytest.mark.parametrize("number", range(5))
def test_g12_messages_and_contexts_are_text_on_the_overview(number: int, watched: Watched) -> None:
    for group in ROUNDS[number::5]:
        for payload in group:
            context = {"url": payload, "userAgent": payload, "email": payload, payload: [payload]}
            watched.member.account.say(payload, context=context)
        page = watched.looks_at(f"/projects/{watched.member.account.slug}")

        assert texts(page, "section[aria-labelledby=latest] bdi")[: len(group)] == group[::-1]


def test_g12_messages_beyond_all_measure_are_text_and_widen_nothing(watched: Watched) -> None:
    for payload in OVERLONG:
        watched.member.account.say(payload)
    page = watched.looks_at(f"/projects/{watched.member.account.slug}")

    assert texts(page, "section[aria-labelledby=latest] bdi")[:3] == OVERLONG[::-1]
    assert wider_than_the_window(page) == []


def project_names() -> list[str]:
    """Those payloads that the server takes as a name."""
    tidy = {as_shown(payload) for payload in PAYLOADS}
    return sorted(name for name in tidy if len(name) <= LONGEST_NAME and not has_controls(name))


def has_controls(text: str) -> bool:
    return any(ord(each) < 32 or each in "\x7f\u2028\u2029" for each in text)


def start(member: Member, names: list[str]) -> list[str]:
    """Make projects by the API and return their slugs."""
    token = {"x-csrf-token": member.token("/settings/appearance")}
    slugs = []
    for name in names:
        answer = member.client.post("/api/projects", json={"name": name}, headers=token)
        assert answer.status_code == 201, (name, answer.text)
        slugs.append(answer.json()["data"]["slug"])
    return slugs


def test_g12_names_of_projects_are_text_in_the_list(watched: Watched) -> None:
    names = project_names()
    start(watched.member, names)
    listed: set[str] = set()
    for number in range(1, 2 + len(names) // PAGE_SIZE):
        page = watched.looks_at(f"/projects?page={number}")
        listed.update(texts(page, ".projects bdi"))
        assert wider_than_the_window(page) == []

    assert len(names) >= 200
    assert set(names) <= listed


@pytest.mark.parametrize("name", [*CHOSEN, "W" * 100])
def test_g12_the_name_of_a_project_is_text_on_its_pages(name: str, watched: Watched) -> None:
    (slug,) = start(watched.member, [name])
    for tab in ("", "/settings"):
        page = watched.looks_at(f"/projects/{slug}{tab}")
        assert texts(page, "h1 bdi") == [name]
        assert name in page.title()
        assert wider_than_the_window(page) == []
    page.locator(".actions button").click()
    watched.looks_at(f"/projects/{slug}")

    assert page.locator("h1 .badge.paused").count() == 1


@pytest.mark.parametrize("payload", CHOSEN)
def test_g12_a_message_at_the_foot_tells_a_name_as_text(payload: str, watched: Watched) -> None:
    (slug,) = start(watched.member, [payload])
    page = watched.looks_at(f"/projects/{slug}")
    page.locator(".actions button").click()

    expect(page.locator(".toast p")).to_have_text(f"{payload} is paused")


@pytest.mark.parametrize("payload", CHOSEN)
def test_g12_a_persons_name_and_a_wrong_slug_are_text(payload: str, watched: Watched) -> None:
    is_visible = payload.isprintable()
    page = watched.looks_at("/settings/profile")
    page.locator("#name").fill(payload)
    page.locator("section[aria-labelledby=you] button").click()
    expect(page.locator(".toast, .error").first).to_be_visible()
    assert page.locator("#name").input_value() == payload
    assert (texts(page, ".whom bdi") == [payload]) == is_visible
    page = watched.looks_at("/projects/new")
    page.locator("#name").fill(payload)
    page.locator("#slug").fill(payload)
    page.locator("form.card button.primary").click()

    expect(page.locator("#slug-error")).to_be_visible()
    assert page.locator("#slug").input_value() == payload


@pytest.mark.parametrize("payload", CHOSEN)
def test_g12_a_term_and_an_address_in_the_url_are_text(payload: str, watched: Watched) -> None:
    page = watched.looks_at("/projects?" + urlencode({"search": payload, "sort": payload}))
    assert page.locator("#search").input_value() == payload
    own = f"/projects/{watched.member.account.slug}/security?"
    page = watched.looks_at(own + urlencode({"test": payload}))
    assert page.locator("#test").input_value() == payload
    watched.looks_at("/settings/billing?" + urlencode({"plan": payload}))
    page = watched.looks_at("/nowhere/" + urlencode({"": payload}))

    assert page.locator("img[src=x], main script").count() == 0


@pytest.mark.parametrize("payload", CHOSEN)
def test_g12_an_email_address_in_a_refusal_is_text(payload: str, watched: Watched) -> None:
    watched.page.context.clear_cookies()
    for path in ("/login?" + urlencode({"next": payload}), "/forgot"):
        page = watched.looks_at(path)
        page.locator("form").evaluate("form => form.noValidate = true")
        page.locator("#email").evaluate("field => field.type = 'text'")
        page.locator("#email").fill(payload)
        if page.locator("#password").count():
            page.locator("#password").fill(payload)
        page.locator("form button.primary").click()

        expect(page.locator(".error, [role=alert]").first).to_be_visible()
        assert page.locator("#email").get_attribute("value") == payload


ALLOWED = {
    "src/miniback/shell/pages.py": "Markup(",
    # What a parser has written that takes no HTML, from our own texts.
    "src/miniback/docs/rendering.py": "Markup(",
}
UNSAFE = re.compile(
    r"\|\s*safe\b|Markup\(|(?<!hx-swap=\")(?<!hx-swap=')\b(?:inner|outer)HTML\b|autoescape\s+false"
    r"|autoescape\s*=\s*False|insertAdjacentHTML|document\.write|\beval\(|new Function"
)


def written() -> list[Path]:
    folders = (SOURCES / "src" / "miniback", SOURCES / "frontend")
    kinds = ("*.py", "*.html", "*.ts", "*.mjs")
    files = [path for folder in folders for kind in kinds for path in folder.rglob(kind)]
    return [path for path in files if "node_modules" not in path.parts]


def test_g12_no_source_takes_text_for_markup() -> None:
    found = [
        (str(path.relative_to(SOURCES)), match[0])
        for path in written()
        for match in UNSAFE.finditer(path.read_text())
    ]
    assert len(written()) > 100
    assert [each for each in found if ALLOWED.get(each[0]) != each[1]] == []
