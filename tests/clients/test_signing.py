"""A webhook's message is taken when it is the server's own, and at no other time."""

import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from standardwebhooks import Webhook

from tests.clients.conftest import Speak
from tests.clients.speakers import Refused, Speaker
from tests.house import Account, until
from tests.notifications.receivers import hook, receiving

DATABASES = ("sqlite",)
NAMES = ("webhook-id", "webhook-timestamp", "webhook-signature")
SECRET = "whsec_" + "c2VjcmV0IG9mIHRlc3Rz"
OTHER = "whsec_" + "b3RoZXIgc2VjcmV0cw=="
BODY = (
    '{"event":"feedback.created","timestamp":"2025-01-01T12:00:00.000Z","data":{"feedback":'
    '{"id":"feedback_1","message":"Wörds","status":"NEW","createdAt":"2025-01-01T12:00:00.000Z"},'
    '"project":{"id":"proj_1","name":"My Website","slug":"my-website"}}}'
)


@pytest.fixture
def verify(speak: Speak) -> Callable[..., Any]:
    return speak("http://127.0.0.1:9", "").verify


def signed(secret: str = SECRET, age_s: float = 0, body: str = BODY) -> dict[str, str]:
    at = datetime.now(UTC) - timedelta(seconds=age_s)
    signature = Webhook(secret).sign("msg_1", at, body)
    return dict(zip(NAMES, ("msg_1", str(int(at.timestamp())), signature), strict=True))


def test_what_the_server_sends_is_verified(client: Speaker, bob: Account) -> None:
    with receiving() as receiver:
        secret = hook(bob, receiver)["secret"]
        item = bob.say("Wörds")
        bob.put(f"/api/feedback/{item['id']}", json={"status": "RESOLVED"})
        until(lambda: len(receiver.got) == 2, "two deliveries")
    made, changed = (
        client.verify(got.body, {name: got.header(name) for name in NAMES}, secret)
        for got in receiver.got
    )

    assert made["event"] == "feedback.created"
    assert made["feedback"]["message"] == "Wörds"
    assert made["project"]["id"] == bob.project_id
    assert (changed["event"], changed["previousStatus"]) == ("feedback.updated", "NEW")
    assert changed["id"] == receiver.got[1].header("webhook-id")


def test_a_signature_of_the_library_is_verified(verify: Callable[..., Any]) -> None:
    named = {name.title(): value for name, value in signed().items()}

    assert verify(BODY.encode(), named, SECRET)["feedback"]["id"] == "feedback_1"


def test_one_of_several_signatures_is_enough(verify: Callable[..., Any]) -> None:
    ours, others = signed()["webhook-signature"], signed(OTHER)["webhook-signature"]
    both = {**signed(), "webhook-signature": f"v2,x {others} {ours}"}

    assert verify(BODY.encode(), both, SECRET)["id"] == "msg_1"


@pytest.mark.parametrize(
    "headers",
    [
        signed(OTHER),
        signed(age_s=3_600),
        signed(age_s=-3_600),
        {**signed(), "webhook-id": "msg_2"},
        {**signed(), "webhook-timestamp": str(int(time.time()) - 1)},
        {**signed(), "webhook-timestamp": "soon"},
        {**signed(), "webhook-signature": "v1,"},
        {**signed(), "webhook-signature": "v1,Wörds"},
        {**signed(), "webhook-signature": signed()["webhook-signature"].replace("v1", "v2")},
        {name: signed()[name] for name in NAMES[:2]},
        {},
    ],
)
def test_what_does_not_fit_is_refused(verify: Callable[..., Any], headers: dict[str, str]) -> None:
    with pytest.raises(Refused, match="WebhookError"):
        verify(BODY.encode(), headers, SECRET)


def test_a_body_that_was_changed_is_refused(verify: Callable[..., Any]) -> None:
    with pytest.raises(Refused, match="WebhookError"):
        verify(BODY.replace("Wörds", "Words").encode(), signed(), SECRET)
