"""SQL for rollups: how many items came in, and what they told, by stretches of time."""

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from miniback.db import Row, Tx

# What arrivals count, a column each.
COLUMNS = (
    *("new_widget", "new_api", "reviewed_widget", "reviewed_api"),
    *("resolved_widget", "resolved_api"),
)
# A day has so many quarters of an hour.
_DAY = 96
_NAMES = ", ".join(COLUMNS)
_SUMS = ", ".join(f"CAST(sum({name}) AS BIGINT)" for name in COLUMNS)
_ADDED = ", ".join(f"{name} = arrivals.{name} + excluded.{name}" for name in COLUMNS)
_ADD_ARRIVALS = (
    f"INSERT INTO arrivals (account_id, project_id, quarter, {_NAMES})"  # noqa: S608 - constants
    " VALUES (:account_id, :project_id, :quarter, "
    + ", ".join(":" + name for name in COLUMNS)
    + f") ON CONFLICT (account_id, project_id, quarter) DO UPDATE SET {_ADDED}"
)
_ADD_ROLLUPS = """
    INSERT INTO rollups (account_id, project_id, dimension, grain, stretch, value, items)
    VALUES (:account_id, :project_id, :dimension, :grain, :stretch, :value, :items)
    ON CONFLICT (account_id, project_id, dimension, grain, stretch, value)
    DO UPDATE SET items = rollups.items + excluded.items
"""
_ADD_LATER = """
    INSERT INTO rollup_additions (account_id, project_id, batch, quarter, dimension, value, items)
    VALUES (:account_id, :project_id, :batch, :quarter, :dimension, :value, :items)
    ON CONFLICT (account_id, project_id, batch, quarter, dimension, value)
    DO UPDATE SET items = rollup_additions.items + excluded.items
"""
_OF_PROJECT = "account_id = :account_id AND project_id = :project_id"
# A project that is being cleared away is gone for every reader.
_OF_ACCOUNT = (
    "account_id = :account_id"
    " AND project_id IN (SELECT id FROM projects WHERE account_id = :account_id)"
)
_BY_HOUR = (
    f"SELECT (quarter + :offset) / 4, {_SUMS} FROM arrivals WHERE "  # noqa: S608 - constants
    "{place} AND quarter >= :first AND quarter < :end GROUP BY 1"
)
# Whole days are read from the counts of days, what is left at both ends from those of quarters.
_TOLD = """
    WITH found AS (
        SELECT value, items FROM rollups
         WHERE {place} AND dimension = :dimension AND grain = 1
           AND stretch >= :first AND stretch < :head_end
        UNION ALL
        SELECT value, items FROM rollups
         WHERE {place} AND dimension = :dimension AND grain = 96
           AND stretch >= :first_day AND stretch < :end_day
        UNION ALL
        SELECT value, items FROM rollups
         WHERE {place} AND dimension = :dimension AND grain = 1
           AND stretch >= :tail AND stretch < :end
        UNION ALL
        SELECT value, items FROM rollup_additions
         WHERE {place} AND dimension = :dimension AND quarter >= :first AND quarter < :end)
    SELECT value, CAST(sum(items) AS BIGINT), CAST(sum(sum(items)) OVER () AS BIGINT),
           count(*) OVER ()
      FROM found GROUP BY value HAVING sum(items) > 0
     ORDER BY 2 DESC, 1 LIMIT :limit
"""
_ARRIVALS_OF_DAY = (
    f"SELECT quarter, {_NAMES} FROM arrivals"  # noqa: S608 - constants
    " WHERE account_id = :account_id AND project_id = :project_id"
    "   AND quarter >= :first AND quarter < :end"
)
_ROLLUPS_OF_DAY = """
    SELECT dimension, grain, stretch, value, items FROM rollups
     WHERE account_id = :account_id AND project_id = :project_id AND dimension IN (:dimensions[])
       AND grain = :grain AND stretch >= :first AND stretch < :end AND items <> 0
"""


def add_arrivals(tx: Tx, rows: Sequence[Mapping[str, Any]]) -> None:
    """Move counts of arrivals; a change may be negative."""
    tx.put_many(_ADD_ARRIVALS, rows)


def add_rollups(tx: Tx, rows: Sequence[Mapping[str, Any]]) -> None:
    """Move counts of what was told; a change may be negative."""
    tx.put_many(_ADD_ROLLUPS, rows)


