"""SQL for what the team adds to items: tags, assignees, notes."""

import json
from collections.abc import Mapping, Sequence

from miniback.db import Tx
from miniback.feedback.acts import Annotation, Note


def of_items(tx: Tx, account_id: str, positions: Sequence[int]) -> dict[int, Annotation]:
    """Return the annotations of those of some items that have any."""
    rows = tx.all(
        "SELECT position, tags, assignee_id FROM annotations"
        " WHERE account_id = :account_id AND position IN (:positions[])",
        account_id=account_id,
        positions=list(positions),
    )
    return {
        position: Annotation(tuple(json.loads(tags)), assignee_id)
        for position, tags, assignee_id in rows
    }


def put(
    tx: Tx, account_id: str, project_ids: Mapping[int, str], wanted: Mapping[int, Annotation]
) -> None:
    """Write the annotations of items, by their positions."""
    tx.run_many(
        "INSERT INTO annotations (account_id, position, project_id, tags, assignee_id)"
        " VALUES (:account_id, :position, :project_id, :tags, :assignee_id)"
        " ON CONFLICT (account_id, position) DO UPDATE"
        "    SET tags = excluded.tags, assignee_id = excluded.assignee_id",
        [
            {
                "account_id": account_id,
                "position": position,
                "project_id": project_ids[position],
                "tags": json.dumps(each.tags),
                "assignee_id": each.assignee_id,
            }
            for position, each in sorted(wanted.items())
        ],
    )


def notes_of(tx: Tx, account_id: str, positions: Sequence[int]) -> list[Note]:
    """Return all notes on some items, the oldest first; the room bounds how many an item has."""
    rows = tx.all(
        "SELECT id, position, user_id, content FROM notes"
        " WHERE account_id = :account_id AND position IN (:positions[]) ORDER BY position, id",
        account_id=account_id,
        positions=list(positions),
    )
    return [Note(*row) for row in rows]


def notes_since(tx: Tx, account_id: str, after: tuple[int, str], limit: int) -> list[Note]:
    """Return the notes of an account behind an item's position and a note's id, item by item."""
    rows = tx.all(
        "SELECT id, position, user_id, content FROM notes"
        " WHERE account_id = :account_id AND (position, id) > (:position, :id)"
        " ORDER BY position, id LIMIT :limit",
        account_id=account_id,
        position=after[0],
        id=after[1],
        limit=limit,
    )
    return [Note(*row) for row in rows]


def insert_note(tx: Tx, account_id: str, project_id: str, note: Note) -> None:
    """Add a note."""
    tx.run(
        "INSERT INTO notes (account_id, position, id, project_id, user_id, content)"
        " VALUES (:account_id, :position, :id, :project_id, :user_id, :content)",
        account_id=account_id,
        project_id=project_id,
        **note._asdict(),
    )


def insert_new(
    tx: Tx, account_id: str, project_ids: Mapping[int, str], notes: Sequence[Note]
) -> int:
    """Add notes on items of some projects, but for those that are there; return how many."""
    return tx.run_many(
        "INSERT INTO notes (account_id, position, id, project_id, user_id, content)"
        " VALUES (:account_id, :position, :id, :project_id, :user_id, :content)"
        " ON CONFLICT DO NOTHING",
        [
            {
                "account_id": account_id,
                "project_id": project_ids[note.position],
                **note._asdict(),
            }
            for note in notes
        ],
    )


def delete_note(tx: Tx, account_id: str, position: int, note_id: str) -> bool:
    """Delete a note; False where there is none of that id on the item."""
    return bool(
        tx.run(
            "DELETE FROM notes"
            " WHERE account_id = :account_id AND position = :position AND id = :id",
            account_id=account_id,
            position=position,
            id=note_id,
        )
    )


def delete_of(tx: Tx, account_id: str, positions: Sequence[int]) -> None:
    """Delete all that was added to items."""
    for statement in (
        "DELETE FROM notes WHERE account_id = :account_id AND position IN (:positions[])",
        "DELETE FROM annotations WHERE account_id = :account_id AND position IN (:positions[])",
    ):
        tx.run(statement, account_id=account_id, positions=list(positions))
