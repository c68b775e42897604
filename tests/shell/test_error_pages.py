"""Errors as people and programs read them, also when the server cannot (ER1 to ER3, T33)."""

import json
import re
from collections.abc import Callable, Iterator
from typing import Any

import httpx2
import psycopg
import pytest

from miniback import __version__
from miniback.accounts import Role
from tests.house import House, running, until
from tests.test_tenants import REQUIRED
from tests.visitor import Member, member_of, owner, said, visiting

TELLTALE = re.compile(
    r"Traceback|\.py\b|site-packages|/work/|/tmp/|/usr/|SELECT |UPDATE |no such table|relation \""
    r"|apsw|psycopg|sqlite|postgres|uvicorn|starlette|jinja|[a-z]Error\b|miniback\.[a-z]|"
    + re.escape(__version__),
)
LARGE = {"content": b" " * 200_000}
MULTIPART: dict[str, Any] = {"files": {"a": "b"}}
JSON = {"content-type": "application/json"}
# How to come by a page of each status: method, path, what is sent, and a word of the page.
PAGES: dict[str, tuple[int, str, str, dict[str, Any], str]] = {
    "a plan that there is not": (400, "GET", "/settings/billing?plan=NO", {}, "There is no plan"),
    "a parameter twice": (400, "GET", "/projects?sort=a&sort=b", {}, "more than once"),
    "no token": (403, "POST", "/settings/theme", {}, "Reload the page"),
    "no link": (403, "GET", "/reset?token=x", {}, "This link does not work"),
    "no such page": (404, "GET", "/nowhere", {}, "There is nothing here"),
    "no such project": (404, "GET", "/projects/nobodys-project", {}, "There is nothing here"),
    "no such asset": (404, "GET", "/assets/nothing.js", {}, "There is nothing here"),
    "no such method": (405, "DELETE", "/projects", {}, "does not take"),
    "too large": (413, "POST", "/login", LARGE, "That is too large"),
    "multipart": (415, "POST", "/login", MULTIPART, "That cannot be read"),
}
CALLS: dict[str, tuple[int, str, str, dict[str, Any], str]] = {
    "broken JSON": (
        400,
        "POST",
        "/api/projects",
        {"content": b""},
        "The body is empty; send a JSON object",
    ),
    "no token": (
        *(403, "POST", "/api/projects", {"json": {}, "headers": {"x-csrf-token": ""}}),
        "A call by session that changes something must be application/json and carry the"
        " page's token in X-CSRF-Token",
    ),
    "no such address": (404, "GET", "/api/nowhere", {}, "Not found"),
    "api alone": (404, "GET", "/api", {}, "Not found"),
    "no such project": (404, "GET", "/api/projects/proj_1", {}, "Project not found"),
    "no such method": (405, "DELETE", "/api/usage", {}, "Method not allowed"),
    "too large": (413, "POST", "/api/projects", LARGE, "Request body is larger than 163840 bytes"),
}


@pytest.fixture(scope="module")
def bob(house: House) -> Member:
    """The owner of an account, signed in."""
    return owner(house)


def ask(bob: Member, table: dict[str, Any], case: str, **headers: str) -> httpx2.Response:
    _, method, path, options, _ = table[case]
    if table is CALLS:
        given = {**JSON, **options.get("headers", {}), **headers}
        return bob.call(method, path, **{**options, "headers": given})
    return bob.client.request(method, path, **options, headers=headers)


def assert_is_a_page_of_an_error(page: httpx2.Response, status: int) -> None:
    assert page.status_code == status
    assert page.headers["content-type"] == "text/html; charset=utf-8"
    assert page.text.count("<h1>") == 1
    assert f"Status {status} · Request {page.headers['x-request-id']}" in said(page)
    assert 'class="button primary" href="/' in page.text
    assert not TELLTALE.search(said(page))


@pytest.mark.parametrize("case", PAGES)
def test_er1_an_error_is_a_page_in_plain_words_with_the_requests_id(bob: Member, case: str) -> None:
    page = ask(bob, PAGES, case)

    assert_is_a_page_of_an_error(page, PAGES[case][0])
    assert PAGES[case][4] in said(page)


