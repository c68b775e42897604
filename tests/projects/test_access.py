"""Who may call: the table of contract section 2, row by row."""

from collections.abc import Callable
from typing import Any

import pytest

from miniback import plans
from miniback.projects import keys
from tests.house import Account, House
from tests.projects.calls import OF_A_PROJECT

REQUIRED = {
    "error": "API key is required. Provide it via 'x-api-key' header or 'api_key' query parameter."
}
NO_SUCH_KEY = {"error": "Invalid API key or project not found"}
NO_PROJECT = {"error": "Project not found"}
NO_ITEM = {"error": "Feedback not found"}
ABSENT = "0" * 24

Change = Callable[[House, Account], str]


def revoked(house: House, account: Account) -> str:
    account.post(f"/api/projects/{account.project_id}/api-key")
    return account.key


def expired(house: House, account: Account) -> str:
    house.change("UPDATE api_keys SET expires_at = 1 WHERE account_id = :id", id=account.id)
    return account.key


calls = pytest.mark.parametrize(
    ("method", "path"),
    [("GET", "/api/projects"), ("GET", "/api/feedback"), ("POST", "own"), ("GET", "own")],
)


def call(account: Account, method: str, path: str, key: str) -> tuple[int, Any]:
    """Call with a key; return status and JSON."""
    path = account.feedback_path if path == "own" else path
    headers = {"x-api-key": key.encode("latin-1")}
    answer = account.call(method, path, json={"message": "A"}, headers=headers)
    return answer.status_code, answer.json()


@pytest.fixture(scope="module")
def anyone(house: House) -> Account:
    """One account for all tests that only read refusals."""
    return house.account(plans.PRO)


@calls
def test_without_a_key_one_is_asked_for(anyone: Account, method: str, path: str) -> None:
    assert call(anyone, method, path, "") == (401, REQUIRED)


@pytest.mark.parametrize("path", ["/api/projects", "own"])
def test_a_request_without_the_header_is_asked_for_a_key(
    house: House, bob: Account, path: str
) -> None:
    answer = house.client.get(bob.feedback_path if path == "own" else path)

    assert (answer.status_code, answer.json()) == (401, REQUIRED)


@calls
@pytest.mark.parametrize(
    "key",
    [
        keys.new(),
        "mbk_",
        "x",
        "mbk_0123456789ABCDEFGHIJKLMNOPQRST0lmKBp",
        "MBK_0123456789ABCDEFGHIJKLMNOPQRST0lmKBo",
        "mbk_" + "é" * 36,
        "k" * 5_000,
        "' OR 1=1 --",
    ],
    ids=["unknown", "short", "letter", "checksum", "case", "latin", "long", "sql"],
)
def test_an_unknown_or_malformed_key_opens_nothing(
    anyone: Account, method: str, path: str, key: str
) -> None:
    assert call(anyone, method, path, key) == (403, NO_SUCH_KEY)


@calls
@pytest.mark.parametrize("end", [revoked, expired])
def test_a_revoked_or_expired_key_opens_nothing(
    house: House, bob: Account, method: str, path: str, end: Change
) -> None:
    assert call(bob, method, path, bob.key)[0] in (200, 201)

    assert call(bob, method, path, end(house, bob)) == (403, NO_SUCH_KEY)


@pytest.mark.parametrize("end", [revoked, expired])
def test_a_revoked_or_expired_key_leaves_no_feedback(
    house: House, bob: Account, end: Change
) -> None:
    call(bob, "POST", "own", end(house, bob))

    sql = "SELECT count(*) FROM feedback WHERE account_id = :id"
    assert house.row(sql, id=bob.id) == (0,)


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/api/projects"),
        ("POST", "/api/projects"),
        ("GET", "/api/projects/{project}"),
        ("PUT", "/api/projects/{project}"),
        ("DELETE", "/api/projects/{project}"),
        ("GET", "/api/projects/{project}/feedback"),
        ("GET", "/api/feedback"),
        ("GET", "/api/usage"),
    ],
)
def test_free_is_told_what_a_paid_plan_opens(alice: Account, method: str, path: str) -> None:
    answer = alice.call(method, path.format(project=alice.project_id), json={"name": "A"})

    assert answer.status_code == 401
    assert answer.json() == {
        "error": f"{method} requests are available on paid plans only. FREE plan users can only "
        "POST feedback. Upgrade to STARTER or PRO for full API access."
    }


def test_free_may_post_feedback(alice: Account) -> None:
    assert call(alice, "POST", "own", alice.key)[0] == 201


@pytest.mark.parametrize("method", ["GET", "POST"])
@pytest.mark.parametrize("whose", ["absent", "foreign"])
def test_feedback_of_a_project_that_is_not_there_is_refused_as_an_unknown_key(
    bob: Account, mallory: Account, method: str, whose: str
) -> None:
    project_id = {"absent": f"proj_{ABSENT}", "foreign": bob.project_id}[whose]

    path = f"/api/projects/{project_id}/feedback"

    assert call(mallory, method, path, mallory.key) == (403, NO_SUCH_KEY)


@pytest.mark.parametrize("whose", ["absent", "foreign"])
def test_free_posting_to_a_project_that_is_not_there_is_refused_the_same(
    alice: Account, bob: Account, whose: str
) -> None:
    project_id = {"absent": f"proj_{ABSENT}", "foreign": bob.project_id}[whose]

    path = f"/api/projects/{project_id}/feedback"

    assert call(alice, "POST", path, alice.key) == (403, NO_SUCH_KEY)


@pytest.mark.parametrize("whose", ["absent", "foreign"])
@pytest.mark.parametrize(
    ("method", "below"),
    OF_A_PROJECT,
)
def test_a_project_that_is_not_there_is_not_found(
    bob: Account, mallory: Account, method: str, below: str, whose: str
) -> None:
    project_id = {"absent": f"proj_{ABSENT}", "foreign": bob.project_id}[whose]

    answer = mallory.call(method, f"/api/projects/{project_id}{below}", json={"name": "A"})

    assert (answer.status_code, answer.json()) == (404, NO_PROJECT)


@pytest.mark.parametrize("whose", ["absent", "foreign"])
@pytest.mark.parametrize("method", ["GET", "PUT", "DELETE"])
def test_feedback_that_is_not_there_is_not_found(
    bob: Account, mallory: Account, method: str, whose: str
) -> None:
    item_id = {"absent": f"feedback_{ABSENT}", "foreign": bob.say()["id"]}[whose]

    answer = mallory.call(method, f"/api/feedback/{item_id}", json={"status": "RESOLVED"})

    assert (answer.status_code, answer.json()) == (404, NO_ITEM)


def test_the_door_ignores_keys(house: House, bob: Account) -> None:
    sent = {"message": "A", "projectSlug": bob.slug}

    answer = house.client.post("/api/feedback", json=sent, headers={"x-api-key": "mbk_wrong"})

    assert answer.status_code == 201
