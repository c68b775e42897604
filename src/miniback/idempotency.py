"""Idempotency keys: a request sent twice is carried out once (contract section 5).

What is kept of a request is a hash of its content and what its answer can be rebuilt from; no text.
"""

import re
from collections.abc import Sequence
from typing import NamedTuple

from miniback import clock
from miniback.db import Again, Tx
from miniback.errors import Invalid, Unprocessable

KEPT_MS = clock.DAY_MS
_KEY = re.compile(r"[\x20-\x7e]{1,255}")
# The row that says which project a key belongs to, for calls that stand above all projects.
NO_PROJECT = ""


class Claim(NamedTuple):
    """A request that claims to be sent once: its scope, its key and a hash of its content."""

    account_id: str
    project_id: str
    call: str
    key: str
    fingerprint: str


def checked(key: str) -> str:
    """Return the header's value, raising Invalid unless it is 1-255 printable ASCII characters."""
    if not _KEY.fullmatch(key):
        raise Invalid("Idempotency-Key must be 1 to 255 printable ASCII characters")
    return key


class Kept(NamedTuple):
    """What is known of a request that was carried out."""

    fingerprint: str
    answer: str

    def replayed(self, fingerprint: str) -> str:
        """Return what the first answer is rebuilt from, if this is the same request again."""
        if self.fingerprint != fingerprint:
            raise Unprocessable("Idempotency-Key was already used with other content")
        return self.answer


def find(
    tx: Tx, account_id: str, project_id: str, call: str, keys: Sequence[str]
) -> dict[str, Kept]:
    """Return which of some keys were used within the last 24 hours, and for what."""
    rows = tx.all(
        "SELECT idempotency_key, fingerprint, answer FROM idempotency_keys"
        " WHERE account_id = :account_id AND project_id = :project_id AND call = :call"
        "   AND idempotency_key IN (:keys[]) AND created_at > :oldest",
        account_id=account_id,
        project_id=project_id,
        call=call,
        keys=list(keys),
        oldest=clock.now() - KEPT_MS,
    )
    return {key: Kept(fingerprint, answer) for key, fingerprint, answer in rows}


def keep(tx: Tx, claims: Sequence[tuple[Claim, str]]) -> None:
    """Remember requests that are carried out, each with what its answer is rebuilt from.

    Raises Again where another process has carried one of them out since find() looked.
    """
    now = clock.now()
    kept = tx.run_many(
        """
        INSERT INTO idempotency_keys (account_id, project_id, call, idempotency_key,
                                      fingerprint, answer, created_at)
        VALUES (:account_id, :project_id, :call, :key, :fingerprint, :answer, :now)
        ON CONFLICT (account_id, project_id, call, idempotency_key) DO UPDATE
           SET fingerprint = excluded.fingerprint, answer = excluded.answer,
               created_at = excluded.created_at
         WHERE idempotency_keys.created_at <= :oldest
        """,
        [
            {**claim._asdict(), "answer": answer, "now": now, "oldest": now - KEPT_MS}
            for claim, answer in sorted(claims)
        ],
    )
    if kept < len(claims):
        raise Again


def forget_old(tx: Tx, limit: int) -> int:
    """Delete up to `limit` keys that no longer count, and return how many it were."""
    return tx.run(
        """
        DELETE FROM idempotency_keys
         WHERE (account_id, project_id, call, idempotency_key) IN (
            SELECT account_id, project_id, call, idempotency_key FROM idempotency_keys
             WHERE created_at <= :oldest ORDER BY created_at LIMIT :limit)
        """,
        oldest=clock.now() - KEPT_MS,
        limit=limit,
    )


def forget_some(tx: Tx, account_id: str, project_id: str, limit: int) -> int:
    """Delete about `limit` keys of a project that is gone, and return how many it were."""
    place = {"account_id": account_id, "project_id": project_id}
    # Found first and deleted by what was found: a database that is left to join the two may walk
    # the whole project for each portion.
    found = tx.all(
        "SELECT call, idempotency_key FROM idempotency_keys"
        " WHERE account_id = :account_id AND project_id = :project_id LIMIT :limit",
        **place,
        limit=limit,
    )
    if not found:
        return 0
    return tx.run(
        "DELETE FROM idempotency_keys"
        " WHERE account_id = :account_id AND project_id = :project_id"
        "   AND call IN (:calls[]) AND idempotency_key IN (:keys[])",
        **place,
        calls=sorted({call for call, _ in found}),
        keys=sorted({key for _, key in found}),
    )