@pytest.mark.parametrize("case", CALLS)
def test_er1_a_call_gets_json_with_the_exact_text(bob: Member, case: str) -> None:
    answer = ask(bob, CALLS, case)

    assert (answer.status_code, answer.json()) == (CALLS[case][0], {"error": CALLS[case][4]})


@pytest.mark.parametrize("case", CALLS)
def test_er1_a_call_of_a_script_gets_json_as_well(bob: Member, case: str) -> None:
    answer = ask(bob, CALLS, case, **{"hx-request": "true"})

    assert answer.json() == {"error": CALLS[case][4]}


def test_er1_a_call_of_nobody_is_401(house: House) -> None:
    with visiting(house) as nobody:
        answer = nobody.get("/api/projects", headers={"accept": "text/html"})

    assert (answer.status_code, answer.json()) == (401, REQUIRED)


@pytest.mark.parametrize(
    ("path", "allowed"), [("/projects", "GET, HEAD"), ("/login", "GET, HEAD, POST")]
)
def test_er1_what_is_allowed_is_told_with_405(bob: Member, path: str, allowed: str) -> None:
    assert bob.client.request("PATCH", path).headers["allow"] == allowed


def test_er1_a_role_that_does_not_reach_is_told_in_the_shell(house: House, bob: Member) -> None:
    page = member_of(house, bob.account, Role.VIEWER).get("/projects/new")

    assert_is_a_page_of_an_error(page, 403)
    assert "Your role in this account does not allow this" in said(page)
    assert 'action="/logout"' in page.text


def test_a_form_sent_again_with_other_words_means_another_project(bob: Member) -> None:
    page = bob.get("/projects/new").text
    (once,) = re.findall(r'name="once" value="([^"]+)"', page)
    for name in ("One", "Two"):
        answer = bob.submit("/projects/new", name=name, slug="", once=once)

        assert answer.headers["location"] == f"/projects/{name.lower()}"


def too_many(house: House) -> httpx2.Response:
    """Ask for so many links that it is too much."""
    house.change("DELETE FROM throttles")
    with visiting(house) as visitor:
        for _ in range(4):
            answer = visitor.submit("/forgot", email="nobody@example.test")
    house.change("DELETE FROM throttles")
    return answer


def test_er3_429_tells_the_wait_as_a_countdown(house: House) -> None:
    page = too_many(house)

    wait_s = page.headers["retry-after"]
    assert_is_a_page_of_an_error(page, 429)
    assert (
        f'<mb-countdown role="timer" data-seconds="{wait_s}"><strong translate="no">{wait_s} s'
        in page.text
    )


@pytest.mark.parametrize("case", PAGES)
def test_er2_a_script_gets_a_piece_and_never_a_page_in_a_page(bob: Member, case: str) -> None:
    piece = ask(bob, PAGES, case, **{"hx-request": "true"})

    assert piece.status_code == PAGES[case][0]
    assert piece.headers["hx-retarget"] == "#toasts"
    assert 'role="alert"' in piece.text
    assert piece.headers["x-request-id"] in piece.text
    assert not re.search("<html|<main|<h1", piece.text)


def test_er2_a_redirect_sends_a_script_itself(house: House, bob: Member) -> None:
    with visiting(house) as visitor:
        answer = visitor.get("/projects", headers={"hx-request": "true"})

    assert (answer.status_code, answer.headers["hx-redirect"]) == (200, "/login?next=/projects")


@pytest.fixture(scope="module")
def broken(database: str, new_house: Callable[..., House]) -> Iterator[tuple[House, Member]]:
    """A house whose database has lost its people while the server runs, and one of them."""
    with running(new_house(database)) as house:
        bob = owner(house)
        for table in ("sessions", "users"):
            house.change(f"ALTER TABLE {table} RENAME TO {table}_away")
        yield house, bob


