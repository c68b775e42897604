"""What people do in the inbox by forms, and what must be true of the figures whatever they did."""

import html
import itertools
import json
import re
from collections import defaultdict
from typing import Any

import httpx2

from miniback import feedback, ids
from miniback.db import Query
from miniback.text import words
from tests.feedback import batch
from tests.house import Account, House
from tests.visitor import Member

# A page of little work that has a form.
FORMS = "/settings/appearance"
AS_JSON = {"accept": "application/json"}
STATUSES = ("NEW", "REVIEWED", "RESOLVED")
END = 2**63 - 1
# A file of SQLite holds one item at a place, whosever it is.
_microseconds = itertools.count()


def send(member: Member, path: str, **fields: str) -> httpx2.Response:
    """Send a form of the inbox, as a browser without script does."""
    return member.client.post(path, data={"csrf_token": member.token(FORMS), **fields})


def send_by_script(member: Member, path: str, **fields: str) -> dict[str, Any]:
    """Send a form of the inbox as a script of ours does, and return what it is told."""
    data = {"csrf_token": member.token(FORMS), **fields}
    answer = member.client.post(path, data=data, headers=AS_JSON)
    assert answer.status_code == 200, answer.text
    told: dict[str, Any] = answer.json()["data"]
    return told


def checked(*item_ids: str) -> dict[str, str]:
    """The fields of items that are checked in the list."""
    return {f"item-{each}": "on" for each in item_ids}


def act(member: Member, action: str, *item_ids: str, **fields: str) -> dict[str, Any]:
    """Have a script do something to items, and return what it is told."""
    fields = {"action": action, "sure": "1", **checked(*item_ids), **fields}
    return send_by_script(member, "/inbox/act", **fields)


def undo(member: Member, done: dict[str, Any]) -> dict[str, Any]:
    """Take an act back, and return what is told."""
    return send_by_script(member, f"/inbox/undo/{done['act']}")


def ids_on(page: httpx2.Response) -> list[str]:
    """The ids of the items that a page lists, in their order."""
    assert page.status_code == 200, page.text
    return re.findall(r'<li class="item[^"]*" data-id="([^"]+)"', page.text)


def tabs_on(page: httpx2.Response) -> dict[str, int]:
    """What the tabs of a page count."""
    found = re.findall(r'data-tab="([A-Z]+)">([\d,]+)<', page.text)
    return {name: int(count.replace(",", "")) for name, count in found}


def field_on(page: httpx2.Response, name: str) -> str:
    """The value of a hidden field of the list's form."""
    form = page.text.split('<form id="act"')[1]
    found = re.search(rf'name="{name}" value="([^"]*)"', form)
    assert found, form
    return html.unescape(found[1])


def listed(who: Account, query: str = "") -> list[str]:
    """The ids that the API lists for a query; the total must be their number."""
    answer = who.get(f"/api/feedback?pageSize=100{'&' if query else ''}{query}")
    assert answer.status_code == 200, answer.text
    body = answer.json()
    assert body["pagination"]["total"] == len(body["data"]), query
    return [each["id"] for each in body["data"]]


def status_of(who: Account, item_id: str) -> str:
    """The status of an item by the API, '' where it is not there."""
    answer = who.get(f"/api/feedback/{item_id}")
    return answer.json()["data"]["status"] if answer.status_code == 200 else ""


def set_status(who: Account, item_id: str, status: str) -> None:
    """Change an item's status by key."""
    assert who.put(f"/api/feedback/{item_id}", json={"status": status}).status_code == 200


def tag(who: Account, item_id: str, *names: str) -> list[str]:
    """Give an item tags by key, and return those that it has."""
    answer = who.put(f"/api/feedback/{item_id}/tags", json={"tags": list(names)})
    assert answer.status_code == 200, answer.text
    tags: list[str] = answer.json()["data"]["tags"]
    return tags


def tags_of(who: Account, item_id: str) -> list[str]:
    """The tags of an item."""
    tags: list[str] = who.get(f"/api/feedback/{item_id}/tags").json()["data"]["tags"]
    return tags


