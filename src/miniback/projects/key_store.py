"""SQL for API keys."""

from collections.abc import Mapping, Sequence
from typing import Any

from miniback.db import Marks, Tx
from miniback.projects.models import ApiKey


def find_callers(tx: Tx, key_hashes: Sequence[str]) -> list[tuple[Any, ...]]:
    """Return who holds some keys: one row a key, with its project, account and plan.

    A key that has expired is among them; who asks knows the time, which stands last.
    """
    return tx.all(
        """
        SELECT api_keys.key_hash, api_keys.account_id, api_keys.project_id, api_keys.last_used_at,
               projects.status, accounts.plan, accounts.anchor, api_keys.mark, api_keys.expires_at
          FROM api_keys
          JOIN projects ON projects.account_id = api_keys.account_id
                       AND projects.id = api_keys.project_id
          JOIN accounts ON accounts.id = api_keys.account_id
         WHERE api_keys.key_hash IN (:key_hashes[])
        """,
        key_hashes=list(key_hashes),
    )


def find_current(tx: Tx, account_id: str, project_id: str) -> ApiKey | None:
    """Look up a project's current key."""
    row = tx.one(
        "SELECT account_id, project_id, key_hash, masked, created_at, last_used_at FROM api_keys"
        " WHERE account_id = :account_id AND project_id = :project_id AND expires_at IS NULL",
        account_id=account_id,
        project_id=project_id,
    )
    return ApiKey(*row) if row else None


def insert(tx: Tx, key: ApiKey) -> None:
    """Add a key as its project's current one."""
    tx.run(
        "INSERT INTO api_keys (account_id, project_id, key_hash, masked, created_at)"
        " VALUES (:account_id, :project_id, :key_hash, :masked, :created_at)",
        account_id=key.account_id,
        project_id=key.project_id,
        key_hash=key.key_hash,
        masked=key.masked,
        created_at=key.created_at,
    )


def delete_earlier(tx: Tx, account_id: str, project_id: str) -> None:
    """Delete the keys that were on their way out already."""
    tx.run(
        "DELETE FROM api_keys"
        " WHERE account_id = :account_id AND project_id = :project_id AND expires_at IS NOT NULL",
        account_id=account_id,
        project_id=project_id,
    )


def expire(tx: Tx, account_id: str, project_id: str, at: int) -> None:
    """Let a project's keys stop at a time."""
    tx.run(
        "UPDATE api_keys SET expires_at = :at"
        " WHERE account_id = :account_id AND project_id = :project_id",
        account_id=account_id,
        project_id=project_id,
        at=at,
    )


def delete_all(tx: Tx, account_id: str, project_id: str) -> None:
    """Delete every key of a project."""
    tx.run(
        "DELETE FROM api_keys WHERE account_id = :account_id AND project_id = :project_id",
        account_id=account_id,
        project_id=project_id,
    )


def touch(tx: Tx, used_at: Mapping[str, int]) -> None:
    """Note when keys, by their hashes, were last used."""
    tx.put_many(
        "UPDATE api_keys SET last_used_at = :used_at WHERE key_hash = :key_hash",
        [{"key_hash": key_hash, "used_at": at} for key_hash, at in sorted(used_at.items())],
    )


def find_mark(tx: Tx, key_hash: str) -> int | None:
    """Return how much was changed by a key."""
    row = tx.one("SELECT mark FROM api_keys WHERE key_hash = :key_hash", key_hash=key_hash)
    return row[0] if row else None


def add_marks(tx: Tx, key_hashes: Sequence[str]) -> int:
    """Count a change by each of some keys."""
    return tx.run(
        "UPDATE api_keys SET mark = mark + 1 WHERE key_hash IN (:key_hashes[])",
        key_hashes=list(key_hashes),
    )


MARKS = Marks(find_mark, add_marks)