@pytest.mark.parametrize(
    "path", ["/", "/projects", "/usage", "/projects/x", "/settings/profile", "/login"]
)
def test_er3_the_page_of_a_fault_works_without_the_database(
    broken: tuple[House, Member], path: str
) -> None:
    page = broken[1].get(path)

    assert_is_a_page_of_an_error(page, 500)
    assert "It is not your fault" in said(page)


def test_er3_a_fault_in_a_form_is_told_as_a_page(broken: tuple[House, Member]) -> None:
    page = broken[1].client.post("/settings/theme", data={"csrf_token": "x"})

    assert_is_a_page_of_an_error(page, 500)


def test_er3_a_fault_in_a_call_is_told_as_json(broken: tuple[House, Member]) -> None:
    answer = broken[1].get("/api/projects")

    assert (answer.status_code, answer.json()) == (500, {"error": "Internal server error"})


def test_er2_a_fault_is_told_to_a_script_as_a_piece(broken: tuple[House, Member]) -> None:
    piece = broken[1].get("/projects", headers={"hx-request": "true"})

    assert (piece.status_code, piece.headers["hx-retarget"]) == (500, "#toasts")
    assert "<html" not in piece.text


def test_t33_a_fault_stands_in_the_log_under_the_id_of_its_page(
    broken: tuple[House, Member],
) -> None:
    house, bob = broken
    request_id = bob.get("/projects").headers["x-request-id"]

    lines = [json.loads(each) for each in house.log.splitlines() if request_id in each]
    paths = [line["path"] for line in lines if line["event"] == "request_failed"]
    assert paths == ["/projects"]


ODD = ["%0A%0Dforged", "%1B%5B31mred", '%22%7D%0A%7B%22event%22%3A%22forged"', "%E2%80%A8", "%00"]


@pytest.mark.parametrize("odd", [*ODD, "x" * 60_000])
def test_t33_a_log_line_is_one_json_object_whatever_the_path_holds(
    broken: tuple[House, Member], odd: str
) -> None:
    house, bob = broken
    request_id = bob.get(f"/projects/{odd}").headers["x-request-id"]

    lines = [json.loads(each) for each in house.log.splitlines()]
    assert [each["event"] for each in lines if each.get("request_id") == request_id] == [
        "request_failed"
    ]
    assert not [each for each in lines if each["event"] == "forged"]
    assert "\x1b" not in house.log


def test_t33_a_body_of_a_megabyte_stands_in_no_log(broken: tuple[House, Member]) -> None:
    house, bob = broken
    size = len(house.log)

    bob.client.post("/login", data={"email": "m" * 1_000_000})
    bob.client.post("/login", data={"email": "m" * 60_000})

    assert len(house.log) - size < 20_000
    assert "mmmmmmmm" not in house.log


def test_t33_the_query_of_a_fault_stands_in_no_log(broken: tuple[House, Member]) -> None:
    house, bob = broken
    bob.get("/reset", params={"token": "a-secret-of-a-link"})
    bob.get("/projects", params={"search": "a-secret-of-a-link"})

    assert "a-secret-of-a-link" not in house.log


def test_er3_the_page_of_503_works_with_the_database_gone(
    postgres: str, new_house: Callable[..., House]
) -> None:
    with running(new_house("postgres")) as house:
        bob = owner(house)
        name = re.search(r"/(house_\d+)\?", house.database_url)
        assert name
        with psycopg.connect(postgres, autocommit=True) as connection:
            connection.execute(f"ALTER DATABASE {name[1]} ALLOW_CONNECTIONS false")
            connection.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s",
                [name[1]],
            )
        page = until(lambda: unavailable(bob), "the pages to be unavailable")

        assert_is_a_page_of_an_error(page, 503)
        assert int(page.headers["retry-after"]) >= 1
        text = {"error": "Temporarily unavailable, please retry"}
        assert bob.get("/api/projects").json() == text


def unavailable(bob: Member) -> httpx2.Response | None:
    page = bob.get("/projects")
    return page if page.status_code == 503 else None