def note(who: Account, item_id: str, content: str) -> str:
    """Write a note by key, and return its id."""
    answer = who.post(f"/api/feedback/{item_id}/notes", json={"content": content})
    assert answer.status_code == 201, answer.text
    note_id: str = answer.json()["data"]["id"]
    return note_id


def assign(who: Account, item_id: str, person: str | None) -> None:
    """Make somebody see to an item, by key."""
    answer = who.put(f"/api/feedback/{item_id}/assignee", json={"assignee": person})
    assert answer.status_code == 200, answer.text


def assignee_of(who: Account, item_id: str) -> str:
    """The address of whoever sees to an item, '' for nobody."""
    person = who.get(f"/api/feedback/{item_id}/assignee").json()["data"]["assignee"]
    return person["email"] if person else ""


def user_id(house: House, email: str) -> str:
    """The id of a person."""
    (found,) = house.row("SELECT id FROM users WHERE email = :email", email=email)
    return str(found)


def figures_are_right(house: House, who: Account) -> None:
    """Hold tallies, search index and analytics of an account against its rows."""
    values = {"id": who.id}
    groups = "SELECT project_id, shelf, status, source, {} FROM {} WHERE account_id = :id {}"
    grouped = "GROUP BY project_id, shelf, status, source"
    counted = house.rows(groups.format("count(*)", "feedback", grouped), **values)
    tallied = house.rows(groups.format("items", "tallies", "AND items <> 0"), **values)
    assert sorted(tallied) == sorted(counted)
    for token, positions in expected_index(house, who).items():
        query = Query(who.id, [token], None, [], 0, END)
        found = house.tx(lambda tx, query=query: tx.find(query, 10_000, 0))
        assert sorted(found) == sorted(positions), token
    assert wrong_counts(house, who) == 0


def wrong_counts(house: House, who: Account) -> int:
    """How many counts of the analytics are not those of the items."""
    sql = "SELECT id FROM projects WHERE account_id = :id"
    wrong = 0
    for (project_id,) in house.rows(sql, id=who.id):
        quarter = 0
        while done := house.tx(feedback.check_some, who.id, project_id, quarter):
            wrong, quarter = wrong + done.wrong, done.following
    return wrong


def expected_index(house: House, who: Account) -> dict[str, set[int]]:
    """Where the search index must find each token, by the rows alone."""
    of = "FROM {} WHERE account_id = :id"
    items = house.rows(
        "SELECT position, document, status, source, project_id, shelf " + of.format("feedback"),
        id=who.id,
    )
    added = house.rows("SELECT position, tags, assignee_id " + of.format("annotations"), id=who.id)
    notes = house.rows("SELECT position, content " + of.format("notes"), id=who.id)
    places: dict[str, set[int]] = defaultdict(set)
    for position, document, *labels, _ in items:
        said = words(json.loads(document + "}")["message"])
        for token in (*said, *("_" + label for label in labels)):
            places[token].add(position)
    for position, tags, assignee_id in added:
        for label in (*json.loads(tags), *([assignee_id] if assignee_id else [])):
            places["_" + label].add(position)
    for position, content in notes:
        for token in words(content):
            places[token].add(position)
    in_sight = {position for position, *_, shelf in items if shelf == "LIVE"}
    return {token: found & in_sight for token, found in places.items()}


def place(house: House, who: Account, millisecond: int, message: str) -> str:
    """Put an item where it would lie had it come in at that time; return its id."""
    microsecond = millisecond * 1_000 + next(_microseconds) % 1_000
    item_id = batch.place(house, who, microsecond, message)
    # As the server writes it: pages read the id out of the document.
    document = json.dumps({"id": item_id, "message": message, "context": {}}, separators=(",", ":"))
    sql = "UPDATE feedback SET document = :document WHERE account_id = :account AND id = :id"
    assert house.change(sql, document=document[:-1], account=who.id, id=item_id) == 1
    return item_id


def position(item_id: str) -> str:
    """Where an item lies, as pages write it."""
    return str(ids.position(item_id))
