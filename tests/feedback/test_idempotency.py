"""Idempotency-Key: a request sent twice is carried out once (contract section 5)."""

import json
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import httpx2
import pytest

from tests.feedback.batch import new_project
from tests.house import Account, House

DAY_MS = 86_400_000
MINUTE_MS = 60_000
REPLAYED = "Idempotent-Replayed"
KEY = {"idempotency-key": "one"}


def send(who: Account, message: str = "m", key: str = "one", **more: Any) -> httpx2.Response:
    headers = {"idempotency-key": key, **more.pop("headers", {})}
    return who.post(who.feedback_path, json={"message": message, **more}, headers=headers)


def knock(who: Account, message: str = "m", key: str = "one") -> httpx2.Response:
    """Post at the public door."""
    body = {"message": message, "projectSlug": who.slug}
    return who.client.post("/api/feedback", json=body, headers={"idempotency-key": key})


def start(who: Account, name: str = "Shop", key: str = "one", **more: Any) -> httpx2.Response:
    """Post a project."""
    return who.post("/api/projects", json={"name": name, **more}, headers={"idempotency-key": key})


CALLS = pytest.mark.parametrize("call", [send, knock, start])
Call = Callable[..., httpx2.Response]


def usage(house: House, who: Account) -> tuple[Any, ...]:
    return house.row("SELECT calls, items, held FROM usage WHERE account_id = :id", id=who.id)


def total(who: Account) -> int:
    found: int = who.get(who.feedback_path).json()["pagination"]["total"]
    return found


def age(house: House, who: Account, ms: int) -> None:
    sql = "UPDATE idempotency_keys SET created_at = created_at - :ms WHERE account_id = :id"
    assert house.change(sql, ms=ms, id=who.id) == 1


@CALLS
def test_the_same_key_and_content_give_the_first_answer_again(carol: Account, call: Call) -> None:
    first, second, third = (call(carol) for _ in range(3))

    assert first.status_code == second.status_code == third.status_code == 201
    assert first.content == second.content == third.content
    assert REPLAYED not in first.headers
    assert second.headers[REPLAYED] == third.headers[REPLAYED] == "true"


@pytest.mark.parametrize("call", [send, knock])
def test_a_replay_makes_no_item(bob: Account, call: Call) -> None:
    call(bob)
    call(bob)

    assert total(bob) == 1


def test_a_replay_makes_no_project(bob: Account) -> None:
    start(bob)
    start(bob)

    assert len(bob.get("/api/projects").json()["data"]) == 2


@CALLS
def test_a_replay_is_free_of_charge(house: House, carol: Account, call: Call) -> None:
    call(carol)
    before = usage(house, carol)

    assert call(carol).headers[REPLAYED] == "true"
    assert usage(house, carol) == before


@CALLS
def test_another_key_is_another_request(carol: Account, call: Call) -> None:
    first, second = call(carol, key="one"), call(carol, key="two")

    assert first.json()["data"]["id"] != second.json()["data"]["id"]
    assert REPLAYED not in second.headers


def test_requests_without_a_key_are_never_replays(bob: Account) -> None:
    assert bob.say("Twice")["id"] != bob.say("Twice")["id"]


@pytest.mark.parametrize("call", [send, knock])
def test_a_replay_gives_the_first_answer_after_a_change(bob: Account, call: Call) -> None:
    first = call(bob)
    bob.put(f"/api/feedback/{first.json()['data']['id']}", json={"status": "RESOLVED"})

    second = call(bob)

    assert (second.status_code, second.content) == (201, first.content)
    assert second.headers[REPLAYED] == "true"


@pytest.mark.parametrize("call", [send, knock])
def test_a_replay_gives_the_first_answer_after_deletion(bob: Account, call: Call) -> None:
    first = call(bob)
    bob.delete(f"/api/feedback/{first.json()['data']['id']}")

    second = call(bob)

    assert (second.status_code, second.content) == (201, first.content)
    assert total(bob) == 0


def test_a_replay_gives_the_project_as_it_began(bob: Account) -> None:
    first = start(bob)
    path = f"/api/projects/{first.json()['data']['id']}"
    bob.put(path, json={"name": "Renamed", "slug": "renamed-" + bob.slug, "status": "PAUSED"})

    assert (start(bob).status_code, start(bob).content) == (201, first.content)


def test_a_replay_gives_the_project_even_after_its_deletion(bob: Account) -> None:
    first = start(bob)
    bob.delete(f"/api/projects/{first.json()['data']['id']}")

    assert (start(bob).status_code, start(bob).content) == (201, first.content)
    assert len(bob.get("/api/projects").json()["data"]) == 1


@pytest.mark.parametrize(
    ("call", "change"),
    [
        (send, {"message": "other"}),
        (send, {"message": "m "}),
        (send, {"context": {"a": 1}}),
        (send, {"headers": {"x-feedback-source": "widget"}}),
        (knock, {"message": "other"}),
        (start, {"name": "Other"}),
        (start, {"slug": "asked-for"}),
    ],
)
def test_other_content_under_the_same_key_is_422(
    house: House, carol: Account, call: Call, change: dict[str, Any]
) -> None:
    call(carol)
    before = usage(house, carol)

    response = call(carol, **change)

    assert response.status_code == 422
    assert isinstance(response.json()["error"], str)
    assert usage(house, carol) == before


