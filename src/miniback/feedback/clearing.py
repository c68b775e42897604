"""Clearing away, portion by portion, what hangs on the items of a project that is gone."""

from miniback import idempotency
from miniback.db import Tx

_CLEAR = """
    DELETE FROM {table} WHERE account_id = :account_id AND {key} IN (
        SELECT {key} FROM {table}
         WHERE account_id = :account_id AND project_id = :project_id LIMIT :limit)
"""
_TABLES = {
    "annotations": "position",
    "changes": "id",
    "deleted_feedback": "position",
    "notes": "id",
    "suspicions": "position",
}
_STATEMENTS = tuple(
    _CLEAR.replace("{table}", table).replace("{key}", key) for table, key in _TABLES.items()
)


def clear_some(tx: Tx, account_id: str, project_id: str, portion: int) -> bool:
    """Clear a portion away; False where nothing was left."""
    values = {"account_id": account_id, "project_id": project_id, "limit": portion}
    if any(tx.run(statement, **values) for statement in _STATEMENTS):
        return True
    return bool(idempotency.forget_some(tx, account_id, project_id, portion))
