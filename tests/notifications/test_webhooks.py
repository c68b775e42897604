"""Webhooks by the API: what is told, signed, in the contract's words (contract section 7)."""

import hashlib
import json
import re
import shutil
import subprocess
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from standardwebhooks import Webhook, WebhookVerificationError

from miniback import plans
from tests.feedback.test_door import knock
from tests.house import Account, House, until
from tests.notifications.receivers import EVENTS, Got, Receiver, deliveries, hook, receiving

NODE_MODULES = Path(__file__).parents[2] / "frontend" / "node_modules"
VERIFY = """
import { Webhook } from "standardwebhooks";
const { secret, body, headers } = JSON.parse(process.argv[1]);
new Webhook(secret).verify(body, headers);
"""


def signature_of(got: Got) -> dict[str, str]:
    names = ("webhook-id", "webhook-timestamp", "webhook-signature")
    return {name: got.header(name) for name in names}


def verified(secret: str, got: Got) -> bool:
    try:
        Webhook(secret).verify(got.body, signature_of(got))
    except WebhookVerificationError:
        return False
    return True


def received(receiver: Receiver, count: int) -> list[Got]:
    until(lambda: len(receiver.got) >= count, f"{count} deliveries")
    return receiver.got


def test_new_feedback_is_told_in_the_contract_s_words(ada: Account) -> None:
    with receiving() as receiver:
        hook(ada, receiver)
        item = ada.say("Hello", context={"url": "https://example.com/"})

        (got,) = received(receiver, 1)

    project = {"id": ada.project_id, "name": "My Website", "slug": ada.slug}
    feedback = {name: item[name] for name in ("id", "message", "status", "createdAt")}
    content = got.json
    assert list(content) == ["event", "timestamp", "data"]
    assert content["event"] == "feedback.created"
    assert content["data"] == {"feedback": feedback, "project": project}
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z", content["timestamp"])
    assert got.head.startswith("POST /hook HTTP/1.1\r\n")
    assert got.header("content-type") == "application/json"
    assert got.header("accept-encoding") == "identity"


def test_a_new_status_is_told_with_the_one_before(ada: Account) -> None:
    with receiving() as receiver:
        hook(ada, receiver, events=["feedback.updated"])
        item = ada.say("Hello")
        for status in ("RESOLVED", "RESOLVED", "REVIEWED"):
            ada.put(f"/api/feedback/{item['id']}", json={"status": status})

        told = [each.json for each in received(receiver, 2)]

    assert [each["data"]["feedback"]["status"] for each in told] == ["RESOLVED", "REVIEWED"]
    assert [each["data"]["previousStatus"] for each in told] == ["NEW", "RESOLVED"]


def test_only_chosen_events_and_projects_are_told(ada: Account) -> None:
    other = ada.post("/api/projects", json={"name": "Other"}).json()["data"]
    with receiving() as receiver, receiving() as everything:
        hook(ada, receiver, events=["feedback.created"], projects=[other["id"]])
        hook(ada, everything)
        item = ada.say("In the first project")
        ada.put(f"/api/feedback/{item['id']}", json={"status": "RESOLVED"})
        ada.post(f"/api/projects/{other['id']}/feedback", json={"message": "In the other"})

        received(everything, 3)
        received(receiver, 1)
        assert receiver.messages == ["In the other"]


def test_spam_and_what_is_held_are_told_only_when_they_come_into_sight(
    telling: House, ada: Account
) -> None:
    with receiving() as receiver:
        hook(ada, receiver)
        knock(ada, "Buy now", more={"website": "x"})
        knock(ada, "Honest words")

        received(receiver, 1)
        assert receiver.messages == ["Honest words"]
    assert telling.rows("SELECT 1 FROM heard WHERE account_id = :id", id=ada.id) == []


def test_nobody_else_is_told(telling: House, ada: Account) -> None:
    mallory = telling.account(plans.PRO)
    with receiving() as receiver, receiving() as mallorys:
        hook(ada, receiver)
        hook(mallory, mallorys)
        ada.say("For Ada alone")

        received(receiver, 1)
        assert mallorys.got == []


def test_where_nobody_listens_nothing_is_noted(telling: House, ada: Account) -> None:
    ada.say("Into the void")

    assert telling.rows("SELECT 1 FROM heard WHERE account_id = :id", id=ada.id) == []
    assert telling.rows("SELECT 1 FROM deliveries WHERE account_id = :id", id=ada.id) == []


def test_t29_a_delivery_verifies_with_the_reference_library_in_python(ada: Account) -> None:
    with receiving() as receiver:
        made = hook(ada, receiver)
        ada.say("Signed, ünïcode 🔏")
        (got,) = received(receiver, 1)

    assert verified(made["secret"], got)
    assert not verified("whsec_" + "A" * 32, got)
    got.body += b" "
    assert not verified(made["secret"], got)


