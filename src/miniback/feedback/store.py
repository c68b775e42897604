"""SQL for feedback and its tallies."""

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from miniback.db import Tx
from miniback.feedback.models import Item, Shelf, Source, Status


class Tally(NamedTuple):
    """What a tally counts: the items of a project on a shelf, of a status and a source."""

    account_id: str
    project_id: str
    shelf: str
    status: str
    source: str


def insert_all(tx: Tx, rows: Sequence[Mapping[str, Any]]) -> None:
    """Add items."""
    tx.put_many(
        """
        INSERT INTO feedback (account_id, position, id, project_id, shelf, status, source,
                              document, created_at, updated_at, facets)
        VALUES (:account_id, :position, :id, :project_id, :shelf, :status, :source,
                :document, :created_at, :updated_at, :facets)
        """,
        rows,
    )


def insert_new(tx: Tx, rows: Sequence[Mapping[str, Any]]) -> int:
    """Add items whose places are free, and return how many it were."""
    return tx.run_many(
        """
        INSERT INTO feedback (account_id, position, id, project_id, shelf, status, source,
                              document, created_at, updated_at, facets)
        VALUES (:account_id, :position, :id, :project_id, :shelf, :status, :source,
                :document, :created_at, :updated_at, :facets)
        ON CONFLICT DO NOTHING
        """,
        rows,
    )


def ids_at(tx: Tx, account_id: str, positions: Sequence[int]) -> dict[int, str]:
    """Return the ids of those items that lie at some positions."""
    rows = tx.all(
        "SELECT position, id FROM feedback"
        " WHERE account_id = :account_id AND position IN (:positions[])",
        account_id=account_id,
        positions=list(positions),
    )
    return dict(rows)


def hold_anywhere(tx: Tx, account_id: str, positions: Sequence[int]) -> list[tuple[str, Item]]:
    """Return items, each with its shelf; nobody changes them before this ends."""
    rows = tx.all(
        "UPDATE feedback SET updated_at = updated_at"
        " WHERE account_id = :account_id AND position IN (:positions[])"
        " RETURNING shelf, position, document, status, source, created_at, updated_at, project_id,"
        "           facets",
        account_id=account_id,
        positions=list(positions),
    )
    return [(shelf, Item(*rest)) for shelf, *rest in rows]