def test_a_422_does_not_spoil_the_key(bob: Account) -> None:
    first = send(bob)
    send(bob, "other")

    assert send(bob).content == first.content


@pytest.mark.parametrize(
    ("first", "second"),
    [
        (b'{"n":18446744073709551616}', b'{"n":18446744073709551617}'),
        (b'{"n":9007199254740992}', b'{"n":9007199254740993}'),
        (b'{"n":' + b"7" * 400 + b"}", b'{"n":' + b"7" * 399 + b"8}"),
        (b'{"n":1}', b'{"n":"1"}'),
        (b'{"n":true}', b'{"n":1}'),
        (b'{"n":null}', b"{}"),
        (b'{"n":0.1}', b'{"n":0.2}'),
    ],
    ids=["beyond-64-bits", "beyond-53-bits", "400-digits", "string", "true", "null", "fraction"],
)
def test_contexts_that_differ_in_one_value_are_other_content(
    bob: Account, first: bytes, second: bytes
) -> None:
    answers = [
        bob.post(bob.feedback_path, content=b'{"message":"m","context":' + each + b"}", headers=KEY)
        for each in (first, second)
    ]

    assert [each.status_code for each in answers] == [201, 422]


@pytest.mark.parametrize(
    "value",
    [
        b"1" * 1_000,
        b"-" + b"1" * 1_000,
        b"1e308",
        b"1e-999",
        b"0." + b"1" * 900,
        b'"\\ud83d\\ude00"',
    ],
    ids=["1000-digits", "-1000-digits", "1e308", "1e-999", "long-fraction", "emoji"],
)
def test_any_context_that_is_taken_can_be_sent_again(bob: Account, value: bytes) -> None:
    body = b'{"message":"m","context":{"n":' + value + b"}}"

    first, second = (bob.post(bob.feedback_path, content=body, headers=KEY) for _ in range(2))

    assert (first.status_code, second.status_code) == (201, 201)
    assert first.content == second.content
    assert second.headers[REPLAYED] == "true"


def test_a_retry_may_write_the_same_content_with_other_blanks(bob: Account) -> None:
    body = {"message": "m", "context": {"a": [1, 2]}}
    first = bob.post(bob.feedback_path, content=json.dumps(body), headers=KEY)
    second = bob.post(bob.feedback_path, content=json.dumps(body, indent=2), headers=KEY)

    assert second.headers[REPLAYED] == "true"
    assert second.json() == first.json()


@CALLS
def test_a_key_counts_for_24_hours(house: House, carol: Account, call: Call) -> None:
    first = call(carol)
    age(house, carol, DAY_MS - MINUTE_MS)

    assert call(carol).content == first.content


@CALLS
def test_a_key_older_than_24_hours_is_free_again(house: House, carol: Account, call: Call) -> None:
    first = call(carol)
    age(house, carol, DAY_MS + MINUTE_MS)

    second, third = call(carol), call(carol)

    assert second.status_code == 201
    assert second.json()["data"]["id"] != first.json()["data"]["id"]
    assert REPLAYED not in second.headers
    assert third.content == second.content


def test_a_key_older_than_24_hours_may_take_other_content(house: House, bob: Account) -> None:
    send(bob)
    age(house, bob, DAY_MS + MINUTE_MS)

    assert send(bob, "other").status_code == 201


@CALLS
def test_accounts_do_not_share_keys(carol: Account, mallory: Account, call: Call) -> None:
    first, second = call(carol), call(mallory)

    assert second.status_code == 201
    assert REPLAYED not in second.headers
    assert first.json()["data"]["id"] != second.json()["data"]["id"]


def test_projects_do_not_share_keys(bob: Account) -> None:
    other = f"/api/projects/{new_project(bob)['id']}/feedback"
    first = send(bob)

    second = bob.post(other, json={"message": "m"}, headers={"idempotency-key": "one"})

    assert second.status_code == 201
    assert REPLAYED not in second.headers
    assert second.json()["data"]["id"] != first.json()["data"]["id"]


def test_calls_do_not_share_keys(bob: Account) -> None:
    answers = [call(bob) for call in (send, knock, start)]

    assert [each.status_code for each in answers] == [201, 201, 201]
    assert not any(REPLAYED in each.headers for each in answers)


@CALLS
def test_the_same_key_at_once_is_carried_out_once(house: House, carol: Account, call: Call) -> None:
    with ThreadPoolExecutor(32) as pool:
        answers = list(pool.map(lambda _: call(carol), range(32)))

    assert {each.status_code for each in answers} == {201}
    assert len({each.content for each in answers}) == 1
    assert sum(REPLAYED not in each.headers for each in answers) == 1
    if call is start:
        assert len(carol.get("/api/projects").json()["data"]) == 2
    else:
        assert house.row("SELECT count(*) FROM feedback WHERE account_id = :id", id=carol.id) == (
            1,
        )
        assert usage(house, carol) == (int(call is send), 1, 0)