@pytest.mark.skipif(
    not (shutil.which("node") and (NODE_MODULES / "standardwebhooks").exists()),
    reason="needs Node and frontend/node_modules (make assets)",
)
def test_t29_a_delivery_verifies_with_the_reference_library_in_javascript(
    ada: Account, tmp_path: Path
) -> None:
    with receiving() as receiver:
        made = hook(ada, receiver)
        ada.say("Signed, ünïcode 🔏")
        (got,) = received(receiver, 1)

    def checked(secret: str) -> int:
        told = {"secret": secret, "body": got.body.decode(), "headers": signature_of(got)}
        command = ["node", "--input-type=module", "-e", VERIFY, "--", json.dumps(told)]
        return subprocess.run(
            command, cwd=NODE_MODULES.parent, capture_output=True, check=False
        ).returncode

    assert checked(made["secret"]) == 0
    assert checked("whsec_" + "A" * 32) != 0


def test_t29_after_a_rotation_both_secrets_hold_for_a_while(telling: House, ada: Account) -> None:
    with receiving() as receiver:
        old = hook(ada, receiver)
        new = ada.post(f"/api/webhooks/{old['id']}/secret").json()["data"]["secret"]
        ada.say("Signed twice")
        received(receiver, 1)
        telling.change("UPDATE targets SET old_ends_at = 1 WHERE id = :id", id=old["id"])
        ada.say("Signed once")
        both, later = received(receiver, 2)

    assert (verified(old["secret"], both), verified(new, both)) == (True, True)
    assert (verified(old["secret"], later), verified(new, later)) == (False, True)


def test_the_secret_stands_in_the_answers_that_make_it_alone(telling: House, ada: Account) -> None:
    with receiving() as receiver:
        made = hook(ada, receiver)
        path = f"/api/webhooks/{made['id']}"
        rotated = ada.post(f"{path}/secret").json()["data"]
        answers = [ada.get("/api/webhooks"), ada.get(path), ada.put(path, json={"events": EVENTS})]
        answers.append(ada.get(f"{path}/deliveries"))

    said = "".join(each.text for each in answers) + telling.log
    assert made["secret"] not in said
    assert rotated["secret"] not in said
    assert made["secret"] != rotated["secret"]


def test_a_test_is_told_and_logged(ada: Account) -> None:
    with receiving() as receiver:
        made = hook(ada, receiver, events=["feedback.updated"])
        answer = ada.post(f"/api/webhooks/{made['id']}/test")
        (got,) = received(receiver, 1)
        until(lambda: deliveries(ada, made["id"])[0]["status"] == "DELIVERED", "the log")

    assert answer.status_code == 201
    assert "test" in got.json["data"]["feedback"]["message"]
    assert got.header("webhook-id") == answer.json()["data"]["id"]
    assert verified(made["secret"], got)


def test_the_log_tells_each_attempt_and_what_came_back(ada: Account) -> None:
    with receiving() as receiver:
        made = hook(ada, receiver)
        ada.say("Logged")
        received(receiver, 1)
        found = until(
            lambda: [e for e in deliveries(ada, made["id"]) if e["status"] == "DELIVERED"],
            "the delivery",
        )

    (delivery,) = found
    assert delivery["event"] == "feedback.created"
    (attempt,) = delivery["attempts"]
    assert (attempt["status"], attempt["answer"]) == (200, "ok")
    assert attempt["tookMs"] >= 0
    assert datetime.fromisoformat(attempt["at"])
    assert ada.get("/api/webhooks").json()["data"][0]["lastDeliveredAt"]


def test_redelivery_repeats_the_same_event_by_the_same_name(ada: Account) -> None:
    with receiving() as receiver:
        made = hook(ada, receiver)
        ada.say("Once more")
        received(receiver, 1)
        path = f"/api/webhooks/{made['id']}/deliveries"
        (delivery,) = until(
            lambda: [e for e in deliveries(ada, made["id"]) if e["status"] == "DELIVERED"]
        )
        assert ada.post(f"{path}/{delivery['id']}/redeliver").status_code == 200
        first, again = received(receiver, 2)

    assert first.header("webhook-id") == again.header("webhook-id") == delivery["id"]
    assert first.body == again.body


def test_a_disabled_webhook_is_told_nothing_and_goes_on_when_it_is_enabled(ada: Account) -> None:
    with receiving() as receiver:
        made = hook(ada, receiver)
        path = f"/api/webhooks/{made['id']}"
        ada.put(path, json={"status": "DISABLED"})
        ada.say("Not told")
        ada.put(path, json={"status": "ACTIVE"})
        ada.say("Told")

        received(receiver, 1)
        assert receiver.messages == ["Told"]


