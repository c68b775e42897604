"""One account's key gets nothing of another's, at any address (contract section 2)."""

import re
from collections.abc import Iterator
from typing import Any

import httpx2
import pytest
from starlette.routing import Route

from miniback import app, ids, plans
from miniback.projects import keys
from tests.described import SPEC
from tests.house import Account, House
from tests.visitor import filled

METHODS = ("get", "put", "post", "delete", "patch")
REQUIRED = {
    "error": "API key is required. Provide it via 'x-api-key' header or 'api_key' query parameter."
}
NO_SUCH_KEY = {"error": "Invalid API key or project not found"}
BODY = {
    "name": "Mine now",
    "message": "Mine now",
    "allowedDomains": ["mine.example"],
    "tags": ["mine"],
    "assignee": None,
    "content": "Mine now",
}
Call = tuple[str, str]


def operations() -> Iterator[Call]:
    """Yield every call that wants a key, with HEAD wherever there is GET."""
    for path, item in SPEC["paths"].items():
        for method in METHODS:
            schemes = item.get(method, {}).get("security", SPEC["security"])
            if method in item and any("apiKeyHeader" in scheme for scheme in schemes):
                yield method.upper(), path
                if method == "get":
                    yield "HEAD", path


CALLS = list(operations())
NAMING = [call for call in CALLS if "{" in call[1]]
FREE_CALL = ("POST", "/api/projects/{projectId}/feedback")


def call(
    account: Account, operation: Call, project_id: str, item_id: str, **options: Any
) -> httpx2.Response:
    method, path = operation
    status = "RESOLVED" if "feedback" in path else "PAUSED"
    path = filled(path, projectId=project_id, feedbackId=item_id)
    body = None if method in ("GET", "HEAD") else {**BODY, "status": status}
    return account.call(method, path, json=body, **options)


def told(answer: httpx2.Response) -> tuple[int, bytes, list[tuple[str, str]]]:
    """Return all of an answer that could tell one case from another."""
    kept = [
        each for each in answer.headers.multi_items() if each[0] not in ("date", "x-request-id")
    ]
    return answer.status_code, answer.content, kept


def absent() -> tuple[str, str]:
    """Return ids that nobody has, of a project and of feedback."""
    return ids.new("proj"), ids.new("feedback")


def test_the_description_names_every_address() -> None:
    described = {re.sub(r"{\w+}", "{}", path) for path in SPEC["paths"]}

    routes = {route.path for route in app.API_ROUTES if isinstance(route, Route)}
    assert {re.sub(r"{\w+}", "{}", path) for path in routes} == described


def test_the_walk_is_not_empty() -> None:
    assert len(NAMING) >= 17


@pytest.mark.parametrize("operation", NAMING, ids=" ".join)
def test_what_is_anothers_looks_like_what_is_not_there(
    bob: Account, mallory: Account, operation: Call
) -> None:
    item_id = bob.say()["id"]

    foreign = call(mallory, operation, bob.project_id, item_id)

    assert foreign.status_code in (403, 404)
    assert told(foreign) == told(call(mallory, operation, *absent()))


@pytest.mark.parametrize(
    "odd", ["1", "0", "x", "%00", "%FF", "..%5C", "%20", "proj_", "a" * 3_000, "proj_%F0%9F%98%80"]
)
@pytest.mark.parametrize("operation", NAMING, ids=" ".join)
def test_an_id_of_another_shape_looks_like_one_that_is_not_there(
    nosy: Account, operation: Call, odd: str
) -> None:
    answer = call(nosy, operation, odd, odd)

    assert told(answer) == told(call(nosy, operation, *absent()))


@pytest.fixture(scope="module")
def nosy(house: House) -> Account:
    """One account for all tests that only read refusals."""
    return house.account(plans.PRO)


def seen(account: Account, item_id: str) -> list[Any]:
    """Return all that an account sees of its own, but for the key's last use."""
    path = f"/api/projects/{account.project_id}"
    paths = [path, path + "/settings", path + "/feedback", "/api/feedback", "/api/projects"]
    return [account.get(path).json() for path in [*paths, f"/api/feedback/{item_id}"]]


def test_nothing_of_anothers_changes(bob: Account, mallory: Account) -> None:
    item_id = bob.say("A word of mine")["id"]
    before = seen(bob, item_id)

    for operation in NAMING:
        call(mallory, operation, bob.project_id, item_id)

    assert seen(bob, item_id) == before


