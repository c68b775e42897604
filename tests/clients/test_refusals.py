"""Each refusal is an error of its own kind, in the words of the server. No key is told."""

import logging
import pickle
import traceback
from typing import Any

import pytest

from miniback_client import AsyncClient, Client, MinibackError
from tests.clients.conftest import Speak
from tests.clients.speakers import Refused, Speaker
from tests.house import Account, House
from tests.notifications.receivers import answer, receiving

DATABASES = ("sqlite",)


def refused(client: Speaker, name: str, *values: Any, **named: Any) -> Refused:
    with pytest.raises(Refused) as found:
        client.call(name, *values, **named)
    return found.value


def test_kinds_of_refusals(client: Speaker, bob: Account) -> None:
    missing = refused(client, "feedback.get", "feedback_none")
    invalid = refused(client, "feedback.submit", bob.project_id, " ")
    foreign = refused(client, "feedback.submit", "proj_none", "A word")
    taken = refused(client, "projects.create", "Taken", slug=bob.slug)
    large = refused(client, "feedback.submit", bob.project_id, "x" * 200_000)

    assert (missing.kind, missing.status, missing.message) == (
        *("NotFound", 404),
        "Feedback not found",
    )
    assert missing.request_id
    assert (invalid.kind, invalid.status) == ("Invalid", 400)
    assert (foreign.kind, foreign.status) == ("Forbidden", 403)
    assert (taken.kind, taken.status) == ("Conflict", 409)
    assert (large.kind, large.status) == ("TooLarge", 413)


def test_a_key_that_is_none(speak: Speak, serving: House) -> None:
    wrong = refused(speak(serving.base_url, "mbk_wrong"), "projects.list")
    none = refused(speak(serving.base_url, ""), "projects.list")

    assert (wrong.kind, wrong.status) == ("Forbidden", 403)
    assert (none.kind, none.status) == ("Unauthorized", 401)


def test_on_free_a_key_sends_and_no_more(speak: Speak, serving: House, alice: Account) -> None:
    client = speak(serving.base_url, alice.key)

    assert client.call("feedback.submit", alice.project_id, "A word")["status"] == "NEW"
    assert refused(client, "feedback.page", alice.project_id).kind == "Unauthorized"
    assert refused(client, "usage").kind == "Unauthorized"


def test_what_is_left_is_told_until_nothing_is(
    speak: Speak, serving: House, alice: Account
) -> None:
    client = speak(serving.base_url, alice.key)
    client.call("feedback.submit", alice.project_id, "First")
    left = client.limits()["feedback"]
    client.call("feedback.submit", alice.project_id, "Second")
    error = refused(client, "feedback.submit", alice.project_id, "Third")

    assert (left["allowed"], left["remaining"]) == (2, 1)
    assert 0 < left["resetsInS"] <= left["periodS"] <= 31 * 86_400
    assert client.limits()["feedback"]["remaining"] == 0
    assert error.kind == "QuotaExceeded"
    assert error.retry_after
    # The door takes it nevertheless, and answers as always: it is held.
    assert client.call("door.submit", alice.slug, "Held back")["status"] == "NEW"


def test_a_code_is_passed_on(speak: Speak) -> None:
    told = b'{"error": "Solve this", "code": "proof_required"}'
    with receiving(answer(403, told)) as receiver:
        client = speak(f"http://127.0.0.1:{receiver.port}", "")
        error = refused(client, "door.submit", "my-website", "A word")

    assert (error.kind, error.code) == ("Forbidden", "proof_required")


@pytest.mark.parametrize("body", [b"", b"<h1>Teapot</h1>", b"[]", b'{"error": 5}'])
def test_an_answer_that_is_not_the_servers(speak: Speak, body: bytes) -> None:
    with receiving(answer(418, body)) as receiver:
        error = refused(speak(f"http://127.0.0.1:{receiver.port}", ""), "tags.list")

    assert (error.kind, error.status) == ("ApiError", 418)


@pytest.mark.parametrize("kind", [Client, AsyncClient])
def test_the_key_shows_nowhere(kind: type, caplog: pytest.LogCaptureFixture) -> None:
    key = "mbk_that_nobody_shall_see"
    caplog.set_level(logging.DEBUG)
    client = kind("http://127.0.0.1:9", key, patience_s=0)

    shown = repr(client) + str(vars(client)) + str(vars(client.carrier)) + repr(client.feedback)
    assert key not in shown
    with pytest.raises((TypeError, AttributeError)):
        pickle.dumps(client)


def test_the_key_is_in_no_log_and_no_error(
    serving: House, bob: Account, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    client = Client(serving.base_url, bob.key, patience_s=0)
    client.projects.list()
    away = Client("http://127.0.0.1:9", bob.key, patience_s=0)
    told = []
    for each, item in ((client, "feedback_none"), (away, "feedback_1")):
        with pytest.raises(MinibackError) as found:
            each.feedback.get(item)
        error = found.value
        told.append("".join(traceback.format_exception(error)) + repr(vars(error)))
        assert error.__cause__ is error.__context__ is None
        each.close()

    assert bob.key not in caplog.text + "".join(told)


def test_address_and_key_may_stand_in_the_environment(
    serving: House, bob: Account, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MINIBACK_URL", serving.base_url + "/")
    monkeypatch.setenv("MINIBACK_API_KEY", bob.key)

    with Client() as client:
        assert [each.id for each in client.projects.list()] == [bob.project_id]


def test_without_an_address_there_is_no_client(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("MINIBACK_URL", raising=False)

    with pytest.raises(ValueError, match="MINIBACK_URL"):
        Client()
    with pytest.raises(ValueError, match="characters"):
        Client("http://127.0.0.1", "mbk_\n")
