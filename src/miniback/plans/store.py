"""SQL for usage: one row an account and period, never reset."""

from collections.abc import Mapping
from typing import NamedTuple

from miniback.db import Tx

# Stands for "no limit" in a statement, which wants a number.
UNLIMITED = 2**62


class Usage(NamedTuple):
    """What an account has used of a period: API calls, pieces of feedback, and those held back."""

    calls: int = 0
    items: int = 0
    held: int = 0


def take(tx: Tx, account_id: str, period_start: int, wanted: Usage, limits: Usage) -> Usage | None:
    """Add what is wanted if all of it fits below the limits; return the sums, or None.

    Only what is wanted is held against its limit: a plan that has become smaller than what is used
    of one thing does not stand in the way of another.
    """
    row = tx.one(
        """
        INSERT INTO usage (account_id, period_start, calls, items, held)
        SELECT :account_id, CAST(:period_start AS BIGINT), CAST(:calls AS BIGINT),
               CAST(:items AS BIGINT), CAST(:held AS BIGINT)
         WHERE (:calls = 0 OR :calls <= :most_calls)
           AND (:items = 0 OR :items <= :most_items)
           AND (:held = 0 OR :held <= :most_held)
        ON CONFLICT (account_id, period_start) DO UPDATE
           SET calls = usage.calls + excluded.calls,
               items = usage.items + excluded.items,
               held = usage.held + excluded.held
         WHERE (excluded.calls = 0 OR usage.calls + excluded.calls <= :most_calls)
           AND (excluded.items = 0 OR usage.items + excluded.items <= :most_items)
           AND (excluded.held = 0 OR usage.held + excluded.held <= :most_held)
        RETURNING calls, items, held
        """,
        account_id=account_id,
        period_start=period_start,
        calls=wanted.calls,
        items=wanted.items,
        held=wanted.held,
        most_calls=limits.calls,
        most_items=limits.items,
        most_held=limits.held,
    )
    return Usage(*row) if row else None


def find(tx: Tx, account_id: str, period_start: int) -> Usage:
    """Return what has been used of a period, which is nothing where there is no row."""
    row = tx.one(
        "SELECT calls, items, held FROM usage"
        " WHERE account_id = :account_id AND period_start = :period_start",
        account_id=account_id,
        period_start=period_start,
    )
    return Usage(*row) if row else Usage()


def find_since(tx: Tx, account_id: str, period_start: int) -> dict[int, Usage]:
    """Return what has been used of a period and of those after it, by their starts."""
    rows = tx.all(
        "SELECT period_start, calls, items, held FROM usage"
        " WHERE account_id = :account_id AND period_start >= :period_start",
        account_id=account_id,
        period_start=period_start,
    )
    return {start: Usage(*figures) for start, *figures in rows}


def has_held_before(tx: Tx, account_id: str, period_start: int) -> bool:
    """Tell whether feedback was held back in an earlier period."""
    row = tx.one(
        "SELECT 1 FROM usage"
        " WHERE account_id = :account_id AND period_start < :period_start AND held > 0 LIMIT 1",
        account_id=account_id,
        period_start=period_start,
    )
    return row is not None


def forget_held(tx: Tx, account_id: str, counts: Mapping[int, int]) -> None:
    """Count as many fewer as held, by the start of the period in which they came in."""
    tx.run_many(
        # What was brought here from elsewhere was never counted.
        "UPDATE usage SET held = CASE WHEN held > :count THEN held - :count ELSE 0 END"
        " WHERE account_id = :account_id AND period_start = :start",
        [
            {"account_id": account_id, "start": start, "count": count}
            for start, count in sorted(counts.items())
        ],
    )
