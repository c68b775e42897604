"""A hostile page in the same browser gets nothing done and shows nothing of ours (T16, T26)."""

import functools
import http.server
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import cookies_of
from tests.house import House
from tests.visitor import PASSWORD, Member, owner

FORMS = {
    "/projects/new": {"name": "Planted"},
    "/settings/password": {"current_password": PASSWORD, "password": "known to the attacker"},
    "/settings/email": {"current_password": PASSWORD, "email": "mallory@example.test"},
    "/projects/{slug}/api/key": {"overlap": "0"},
    "/projects/{slug}/delete": {"slug": "{slug}"},
    "/logout": {},
}
NewPage = Callable[..., Page]


class Quiet(http.server.SimpleHTTPRequestHandler):
    """Serves files and says nothing of it."""

    def log_message(self, *_: object) -> None:
        """Keep the test's output clean."""


@pytest.fixture
def bob(demo: House) -> Member:
    return owner(demo)


@pytest.fixture
def page(new_page: NewPage, bob: Member) -> Page:
    """Bob's page; he is signed in."""
    return new_page(cookies_of(bob))


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("mallory")


@pytest.fixture(scope="module")
def mallory(folder: Path) -> Iterator[str]:
    """The address of another server, on another port: the same site, so cookies go along."""
    handler = functools.partial(Quiet, directory=str(folder))
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()
        thread.join()


def submitting(address: str, fields: dict[str, str]) -> str:
    """A page that sends a form as soon as it is looked at."""
    inputs = "".join(f'<input name="{name}" value="{text}">' for name, text in fields.items())
    return (
        f'<!doctype html><form method="post" action="{address}">{inputs}</form>'
        "<script>document.forms[0].submit()</script>"
    )


def kept(bob: Member) -> list[object]:
    """What the database holds of Bob, but for when he was last seen."""
    mine = {"members": "account_id", "projects": "account_id", "api_keys": "account_id"}
    sql = "SELECT user_id FROM members WHERE account_id = :id"
    (user_id,) = bob.house.row(sql, id=bob.account.id)
    found: list[object] = [
        bob.house.rows(f"SELECT * FROM {table} WHERE {column} = :id", id=bob.account.id)
        for table, column in mine.items()
    ]
    who = "SELECT email, name, password_hash, theme FROM users WHERE id = :id"
    sessions = "SELECT id FROM sessions WHERE user_id = :id ORDER BY id"
    return [*found, bob.house.rows(who, id=user_id), bob.house.rows(sessions, id=user_id)]


@pytest.mark.parametrize(
    ("path", "host"), [*((path, "127.0.0.1") for path in FORMS), ("/projects/new", "localhost")]
)
def test_t16_a_form_of_another_page_changes_nothing(
    page: Page, bob: Member, folder: Path, mallory: str, path: str, host: str
) -> None:
    Member(bob.house, bob.account, bob.email)
    before, slug = kept(bob), bob.account.slug
    address = bob.house.base_url + path.format(slug=slug)
    fields = {name: text.format(slug=slug) for name, text in FORMS[path].items()}
    (folder / "index.html").write_text(submitting(address, fields))
    with page.expect_response(address) as answer:
        page.goto(f"{mallory}/index.html".replace("127.0.0.1", host))
    page.wait_for_load_state()

    assert answer.value.status in (303, 403)
    assert kept(bob) == before
    page.goto("/projects")
    expect(page.get_by_role("heading", level=1)).to_have_text("Projects")


def test_t16_the_attack_on_another_port_does_carry_the_session(
    page: Page, bob: Member, folder: Path, mallory: str
) -> None:
    fields = {"name": "Planted"}
    (folder / "index.html").write_text(submitting(f"{bob.house.base_url}/projects/new", fields))
    page.goto(f"{mallory}/index.html")

    expect(page.get_by_role("heading", level=1)).to_have_text("You cannot do that")
    expect(page.get_by_text("This was not sent by a page of this server")).to_be_visible()
    expect(page.get_by_text(bob.email)).to_be_visible()


def test_t16_a_script_of_another_page_can_neither_read_nor_change(
    page: Page, bob: Member, folder: Path, mallory: str
) -> None:
    before = kept(bob)
    (folder / "script.html").write_text("<!doctype html><title>Mallory</title>")
    page.goto(f"{mallory}/script.html")
    read = page.evaluate(
        """async (base) => {
          const read = [];
          for (const [path, options] of [
            ["/projects", {}],
            ["/api/projects", {}],
            ["/projects/new", {method: "POST", body: new URLSearchParams({name: "Planted"})}],
            ["/api/projects", {method: "POST", body: '{"name": "Planted"}'}],
          ]) {
            const sent = fetch(base + path, {credentials: "include", ...options});
            read.push(await sent.then((answer) => answer.text(), () => "nothing"));
          }
          return read;
        }""",
        bob.house.base_url,
    )

    assert read == ["nothing"] * 4
    assert kept(bob) == before


@pytest.mark.parametrize("path", ["/projects", "/login", "/nowhere"])
def test_t26_a_frame_of_another_page_stays_empty(
    page: Page, bob: Member, folder: Path, mallory: str, path: str
) -> None:
    address = bob.house.base_url + path
    (folder / "frame.html").write_text(f'<!doctype html><iframe src="{address}"></iframe>')
    refusals: list[str] = []
    page.on("console", lambda message: refusals.append(message.text))
    page.goto(f"{mallory}/frame.html")

    frame = page.frames[1]
    frame.wait_for_url("chrome-error://**")
    assert any("frame-ancestors 'none'" in text for text in refusals)
    assert "Miniback" not in frame.content()


def test_t26_not_even_our_own_pages_frame_each_other(page: Page) -> None:
    page.goto("/usage")
    page.evaluate(
        """() => document.body.append(Object.assign(
             document.createElement("iframe"), {src: "/projects"}))"""
    )

    page.wait_for_function("window.frames.length === 1")
    frame = page.frames[1]
    frame.wait_for_load_state()
    expect(frame.get_by_role("heading", name="Projects")).to_have_count(0)
