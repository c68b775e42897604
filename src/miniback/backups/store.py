"""The list of backups that were begun, and whose turn it is to make the next."""

from miniback import clock, ids
from miniback.backups.models import Backup, Made, Reason, State
from miniback.db import Tx

LEASE_MS = 120_000
RETRY_MS = 600_000
_REMEMBERED = 200
_INSERT = """
    INSERT INTO backups (id, reason, began_at, seen_at) VALUES (:id, :reason, :now, :now)
"""


def is_due(tx: Tx, every_ms: int) -> bool:
    """Tell whether it is time for the schedule's next backup, and nobody makes it."""
    row = tx.one(
        "SELECT began_at, seen_at, ended_at, failure FROM backups WHERE reason = 'SCHEDULE'"
        " ORDER BY began_at DESC LIMIT 1"
    )
    if row is None:
        return True
    began_at, seen_at, ended_at, failure = row
    now = clock.now()
    if ended_at is None:
        return bool(seen_at <= now - LEASE_MS)
    return bool(began_at <= now - (min(RETRY_MS, every_ms) if failure else every_ms))


def claim(tx: Tx, every_ms: int) -> str | None:
    """Begin the schedule's next backup where it is due; of several processes one gets it."""
    tx.hold_table("backups")
    if not is_due(tx, every_ms):
        return None
    tx.run(
        "UPDATE backups SET ended_at = :now, failure = 'It was broken off'"
        " WHERE ended_at IS NULL AND seen_at <= :lost",
        now=clock.now(),
        lost=clock.now() - LEASE_MS,
    )
    return begin(tx, Reason.SCHEDULE)


def begin(tx: Tx, reason: Reason) -> str:
    """Note that a backup is being made."""
    backup_id = ids.new("backup")
    tx.run(_INSERT, id=backup_id, reason=reason.value, now=clock.now())
    return backup_id


def renew(tx: Tx, backup_id: str) -> None:
    """Note that it is still being made."""
    tx.run("UPDATE backups SET seen_at = :now WHERE id = :id", now=clock.now(), id=backup_id)


def end(tx: Tx, backup_id: str, made: Made) -> None:
    """Note that a backup is good; what is long past is forgotten."""
    tx.run(
        "UPDATE backups SET ended_at = :now, path = :path, bytes = :bytes, entries = :entries"
        " WHERE id = :id",
        now=clock.now(),
        path=str(made.path),
        bytes=made.manifest.bytes,
        entries=made.entries,
        id=backup_id,
    )
    tx.run(
        "DELETE FROM backups WHERE began_at < ("
        "   SELECT min(began_at) FROM ("
        "       SELECT began_at FROM backups ORDER BY began_at DESC LIMIT :limit) AS kept)",
        limit=_REMEMBERED,
    )


def fail(tx: Tx, backup_id: str, failure: str) -> None:
    """Note why there is no backup."""
    tx.run(
        "UPDATE backups SET ended_at = :now, failure = :failure WHERE id = :id",
        now=clock.now(),
        failure=failure,
        id=backup_id,
    )


def note(tx: Tx, reason: Reason, made: Made) -> None:
    """Note a backup that was made by a command or before a migration."""
    end(tx, begin(tx, reason), made)


def last(tx: Tx) -> Backup | None:
    """Return the last good backup."""
    row = tx.one(
        "SELECT id, reason, began_at, ended_at, path, bytes, entries, failure FROM backups"
        " WHERE ended_at IS NOT NULL AND failure = ''"
        " ORDER BY began_at DESC LIMIT 1"
    )
    return Backup(*row) if row else None


def recent(tx: Tx, limit: int) -> list[Backup]:
    """Return the newest backups that were begun, good or not."""
    rows = tx.all(
        "SELECT id, reason, began_at, ended_at, path, bytes, entries, failure FROM backups"
        " ORDER BY began_at DESC LIMIT :limit",
        limit=limit,
    )
    return [Backup(*row) for row in rows]


def state(tx: Tx, every_ms: int) -> State:
    """Say how it stands with backups, given how often the schedule makes one (0 for never)."""
    good = last(tx)
    if good is None:
        failed = any(each.failure for each in recent(tx, 1))
        return State.FAILED if failed else State.NONE
    ended = [each for each in recent(tx, 2) if each.ended_at is not None]
    if ended and ended[0].failure:
        return State.FAILED
    is_old = every_ms > 0 and good.began_at < clock.now() - 2 * every_ms
    return State.OLD if is_old else State.GOOD
