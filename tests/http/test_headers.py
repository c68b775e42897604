"""The headers that every answer under /api has (contract section 1)."""

from typing import Any

import httpx2
import pytest

from tests.house import Account, House

ALWAYS = {
    "cache-control": "no-store",
    "referrer-policy": "no-referrer",
    "x-content-type-options": "nosniff",
}


def usual(answer: httpx2.Response) -> dict[str, str]:
    """Return the usual headers as an answer has them."""
    return {name: answer.headers.get(name, "") for name in ALWAYS}


@pytest.mark.parametrize(
    ("method", "path", "options", "status"),
    [
        ("GET", "/api/projects", {}, 200),
        ("HEAD", "/api/projects", {}, 200),
        ("GET", "/api/feedback", {}, 200),
        ("GET", "/api/usage", {}, 200),
        ("POST", "/api/projects", {"json": {"name": "A"}}, 201),
        ("OPTIONS", "/api/feedback", {}, 204),
        ("POST", "/api/projects", {"content": b"{"}, 400),
        ("GET", "/api/projects", {"headers": {"x-api-key": ""}}, 401),
        ("GET", "/api/projects", {"headers": {"x-api-key": "no"}}, 403),
        ("GET", "/api/projects/proj_1/feedback", {}, 403),
        ("GET", "/api/feedback/feedback_1", {}, 404),
        ("GET", "/api/nowhere", {}, 404),
        ("GET", "/api", {}, 404),
        ("PATCH", "/api/projects", {}, 405),
        ("POST", "/api/projects", {"content": b" " * 163_841}, 413),
        ("POST", "/api/projects", {"headers": {"content-encoding": "br"}, "content": b"{}"}, 415),
        ("POST", "/api/feedback", {"json": {}}, 400),
    ],
)
def test_every_answer_has_the_usual_headers(
    bob: Account, method: str, path: str, options: dict[str, Any], status: int
) -> None:
    answer = bob.call(method, path, **options)

    assert answer.status_code == status
    assert usual(answer) == ALWAYS
    assert answer.headers["x-request-id"]


def test_a_failure_has_the_usual_headers(house: House, bob: Account) -> None:
    house.change("UPDATE accounts SET plan = 'LOST' WHERE id = :id", id=bob.id)

    answer = bob.get("/api/projects")

    assert (answer.status_code, usual(answer)) == (500, ALWAYS)
    assert answer.headers["x-request-id"] in house.log


def test_each_request_has_an_id_of_its_own(bob: Account) -> None:
    named = {bob.get(path).headers["x-request-id"] for path in ["/api/projects", "/api/no"] * 5}

    assert len(named) == 10


def test_no_header_is_there_twice(bob: Account) -> None:
    names = [name for name, _ in bob.get("/api/projects").headers.multi_items()]

    assert len(names) == len(set(names))
