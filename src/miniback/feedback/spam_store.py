"""SQL for why items lie on the shelf SPAM."""

from collections.abc import Sequence

from miniback.db import Tx
from miniback.feedback.models import Item

# By a person; such an item has been paid for when it came in.
MARKED = "MARKED"


def insert_all(tx: Tx, account_id: str, items: Sequence[Item], reason: str) -> None:
    """Note why items were quarantined."""
    tx.run_many(
        "INSERT INTO suspicions (account_id, position, project_id, reason)"
        " VALUES (:account_id, :position, :project_id, :reason)",
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


def reasons(tx: Tx, account_id: str, positions: Sequence[int]) -> dict[int, str]:
    """Return why those of some items lie there that do."""
    rows = tx.all(
        "SELECT position, reason FROM suspicions"
        " WHERE account_id = :account_id AND position IN (:positions[])",
        account_id=account_id,
        positions=list(positions),
    )
    return dict(rows)


def delete_all(tx: Tx, account_id: str, positions: Sequence[int]) -> None:
    """Forget why items lay there."""
    tx.run(
        "DELETE FROM suspicions WHERE account_id = :account_id AND position IN (:positions[])",
        account_id=account_id,
        positions=list(positions),
    )
