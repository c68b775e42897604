"""What a project's feedback comes to: counts from the tallies, arrivals, times to resolve."""

from typing import NamedTuple

from miniback import ids
from miniback.db import Tx

QUARTER_MS = 15 * 60 * 1_000


class Counts(NamedTuple):
    """How many items of a project there are, by how far they are dealt with; those held apart."""

    new: int = 0
    reviewed: int = 0
    resolved: int = 0
    held: int = 0

    @property
    def total(self) -> int:
        """All that is in sight."""
        return self.new + self.reviewed + self.resolved


def counts_by_project(tx: Tx, account_id: str) -> dict[str, Counts]:
    """Return the counts of each project of an account that has any feedback."""
    rows = tx.all(
        """
        SELECT project_id,
               CAST(sum(CASE WHEN shelf = 'LIVE' AND status = 'NEW' THEN items END) AS BIGINT),
               CAST(sum(CASE WHEN shelf = 'LIVE' AND status = 'REVIEWED' THEN items END) AS BIGINT),
               CAST(sum(CASE WHEN shelf = 'LIVE' AND status = 'RESOLVED' THEN items END) AS BIGINT),
               CAST(sum(CASE WHEN shelf = 'HELD' THEN items END) AS BIGINT)
          FROM tallies WHERE account_id = :account_id GROUP BY project_id
        """,
        account_id=account_id,
    )
    return {row[0]: Counts(*(count or 0 for count in row[1:])) for row in rows}


def arrivals(tx: Tx, account_id: str, project_id: str, since: int) -> list[tuple[int, int]]:
    """Return how many items came in each quarter of an hour since a time, in milliseconds."""
    rows = tx.all(
        "SELECT quarter, new_widget + new_api + reviewed_widget + reviewed_api"
        "       + resolved_widget + resolved_api FROM arrivals"
        " WHERE account_id = :account_id AND project_id = :project_id AND quarter >= :first",
        account_id=account_id,
        project_id=project_id,
        first=since // QUARTER_MS,
    )
    return [(quarter * QUARTER_MS, count) for quarter, count in rows]


def resolving_times(tx: Tx, account_id: str, project_id: str, limit: int) -> list[int]:
    """Return how long the newest resolved items took, in milliseconds, at most twice `limit`."""
    rows = tx.all(
        """
        SELECT position, updated_at FROM (
            SELECT position, updated_at FROM feedback
             WHERE account_id = :account_id AND project_id = :project_id AND shelf = 'LIVE'
               AND status = 'RESOLVED' AND source = 'WIDGET'
             ORDER BY position DESC LIMIT :limit) AS from_widget
        UNION ALL
        SELECT position, updated_at FROM (
            SELECT position, updated_at FROM feedback
             WHERE account_id = :account_id AND project_id = :project_id AND shelf = 'LIVE'
               AND status = 'RESOLVED' AND source = 'API'
             ORDER BY position DESC LIMIT :limit) AS from_api
        """,
        account_id=account_id,
        project_id=project_id,
        limit=limit,
    )
    return [updated_at - ids.position_time(position) for position, updated_at in rows]
