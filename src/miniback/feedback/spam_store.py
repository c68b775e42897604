"""SQL for why items lie on the shelf SPAM."""

from collections.abc import Mapping, Sequence
from typing import Any

from miniback import clock
from miniback.db import Tx
from miniback.feedback.models import Item

# By a person; such an item has been paid for when it came in.
MARKED = "MARKED"


def insert_all(tx: Tx, account_id: str, items: Sequence[Item], reason: str) -> None:
    """Note why items were quarantined."""
    insert_rows(
        tx,
        [
            {
                "account_id": account_id,
                "position": item.position,
                "project_id": item.project_id,
                "reason": reason,
            }
            for item in items
        ],
    )


def insert_rows(tx: Tx, rows: Sequence[Mapping[str, Any]]) -> None:
    """Note why things were quarantined, each with account, position, project and reason.

    Since now, unless a row says since when.
    """
    now = clock.now()
    tx.run_many(
        "INSERT INTO suspicions (account_id, position, project_id, reason, since)"
        " VALUES (:account_id, :position, :project_id, :reason, :since)",
        [{"since": now, **row} for row in rows],
    )


def over(tx: Tx, before: int, limit: int) -> list[tuple[str, int]]:
    """Return account and position of what was quarantined before some time."""
    rows = tx.all(
        "SELECT account_id, position FROM suspicions WHERE since <= :before"
        " ORDER BY since LIMIT :limit",
        before=before,
        limit=limit,
    )
    return [(account_id, position) for account_id, position in rows]


def reasons(tx: Tx, account_id: str, positions: Sequence[int]) -> dict[int, str]:
    """Return why those of some items lie there that do."""
    rows = tx.all(
        "SELECT position, reason FROM suspicions"
        " WHERE account_id = :account_id AND position IN (:positions[])",
        account_id=account_id,
        positions=list(positions),
    )
    return dict(rows)


def suspicions(tx: Tx, account_id: str, positions: Sequence[int]) -> dict[int, tuple[str, int]]:
    """Return why, and since when, those of some items lie there that do."""
    rows = tx.all(
        "SELECT position, reason, since FROM suspicions"
        " WHERE account_id = :account_id AND position IN (:positions[])",
        account_id=account_id,
        positions=list(positions),
    )
    return {position: (reason, since) for position, reason, since in rows}


def delete_all(tx: Tx, account_id: str, positions: Sequence[int]) -> None:
    """Forget why items lay there."""
    tx.run(
        "DELETE FROM suspicions WHERE account_id = :account_id AND position IN (:positions[])",
        account_id=account_id,
        positions=list(positions),
    )
