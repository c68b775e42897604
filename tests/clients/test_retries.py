"""A call is sent again where that helps and does no harm: held against a server that misbehaves."""

import json
import re
import socket
import struct
import time
from pathlib import Path

import pytest

from tests.clients.conftest import Speak
from tests.clients.speakers import JavaScript, Refused
from tests.house import Account, House, free_port
from tests.notifications.receivers import Answer, Got, answer, receiving

DATABASES = ("sqlite",)
KEY = "mbk_of_nobody"
ITEM = {
    "id": "feedback_1",
    "message": "A word",
    "context": {},
    "status": "NEW",
    "createdAt": "2025-01-01T12:00:00.000Z",
}
JSON = "content-type: application/json"
MADE = answer(201, json.dumps({"data": ITEM}).encode(), JSON)
NOTE = {"id": "note_1", "content": "A word", "author": None, "createdAt": ITEM["createdAt"]}
NOTED = answer(201, json.dumps({"data": NOTE}).encode(), JSON)
DELETED = answer(200, json.dumps({"data": {"id": "feedback_1", "deleted": True}}).encode(), JSON)
NO_TAGS = answer(200, b'{"data": []}', JSON)


def refusing(status: int, *headers: str, text: str = "Not now") -> bytes:
    return answer(status, json.dumps({"error": text}).encode(), JSON, *headers)


def dropping(connection: socket.socket) -> None:
    """End the connection in the rudest way."""
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))


def breaking_off(connection: socket.socket) -> None:
    """Promise more than comes."""
    connection.sendall(b"HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\nid,message\r\n")


def keys(got: list[Got]) -> list[str]:
    return [each.header("idempotency-key") for each in got]


@pytest.mark.parametrize(
    "first",
    [
        refusing(503, "retry-after: 0"),
        refusing(429, "retry-after: 0"),
        refusing(503),
        answer(502, b"<h1>Bad gateway</h1>"),
        dropping,
    ],
    ids=["503", "429", "503 without a time", "a proxy's 502", "dropped"],
)
def test_what_passes_is_tried_again_with_the_same_key(speak: Speak, first: Answer) -> None:
    with receiving(first, first, MADE) as receiver:
        client = speak(f"http://127.0.0.1:{receiver.port}", KEY)
        sent = client.call("feedback.submit", "proj_1", "A word")

    assert sent["id"] == ITEM["id"]
    assert len(receiver.got) == 3
    assert len(set(keys(receiver.got))) == 1
    assert re.fullmatch(r"[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab].{16}", keys(receiver.got)[0])


def test_keys_sort_by_their_time(speak: Speak) -> None:
    with receiving(MADE) as receiver:
        client = speak(f"http://127.0.0.1:{receiver.port}", KEY)
        for _ in range(3):
            client.call("feedback.submit", "proj_1", "A word")
            time.sleep(0.002)

    assert keys(receiver.got) == sorted(set(keys(receiver.got)))


def test_the_time_that_is_told_is_waited(speak: Speak) -> None:
    with receiving(refusing(503, "retry-after: 1"), NO_TAGS) as receiver:
        client = speak(f"http://127.0.0.1:{receiver.port}", KEY)
        client.call("tags.list")

    assert receiver.got[1].at - receiver.got[0].at >= 1


def test_who_is_told_to_wait_for_long_is_told_at_once(speak: Speak) -> None:
    with receiving(refusing(429, "retry-after: 86400"), NO_TAGS) as receiver:
        client = speak(f"http://127.0.0.1:{receiver.port}", KEY)
        with pytest.raises(Refused) as refused:
            client.call("tags.list")

    assert (refused.value.kind, refused.value.retry_after) == ("RateLimited", 86_400)
    assert len(receiver.got) == 1


def test_patience_has_an_end(speak: Speak) -> None:
    with receiving(refusing(503)) as receiver:
        client = speak(f"http://127.0.0.1:{receiver.port}", KEY, patience_s=1.0)
        with pytest.raises(Refused) as refused:
            client.call("tags.list")

    assert (refused.value.kind, refused.value.status) == ("ServerError", 503)
    assert 2 <= len(receiver.got) <= 6


@pytest.mark.parametrize("first", [refusing(503), dropping], ids=["503", "dropped"])
def test_what_the_server_would_do_twice_is_sent_once(speak: Speak, first: Answer) -> None:
    with receiving(first, NOTED) as receiver:
        client = speak(f"http://127.0.0.1:{receiver.port}", KEY)
        with pytest.raises(Refused) as refused:
            client.call("feedback.add_note", "feedback_1", "A word")

    assert refused.value.kind in ("ServerError", "NetworkError")
    assert len(receiver.got) == 1


