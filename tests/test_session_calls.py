"""The dashboard's session on every call of the API, in place of a key (contract section 2)."""

import secrets
from typing import Any

import httpx2
import pytest

from miniback import feedback, ids, plans
from miniback.db import Tx
from miniback.feedback import BY_COMMAND, attachment_store
from miniback.notifications import Kind, Target, target_store
from miniback.notifications.service import new_secret
from miniback.notifications.service import test as told
from miniback.projects import keys
from tests.house import House
from tests.plans.figures import SPENT, use, used
from tests.test_tenants import CALLS, REQUIRED
from tests.visitor import Member, filled, owner, visiting

Call = tuple[str, str]
READS = [each for each in CALLS if each[0] in ("GET", "HEAD")]
WRITES = [each for each in CALLS if each not in READS]
# Deleting last, so that one project serves all.
IN_ORDER = sorted(
    CALLS, key=lambda each: (each[0] == "DELETE", "projects" in each[1], -each[1].count("/"))
)
NO_SUCH_PROJECT = {"error": "Invalid API key or project not found"}
JSON = {"content-type": "application/json"}
TEAMS_BODIES: dict[str, dict[str, Any]] = {
    "/tags": {"tags": ["bug"]},
    "/assignee": {"assignee": None},
    "/notes": {"content": "Seen"},
}
TABLES = ("projects", "slugs", "api_keys", "feedback", "tallies", "usage", "idempotency_keys")


@pytest.fixture(scope="module")
def alice(house: House) -> Member:
    """The owner of an account on FREE."""
    return owner(house, plans.FREE)


@pytest.fixture(scope="module")
def bob(house: House) -> Member:
    """The owner of an account on PRO."""
    return owner(house)


def new_item(member: Member, project_id: str) -> str:
    path = f"/api/projects/{project_id}/feedback"
    made: str = member.call("POST", path, json={"message": "A word"}).json()["data"]["id"]
    return made


def body_of(operation: Call) -> dict[str, Any]:
    """What an operation takes, and nothing else."""
    method, path = operation
    if path.endswith("api-key") or method == "DELETE":
        return {}
    if path.endswith("settings"):
        return {"allowedDomains": ["shop.example"]}
    for ending, body in TEAMS_BODIES.items():
        if path.endswith(ending):
            return body
    if "webhooks" in path:
        return {"url": f"https://{secrets.token_hex(8)}.example/", "events": ["feedback.created"]}
    if "feedback" in path:
        return {"status": "RESOLVED"} if method == "PUT" else {"message": "A word"}
    return {"name": secrets.token_hex(8)}


def call(member: Member, operation: Call, project_id: str, item_id: str) -> httpx2.Response:
    names = made_for(member, operation[1], item_id)
    path = filled(operation[1], projectId=project_id, feedbackId=item_id, **names)
    body = body_of(operation) if operation in WRITES else None
    return member.call(operation[0], path, json=body, headers=JSON)


def made_for(member: Member, path: str, item_id: str) -> dict[str, str]:
    """Make the note or the tag that an address names."""
    account_id, run = member.account.id, member.house.tx
    if "{noteId}" in path:
        return {"noteId": run(feedback.add_note, account_id, item_id, "Seen", BY_COMMAND).id}
    if "{attachmentId}" in path:
        return {"attachmentId": run(with_image, member, item_id)}
    if "{tagId}" in path:
        return {"tagId": run(feedback.tag_named, account_id, secrets.token_hex(8)).id}
    if "{webhookId}" in path:
        hook = webhook_of(member)
        return {"webhookId": hook.id, "deliveryId": run(told, account_id, hook.id).id}
    return {}


def with_image(tx: Tx, member: Member, item_id: str) -> str:
    """Give an item an image, and return the image's id."""
    account, image_id = member.account, ids.new("attachment")
    attachment_store.insert(tx, account.id, image_id, account.project_id, "image/webp", b"RIFF")
    names = {"account_id": account.id, "id": image_id, "project_id": account.project_id}
    attachment_store.claim(tx, [{**names, "position": ids.position(item_id)}])
    return image_id


