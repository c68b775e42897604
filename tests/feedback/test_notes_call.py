"""Notes on an item, by the API (beyond the reference)."""

import json
import re
from typing import Any

import pytest

from miniback.accounts import Role
from tests.feedback.batch import id_at
from tests.house import Account, House
from tests.inbox.acting import figures_are_right, listed, note, set_status, user_id
from tests.visitor import member_of, owner_of

LONGEST, MOST = 4_000, 100


def path(item: dict[str, Any]) -> str:
    return f"/api/feedback/{item['id']}/notes"


def notes(who: Account, item: dict[str, Any]) -> list[str]:
    return [each["content"] for each in who.get(path(item)).json()["data"]]


def test_a_note_by_key_is_201_and_has_no_author(bob: Account) -> None:
    item = bob.say()

    answer = bob.post(path(item), json={"content": " Ask\nAda "})

    written = answer.json()["data"]
    assert (answer.status_code, list(written)) == (201, ["id", "content", "author", "createdAt"])
    assert (written["content"], written["author"]) == (" Ask\nAda ", None)
    assert re.fullmatch(r"note_[0-9a-v]{24}", written["id"])
    assert re.fullmatch(r"20\d\d-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z", written["createdAt"])
    assert bob.get(path(item)).json() == {"data": [written]}


def test_a_note_by_session_tells_its_author(house: House, bob: Account) -> None:
    item, ada = bob.say(), member_of(house, bob, Role.MEMBER)

    answer = ada.call("POST", path(item), json={"content": "Mine"})

    who = {"id": user_id(house, ada.email), "email": ada.email, "name": ""}
    assert (answer.status_code, answer.json()["data"]["author"]) == (201, who)
    assert bob.get(path(item)).json()["data"][0]["author"] == who


def test_notes_are_listed_the_oldest_first(bob: Account) -> None:
    item = bob.say()
    for number in range(5):
        note(bob, item["id"], f"number {number}")

    assert notes(bob, item) == [f"number {number}" for number in range(5)]


@pytest.mark.parametrize(
    "content", ["", "  ", "\n\t", "\u200b", "x" * 4_001, None, 1, [], {}, True, "a\x00b", "\ud800"]
)
def test_a_note_that_cannot_be_is_400(bob: Account, content: object) -> None:
    item = bob.say()

    answer = bob.post(path(item), content=json.dumps({"content": content}))

    assert (answer.status_code, list(answer.json())) == (400, ["error"])
    assert notes(bob, item) == []


@pytest.mark.parametrize("body", [b"", b"{", b"[]", b"{}", b'{"text":"x"}'])
def test_a_body_that_makes_no_sense_is_400(bob: Account, body: bytes) -> None:
    assert bob.post(path(bob.say()), content=body).status_code == 400


@pytest.mark.parametrize(
    "content", ["x" * LONGEST, "<script>", "日本語 😀", "'; DROP TABLE notes --"]
)
def test_any_other_note_is_kept_as_it_is(bob: Account, content: str) -> None:
    item = bob.say()
    note(bob, item["id"], content)

    assert notes(bob, item) == [content]


def test_an_item_has_at_most_100_notes(house: House, bob: Account) -> None:
    item = bob.say()
    first = note(bob, item["id"], "first")
    sql = (
        "INSERT INTO notes (account_id, position, id, project_id, user_id, content)"
        " SELECT account_id, position, :new, project_id, user_id, content FROM notes"
        " WHERE id = :old"
    )
    for number in range(MOST - 1):
        house.change(sql, new=id_at("note", number + 1), old=first)

    assert bob.post(path(item), json={"content": "One more"}).status_code == 409
    assert bob.delete(f"{path(item)}/{first}").status_code == 200
    assert bob.post(path(item), json={"content": "One more"}).status_code == 201


def test_a_note_is_searched_with_the_message_and_no_more_once_it_is_deleted(
    house: House, bob: Account
) -> None:
    item, _ = bob.say("apple pie")["id"], bob.say("apple")["id"]
    first, second = note(bob, item, "Café plum"), note(bob, item, "plum apple")

    assert listed(bob, "search=cafe") == listed(bob, "search=pie+plum") == [item]
    assert bob.delete(f"/api/feedback/{item}/notes/{first}").status_code == 200
    assert (listed(bob, "search=cafe"), listed(bob, "search=plum")) == ([], [item])
    assert bob.delete(f"/api/feedback/{item}/notes/{second}").status_code == 200
    assert listed(bob, "search=plum") == []
    assert listed(bob, "search=pie") == [item]
    assert len(listed(bob, "search=apple")) == 2
    figures_are_right(house, bob)


def test_a_note_is_searched_after_a_change_of_status_too(house: House, bob: Account) -> None:
    item = bob.say("apple")["id"]
    note(bob, item, "plum")

    set_status(bob, item, "RESOLVED")

    assert listed(bob, "search=plum&status=RESOLVED") == [item]
    assert listed(bob, "search=plum&status=NEW") == []
    figures_are_right(house, bob)


def test_deleting_a_note_answers_its_id(bob: Account) -> None:
    item = bob.say()
    kept, gone = note(bob, item["id"], "kept"), note(bob, item["id"], "gone")

    answer = bob.delete(f"{path(item)}/{gone}")

    assert answer.status_code == 200
    assert answer.json() == {"data": {"id": gone, "deleted": True}}
    assert [each["id"] for each in bob.get(path(item)).json()["data"]] == [kept]


def test_a_note_that_is_not_on_the_item_is_404(bob: Account) -> None:
    item, other = bob.say(), bob.say()
    written = note(bob, other["id"], "kept")

    for note_id in (written, id_at("note", 1), "nonsense", "%00"):
        answer = bob.delete(f"{path(item)}/{note_id}")
        assert (answer.status_code, answer.json()) == (404, {"error": "Note not found"})
    assert notes(bob, other) == ["kept"]


def test_a_note_of_another_account_is_neither_read_nor_deleted(
    bob: Account, mallory: Account
) -> None:
    item = bob.say()
    written = note(bob, item["id"], "kept")

    for method, address in (("GET", path(item)), ("DELETE", f"{path(item)}/{written}")):
        answer = mallory.call(method, address)
        assert (answer.status_code, answer.json()) == (404, {"error": "Feedback not found"})
    assert notes(bob, item) == ["kept"]


def test_the_notes_of_whoever_has_left_stay_without_an_author(house: House, bob: Account) -> None:
    item, ada = bob.say(), member_of(house, bob, Role.MEMBER)
    ada.call("POST", path(item), json={"content": "Mine"})

    house.change("DELETE FROM members WHERE user_id = :id", id=user_id(house, ada.email))

    (written,) = bob.get(path(item)).json()["data"]
    assert (written["content"], written["author"]) == ("Mine", None)
    assert owner_of(house, bob).get(f"/inbox/{item['id']}").status_code == 200


def test_deleting_an_item_by_the_api_deletes_its_notes(house: House, bob: Account) -> None:
    item = bob.say()
    note(bob, item["id"], "gone")

    bob.delete(f"/api/feedback/{item['id']}")

    for table in ("notes", "annotations"):
        assert house.rows(f"SELECT 1 FROM {table} WHERE account_id = :id", id=bob.id) == []
    assert listed(bob, "search=gone") == []
    figures_are_right(house, bob)
