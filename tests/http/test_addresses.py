"""Paths, methods, HEAD and trailing slashes (contract section 1)."""

import pytest

from miniback import plans
from tests.house import Account, House

NOT_FOUND = {"error": "Not found"}
NOT_ALLOWED = {"error": "Method not allowed"}
GETS = [
    "/api/projects",
    "/api/projects/{project}",
    "/api/projects/{project}/settings",
    "/api/projects/{project}/api-key",
    "/api/projects/{project}/feedback",
    "/api/feedback",
    "/api/feedback?search=word",
    "/api/feedback/{item}",
    "/api/usage",
]
OWN = ("x-request-id", "date")


def address(bob: Account, path: str) -> str:
    item_id = bob.say("One word")["id"] if "{item}" in path else ""
    return path.format(project=bob.project_id, item=item_id)


@pytest.fixture(scope="module")
def anyone(house: House) -> Account:
    """One account for all tests that only read refusals."""
    return house.account(plans.PRO)


@pytest.mark.parametrize(
    "path",
    [
        "/api",
        "/api/",
        "/api/nowhere",
        "/api/project",
        "/api/projects/{project}/nowhere",
        "/api/projects/{project}/feedback/{item}",
        "/api/feedback/{item}/tags/more",
        "/api/usage/more",
        "/API/projects",
        "/api/projects//",
        "/api//projects",
        "/api/v1/projects",
    ],
)
@pytest.mark.parametrize("method", ["GET", "POST", "PATCH"])
def test_a_wrong_path_is_not_found(anyone: Account, path: str, method: str) -> None:
    answer = anyone.call(method, address(anyone, path))

    assert (answer.status_code, answer.json()) == (404, NOT_FOUND)


@pytest.mark.parametrize(
    ("path", "allowed"),
    [
        ("/api/projects", {"GET", "HEAD", "POST"}),
        ("/api/projects/{project}", {"GET", "HEAD", "PUT", "DELETE"}),
        ("/api/projects/{project}/settings", {"GET", "HEAD", "PUT"}),
        ("/api/projects/{project}/api-key", {"GET", "HEAD", "POST"}),
        ("/api/projects/{project}/feedback", {"GET", "HEAD", "POST"}),
        ("/api/feedback", {"GET", "HEAD", "POST", "OPTIONS"}),
        ("/api/feedback/{item}", {"GET", "HEAD", "PUT", "DELETE"}),
        ("/api/usage", {"GET", "HEAD"}),
    ],
)
def test_a_wrong_method_is_told_which_are_right(
    anyone: Account, path: str, allowed: set[str]
) -> None:
    path = address(anyone, path)

    for method in {"GET", "HEAD", "POST", "PUT", "DELETE", "PATCH", "OPTIONS"} - allowed:
        answer = anyone.call(method, path)
        assert (answer.status_code, answer.json()) == (405, NOT_ALLOWED)
        assert set(answer.headers["allow"].split(", ")) == allowed


@pytest.mark.parametrize("path", GETS)
def test_head_answers_as_get_does_without_the_body(bob: Account, path: str) -> None:
    path = address(bob, path)

    got, head = bob.get(path), bob.call("HEAD", path)

    assert (got.status_code, head.status_code, head.content) == (200, 200, b"")
    own = [{k: v for k, v in answer.headers.items() if k not in OWN} for answer in (got, head)]
    assert own[0] == own[1]


@pytest.mark.parametrize(
    ("path", "key", "status"),
    [
        ("/api/projects/proj_1", None, 404),
        ("/api/feedback/feedback_1", None, 404),
        ("/api/nowhere", None, 404),
        ("/api/feedback?limit=1&status=OLD", None, 400),
        ("/api/projects", "", 401),
        ("/api/projects", "no", 403),
    ],
)
def test_head_is_refused_as_get_is(
    anyone: Account, path: str, key: str | None, status: int
) -> None:
    headers = {} if key is None else {"x-api-key": key}

    answer = anyone.call("HEAD", path, headers=headers)

    assert (answer.status_code, answer.content) == (status, b"")


@pytest.mark.parametrize("path", [path for path in GETS if "?" not in path])
def test_a_trailing_slash_is_the_same_address(bob: Account, path: str) -> None:
    path = address(bob, path)

    plain, slashed = bob.get(path), bob.get(path + "/")

    assert (slashed.status_code, slashed.json()) == (200, plain.json())


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("POST", "/api/projects/"),
        ("PUT", "/api/projects/{project}/"),
        ("PUT", "/api/projects/{project}/settings/"),
        ("POST", "/api/projects/{project}/feedback/"),
        ("PUT", "/api/feedback/{item}/"),
        ("DELETE", "/api/feedback/{item}/"),
        ("DELETE", "/api/projects/{project}/"),
        ("POST", "/api/projects/{project}/api-key/"),
    ],
)
def test_a_trailing_slash_does_not_turn_a_change_away(bob: Account, method: str, path: str) -> None:
    body = {"name": "A", "message": "A", "allowedDomains": []}
    if "feedback/" in path:
        body["status"] = "NEW"

    assert bob.call(method, address(bob, path), json=body).status_code in (200, 201)


def test_the_door_stands_at_a_trailing_slash_too(house: House, bob: Account) -> None:
    sent = {"message": "A", "projectSlug": bob.slug}

    assert house.client.post("/api/feedback/", json=sent).status_code == 201
    assert house.client.options("/api/feedback/").status_code == 204


def test_a_slash_before_the_query_is_the_same_address(bob: Account) -> None:
    bob.say()

    assert bob.get("/api/feedback/?pageSize=1").json() == bob.get("/api/feedback?pageSize=1").json()


def test_a_wrong_method_with_a_trailing_slash_is_a_wrong_method(bob: Account) -> None:
    assert bob.call("PATCH", "/api/projects/").status_code == 405
