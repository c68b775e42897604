"""On whose pages a project's widget was loaded: for the people who have just put it there."""

from typing import NamedTuple

import structlog

from miniback import clock, projects
from miniback.db import Database, Tx
from miniback.errors import Refusal
from miniback.projects import Project

# A site is written down again after so long; a busy page costs no write a view.
_AGAIN_MS = 10 * 60 * clock.SECOND_MS
# Referers can be made up: no project fills the table with them, nor this memory.
MOST_HOSTS = 50
_MOST_PROJECTS = 10_000
_KEPT_MS = 90 * clock.DAY_MS

log = structlog.get_logger()


class Sighting(NamedTuple):
    """A site whose page has loaded the widget, and when last, in milliseconds."""

    host: str
    seen_at: int


class Sightings:
    """Writes down where widgets are seen, as seldom as is useful."""

    def __init__(self, db: Database) -> None:
        self._db = db
        self._seen: dict[str, dict[str, int]] = {}

    async def note(self, project: Project, host: str) -> None:
        """Write down that a page of a site has loaded the widget; trouble is only logged."""
        now = clock.now()
        if len(self._seen) > _MOST_PROJECTS:
            self._seen.clear()
        hosts = self._seen.setdefault(project.id, {})
        if now - hosts.get(host, 0) < _AGAIN_MS or (host not in hosts and len(hosts) >= MOST_HOSTS):
            return
        hosts[host] = now
        try:
            await self._db.write(write, project.account_id, project.id, host)
        except Refusal as refusal:
            hosts.pop(host, None)
            log.warning("sighting_lost", reason=str(refusal))


def write(tx: Tx, account_id: str, project_id: str, host: str) -> None:
    """Keep a sighting, while a project has not been seen on too many sites."""
    now = clock.now()
    place = {"account_id": account_id, "project_id": project_id}
    tx.run(
        "DELETE FROM sightings"
        " WHERE account_id = :account_id AND project_id = :project_id AND seen_at <= :oldest",
        **place,
        oldest=now - _KEPT_MS,
    )
    known = {sighting.host for sighting in latest(tx, account_id, project_id)}
    is_full = len(known) >= MOST_HOSTS and host not in known
    if is_full or not projects.hold(tx, [(account_id, project_id)])():
        return
    tx.run(
        "INSERT INTO sightings (account_id, project_id, host, seen_at)"
        " VALUES (:account_id, :project_id, :host, :now)"
        " ON CONFLICT (account_id, project_id, host) DO UPDATE SET seen_at = excluded.seen_at",
        **place,
        host=host,
        now=now,
    )


def latest(tx: Tx, account_id: str, project_id: str) -> list[Sighting]:
    """Return where a project's widget was seen, the last first."""
    rows = tx.all(
        "SELECT host, seen_at FROM sightings"
        " WHERE account_id = :account_id AND project_id = :project_id"
        " ORDER BY seen_at DESC LIMIT :most",
        account_id=account_id,
        project_id=project_id,
        most=MOST_HOSTS,
    )
    return [Sighting(*row) for row in rows]
