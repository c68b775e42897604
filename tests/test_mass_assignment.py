"""T13: what a body names beyond what a call or a form takes changes nothing; answers hold no more.

The documented sets of members are those of contract sections 4 and 5.
"""

from typing import Any

import pytest

from miniback import ids
from tests.house import Account, House
from tests.visitor import Member, owner

ITEM = ["id", "message", "context", "status", "source", "createdAt", "updatedAt", "project"]
CREATED = ["id", "message", "context", "status", "createdAt"]
PROJECT = ["id", "name", "slug", "status", "createdAt", "updatedAt"]


@pytest.fixture
def bob(house: House) -> Member:
    return owner(house)


def greedy(who: Account) -> dict[str, Any]:
    """Every column that somebody might like to write, under its names of API and database."""
    return {
        "id": ids.new("feedback"),
        "projectId": who.project_id,
        "project_id": "proj_x",
        "project": {"id": "proj_x"},
        "accountId": "acct_x",
        "account_id": "acct_x",
        "owner_id": "user_x",
        "position": 1,
        "shelf": "SPAM",
        "source": "WIDGET",
        "document": "{",
        "createdAt": "2001-01-01T00:00:00.000Z",
        "created_at": "2001-01-01T00:00:00.000Z",
        "updatedAt": "2001-01-01T00:00:00.000Z",
        "plan": "PRO",
        "role": "OWNER",
        "is_administrator": 1,
    }


def test_t13_changing_an_item_changes_its_status_alone(bob: Member) -> None:
    who = bob.account
    item = who.say("Word", context={"a": 1})
    before = who.get(f"/api/feedback/{item['id']}").json()["data"]
    body = {**greedy(who), "message": "Other", "context": {}, "status": "RESOLVED"}

    after = who.put(f"/api/feedback/{item['id']}", json=body).json()["data"]

    assert list(after) == ITEM
    changed = {name for name in ITEM if after[name] != before[name]}
    assert changed == {"status", "updatedAt"}
    assert after["updatedAt"] > before["createdAt"]


def test_t13_an_item_is_what_its_message_and_context_say(house: House, bob: Member) -> None:
    who = bob.account
    body = {**greedy(who), "message": "Word", "status": "RESOLVED"}

    item = who.post(who.feedback_path, json=body).json()["data"]

    assert list(item) == CREATED
    assert (item["status"], item["id"] != body["id"]) == ("NEW", True)
    sql = "SELECT account_id, project_id, shelf, source FROM feedback WHERE id = :id"
    assert house.row(sql, id=item["id"]) == (who.id, who.project_id, "LIVE", "API")


@pytest.mark.parametrize("method", ["POST", "PUT"])
def test_t13_a_project_takes_its_name_slug_and_status_alone(
    house: House, bob: Member, method: str
) -> None:
    path = "/api/projects" if method == "POST" else f"/api/projects/{bob.account.project_id}"
    body = {**greedy(bob.account), "id": "proj_x", "name": "Shop", "allowedDomains": ["x.test"]}

    made = bob.call(method, path, json=body).json()["data"]

    assert list(made) == PROJECT
    assert made["id"] != "proj_x"
    sql = "SELECT account_id, name, allowed_domains FROM projects WHERE id = :id"
    assert house.row(sql, id=made["id"]) == (bob.account.id, "Shop", "[]")


def test_t13_a_form_takes_its_own_fields_alone(house: House, bob: Member) -> None:
    sql = "SELECT id, email, is_administrator, password_hash FROM users WHERE email = :email"
    before = house.row(sql, email=bob.email)
    fields = {
        "name": "Bob",
        "time_zone": "UTC",
        "email": "other@example.test",
        "is_administrator": "1",
        "password_hash": "x",
        "role": "OWNER",
        "plan": "PRO",
    }

    assert bob.submit("/settings/profile", **fields).status_code == 303
    assert house.row(sql, email=bob.email) == before


def test_t13_a_note_a_tag_and_an_assignee_take_what_they_are(house: House, bob: Member) -> None:
    who = bob.account
    item = who.say()["id"]
    more = {**greedy(who), "author": "user_x", "user_id": "user_x"}

    note = who.post(f"/api/feedback/{item}/notes", json={**more, "content": "Seen"}).json()["data"]
    tags = who.put(f"/api/feedback/{item}/tags", json={**more, "tags": ["a"]}).json()["data"]

    assert (list(note), note["author"]) == (["id", "content", "author", "createdAt"], None)
    assert tags == {"tags": ["a"]}
    assert house.row("SELECT user_id FROM notes WHERE id = :id", id=note["id"]) == ("",)
