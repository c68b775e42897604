"""Many items at once, and items of any age, for tests that need more than the API gives quickly."""

import json
from collections.abc import Iterable
from typing import Any

from miniback import clock, feedback, ids, settings
from miniback.app import plan_table
from miniback.db import Entry, Tx
from miniback.feedback import Entrance, Source, Submission, rollups
from miniback.feedback.rollups import Move
from miniback.text import words
from tests.house import Account, House

DIGITS = "0123456789abcdefghijklmnopqrstuv"


def fill(
    house: House,
    who: Account,
    messages: Iterable[str],
    project_id: str = "",
    source: Source = Source.API,
) -> list[str]:
    """Take messages in as the server does, in one transaction; return the ids, oldest first."""
    submissions = [
        Submission(
            Entrance.DOOR, project_id or who.project_id, who.id, None, _draft(each), source, None
        )
        for each in messages
    ]
    table = plan_table(settings.read(house.variables))
    accepted = house.tx(feedback.submit_all, submissions, table)
    return [each.id for each in accepted]


def place(house: House, who: Account, microsecond: int, message: str) -> str:
    """Put an item where it would lie had it come in at that time; return its id."""
    return str(house.tx(_place, who, microsecond, message))


def id_at(prefix: str, microsecond: int, chance: int = 0) -> str:
    """Write an id by the contract's rule (section 1), apart from the code that makes them."""
    number = microsecond << 64 | chance
    return prefix + "_" + "".join(DIGITS[number >> shift & 31] for shift in range(115, -1, -5))


def new_project(who: Account, name: str = "Another", **more: Any) -> dict[str, Any]:
    """Make one more project of an account."""
    response = who.post("/api/projects", json={"name": name, **more})
    assert response.status_code == 201, response.text
    project: dict[str, Any] = response.json()["data"]
    return project


def _draft(message: str) -> feedback.Draft:
    content = {"message": message}
    return feedback.read_draft(content, json.dumps(content).encode())


def _place(tx: Tx, who: Account, microsecond: int, message: str) -> str:
    item_id = id_at("feedback", microsecond)
    position = ids.position(item_id)
    said = {"id": item_id, "message": message, "context": {}}
    document = json.dumps(said, separators=(",", ":"))[:-1]
    tx.run(
        "INSERT INTO feedback (account_id, position, id, project_id, shelf, status, source,"
        " document, created_at, updated_at) VALUES (:account_id, :position, :id, :project_id,"
        " 'LIVE', 'NEW', 'API', :document, :created_at, :updated_at)",
        account_id=who.id,
        position=position,
        id=item_id,
        project_id=who.project_id,
        document=document,
        created_at=clock.iso(microsecond // 1_000),
        updated_at=microsecond // 1_000,
    )
    tx.run(
        "INSERT INTO tallies (account_id, project_id, shelf, status, source, items)"
        " VALUES (:account_id, :project_id, 'LIVE', 'NEW', 'API', 1)"
        " ON CONFLICT (account_id, project_id, shelf, status, source)"
        " DO UPDATE SET items = tallies.items + 1",
        account_id=who.id,
        project_id=who.project_id,
    )
    labels = ["_" + who.project_id, "_NEW", "_API"]
    tx.index([Entry(who.id, position, words(message) + labels)])
    created_at = microsecond // 1_000
    item = feedback.Item(
        position, document, "NEW", "API", clock.iso(created_at), created_at, who.project_id, ""
    )
    rollups.move(tx, [Move(who.id, item, 1)])
    return item_id