def add_to_tallies(tx: Tx, changes: Mapping[Tally, int]) -> None:
    """Move tallies; a change may be negative. In one order everywhere, against deadlocks."""
    tx.put_many(
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
        SELECT position, document, status, source, created_at, updated_at, project_id, facets,
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


def find_anywhere(
    tx: Tx, account_id: str, item_id: str, position: int
) -> tuple[Item, str, str, str] | None:
    """Look up one item on whatever shelf, with its project's name and slug, and the shelf."""
    row = tx.one(
        """
        SELECT position, document, feedback.status, source, created_at, feedback.updated_at,
               project_id, facets, projects.name, projects.slug, shelf
          FROM feedback
          JOIN projects ON projects.account_id = feedback.account_id
                       AND projects.id = feedback.project_id
         WHERE feedback.account_id = :account_id AND position = :position AND feedback.id = :id
        """,
        account_id=account_id,
        position=position,
        id=item_id,
    )
    return (Item(*row[:-3]), *row[-3:]) if row else None


def oldest_held(tx: Tx, account_id: str, limit: int) -> list[Item]:
    """Return the items that have been held back longest, oldest first."""
    streams = [_HELD.replace("{source}", source) for source in Source]
    positions = tx.merge(streams, "ASC", limit, 0, account_id=account_id)
    rows = tx.all(
        "SELECT position, document, status, source, created_at, updated_at, project_id, facets"
        "  FROM feedback WHERE account_id = :account_id AND position IN (:positions[])",
        account_id=account_id,
        positions=positions,
    )
    return sorted(Item(*row) for row in rows)


_HELD = """
    SELECT position FROM feedback
     WHERE account_id = :account_id AND shelf = 'HELD' AND status = 'NEW' AND source = '{source}'
       AND project_id NOT IN (SELECT project_id FROM deletions WHERE account_id = :account_id)
"""


def update_statuses(
    tx: Tx, account_id: str, positions: Sequence[int], before: Status, status: Status, now: int
) -> list[Item]:
    """Give items in sight that have a status another; return those that still had it, changed."""
    rows = tx.all(
        """
        UPDATE feedback SET status = :status,
               updated_at = CASE WHEN updated_at > :now THEN updated_at ELSE :now END
         WHERE account_id = :account_id AND position IN (:positions[]) AND status = :before
           AND shelf = 'LIVE'
        RETURNING position, document, status, source, created_at, updated_at, project_id, facets
        """,
        account_id=account_id,
        positions=list(positions),
        status=status.value,
        before=before.value,
        now=now,
    )
    return [Item(*row) for row in rows]


def reshelve(
    tx: Tx, account_id: str, positions: Sequence[int], before: Shelf, after: Shelf
) -> list[Item]:
    """Move items from one shelf to another; return those that still lay there."""
    rows = tx.all(
        "UPDATE feedback SET shelf = :after"
        " WHERE account_id = :account_id AND position IN (:positions[]) AND shelf = :before"
        " RETURNING position, document, status, source, created_at, updated_at, project_id, facets",
        account_id=account_id,
        positions=list(positions),
        before=before.value,
        after=after.value,
    )
    return [Item(*row) for row in rows]


def update_facets(tx: Tx, account_id: str, told: Mapping[int, str]) -> None:
    """Write what items tell of themselves, by their positions."""
    tx.run_many(
        "UPDATE feedback SET facets = :facets"
        " WHERE account_id = :account_id AND position = :position",
        [
            {"account_id": account_id, "position": position, "facets": each}
            for position, each in told.items()
        ],
    )


def hold_all(tx: Tx, account_id: str, positions: Sequence[int]) -> list[Item]:
    """Return the items in sight at some positions; nobody changes them before this ends."""
    rows = tx.all(
        "UPDATE feedback SET updated_at = updated_at"
        " WHERE account_id = :account_id AND position IN (:positions[]) AND shelf = 'LIVE'"
        " RETURNING position, document, status, source, created_at, updated_at, project_id, facets",
        account_id=account_id,
        positions=list(positions),
    )
    return [Item(*row) for row in rows]


def take_all(tx: Tx, account_id: str, positions: Sequence[int]) -> list[tuple[str, Item]]:
    """Delete items from whatever shelf; return those that there were, each with its shelf."""
    rows = tx.all(
        "DELETE FROM feedback WHERE account_id = :account_id AND position IN (:positions[])"
        " RETURNING shelf, position, document, status, source, created_at, updated_at, project_id,"
        "           facets",
        account_id=account_id,
        positions=list(positions),
    )
    return [(shelf, Item(*rest)) for shelf, *rest in rows]


def put_back(tx: Tx, account_id: str, taken: Sequence[tuple[str, Item]]) -> None:
    """Add items again that were deleted, each on its shelf."""
    insert_all(
        tx,
        [
            {**item._asdict(), "account_id": account_id, "id": item.id, "shelf": shelf}
            for shelf, item in taken
        ],
    )


def take_some(tx: Tx, account_id: str, project_id: str, limit: int) -> list[tuple[str, Item]]:
    """Delete up to `limit` items of a project from every shelf; return each with its shelf."""
    rows = tx.all(
        "SELECT position FROM feedback"
        " WHERE account_id = :account_id AND project_id = :project_id LIMIT :limit",
        account_id=account_id,
        project_id=project_id,
        limit=limit,
    )
    return take_all(tx, account_id, [position for (position,) in rows])


def delete_tallies(tx: Tx, account_id: str, project_id: str) -> None:
    """Delete a project's tallies."""
    tx.run(
        "DELETE FROM tallies WHERE account_id = :account_id AND project_id = :project_id",
        account_id=account_id,
        project_id=project_id,
    )


def tallied(
    tx: Tx, account_id: str, project_id: str | None, shelf: str = Shelf.LIVE
) -> dict[tuple[str, str], int]:
    """Return how many items lie on a shelf, by status and source, without counting them."""
    values = {"account_id": account_id, "shelf": str(shelf)}
    if project_id:
        rows = tx.all(_TALLIED_IN_PROJECT, **values, project_id=project_id)
    else:
        rows = tx.all(_TALLIED_IN_ACCOUNT, **values)
    return {(status, source): int(items) for status, source, items in rows}


_TALLIED_IN_PROJECT = """
    SELECT status, source, items FROM tallies
     WHERE account_id = :account_id AND project_id = :project_id AND shelf = :shelf AND items > 0
"""
# Figures of a project that is being cleared away are gone for every reader.
_TALLIED_IN_ACCOUNT = """
    SELECT status, source, sum(items) FROM tallies
     WHERE account_id = :account_id AND shelf = :shelf AND items > 0
       AND project_id NOT IN (SELECT project_id FROM deletions WHERE account_id = :account_id)
     GROUP BY status, source
"""
