"""The page on the server itself, for its administrator: how it stands with backups."""

from typing import NamedTuple

from miniback import backups, http
from miniback.accounts import Visit, signed_in
from miniback.backups import Backup, State
from miniback.db import Tx
from miniback.errors import Forbidden
from miniback.http import Request, Response

SYSTEM = "/settings/system"
_LISTED = 10


class _Standing(NamedTuple):
    """How it stands with backups, the last good one, and the last that were begun."""

    state: State
    last: Backup | None
    recent: list[Backup]


async def show_system(request: Request, visit: Visit) -> Response:
    """GET /settings/system."""
    if not visit.session.user.is_administrator:
        raise Forbidden("Only the administrator of this server sees this page")
    chosen = request.state["settings"]
    return await visit.page(
        "dashboard/templates/system.html",
        standing=await request.db.look_through(_standing, backups.interval_ms(chosen)),
        every_hours=chosen.backup_every_hours,
        keep=chosen.backup_keep,
        folder=str(chosen.backup_folder.absolute()),
        place=request.db.engine.place,
    )


def _standing(tx: Tx, every_ms: int) -> _Standing:
    state = backups.state(tx, every_ms)
    return _Standing(state, backups.last(tx), backups.recent(tx, _LISTED))


routes = [http.resource(SYSTEM, GET=signed_in(show_system))]
