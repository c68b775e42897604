"""SQL for targets."""

import json
from collections.abc import Mapping, Sequence
from typing import Any

from miniback.db import Row, Tx
from miniback.notifications.models import Kind, Schedule, Target, TargetStatus

LEASE_MS = 60_000
_COLUMNS = (
    "account_id, id, kind, address, events, projects, secret, old_secret, old_ends_at, status,"
    " reason, schedule, hour, time_zone, failures, failing_since, succeeded_at"
)


def insert(tx: Tx, target: Target) -> None:
    """Add a target."""
    tx.run(
        "INSERT INTO targets (account_id, id, kind, address, events, projects, secret, old_secret,"
        "       old_ends_at, status, reason, schedule, hour, time_zone, failures, failing_since,"
        "       succeeded_at, due_at, leased_until)"
        " VALUES (:account_id, :id, :kind, :address, :events, :projects, :secret, :old_secret,"
        "         :old_ends_at, :status, :reason, :schedule, :hour, :time_zone, :failures,"
        "         :failing_since, :succeeded_at, NULL, 0)",
        **_row(target),
    )


def update(tx: Tx, target: Target) -> None:
    """Write what people decide about a target."""
    tx.run(
        "UPDATE targets SET address = :address, events = :events, projects = :projects,"
        "       secret = :secret, old_secret = :old_secret, old_ends_at = :old_ends_at,"
        "       status = :status, reason = :reason, schedule = :schedule, hour = :hour,"
        "       time_zone = :time_zone, failures = :failures, failing_since = :failing_since,"
        "       succeeded_at = :succeeded_at"
        " WHERE account_id = :account_id AND id = :id",
        **_row(target),
    )


def all_of(tx: Tx, account_id: str) -> list[Target]:
    """Return an account's targets, the oldest first."""
    rows = tx.all(
        "SELECT " + _COLUMNS + " FROM targets"  # noqa: S608 - constants
        " WHERE account_id = :account_id ORDER BY id LIMIT 1000",
        account_id=account_id,
    )
    return [_target(row) for row in rows]


def of_accounts(tx: Tx, account_ids: Sequence[str]) -> list[Target]:
    """Return the targets of some accounts that are told of what happens."""
    rows = tx.all(
        "SELECT " + _COLUMNS + " FROM targets"  # noqa: S608 - constants
        " WHERE account_id IN (:account_ids[]) AND status = 'ACTIVE' ORDER BY account_id, id",
        account_ids=sorted(set(account_ids)),
    )
    return [_target(row) for row in rows]


def find(tx: Tx, account_id: str, target_id: str) -> Target | None:
    """Look up one target."""
    row = tx.one(
        "SELECT " + _COLUMNS + " FROM targets"  # noqa: S608 - constants
        " WHERE account_id = :account_id AND id = :id",
        account_id=account_id,
        id=target_id,
    )
    return _target(row) if row else None


def lock(tx: Tx, account_id: str, target_id: str) -> Target | None:
    """Look up one target to change it, while nobody else does."""
    row = tx.one(
        "UPDATE targets SET status = status"  # noqa: S608 - constants
        " WHERE account_id = :account_id AND id = :id RETURNING " + _COLUMNS,
        account_id=account_id,
        id=target_id,
    )
    return _target(row) if row else None


def delete(tx: Tx, account_id: str, target_id: str) -> bool:
    """Delete a target; False where there is none."""
    return bool(
        tx.run(
            "DELETE FROM targets WHERE account_id = :account_id AND id = :id",
            account_id=account_id,
            id=target_id,
        )
    )


def wake(tx: Tx, moments: Mapping[tuple[str, str], int]) -> None:
    """See that targets, by account and id, are looked after at their moments at the latest."""
    tx.run_many(
        # A row that stays as it is, too, is to be waited for: who is just giving the target back
        # has not seen what is made here.
        "UPDATE targets SET due_at = CASE WHEN due_at <= :at THEN due_at ELSE :at END"
        " WHERE account_id = :account_id AND id = :id",
        # In one order, so that no two who do so wait for each other.
        [
            {"account_id": account_id, "id": target_id, "at": at}
            for (account_id, target_id), at in sorted(moments.items())
        ],
    )


def is_any_due(tx: Tx, now: int) -> bool:
    """Tell whether something is to be done for a target that no worker has."""
    row = tx.one(
        "SELECT 1 FROM targets WHERE due_at <= :now AND leased_until <= :now LIMIT 1", now=now
    )
    return row is not None


def claim(tx: Tx, now: int, limit: int) -> list[Target]:
    """Take targets that have waited longest, for LEASE_MS or until let_go()."""
    rows = tx.all(
        "UPDATE targets SET leased_until = :until WHERE (account_id, id) IN ("  # noqa: S608
        "   SELECT account_id, id FROM targets WHERE due_at <= :now AND leased_until <= :now"
        "    ORDER BY due_at LIMIT :limit)"
        "   AND due_at <= :now AND leased_until <= :now"
        " RETURNING " + _COLUMNS,
        now=now,
        until=now + LEASE_MS,
        limit=limit,
    )
    return [_target(row) for row in rows]


def let_go(tx: Tx, target: Target) -> None:
    """Give a target back, before it is known when it is due again: see due()."""
    tx.run(
        "UPDATE targets SET leased_until = 0 WHERE account_id = :account_id AND id = :id",
        account_id=target.account_id,
        id=target.id,
    )


def due(tx: Tx, target: Target, at: int | None) -> None:
    """Say when a target is to be looked after again, None for when something comes."""
    tx.run(
        "UPDATE targets SET due_at = :at WHERE account_id = :account_id AND id = :id",
        account_id=target.account_id,
        id=target.id,
        at=at,
    )


def hear(tx: Tx, account_id: str, events: Sequence[str]) -> None:
    """Say which events anybody of an account is told of."""
    tx.run("DELETE FROM listeners WHERE account_id = :account_id", account_id=account_id)
    tx.run_many(
        "INSERT INTO listeners (account_id, event) VALUES (:account_id, :event)",
        [{"account_id": account_id, "event": event} for event in events],
    )


def _row(target: Target) -> Mapping[str, Any]:
    values = target._asdict()
    values |= {"events": json.dumps(target.events), "projects": json.dumps(target.projects)}
    return {name: str(v) if isinstance(v, Kind | Schedule) else v for name, v in values.items()}


def _target(row: Row) -> Target:
    account_id, target_id, kind, address, events, projects, *rest = row
    secret, old_secret, old_ends_at, status, reason, schedule, *more = rest
    return Target(
        account_id,
        target_id,
        Kind(kind),
        address,
        tuple(json.loads(events)),
        tuple(json.loads(projects)),
        secret,
        old_secret,
        old_ends_at,
        TargetStatus(status),
        reason,
        Schedule(schedule),
        *more,
    )