def test_what_was_refused_is_sent_again_whatever_it_is(speak: Speak) -> None:
    with receiving(refusing(429, "retry-after: 0"), NOTED) as receiver:
        client = speak(f"http://127.0.0.1:{receiver.port}", KEY)
        assert client.call("feedback.add_note", "feedback_1", "A word") == NOTE

    assert len(receiver.got) == 2


@pytest.mark.parametrize("status", [400, 401, 403, 404, 409, 413, 422, 500])
def test_what_will_not_pass_is_not_tried_again(speak: Speak, status: int) -> None:
    with receiving(refusing(status), NO_TAGS) as receiver:
        client = speak(f"http://127.0.0.1:{receiver.port}", KEY)
        with pytest.raises(Refused) as refused:
            client.call("tags.list")

    assert refused.value.status == status
    assert len(receiver.got) == 1


def test_a_delete_that_got_through_before_is_done(speak: Speak) -> None:
    with receiving(dropping, refusing(404), refusing(404)) as receiver:
        client = speak(f"http://127.0.0.1:{receiver.port}", KEY)
        client.call("feedback.delete", "feedback_1")
        with pytest.raises(Refused, match="NotFound"):
            client.call("feedback.delete", "feedback_1")

    assert len(receiver.got) == 3


def test_where_nobody_listens(speak: Speak) -> None:
    client = speak(f"http://127.0.0.1:{free_port()}", KEY, patience_s=0.5)

    with pytest.raises(Refused) as refused:
        client.call("feedback.add_note", "feedback_1", "A word")

    assert refused.value.kind == "NetworkError"


def test_a_file_that_breaks_off_fails_and_is_not_left_behind(speak: Speak, tmp_path: Path) -> None:
    with receiving(breaking_off) as receiver:
        client = speak(f"http://127.0.0.1:{receiver.port}", KEY, patience_s=0.5)
        with pytest.raises(Refused, match="NetworkError"):
            client.save("exports.csv", tmp_path / "a.csv")

    # The client for JavaScript gives a stream, and what becomes of it is up to who reads it.
    assert list(tmp_path.iterdir()) == [] or isinstance(client, JavaScript)


def test_a_redirect_is_not_followed(speak: Speak) -> None:
    with receiving(NO_TAGS) as elsewhere:
        away = answer(302, b"", f"location: http://127.0.0.1:{elsewhere.port}/")
        with receiving(away) as receiver:
            client = speak(f"http://127.0.0.1:{receiver.port}", KEY)
            with pytest.raises(Refused, match="ApiError"):
                client.call("tags.list")

    assert elsewhere.got == []


def test_the_public_door_does_not_see_the_key(speak: Speak) -> None:
    with receiving(MADE) as receiver:
        client = speak(f"http://127.0.0.1:{receiver.port}", KEY)
        client.call("door.submit", "my-website", "A word")
        client.call("feedback.submit", "proj_1", "A word")

    assert [each.header("x-api-key") for each in receiver.got] == ["", KEY]


def test_a_name_leads_nowhere_else(speak: Speak) -> None:
    with receiving(DELETED) as receiver:
        client = speak(f"http://127.0.0.1:{receiver.port}", KEY)
        client.call("feedback.delete", "a/../../projects?x#y")
        for name in ("", ".", ".."):
            with pytest.raises((Refused, ValueError)):
                client.call("feedback.delete", name)

    (got,) = receiver.got
    assert got.head.startswith("DELETE /api/feedback/a%2F..%2F..%2Fprojects%3Fx%23y HTTP")


def test_sent_again_it_is_stored_once(speak: Speak, serving: House, bob: Account) -> None:
    client = speak(serving.base_url, bob.key)
    sent = [
        client.call("feedback.submit", bob.project_id, "Once", idempotency_key="order-1187")
        for _ in range(3)
    ]
    made = [client.call("projects.create", "Once", idempotency_key="p-1") for _ in range(2)]

    assert sent[0] == sent[1] == sent[2]
    assert made[0]["id"] == made[1]["id"]
    assert client.call("feedback.page", bob.project_id)["total"] == 1
    with pytest.raises(Refused, match="Invalid"):
        client.call("feedback.submit", bob.project_id, "Other", idempotency_key="order-1187")
