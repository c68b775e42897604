"""SQL for what the public door remembers: how much came of late, which texts, which proofs."""

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from miniback import clock
from miniback.db import Again, Tx

Key = tuple[str, str]
_REPEATED_WITHIN_MS = clock.DAY_MS


def levels(tx: Tx, keys: Collection[Key], now: int) -> dict[Key, int]:
    """Return when buckets, by account and subject, will be full; nobody else takes from them."""
    if not keys:
        return {}
    wanted = sorted(keys)
    # Written as it is, so that two processes at once wait for each other.
    tx.run_many(
        "INSERT INTO buckets (account_id, subject, full_at) VALUES (:account_id, :subject, :now)"
        " ON CONFLICT (account_id, subject) DO UPDATE SET full_at = buckets.full_at",
        [
            {"account_id": account_id, "subject": subject, "now": now}
            for account_id, subject in wanted
        ],
    )
    rows = tx.all(
        "SELECT account_id, subject, full_at FROM buckets"
        " WHERE account_id IN (:account_ids[]) AND subject IN (:subjects[])",
        account_ids=sorted({account_id for account_id, _ in wanted}),
        subjects=sorted({subject for _, subject in wanted}),
    )
    return {(account_id, subject): full_at for account_id, subject, full_at in rows}


def set_levels(tx: Tx, changed: Mapping[Key, int]) -> None:
    """Say when buckets will be full."""
    tx.run_many(
        "UPDATE buckets SET full_at = :full_at"
        " WHERE account_id = :account_id AND subject = :subject",
        [
            {"account_id": account_id, "subject": subject, "full_at": full_at}
            for (account_id, subject), full_at in sorted(changed.items())
        ],
    )


def seen_before(tx: Tx, account_id: str, project_id: str, fingerprints: Sequence[str]) -> set[str]:
    """Return which texts were sent to a project within the last day."""
    rows = tx.all(
        "SELECT fingerprint FROM repeats"
        " WHERE account_id = :account_id AND project_id = :project_id"
        "   AND fingerprint IN (:fingerprints[]) AND seen_at > :oldest",
        account_id=account_id,
        project_id=project_id,
        fingerprints=list(fingerprints),
        oldest=clock.now() - _REPEATED_WITHIN_MS,
    )
    return {fingerprint for (fingerprint,) in rows}


def remember(tx: Tx, texts: Sequence[Mapping[str, Any]]) -> None:
    """Remember texts, each with `account_id`, `project_id` and `fingerprint`."""
    now = clock.now()
    tx.run_many(
        "INSERT INTO repeats (account_id, project_id, fingerprint, seen_at)"
        " VALUES (:account_id, :project_id, :fingerprint, :now)"
        " ON CONFLICT (account_id, project_id, fingerprint)"
        " DO UPDATE SET seen_at = excluded.seen_at",
        [{**text, "now": now} for text in texts],
    )


def forget_texts(
    tx: Tx, account_id: str, project_ids: Sequence[str], fingerprints: Sequence[str]
) -> None:
    """Forget that texts were sent to some projects."""
    tx.run(
        "DELETE FROM repeats"
        " WHERE account_id = :account_id AND project_id IN (:project_ids[])"
        "   AND fingerprint IN (:fingerprints[])",
        account_id=account_id,
        project_ids=list(project_ids),
        fingerprints=list(fingerprints),
    )


def used(tx: Tx, keys: Sequence[Key]) -> set[Key]:
    """Return which solved challenges, by account, have opened the door already."""
    rows = tx.all(
        "SELECT account_id, challenge FROM solved_challenges"
        " WHERE account_id IN (:account_ids[]) AND challenge IN (:challenges[])",
        account_ids=sorted({account_id for account_id, _ in keys}),
        challenges=sorted({challenge for _, challenge in keys}),
    )
    return {(account_id, challenge) for account_id, challenge in rows}


def use(tx: Tx, expiring: Mapping[Key, int]) -> None:
    """Let solved challenges, with their ends, open the door no more; Again where one just did."""
    kept = tx.run_many(
        "INSERT INTO solved_challenges (account_id, challenge, expires_at)"
        " VALUES (:account_id, :challenge, :expires_at)"
        " ON CONFLICT (account_id, challenge) DO NOTHING",
        [
            {"account_id": account_id, "challenge": challenge, "expires_at": expires_at}
            for (account_id, challenge), expires_at in sorted(expiring.items())
        ],
    )
    if kept < len(expiring):
        raise Again


def vouch(tx: Tx, rows: Sequence[Mapping[str, Any]]) -> None:
    """Note who has been vouched for, each with the place of the item."""
    tx.run_many(
        "INSERT INTO identities (account_id, position, project_id, user_id)"
        " VALUES (:account_id, :position, :project_id, :user_id)",
        rows,
    )


def vouched_for(tx: Tx, account_id: str, position: int) -> str:
    """Return the id of the visitor who was vouched for when they sent an item, '' for nobody."""
    row = tx.one(
        "SELECT user_id FROM identities WHERE account_id = :account_id AND position = :position",
        account_id=account_id,
        position=position,
    )
    return row[0] if row else ""


def identities(tx: Tx, account_id: str, positions: Sequence[int]) -> dict[int, str]:
    """Return the ids of visitors who were vouched for when they sent some items."""
    rows = tx.all(
        "SELECT position, user_id FROM identities"
        " WHERE account_id = :account_id AND position IN (:positions[])",
        account_id=account_id,
        positions=list(positions),
    )
    return dict(rows)


def delete_identities(tx: Tx, account_id: str, positions: Sequence[int]) -> None:
    """Forget who sent items."""
    tx.run(
        "DELETE FROM identities WHERE account_id = :account_id AND position IN (:positions[])",
        account_id=account_id,
        positions=list(positions),
    )


_FORGET = """
    DELETE FROM {table} WHERE (account_id, {key}) IN (
        SELECT account_id, {key} FROM {table} WHERE {time} <= :oldest ORDER BY {time} LIMIT :limit)
"""


def _forgetting(table: str, key: str, time: str) -> str:
    return _FORGET.replace("{table}", table).replace("{key}", key).replace("{time}", time)


_FORGET_BUCKETS = _forgetting("buckets", "subject", "full_at")
_FORGET_TEXTS = _forgetting("repeats", "project_id, fingerprint", "seen_at")
_FORGET_PROOFS = _forgetting("solved_challenges", "challenge", "expires_at")


def forget_old(tx: Tx, limit: int) -> int:
    """Delete up to `limit` of each kind that says nothing any more; return how many it were."""
    now = clock.now()
    return sum(
        tx.run(statement, oldest=oldest, limit=limit)
        for statement, oldest in (
            (_FORGET_BUCKETS, now),
            (_FORGET_TEXTS, now - _REPEATED_WITHIN_MS),
            (_FORGET_PROOFS, now),
        )
    )