def add_later(tx: Tx, rows: Sequence[Mapping[str, Any]]) -> None:
    """Note what new items told, for take_additions()."""
    tx.put_many(_ADD_LATER, rows)


def take_additions(tx: Tx, limit: int) -> list[Row]:
    """Take up to so many additions of whichever accounts: to whom, and how many items."""
    return tx.all(
        "DELETE FROM rollup_additions"
        " WHERE (account_id, project_id, batch, quarter, dimension, value) IN ("
        "   SELECT account_id, project_id, batch, quarter, dimension, value"
        "     FROM rollup_additions LIMIT :limit)"
        " RETURNING account_id, project_id, quarter, dimension, value, items",
        limit=limit,
    )


def take_additions_of(tx: Tx, account_id: str) -> list[Row]:
    """Do the same for all of one account's, which are those of the last moments."""
    return tx.all(
        "DELETE FROM rollup_additions WHERE account_id = :account_id"
        " RETURNING account_id, project_id, quarter, dimension, value, items",
        account_id=account_id,
    )


def has_additions(tx: Tx) -> bool:
    """Tell whether anything waits to be added; a look that costs no write."""
    return tx.one("SELECT 1 FROM rollup_additions LIMIT 1") is not None


def delete_empty(tx: Tx, rows: Sequence[Mapping[str, Any]]) -> None:
    """Delete counts of what was told that have come down to nothing."""
    tx.run_many(
        "DELETE FROM rollups"
        " WHERE account_id = :account_id AND project_id = :project_id"
        "   AND dimension = :dimension AND grain = :grain AND stretch = :stretch"
        "   AND value = :value AND items = 0",
        rows,
    )


class Place(NamedTuple):
    """Whose items are meant: those of a project, or of all of an account's."""

    account_id: str
    project_id: str | None = None

    def written(self, sql: str) -> str:
        """Write a statement for it."""
        return sql.replace("{place}", _OF_PROJECT if self.project_id else _OF_ACCOUNT)

    @property
    def values(self) -> dict[str, str]:
        """What such a statement names it by."""
        return {name: value for name, value in self._asdict().items() if value}


def by_hour(tx: Tx, place: Place, first: int, end: int, offset: int) -> list[Row]:
    """Return the counts of some quarters, summed up by hours that are shifted by some quarters."""
    sql = place.written(_BY_HOUR)
    return tx.all(sql, **place.values, offset=offset, first=first, end=end)


def told(tx: Tx, place: Place, dimension: str, quarters: tuple[int, int], limit: int) -> list[Row]:
    """Return the values that most items tell in some quarters.

    Of each: the value, its items, the items of all values together, and how many values there are.
    """
    first, end = quarters
    first_day, end_day = -(-first // _DAY), end // _DAY
    is_within_a_day = first_day >= end_day
    return tx.all(
        place.written(_TOLD),
        **place.values,
        dimension=dimension,
        limit=limit,
        first=first,
        head_end=end if is_within_a_day else first_day * _DAY,
        first_day=first_day,
        end_day=first_day if is_within_a_day else end_day,
        tail=end if is_within_a_day else end_day * _DAY,
        end=end,
    )


def arrivals_of(tx: Tx, account_id: str, project_id: str, first: int, end: int) -> list[Row]:
    """Return the counts of some quarters of a project."""
    return tx.all(
        _ARRIVALS_OF_DAY, account_id=account_id, project_id=project_id, first=first, end=end
    )


def additions_of(tx: Tx, account_id: str, project_id: str, first: int, end: int) -> list[Row]:
    """Return what waits to be added for some quarters of a project."""
    return tx.all(
        "SELECT dimension, quarter, value, items FROM rollup_additions"
        " WHERE account_id = :account_id AND project_id = :project_id"
        "   AND quarter >= :first AND quarter < :end",
        account_id=account_id,
        project_id=project_id,
        first=first,
        end=end,
    )


def rollups_of(
    tx: Tx,
    account_id: str,
    project_id: str,
    dimensions: Sequence[str],
    stretches: tuple[int, int, int],
) -> list[Row]:
    """Return what was told in some stretches of a project."""
    grain, first, end = stretches
    return tx.all(
        _ROLLUPS_OF_DAY,
        account_id=account_id,
        project_id=project_id,
        dimensions=list(dimensions),
        grain=grain,
        first=first,
        end=end,
    )