def test_the_same_key_at_once_with_other_content_is_422_for_all_but_one(bob: Account) -> None:
    with ThreadPoolExecutor(16) as pool:
        answers = list(pool.map(lambda number: send(bob, f"m{number}"), range(16)))

    assert sorted(each.status_code for each in answers) == [201] + [422] * 15
    assert total(bob) == 1


@pytest.mark.parametrize("call", [send, knock])
def test_a_replay_is_answered_though_the_project_is_paused(bob: Account, call: Call) -> None:
    first = call(bob)
    bob.put(f"/api/projects/{bob.project_id}", json={"status": "PAUSED"})

    assert (call(bob).status_code, call(bob).content) == (201, first.content)
    assert call(bob, "other").status_code == 422
    assert call(bob, key="two").status_code == 403


@CALLS
def test_a_replay_is_answered_though_the_limit_is_reached(
    house: House, carol: Account, call: Call
) -> None:
    first = call(carol)
    sql = "UPDATE usage SET calls = 10000, items = 5000, held = 5000 WHERE account_id = :id"
    house.change(sql, id=carol.id)

    assert (call(carol).status_code, call(carol).content) == (201, first.content)
    assert call(carol, key="two").status_code == 429


def test_a_replay_is_answered_though_the_number_of_projects_is_reached(
    house: House, carol: Account
) -> None:
    first = start(carol)
    house.change("UPDATE accounts SET active_projects = 10 WHERE id = :id", id=carol.id)

    assert start(carol).content == first.content
    assert start(carol, key="two").status_code == 403


@pytest.mark.parametrize("call", [send, knock, start])
def test_a_400_is_not_kept(carol: Account, call: Call) -> None:
    assert call(carol, "").status_code == 400

    response = call(carol)

    assert response.status_code == 201
    assert REPLAYED not in response.headers


@pytest.mark.parametrize("call", [send, knock])
def test_a_403_of_a_paused_project_is_not_kept(bob: Account, call: Call) -> None:
    path = f"/api/projects/{bob.project_id}"
    bob.put(path, json={"status": "PAUSED"})
    assert call(bob).status_code == 403
    bob.put(path, json={"status": "ACTIVE"})

    assert call(bob).status_code == 201
    assert total(bob) == 1


def test_a_429_is_not_kept(house: House, carol: Account) -> None:
    carol.say()
    house.change("UPDATE usage SET items = 5000 WHERE account_id = :id", id=carol.id)
    assert send(carol).status_code == 429
    house.change("UPDATE usage SET items = 1 WHERE account_id = :id", id=carol.id)

    assert send(carol).status_code == 201


def test_a_409_is_not_kept(bob: Account) -> None:
    assert start(bob, slug=bob.slug).status_code == 409

    assert start(bob, slug="free-" + bob.slug).status_code == 201


def test_a_refused_request_leaves_no_key_behind(house: House, bob: Account) -> None:
    send(bob, "")
    start(bob, slug=bob.slug)

    sql = "SELECT count(*) FROM idempotency_keys WHERE account_id = :id"
    assert house.row(sql, id=bob.id) == (0,)


def test_no_text_of_a_request_is_kept_with_its_key(house: House, bob: Account) -> None:
    send(bob, "Very private words", context={"where": "secret place"})
    start(bob, "Confidential name")

    rows = house.rows("SELECT * FROM idempotency_keys WHERE account_id = :id", id=bob.id)

    assert len(rows) == 2
    kept = json.dumps(rows).lower()
    assert not any(each in kept for each in ("private", "secret", "confidential name"))


@CALLS
@pytest.mark.parametrize("key", ["k", "k" * 255, "a b", "!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~"])
def test_a_key_of_1_to_255_printable_ascii_characters_is_taken(
    carol: Account, call: Call, key: str
) -> None:
    assert call(carol, key=key).status_code == 201
    assert call(carol, key=key).headers[REPLAYED] == "true"


@CALLS
@pytest.mark.parametrize("key", ["", "k" * 256, "a\tb", "caf\u00e9", "\u00a0", "k" * 5_000])
def test_any_other_key_is_400_and_nothing_is_done(
    house: House, carol: Account, call: Call, key: str
) -> None:
    response = call(carol, key=key.encode("latin-1"))

    assert response.status_code == 400
    assert "Idempotency-Key" in response.json()["error"]
    assert total(carol) == 0
    assert len(carol.get("/api/projects").json()["data"]) == 1


@CALLS
def test_keys_differ_by_case(carol: Account, call: Call) -> None:
    assert call(carol, key="key").json() != call(carol, key="KEY").json()


def test_another_call_takes_no_notice_of_the_header(bob: Account) -> None:
    item = f"/api/feedback/{bob.say()['id']}"

    answers = [
        bob.put(item, json={"status": each}, headers=KEY) for each in ("REVIEWED", "RESOLVED")
    ]

    assert [each.json()["data"]["status"] for each in answers] == ["REVIEWED", "RESOLVED"]
    assert not any(REPLAYED in each.headers for each in answers)
