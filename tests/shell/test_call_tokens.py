"""A call by session that writes must come from a page of ours (contract section 2, T16)."""

import json
from typing import NamedTuple

import pytest

from tests.house import House
from tests.test_session_calls import JSON, WRITES, Call, body_of, kept, new_item
from tests.visitor import Member, filled, owner


@pytest.fixture(scope="module")
def alice(house: House) -> Member:
    """Somebody else who is signed in."""
    return owner(house)


BREAKS = [
    *("no token", "empty token", "token of no one", "token of another session", "no type"),
    *("text/plain", "a form", "nearly json", "from another site", "from a sister site"),
    *("another origin", "no origin"),
]


class Victim(NamedTuple):
    """An owner whose browser sends what others make up, an item of theirs, and the makings."""

    member: Member
    item_id: str
    headers: dict[str, dict[str, str]]


@pytest.fixture(scope="module")
def victim(house: House, alice: Member) -> Victim:
    bob = owner(house)
    token = {"x-csrf-token": bob.token("/usage")}
    headers = {
        "no token": JSON,
        "empty token": {"x-csrf-token": "", **JSON},
        "token of no one": {"x-csrf-token": "A" * 88, **JSON},
        "token of another session": {"x-csrf-token": alice.token("/usage"), **JSON},
        "no type": token,
        "text/plain": {**token, "content-type": "text/plain"},
        "a form": {**token, "content-type": "application/x-www-form-urlencoded"},
        "nearly json": {**token, "content-type": "application/jsonp"},
        "from another site": {**token, **JSON, "sec-fetch-site": "cross-site"},
        "from a sister site": {**token, **JSON, "sec-fetch-site": "same-site"},
        "another origin": {**token, **JSON, "origin": "https://evil.example"},
        "no origin": {**token, **JSON, "origin": "null"},
    }
    return Victim(bob, new_item(bob, bob.account.project_id), headers)


@pytest.mark.parametrize("operation", WRITES, ids=" ".join)
@pytest.mark.parametrize("how", BREAKS)
def test_a_write_by_session_that_no_page_of_ours_sent_changes_nothing(
    house: House, victim: Victim, operation: Call, how: str
) -> None:
    bob, item_id, headers = victim
    before = kept(house, bob)
    path = filled(operation[1], projectId=bob.account.project_id, feedbackId=item_id)
    content = json.dumps(body_of(operation))

    answer = bob.client.request(operation[0], path, content=content, headers=headers[how])

    assert (answer.status_code, list(answer.json())) == (403, ["error"])
    assert kept(house, bob) == before


@pytest.mark.parametrize(
    "content_type", ["application/json; charset=utf-8", "Application/JSON;charset=UTF-8"]
)
def test_a_write_by_session_may_name_its_charset(alice: Member, content_type: str) -> None:
    path = alice.account.feedback_path
    headers = {"content-type": content_type}

    assert alice.call("POST", path, content=b'{"message": "A"}', headers=headers).status_code == 201


def test_a_call_with_an_origin_that_is_no_address_is_refused(alice: Member) -> None:
    path, headers = alice.account.feedback_path, {"origin": "http://["}

    assert alice.call("POST", path, json={"message": "A"}, headers=headers).status_code == 403
