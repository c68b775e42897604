"""Clearing away what hangs on items that are gone: at once, or with their project by portions."""

from collections.abc import Sequence

from miniback import idempotency
from miniback.db import Tx
from miniback.feedback import (
    annotation_store,
    attachment_store,
    change_store,
    gate_store,
    spam_store,
    submitter_store,
)

_ERASE_ATTEMPTS = """
    DELETE FROM attempts WHERE account_id = :account_id AND delivery_id IN (
        SELECT id FROM deliveries
         WHERE account_id = :account_id AND position IN (:positions[]))
"""
_ERASE_DELIVERIES = """
    DELETE FROM deliveries WHERE account_id = :account_id AND position IN (:positions[])
"""
# Words of theirs may stand there; where there was anything it is computed again.
_FORGET_INSIGHTS = "DELETE FROM insights WHERE account_id = :account_id"
_COMPUTE_AGAIN = """
    UPDATE outbox SET due_at = 0 WHERE account_id = :account_id AND event = 'insights.due'
"""
_CLEAR_ATTEMPTS = """
    DELETE FROM attempts WHERE account_id = :account_id AND (delivery_id, number) IN (
        SELECT delivery_id, number FROM attempts
         WHERE account_id = :account_id AND delivery_id IN (
            SELECT id FROM deliveries WHERE account_id = :account_id AND project_id = :project_id)
         LIMIT :limit)
"""
_CLEAR_ROLLUPS = """
    DELETE FROM rollups
     WHERE account_id = :account_id AND project_id = :project_id
       AND (dimension, grain, stretch, value) IN (
        SELECT dimension, grain, stretch, value FROM rollups
         WHERE account_id = :account_id AND project_id = :project_id LIMIT :limit)
"""
_CLEAR_ADDITIONS = """
    DELETE FROM rollup_additions
     WHERE account_id = :account_id AND project_id = :project_id
       AND (batch, quarter, dimension, value) IN (
        SELECT batch, quarter, dimension, value FROM rollup_additions
         WHERE account_id = :account_id AND project_id = :project_id LIMIT :limit)
"""
_CLEAR = """
    DELETE FROM {table}
     WHERE account_id = :account_id AND project_id = :project_id AND {key} IN (
        SELECT {key} FROM {table}
         WHERE account_id = :account_id AND project_id = :project_id LIMIT :limit)
"""
_TABLES = {
    "annotations": "position",
    "arrivals": "quarter",
    "attachments": "id",
    "changes": "id",
    "deleted_feedback": "position",
    "deliveries": "id",
    "identities": "position",
    "notes": "id",
    "repeats": "fingerprint",
    "sightings": "host",
    "submitters": "position",
    "suspicions": "position",
}
# Attempts before the deliveries by which they are found, additions before what they are added to.
_STATEMENTS = (
    _CLEAR_ATTEMPTS,
    _CLEAR_ADDITIONS,
    _CLEAR_ROLLUPS,
    *(_CLEAR.replace("{table}", table).replace("{key}", key) for table, key in _TABLES.items()),
)


def erase(tx: Tx, account_id: str, positions: Sequence[int]) -> None:
    """Erase all that hangs on items but the change that tells that they are gone."""
    _forget_insights(tx, account_id)
    attachment_store.delete_of(tx, account_id, positions)
    for statement in (_ERASE_ATTEMPTS, _ERASE_DELIVERIES):
        tx.run(statement, account_id=account_id, positions=list(positions))
    gate_store.delete_identities(tx, account_id, positions)
    submitter_store.delete_of(tx, account_id, positions)
    annotation_store.delete_of(tx, account_id, positions)
    change_store.delete_of(tx, account_id, positions)
    spam_store.delete_all(tx, account_id, positions)


def clear_some(tx: Tx, account_id: str, project_id: str, portion: int) -> bool:
    """Clear a portion away; False where nothing was left."""
    _forget_insights(tx, account_id)
    values = {"account_id": account_id, "project_id": project_id, "limit": portion}
    if any(tx.run(statement, **values) for statement in _STATEMENTS):
        return True
    return bool(idempotency.forget_some(tx, account_id, project_id, portion))


def _forget_insights(tx: Tx, account_id: str) -> None:
    if tx.run(_FORGET_INSIGHTS, account_id=account_id):
        tx.run(_COMPUTE_AGAIN, account_id=account_id)
