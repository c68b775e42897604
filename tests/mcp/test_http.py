"""The address /mcp as any client finds it: who may ask, what is refused, and in which form."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpx2
import pytest

from tests.house import Account, House, running, until
from tests.mcp.speaking import speaking, without_library
from tests.visitor import owner

JSON = {"content-type": "application/json", "accept": "application/json, text/event-stream"}
LIST = {"jsonrpc": "2.0", "id": 1, "method": "tools/list"}
NEEDED = {
    "error": "API key is required. Provide it via 'Authorization: Bearer' or 'x-api-key' header."
}


def ask(house: House, message: Any = LIST, **headers: str) -> httpx2.Response:
    """Send a message without a key."""
    sent = {"content": message} if isinstance(message, bytes) else {"json": message}
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return house.client.post("/mcp", headers={**JSON, **named}, **sent)


def call(name: str, **arguments: Any) -> dict[str, Any]:
    return {**LIST, "method": "tools/call", "params": {"name": name, "arguments": arguments}}


def test_c4_a_key_comes_as_bearer_or_in_the_header_of_the_api(house: House, bob: Account) -> None:
    answers = [
        ask(house, authorization=f"Bearer {bob.key}"),
        ask(house, authorization=f"bearer  {bob.key}"),
        ask(house, x_api_key=bob.key),
        ask(house, x_api_key=bob.key, authorization="Bearer of something else"),
    ]

    assert [each.status_code for each in answers] == [200] * 4
    assert [len(each.json()["result"]["tools"]) for each in answers] == [8] * 4


@pytest.mark.parametrize("message", [LIST, call("list_projects"), {"anything": 1}, b"{"])
def test_c4_without_a_key_everything_is_401_with_a_challenge(house: House, message: Any) -> None:
    answer = ask(house, message)

    assert (answer.status_code, answer.json()) == (401, NEEDED)
    assert answer.headers["www-authenticate"] == 'Bearer realm="Miniback"'


def test_c4_a_key_that_opens_nothing_is_401_too(house: House, bob: Account) -> None:
    revoked = house.account()
    house.change("DELETE FROM api_keys WHERE account_id = :id", id=revoked.id)

    for key in (revoked.key, bob.key[:-1], "mbk_", "x", "mbk_" + "0" * 36):
        answer = ask(house, x_api_key=key)
        assert (answer.status_code, answer.json()) == (401, {"error": "Invalid API key"})
        assert answer.headers["www-authenticate"].endswith('error="invalid_token"')


def test_c4_neither_a_session_nor_a_key_in_the_address_opens_it(house: House) -> None:
    bob = owner(house)
    token = bob.token("/settings/appearance")
    headers = {**JSON, "x-csrf-token": token, "origin": house.base_url}

    by_session = bob.client.post("/mcp", json=LIST, headers=headers)
    by_address = house.client.post(f"/mcp?api_key={bob.account.key}", json=LIST, headers=JSON)

    assert (by_session.status_code, by_address.status_code) == (401, 401)


@pytest.mark.parametrize(
    ("origin", "status"),
    [
        ("https://evil.example", 403),
        ("http://127.0.0.1.evil.example", 403),
        ("null", 403),
        ("http://localhost:1", 403),
        ("", 200),
        ("{own}", 200),
    ],
)
def test_c4_pages_of_other_sites_are_refused(
    house: House, bob: Account, origin: str, status: int
) -> None:
    headers = {"origin": origin.format(own=house.base_url)} if origin else {}

    answer = ask(house, x_api_key=bob.key, **headers)

    assert answer.status_code == status
    assert not [name for name in answer.headers if name.startswith("access-control")]


@pytest.mark.parametrize("method", ["GET", "DELETE", "PUT", "OPTIONS"])
def test_c4_there_are_no_streams_and_nothing_to_end(
    house: House, bob: Account, method: str
) -> None:
    answer = bob.call(method, "/mcp")

    assert (answer.status_code, answer.headers["allow"]) == (405, "POST")
    assert answer.json() == {"error": "Method not allowed"}


@pytest.mark.parametrize(
    ("message", "code"),
    [
        (b"", -32700),
        (b"{", -32700),
        (b"\xff", -32700),
        (b'{"jsonrpc": "2.0", "jsonrpc": "2.0"}', -32700),
        (b"[" * 10_000 + b"]" * 10_000, -32700),
        (b'{"a":' * 500 + b"1" + b"}" * 500, -32700),
        ([LIST, LIST], -32700),
        ({}, -32600),
        ({"jsonrpc": "1.0", "id": 1, "method": "ping"}, -32600),
        ({**LIST, "method": 5}, -32600),
        ({**LIST, "id": None}, -32600),
        ({**LIST, "id": [1]}, -32600),
        ({**LIST, "params": [1]}, -32600),
        ({"jsonrpc": "2.0", "id": 1, "result": {}}, -32600),
    ],
    ids=range(14),
)
def test_c4_what_is_no_message_is_told_in_the_protocols_words(
    house: House, bob: Account, message: Any, code: int
) -> None:
    answer = ask(house, message, x_api_key=bob.key)

    error = answer.json()["error"]
    assert (answer.status_code, error["code"]) == (400, code)
    assert error["message"].startswith("The body ")
    assert answer.json()["id"] is None


@pytest.mark.parametrize(
    ("params", "code"),
    [({}, -32602), ({"name": 5}, -32602), ({"name": "get_tags", "arguments": "x"}, -32602)],
)
def test_c4_a_call_that_names_no_tool_is_an_error_of_the_protocol(
    house: House, bob: Account, params: dict[str, Any], code: int
) -> None:
    answer = ask(house, {**LIST, "method": "tools/call", "params": params}, x_api_key=bob.key)

    assert answer.json()["error"]["code"] == code


def test_c4_the_guard_holds_here_too(house: House, bob: Account) -> None:
    large = call("add_note", feedbackId="feedback_1", content="x" * 200_000)
    answers = [
        ask(house, large, x_api_key=bob.key),
        ask(house, x_api_key=bob.key, content_encoding="gzip"),
        ask(house, x_api_key=bob.key, content_type="multipart/form-data; boundary=x"),
    ]

    assert [each.status_code for each in answers] == [413, 415, 415]
    assert all(each.json()["error"] and each.headers["x-request-id"] for each in answers)


def test_c4_answers_have_the_headers_of_the_api_and_know_no_session(
    house: House, bob: Account
) -> None:
    hello = {"protocolVersion": "2025-06-18", "capabilities": {}, "clientInfo": {"name": "x"}}
    hello["clientInfo"] = {"name": "x", "version": "1"}
    answer = ask(house, {**LIST, "method": "initialize", "params": hello}, x_api_key=bob.key)

    assert answer.json()["result"]["serverInfo"]["title"] == "Miniback"
    assert answer.headers["content-type"] == "application/json"
    assert answer.headers["cache-control"] == "no-store"
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["x-request-id"]
    assert "mcp-session-id" not in answer.headers


def test_c4_a_notification_is_taken_without_an_answer(house: House, bob: Account) -> None:
    told = {"jsonrpc": "2.0", "method": "notifications/initialized"}

    answer = ask(house, told, x_api_key=bob.key)

    assert (answer.status_code, answer.content) == (202, b"")


def test_c4_a_choice_that_is_none_does_not_open_more(house: House, bob: Account) -> None:
    headers = {**JSON, "x-api-key": bob.key}

    answer = house.client.post("/mcp?readOnly=yes", json=LIST, headers=headers)

    assert answer.status_code == 400
    assert answer.json() == {"error": "The parameter 'readOnly' must be true or false"}


def test_c4_a_key_that_is_revoked_stops_with_the_next_message(house: House, bob: Account) -> None:
    before = ask(house, x_api_key=bob.key)
    house.change("DELETE FROM api_keys WHERE account_id = :id", id=bob.id)

    assert (before.status_code, ask(house, x_api_key=bob.key).status_code) == (200, 401)


def test_c4_no_key_is_in_the_log(house: House, bob: Account) -> None:
    for message in (LIST, call("get_feedback", feedbackId=bob.key), b"{", call(bob.key)):
        ask(house, message, x_api_key=bob.key)
        ask(house, message, authorization=f"Bearer {bob.key}")

    assert bob.key[4:] not in house.log


@pytest.fixture
def crowd(new_house: Callable[..., House]) -> House:
    return new_house("sqlite", workers=2)


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_c4_any_process_answers_the_next_message(crowd: House, database: str) -> None:
    with running(crowd):
        bob = crowd.account()
        for _ in range(4):  # each by connections of its own
            with speaking("http with a handshake", crowd, bob.key) as assistant:
                assert [assistant.call("list_projects")["projects"][0]["id"]] == [bob.project_id]


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_c4_the_library_is_loaded_for_who_has_a_key_and_not_before(
    new_house: Callable[..., House], database: str
) -> None:
    told = {"PYTHONPROFILEIMPORTTIME": "1"}  # each module is named in the log as it is loaded
    with running(new_house(database, environment=told)) as house:
        bob = house.account()
        ask(house)
        ask(house, x_api_key="mbk_wrong")
        assert "miniback.mcp.api" in house.log
        assert "mcp_types" not in house.log

        assert ask(house, x_api_key=bob.key).status_code == 200
        assert "mcp_types" in house.log


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_c4_a_server_without_the_library_says_what_to_install(
    new_house: Callable[..., House], database: str, tmp_path: Path
) -> None:
    with running(new_house(database, environment=without_library(tmp_path))) as house:
        bob = house.account()
        answer = ask(house, x_api_key=bob.key)

        assert answer.status_code == 404
        assert "pip install 'miniback[mcp]'" in answer.json()["error"]
        assert bob.get("/api/projects").status_code == 200
        until(lambda: "started" in house.log, "the log")
