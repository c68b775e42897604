"""SQL for deliveries and their attempts."""

from collections.abc import Mapping, Sequence
from typing import Any

from miniback.db import Row, Tx
from miniback.notifications.models import Attempt, Delivery, DeliveryStatus

_COLUMNS = ", ".join(Delivery._fields)


def insert_all(tx: Tx, deliveries: Sequence[Delivery]) -> None:
    """Add deliveries."""
    tx.put_many(
        "INSERT INTO deliveries (account_id, id, target_id, event, position, project_id, was,"
        "                        became, happened_at, status, attempts, due_at)"
        " VALUES (:account_id, :id, :target_id, :event, :position, :project_id, :was, :became,"
        "         :happened_at, :status, :attempts, :due_at)",
        [each._asdict() for each in deliveries],
    )


def due_for(tx: Tx, account_id: str, target_id: str, now: int, limit: int) -> list[Delivery]:
    """Return what a target is to be told now, what has waited longest first."""
    rows = tx.all(
        "SELECT " + _COLUMNS + " FROM deliveries"  # noqa: S608 - constants
        " WHERE account_id = :account_id AND target_id = :target_id AND status = 'WAITING'"
        "   AND due_at <= :now ORDER BY due_at, id LIMIT :limit",
        account_id=account_id,
        target_id=target_id,
        now=now,
        limit=limit,
    )
    return [_delivery(row) for row in rows]


def next_due(tx: Tx, account_id: str, target_id: str) -> int | None:
    """Return when the next of what waits for a target is due, None where nothing waits."""
    row = tx.one(
        "SELECT due_at FROM deliveries WHERE account_id = :account_id AND target_id = :target_id"
        "   AND status = 'WAITING' ORDER BY due_at LIMIT 1",
        account_id=account_id,
        target_id=target_id,
    )
    return int(row[0]) if row else None


def find(tx: Tx, account_id: str, delivery_id: str) -> Delivery | None:
    """Look up one delivery."""
    row = tx.one(
        "SELECT " + _COLUMNS + " FROM deliveries"  # noqa: S608 - constants
        " WHERE account_id = :account_id AND id = :id",
        account_id=account_id,
        id=delivery_id,
    )
    return _delivery(row) if row else None


def newest(
    tx: Tx, account_id: str, target_id: str, before: str | None, limit: int
) -> list[Delivery]:
    """Return a target's deliveries, the newest first, from before one of them."""
    rows = tx.all(
        "SELECT " + _COLUMNS + " FROM deliveries"  # noqa: S608 - constants
        " WHERE account_id = :account_id AND target_id = :target_id AND id < :before"
        " ORDER BY id DESC LIMIT :limit",
        account_id=account_id,
        target_id=target_id,
        before=before or "e",  # after every id, which all begin with d
        limit=limit,
    )
    return [_delivery(row) for row in rows]


def of_item(tx: Tx, account_id: str, position: int, limit: int) -> list[Delivery]:
    """Return what was told of an item, the oldest first."""
    rows = tx.all(
        "SELECT " + _COLUMNS + " FROM deliveries"  # noqa: S608 - constants
        " WHERE account_id = :account_id AND position = :position ORDER BY id LIMIT :limit",
        account_id=account_id,
        position=position,
        limit=limit,
    )
    return [_delivery(row) for row in rows]


def settle(tx: Tx, rows: Sequence[Mapping[str, Any]]) -> None:
    """Write what became of attempts: status, how many they were, and when it goes on."""
    tx.run_many(
        "UPDATE deliveries SET status = :status, attempts = :attempts, due_at = :due_at"
        " WHERE account_id = :account_id AND id = :id AND status = 'WAITING'",
        rows,
    )


def add_attempts(tx: Tx, rows: Sequence[Mapping[str, Any]]) -> None:
    """Note attempts; one of a delivery that is gone with its item is not noted."""
    tx.run_many(
        "INSERT INTO attempts (account_id, delivery_id, number, at, took_ms, answer, content)"
        " SELECT account_id, id, :number, :at, :took_ms, :answer, :content FROM deliveries"
        "  WHERE account_id = :account_id AND id = :delivery_id"
        " ON CONFLICT (account_id, delivery_id, number) DO NOTHING",
        rows,
    )