def test_lists_hold_ones_own_alone(bob: Account, mallory: Account) -> None:
    bob.say("Elephants")
    own = mallory.say("Tigers")["id"]

    projects = mallory.get("/api/projects").json()["data"]
    inbox = mallory.get("/api/feedback").json()
    assert [each["id"] for each in projects] == [mallory.project_id]
    assert [each["id"] for each in inbox["data"]] == [own]
    assert inbox["pagination"]["total"] == 1


def test_a_search_finds_ones_own_alone(bob: Account, mallory: Account) -> None:
    bob.say("Elephants")

    found = mallory.get("/api/feedback?search=elephants").json()

    assert (found["data"], found["pagination"]["total"]) == ([], 0)


@pytest.mark.parametrize("name", ["project", "projectSlug"])
@pytest.mark.parametrize("by", ["id", "slug"])
def test_a_filter_by_anothers_project_looks_like_one_that_is_not_there(
    bob: Account, mallory: Account, name: str, by: str
) -> None:
    theirs = {"id": bob.project_id, "slug": bob.slug}[by]
    nobodys = {"id": absent()[0], "slug": "nobodys-slug"}[by]

    foreign = mallory.get(f"/api/feedback?{name}={theirs}")

    assert (foreign.status_code, foreign.json()) == (404, {"error": "Project not found"})
    assert told(foreign) == told(mallory.get(f"/api/feedback?{name}={nobodys}"))


@pytest.mark.parametrize("path", ["/api/projects", "own"])
def test_anothers_idempotency_key_replays_nothing(
    bob: Account, mallory: Account, path: str
) -> None:
    once = {"idempotency-key": "the same"}
    answers = [
        each.post(each.feedback_path if path == "own" else path, json=BODY, headers=once)
        for each in (bob, mallory)
    ]

    assert "idempotent-replayed" not in answers[1].headers
    assert answers[0].json()["data"]["id"] != answers[1].json()["data"]["id"]


def test_usage_is_ones_own(house: House, bob: Account) -> None:
    carol = house.account(plans.STARTER)
    bob.say()

    usage = carol.get("/api/usage").json()["data"]

    assert (usage["apiCalls"]["used"], usage["feedback"]["used"]) == (0, 0)


@pytest.fixture(scope="module")
def free(house: House) -> tuple[Account, str]:
    """An account on FREE, and its item."""
    account = house.account(plans.FREE)
    return account, account.say()["id"]


@pytest.mark.parametrize("operation", [each for each in CALLS if each != FREE_CALL], ids=" ".join)
def test_a_key_of_free_opens_nothing_but_the_post_of_feedback(
    free: tuple[Account, str], operation: Call
) -> None:
    account, item_id = free

    answer = call(account, operation, account.project_id, item_id)

    text = (
        f"{operation[0]} requests are available on paid plans only. FREE plan users can only POST"
        " feedback. Upgrade to STARTER or PRO for full API access."
    )
    assert answer.status_code == 401
    assert operation[0] == "HEAD" or answer.json() == {"error": text}


@pytest.mark.parametrize("operation", CALLS, ids=" ".join)
@pytest.mark.parametrize(
    ("key", "status", "body"),
    [("", 401, REQUIRED), ("mbk_x", 403, NO_SUCH_KEY), (keys.new(), 403, NO_SUCH_KEY)],
    ids=["none", "malformed", "unknown"],
)
def test_without_a_key_that_lives_no_address_opens(
    nosy: Account, operation: Call, key: str, status: int, body: Any
) -> None:
    me = nosy

    answer = call(me, operation, me.project_id, absent()[1], headers={"x-api-key": key})

    assert answer.status_code == status
    assert operation[0] == "HEAD" or answer.json() == body


@pytest.fixture(scope="module")
def revoked(house: House) -> tuple[Account, str]:
    """An account that still sends a key which it has replaced, and its item."""
    account = house.account(plans.PRO)
    item_id = account.say()["id"]
    account.post(f"/api/projects/{account.project_id}/api-key")
    return account, item_id


@pytest.mark.parametrize("operation", CALLS, ids=" ".join)
def test_a_revoked_key_opens_no_address(revoked: tuple[Account, str], operation: Call) -> None:
    account, item_id = revoked

    answer = call(account, operation, account.project_id, item_id)

    assert answer.status_code == 403
    assert operation[0] == "HEAD" or answer.json() == NO_SUCH_KEY