def webhook_of(member: Member) -> Target:
    """Give an account a webhook, whatever its plan."""
    address = f"https://{secrets.token_hex(8)}.example/"
    made = Target(
        member.account.id, ids.new("target"), Kind.WEBHOOK, address, (), (), secret=new_secret()
    )
    member.house.tx(target_store.insert, made)
    return made


def kept(house: House, member: Member) -> list[list[tuple[Any, ...]]]:
    """All that the database holds of an account's projects, keys, feedback and figures."""
    sql = "SELECT * FROM {} WHERE account_id = :id ORDER BY 1, 2, 3, 4"
    rows: list[list[tuple[Any, ...]]] = house.tx(
        lambda tx: [tx.all(sql.format(table), id=member.account.id) for table in TABLES]
    )
    return rows


@pytest.fixture(scope="module")
def answers(house: House) -> tuple[Member, dict[Call, httpx2.Response]]:
    """What a session on FREE is answered by every call in turn."""
    alice = owner(house, plans.FREE)
    project_id = alice.account.project_id
    item_id = new_item(alice, project_id)
    house.change("UPDATE accounts SET active_projects = 0 WHERE id = :id", id=alice.account.id)
    return alice, {each: call(alice, each, project_id, item_id) for each in IN_ORDER}


@pytest.mark.parametrize("operation", CALLS, ids=" ".join)
def test_a_session_opens_every_call_on_free_that_the_plan_has(
    answers: tuple[Member, dict[Call, httpx2.Response]], operation: Call
) -> None:
    answer = answers[1][operation]

    if "webhooks" in operation[1]:
        assert answer.status_code == 403
    else:
        assert answer.status_code == (201 if operation[0] == "POST" else 200), answer.text


@pytest.mark.parametrize("operation", CALLS, ids=" ".join)
def test_an_answer_to_a_session_has_no_rate_headers(
    answers: tuple[Member, dict[Call, httpx2.Response]], operation: Call
) -> None:
    assert [name for name in answers[1][operation].headers if name.startswith("ratelimit")] == []


def test_calls_by_session_are_not_counted(
    house: House, answers: tuple[Member, dict[Call, httpx2.Response]]
) -> None:
    assert used(house, answers[0].account)[0] == 0


def test_a_session_calls_on_when_the_calls_are_used_up(house: House) -> None:
    alice = owner(house, plans.FREE)
    use(house, alice.account, (300, 0, 0))

    assert alice.get("/api/feedback").status_code == 200
    assert alice.call("POST", alice.account.feedback_path, json={"message": "A"}).status_code == 201


def test_a_session_sees_its_usage_on_free(house: House) -> None:
    alice = owner(house, plans.FREE)
    use(house, alice.account, (7, 5, 0))

    usage = alice.get("/api/usage").json()["data"]

    assert usage["plan"] == "FREE"
    assert usage["apiCalls"] == {"used": 7, "limit": 300}
    assert usage["feedback"] == {"used": 5, "limit": 300, "held": 0}


def test_a_key_of_another_account_beats_the_session(
    house: House, bob: Member, mallory: Any
) -> None:
    answer = bob.get("/api/projects", headers={"x-api-key": mallory.key})

    assert [each["id"] for each in answer.json()["data"]] == [mallory.project_id]


@pytest.mark.parametrize("operation", CALLS, ids=" ".join)
@pytest.mark.parametrize(
    "given",
    [{"x-api-key": "mbk_wrong"}, {"x-api-key": keys.new()}],
    ids=["malformed", "unknown"],
)
def test_a_wrong_key_beats_a_session(bob: Member, operation: Call, given: dict[str, str]) -> None:
    method, path = operation
    path = filled(path, projectId=bob.account.project_id, feedbackId=ids.new("feedback"))

    answer = bob.client.request(method, path, json=body_of(operation), headers=given)

    assert answer.status_code == 403
    assert method == "HEAD" or answer.json() == NO_SUCH_PROJECT


def test_a_wrong_key_in_the_query_beats_a_session(bob: Member) -> None:
    assert bob.get("/api/projects", params={"api_key": "mbk_wrong"}).status_code == 403


