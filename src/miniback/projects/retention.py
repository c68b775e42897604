"""When projects delete what they keep no longer: once a day, an hour after it is set for the first.

The hour is for whoever has mistyped: what is deleted then is gone for good.
"""

from miniback import clock
from miniback.db import Tx
from miniback.projects import settings
from miniback.projects.models import Project

BEGINS_AFTER_MS = 60 * 60 * clock.SECOND_MS


def schedule(tx: Tx, project: Project) -> None:
    """Say when a project whose setting has changed deletes for the first time, if ever."""
    keeps_all = project.settings.retention_days is None
    tx.run(
        "UPDATE projects SET forgets_at = :at WHERE account_id = :account_id AND id = :id",
        at=None if keeps_all else clock.now() + BEGINS_AFTER_MS,
        account_id=project.account_id,
        id=project.id,
    )


def take_due(tx: Tx, limit: int) -> list[tuple[str, str, int]]:
    """Return projects whose day has come, with their accounts and days; it comes again."""
    now = clock.now()
    rows = tx.all(
        "UPDATE projects SET forgets_at = :next WHERE (account_id, id) IN ("
        "   SELECT account_id, id FROM projects WHERE forgets_at <= :now"
        "    ORDER BY forgets_at LIMIT :limit) AND forgets_at <= :now"
        " RETURNING account_id, id, settings",
        next=now + clock.DAY_MS,
        now=now,
        limit=limit,
    )
    due = [(owner, each, settings.read(kept).retention_days) for owner, each, kept in rows]
    return [(account_id, project_id, days) for account_id, project_id, days in due if days]