def attempts_of(tx: Tx, account_id: str, delivery_ids: Sequence[str]) -> dict[str, list[Attempt]]:
    """Return how often deliveries were tried, by their ids."""
    rows = tx.all(
        "SELECT delivery_id, number, at, took_ms, answer, content FROM attempts"
        " WHERE account_id = :account_id AND delivery_id IN (:ids[]) ORDER BY number",
        account_id=account_id,
        ids=list(delivery_ids),
    )
    found: dict[str, list[Attempt]] = {}
    for delivery_id, *rest in rows:
        found.setdefault(delivery_id, []).append(Attempt(*rest))
    return found


def again(tx: Tx, account_id: str, delivery_id: str, now: int) -> bool:
    """Let a delivery be tried once more from the start; False where it waits already."""
    return bool(
        tx.run(
            "UPDATE deliveries SET status = 'WAITING', due_at = :now"
            " WHERE account_id = :account_id AND id = :id AND status <> 'WAITING'",
            account_id=account_id,
            id=delivery_id,
            now=now,
        )
    )


def delivered_since(tx: Tx, account_id: str, target_id: str, since: int, limit: int) -> list[int]:
    """Return when the latest deliveries to a target arrived, as far as that is since some time."""
    rows = tx.all(
        "SELECT due_at FROM deliveries"
        " WHERE account_id = :account_id AND target_id = :target_id AND status = 'DELIVERED'"
        "   AND due_at > :since ORDER BY due_at DESC LIMIT :limit",
        account_id=account_id,
        target_id=target_id,
        since=since,
        limit=limit,
    )
    return [at for (at,) in rows]


def postpone(tx: Tx, account_id: str, ids: Sequence[str], at: int) -> None:
    """Let deliveries that wait come up later."""
    tx.run_many(
        "UPDATE deliveries SET due_at = :at"
        " WHERE account_id = :account_id AND id = :id AND status = 'WAITING'",
        [{"account_id": account_id, "id": each, "at": at} for each in ids],
    )


def drop(tx: Tx, account_id: str, ids: Sequence[str]) -> None:
    """Delete deliveries whose item is gone."""
    tx.run(
        "DELETE FROM deliveries WHERE account_id = :account_id AND id IN (:ids[])",
        account_id=account_id,
        ids=list(ids),
    )


def drop_waiting(tx: Tx, account_id: str, target_id: str) -> None:
    """Delete what waits for a target that is not to be told of it any more."""
    rows = tx.all(
        "DELETE FROM deliveries WHERE account_id = :account_id AND target_id = :target_id"
        "   AND status = 'WAITING' RETURNING id",
        account_id=account_id,
        target_id=target_id,
    )
    _delete_attempts(tx, account_id, [each for (each,) in rows])


def delete_some_of_target(tx: Tx, account_id: str, target_id: str, limit: int) -> int:
    """Delete up to `limit` of a target's deliveries with their attempts; return how many."""
    rows = tx.all(
        "SELECT id FROM deliveries WHERE account_id = :account_id AND target_id = :target_id"
        " LIMIT :limit",
        account_id=account_id,
        target_id=target_id,
        limit=limit,
    )
    found = [each for (each,) in rows]
    _delete_attempts(tx, account_id, found)
    drop(tx, account_id, found)
    return len(found)


def forget_ended(tx: Tx, before: int, limit: int) -> int:
    """Delete up to `limit` deliveries that came to their end before some time; return how many."""
    rows = tx.all(
        "DELETE FROM deliveries WHERE (account_id, id) IN ("
        "   SELECT account_id, id FROM deliveries WHERE status <> 'WAITING' AND due_at <= :before"
        "    ORDER BY due_at LIMIT :limit) RETURNING account_id, id",
        before=before,
        limit=limit,
    )
    for account_id in sorted({each for each, _ in rows}):
        _delete_attempts(tx, account_id, [i for owner, i in rows if owner == account_id])
    return len(rows)


def _delete_attempts(tx: Tx, account_id: str, delivery_ids: Sequence[str]) -> None:
    if delivery_ids:
        tx.run(
            "DELETE FROM attempts WHERE account_id = :account_id AND delivery_id IN (:ids[])",
            account_id=account_id,
            ids=list(delivery_ids),
        )


def _delivery(row: Row) -> Delivery:
    return Delivery(*row)._replace(status=DeliveryStatus(row[Delivery._fields.index("status")]))