def test_a_key_of_free_beats_the_session_that_may_more(alice: Member) -> None:
    answer = alice.get("/api/projects", headers={"x-api-key": alice.account.key})

    assert answer.status_code == 401
    assert answer.json()["error"].startswith("GET requests are available on paid plans only.")


@pytest.mark.parametrize("cookie", ["", "x", "A" * 43, "é" * 43, "' OR 1=1 --"])
def test_a_session_that_does_not_exist_opens_nothing(house: House, cookie: str) -> None:
    headers = [(b"cookie", f"miniback_session={cookie}".encode("latin-1"))]
    with visiting(house) as visitor:
        answer = visitor.client.get("/api/projects", headers=headers)

    assert (answer.status_code, answer.json()) == (401, REQUIRED)


def test_a_session_that_has_ended_calls_no_more(house: House) -> None:
    bob = owner(house)
    token = bob.client.cookies["miniback_session"]
    bob.submit("/logout")

    answer = bob.client.get("/api/projects", headers={"cookie": f"miniback_session={token}"})

    assert (answer.status_code, answer.json()) == (401, REQUIRED)


def test_feedback_by_session_takes_an_item_and_no_call(house: House) -> None:
    alice = owner(house, plans.FREE)

    answer = alice.call("POST", alice.account.feedback_path, json={"message": "A"})

    assert answer.status_code == 201
    assert used(house, alice.account) == (0, 1, 0)


def test_feedback_by_session_is_429_at_the_limit_and_never_held(house: House) -> None:
    alice = owner(house, plans.FREE)
    use(house, alice.account, (0, 300, 0))

    answer = alice.call("POST", alice.account.feedback_path, json={"message": "A"})

    assert answer.status_code == 429
    assert answer.json()["error"].startswith("Monthly limit of 300 feedback items reached.")
    assert int(answer.headers["retry-after"]) >= 1
    assert used(house, alice.account) == (0, 300, 0)
    assert alice.get("/api/feedback").json()["pagination"]["total"] == 0


def test_feedback_by_session_is_replayed_free_of_charge(house: House) -> None:
    alice = owner(house, plans.FREE)
    once = {"idempotency-key": "once"}

    sent = [
        alice.call("POST", alice.account.feedback_path, json={"message": "A"}, headers=once)
        for _ in range(2)
    ]

    assert sent[0].json() == sent[1].json()
    assert sent[1].headers["idempotent-replayed"] == "true"
    assert used(house, alice.account) == (0, 1, 0)


def test_a_paused_project_takes_no_feedback_by_session(house: House) -> None:
    bob = owner(house)
    bob.call("PUT", f"/api/projects/{bob.account.project_id}", json={"status": "PAUSED"})

    answer = bob.call("POST", bob.account.feedback_path, json={"message": "A"})

    assert (answer.status_code, answer.json()) == (
        403,
        {"error": "Project is paused", "code": "project_paused"},
    )


@pytest.mark.parametrize("body", [b'{"message": "A"}', b'{"message": 1}', b"{", b""])
def test_anothers_project_takes_no_feedback_by_session(
    bob: Member, alice: Member, body: bytes
) -> None:
    answer = bob.call("POST", alice.account.feedback_path, content=body, headers=JSON)

    assert (answer.status_code, answer.json()) == (403, NO_SUCH_PROJECT)


def test_the_public_door_takes_a_post_with_a_cookie_as_anybodys(house: House) -> None:
    alice = owner(house, plans.FREE)
    use(house, alice.account, SPENT[plans.FREE])
    draft = {"message": "A", "projectSlug": alice.account.slug}

    answer = alice.client.post("/api/feedback", json=draft)

    assert answer.status_code == 201
    assert used(house, alice.account) == (300, 300, 1)


def test_the_public_door_does_not_ask_whose_session_it_is(alice: Member, bob: Member) -> None:
    draft = {"message": "From a visitor", "projectSlug": bob.account.slug}

    assert alice.client.post("/api/feedback", json=draft).status_code == 201
    newest = bob.get("/api/feedback").json()["data"][0]
    assert newest["message"] == "From a visitor"