def test_what_is_deleted_before_it_is_told_is_not_told(telling: House, ada: Account) -> None:
    with receiving() as receiver:
        made = hook(ada, receiver)
        telling.change(
            "UPDATE targets SET leased_until = 9999999999999 WHERE id = :id", id=made["id"]
        )
        item = ada.say("A secret that was meant for nobody")
        until(lambda: deliveries(ada, made["id"]), "the delivery to be made")
        ada.delete(f"/api/feedback/{item['id']}")
        assert deliveries(ada, made["id"]) == []
        telling.change("UPDATE targets SET leased_until = 0 WHERE id = :id", id=made["id"])
        ada.say("Told")

        received(receiver, 1)
        assert receiver.messages == ["Told"]


def test_a_deleted_webhook_leaves_nothing(telling: House, ada: Account) -> None:
    with receiving() as receiver:
        made = hook(ada, receiver)
        ada.say("Told")
        received(receiver, 1)
        assert ada.delete(f"/api/webhooks/{made['id']}").status_code == 200

    assert ada.get("/api/webhooks").json()["data"] == []
    assert ada.get(f"/api/webhooks/{made['id']}").status_code == 404
    for table in ("targets", "listeners"):
        assert telling.rows(f"SELECT 1 FROM {table} WHERE account_id = :id", id=ada.id) == []


@pytest.mark.parametrize(
    ("more", "said"),
    [
        ({"url": None}, "url"),
        ({"url": 7}, "url"),
        ({"url": "ftp://example.com/"}, "address"),
        ({"url": "https://user:word@example.com/"}, "password"),
        ({"url": "https://example.com/" + "x" * 2_000}, "2000"),
        ({"events": None}, "events"),
        ({"events": []}, "events"),
        ({"events": ["feedback.deleted"]}, "events"),
        ({"events": "feedback.created"}, "events"),
        ({"projects": "all"}, "projects"),
        ({"projects": [7]}, "projects"),
    ],
)
def test_wrong_fields_are_refused_by_name(ada: Account, more: dict[str, Any], said: str) -> None:
    body = {"url": "https://example.com/hook", "events": EVENTS, **more}

    answer = ada.post("/api/webhooks", json=body)

    assert answer.status_code == 400
    assert said in answer.json()["error"]
    assert ada.get("/api/webhooks").json()["data"] == []


def test_a_project_of_another_account_is_404(telling: House, ada: Account) -> None:
    foreign = telling.account().project_id
    body = {"url": "https://example.com/hook", "events": EVENTS, "projects": [foreign]}

    assert ada.post("/api/webhooks", json=body).status_code == 404


def test_the_same_address_twice_is_a_conflict(ada: Account) -> None:
    body = {"url": "https://example.com/hook", "events": EVENTS}

    statuses = [ada.post("/api/webhooks", json=body).status_code for _ in range(2)]

    assert statuses == [201, 409]


def test_webhooks_come_with_starter_and_pro(telling: House) -> None:
    body = {"url": "https://example.com/hook", "events": EVENTS}
    starter, free = telling.account(plans.STARTER), telling.account(plans.FREE)

    assert starter.post("/api/webhooks", json=body).status_code == 201
    assert free.post("/api/webhooks", json=body).status_code == 401


def test_calls_about_webhooks_are_counted_when_they_succeed(telling: House) -> None:
    starter = telling.account(plans.STARTER)
    starter.post("/api/webhooks", json={"url": "nonsense", "events": EVENTS})
    made = starter.post(
        "/api/webhooks", json={"url": "https://example.com/hook", "events": EVENTS}
    ).json()["data"]
    starter.get(f"/api/webhooks/{made['id']}")

    assert starter.get("/api/usage").json()["data"]["apiCalls"]["used"] == 2


def test_deliveries_are_listed_in_pages(ada: Account) -> None:
    with receiving() as receiver:
        made = hook(ada, receiver)
        for number in range(7):
            ada.say(f"Item {number}")
        received(receiver, 7)
    path = f"/api/webhooks/{made['id']}/deliveries"

    first = ada.get(path, params={"limit": 3}).json()["data"]
    second = ada.get(path, params={"limit": 9, "before": first[-1]["id"]}).json()["data"]

    ids = [each["id"] for each in first + second]
    assert len(set(ids)) == 7
    assert ids == sorted(ids, reverse=True)


def test_the_body_holds_nothing_that_the_contract_does_not_name(ada: Account) -> None:
    secret = hashlib.sha256(ada.key.encode()).hexdigest()
    with receiving() as receiver:
        hook(ada, receiver)
        ada.say("Hello", context={"email": "visitor@example.test", "token": secret})
        (got,) = received(receiver, 1)

    assert secret not in got.body.decode()
    assert "visitor@example.test" not in got.body.decode()
