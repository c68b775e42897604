"""SQL for feedback and its tallies."""

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from miniback.db import Tx
from miniback.feedback.models import Item, Status


class Tally(NamedTuple):
    """What a tally counts: the items of a project on a shelf, of a status and a source."""

    account_id: str
    project_id: str
    shelf: str
    status: str
    source: str


def insert_all(tx: Tx, rows: Sequence[Mapping[str, Any]]) -> None:
    """Add items."""
    tx.run_many(
        """
        INSERT INTO feedback (account_id, position, id, project_id, shelf, status, source,
                              document, created_at, updated_at)
        VALUES (:account_id, :position, :id, :project_id, :shelf, :status, :source,
                :document, :created_at, :updated_at)
        """,
        rows,
    )


def add_to_tallies(tx: Tx, changes: Counter[Tally]) -> None:
    """Move tallies; a change may be negative. In one order everywhere, against deadlocks."""
    tx.run_many(
        """
        INSERT INTO tallies (account_id, project_id, shelf, status, source, items)
        VALUES (:account_id, :project_id, :shelf, :status, :source, :items)
        ON CONFLICT (account_id, project_id, shelf, status, source)
        DO UPDATE SET items = tallies.items + excluded.items
        """,
        [{**tally._asdict(), "items": items} for tally, items in sorted(changes.items())],
    )


def find(tx: Tx, account_id: str, item_id: str, position: int) -> tuple[Item, str, str] | None:
    """Look up one item that is in sight, with its project's name and slug.

    Sub-selects, because SQLite takes five times as long for the join.
    """
    row = tx.one(
        """
        SELECT position, document, status, source, created_at, updated_at, project_id,
               (SELECT name FROM projects
                 WHERE account_id = feedback.account_id AND id = feedback.project_id),
               (SELECT slug FROM projects
                 WHERE account_id = feedback.account_id AND id = feedback.project_id)
          FROM feedback
         WHERE account_id = :account_id AND position = :position AND id = :id AND shelf = 'LIVE'
        """,
        account_id=account_id,
        position=position,
        id=item_id,
    )
    if row is None:
        return None
    *item, name, slug = row
    # Without a project it is being cleared away, and gone for every reader.
    return (Item(*item), name, slug) if slug else None


def oldest_held(tx: Tx, account_id: str, limit: int) -> list[Item]:
    """Return the items that have been held back longest, oldest first."""
    rows = tx.all(
        "SELECT position, document, status, source, created_at, updated_at, project_id"
        "  FROM feedback"
        " WHERE account_id = :account_id AND shelf = 'HELD' AND status = 'NEW'"
        "   AND source = 'WIDGET' AND project_id NOT IN"
        "       (SELECT project_id FROM deletions WHERE account_id = :account_id)"
        " UNION ALL "
        "SELECT position, document, status, source, created_at, updated_at, project_id"
        "  FROM feedback"
        " WHERE account_id = :account_id AND shelf = 'HELD' AND status = 'NEW'"
        "   AND source = 'API' AND project_id NOT IN"
        "       (SELECT project_id FROM deletions WHERE account_id = :account_id)"
        " ORDER BY position LIMIT :limit",
        account_id=account_id,
        limit=limit,
    )
    return [Item(*row) for row in rows]


def update_status(tx: Tx, account_id: str, item: Item, status: Status, updated_at: int) -> bool:
    """Change an item's status if it is still what it was; False where another was quicker."""
    return bool(
        tx.run(
            "UPDATE feedback SET status = :status, updated_at = :updated_at"
            " WHERE account_id = :account_id AND position = :position AND status = :before"
            "   AND shelf = 'LIVE'",
            account_id=account_id,
            position=item.position,
            status=status.value,
            before=item.status,
            updated_at=updated_at,
        )
    )


def set_live(tx: Tx, account_id: str, positions: Sequence[int]) -> set[int]:
    """Bring held items into sight, and return which still were held."""
    rows = tx.all(
        "UPDATE feedback SET shelf = 'LIVE'"
        " WHERE account_id = :account_id AND position IN (:positions[]) AND shelf = 'HELD'"
        " RETURNING position",
        account_id=account_id,
        positions=list(positions),
    )
    return {position for (position,) in rows}


def take(tx: Tx, account_id: str, position: int) -> list[tuple[str, Item]]:
    """Delete an item that is in sight; return it with its shelf, or nothing if it is gone."""
    rows = tx.all(
        "DELETE FROM feedback"
        " WHERE account_id = :account_id AND position = :position AND shelf = 'LIVE'"
        " RETURNING shelf, position, document, status, source, created_at, updated_at, project_id",
        account_id=account_id,
        position=position,
    )
    return [(shelf, Item(*rest)) for shelf, *rest in rows]


def take_some(tx: Tx, account_id: str, project_id: str, limit: int) -> list[tuple[str, Item]]:
    """Delete up to `limit` items of a project from every shelf; return each with its shelf."""
    rows = tx.all(
        """
        DELETE FROM feedback
         WHERE account_id = :account_id AND position IN (
            SELECT position FROM feedback
             WHERE account_id = :account_id AND project_id = :project_id LIMIT :limit)
        RETURNING shelf, position, document, status, source, created_at, updated_at, project_id
        """,
        account_id=account_id,
        project_id=project_id,
        limit=limit,
    )
    return [(shelf, Item(*rest)) for shelf, *rest in rows]


def delete_tallies(tx: Tx, account_id: str, project_id: str) -> None:
    """Delete a project's tallies."""
    tx.run(
        "DELETE FROM tallies WHERE account_id = :account_id AND project_id = :project_id",
        account_id=account_id,
        project_id=project_id,
    )


def tallied(tx: Tx, account_id: str, project_id: str | None) -> dict[tuple[str, str], int]:
    """Return how many items are in sight, by status and source, without counting them."""
    if project_id:
        rows = tx.all(_TALLIED_IN_PROJECT, account_id=account_id, project_id=project_id)
    else:
        rows = tx.all(_TALLIED_IN_ACCOUNT, account_id=account_id)
    return {(status, source): int(items) for status, source, items in rows}


_TALLIED_IN_PROJECT = """
    SELECT status, source, items FROM tallies
     WHERE account_id = :account_id AND project_id = :project_id AND shelf = 'LIVE' AND items > 0
"""
# Figures of a project that is being cleared away are gone for every reader.
_TALLIED_IN_ACCOUNT = """
    SELECT status, source, sum(items) FROM tallies
     WHERE account_id = :account_id AND shelf = 'LIVE' AND items > 0
       AND project_id NOT IN (SELECT project_id FROM deletions WHERE account_id = :account_id)
     GROUP BY status, source
"""
