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
# A portion is found first and deleted by its keys: a database that is left to join the two may walk
# the whole project for each portion.
_FOUND = """
    SELECT {key} FROM {table}
     WHERE account_id = :account_id AND project_id = :project_id LIMIT :limit
"""
_GONE = "DELETE FROM {table} WHERE account_id = :account_id AND {key} IN (:keys[])"
_GONE_OF_PROJECT = _GONE + " AND project_id = :project_id"
_ATTEMPTS_GONE = _GONE.replace("{table}", "attempts").replace("{key}", "delivery_id")
# By what each is found in an account, or within its project.
_OF_ACCOUNT = {
    "annotations": "position",
    "attachments": "id",
    "changes": "id",
    "deleted_feedback": "position",
    "deliveries": "id",
    "identities": "position",
    "notes": "position",
    "submitters": "position",
    "suspicions": "position",
}
_OF_PROJECT = {
    "arrivals": "quarter",
    "repeats": "fingerprint",
    "rollup_additions": "batch",
    "sightings": "host",
}
_STATEMENTS = {
    table: (
        _FOUND.replace("{table}", table).replace("{key}", key),
        gone.replace("{table}", table).replace("{key}", key),
    )
    for keys, gone in ((_OF_ACCOUNT, _GONE), (_OF_PROJECT, _GONE_OF_PROJECT))
    for table, key in keys.items()
}
_FOUND_ROLLUPS = """
    SELECT dimension, grain, stretch FROM rollups
     WHERE account_id = :account_id AND project_id = :project_id LIMIT :limit
"""
_ROLLUPS_GONE = """
    DELETE FROM rollups
     WHERE account_id = :account_id AND project_id = :project_id
       AND dimension = :dimension AND grain = :grain AND stretch IN (:stretches[])
"""


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
    if any(_clear(tx, table, account_id, project_id, portion) for table in _STATEMENTS):
        return True
    if _clear_rollups(tx, account_id, project_id, portion):
        return True
    return bool(idempotency.forget_some(tx, account_id, project_id, portion))


def _clear(tx: Tx, table: str, account_id: str, project_id: str, limit: int) -> bool:
    found, gone = _STATEMENTS[table]
    place = {"account_id": account_id, "project_id": project_id}
    keys = sorted({key for (key,) in tx.all(found, **place, limit=limit)})
    if not keys:
        return False
    if table == "deliveries":
        tx.run(_ATTEMPTS_GONE, account_id=account_id, keys=keys)
    named = place if table in _OF_PROJECT else {"account_id": account_id}
    tx.run(gone, **named, keys=keys)
    return True


def _clear_rollups(tx: Tx, account_id: str, project_id: str, limit: int) -> bool:
    place = {"account_id": account_id, "project_id": project_id}
    found: dict[tuple[str, int], set[int]] = {}
    for dimension, grain, stretch in tx.all(_FOUND_ROLLUPS, **place, limit=limit):
        found.setdefault((dimension, grain), set()).add(stretch)
    for (dimension, grain), stretches in found.items():
        named = {"dimension": dimension, "grain": grain, "stretches": sorted(stretches)}
        tx.run(_ROLLUPS_GONE, **place, **named)
    return bool(found)


def _forget_insights(tx: Tx, account_id: str) -> None:
    if tx.run(_FORGET_INSIGHTS, account_id=account_id):
        tx.run(_COMPUTE_AGAIN, account_id=account_id)
