"""A call by session that writes must come from a page of ours (contract section 2, T16)."""

import json

import pytest

from tests.house import House
from tests.test_session_calls import JSON, WRITES, Call, body_of, kept, new_item
from tests.visitor import Member, Visitor, owner


@pytest.fixture(scope="module")
def alice(house: House) -> Member:
    """Somebody else who is signed in."""
    return owner(house)


def broken(member: Member, other: Visitor, how: str) -> dict[str, str]:
    """The headers of a call that somebody else's page might send."""
    token = {"x-csrf-token": member.token("/usage")}
    return {
        "no token": JSON,
        "empty token": {"x-csrf-token": "", **JSON},
        "token of no one": {"x-csrf-token": "A" * 88, **JSON},
        "token of another session": {"x-csrf-token": other.token("/usage"), **JSON},
        "no type": token,
        "text/plain": {**token, "content-type": "text/plain"},
        "a form": {**token, "content-type": "application/x-www-form-urlencoded"},
        "nearly json": {**token, "content-type": "application/jsonp"},
        "from another site": {**token, **JSON, "sec-fetch-site": "cross-site"},
        "from a sister site": {**token, **JSON, "sec-fetch-site": "same-site"},
        "another origin": {**token, **JSON, "origin": "https://evil.example"},
        "no origin": {**token, **JSON, "origin": "null"},
    }[how]


BREAKS = [
    *("no token", "empty token", "token of no one", "token of another session", "no type"),
    *("text/plain", "a form", "nearly json", "from another site", "from a sister site"),
    *("another origin", "no origin"),
]


@pytest.fixture(scope="module")
def victim(house: House) -> tuple[Member, str]:
    """An owner whose browser sends what other pages make up, and an item of theirs."""
    bob = owner(house)
    return bob, new_item(bob, bob.account.project_id)


@pytest.mark.parametrize("operation", WRITES, ids=" ".join)
@pytest.mark.parametrize("how", BREAKS)
def test_a_write_by_session_that_no_page_of_ours_sent_changes_nothing(
    house: House, victim: tuple[Member, str], alice: Member, operation: Call, how: str
) -> None:
    bob, item_id = victim
    before = kept(house, bob)
    path = operation[1].format(projectId=bob.account.project_id, feedbackId=item_id)
    content = json.dumps(body_of(operation))
    headers = broken(bob, alice, how)

    answer = bob.client.request(operation[0], path, content=content, headers=headers)

    assert (answer.status_code, list(answer.json())) == (403, ["error"])
    assert kept(house, bob) == before


@pytest.mark.parametrize(
    "content_type", ["application/json; charset=utf-8", "Application/JSON;charset=UTF-8"]
)
def test_a_write_by_session_may_name_its_charset(alice: Member, content_type: str) -> None:
    path = alice.account.feedback_path
    headers = {"content-type": content_type}

    assert alice.call("POST", path, content=b'{"message": "A"}', headers=headers).status_code == 201
