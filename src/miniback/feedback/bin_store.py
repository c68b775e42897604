"""SQL for items that were deleted on a page: they rest for a while, so that it can be undone."""

from collections.abc import Sequence
from typing import NamedTuple

from miniback.db import Tx
from miniback.feedback.models import Item


class Rested(NamedTuple):
    """An item whose time to be brought back is over."""

    account_id: str
    position: int
    shelf: str


def insert_all(tx: Tx, account_id: str, taken: Sequence[tuple[str, Item]], deleted_at: int) -> None:
    """Put items to rest, each from its shelf."""
    tx.run_many(
        "INSERT INTO deleted_feedback (account_id, position, id, project_id, shelf, status, source,"
        "                              document, created_at, updated_at, facets, deleted_at)"
        " VALUES (:account_id, :position, :id, :project_id, :shelf, :status, :source,"
        "         :document, :created_at, :updated_at, :facets, :deleted_at)",
        [
            {
                **item._asdict(),
                "account_id": account_id,
                "id": item.id,
                "shelf": shelf,
                "deleted_at": deleted_at,
            }
            for shelf, item in taken
        ],
    )


def take_all(tx: Tx, account_id: str, positions: Sequence[int]) -> list[tuple[str, Item]]:
    """Take items out again, with their shelves."""
    rows = tx.all(
        "DELETE FROM deleted_feedback"
        " WHERE account_id = :account_id AND position IN (:positions[])"
        " RETURNING shelf, position, document, status, source, created_at, updated_at, project_id,"
        "           facets",
        account_id=account_id,
        positions=list(positions),
    )
    return [(shelf, Item(*rest)) for shelf, *rest in rows]


def ids_at(tx: Tx, positions: Sequence[int]) -> dict[int, tuple[str, str]]:
    """Return the account and the id of what rests at positions, whoever it belongs to.

    In SQLite a position is one account's alone, and what rests there may come back to it.
    """
    rows = tx.all(
        "SELECT position, account_id, id FROM deleted_feedback WHERE position IN (:positions[])",
        positions=list(positions),
    )
    return {position: (account_id, item_id) for position, account_id, item_id in rows}


def rested(tx: Tx, deleted_before: int, limit: int) -> list[Rested]:
    """Return items that have rested since before a time, those of all accounts."""
    rows = tx.all(
        "SELECT account_id, position, shelf FROM deleted_feedback"
        " WHERE deleted_at < :deleted_before ORDER BY deleted_at LIMIT :limit",
        deleted_before=deleted_before,
        limit=limit,
    )
    return [Rested(*row) for row in rows]
