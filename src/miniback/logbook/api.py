"""The audit log by API (beyond the reference).

Any key of a plan with full access may read it, as it may read all else of its account (T12). A key
can make keys and delete projects; to hide the log from it would hold nobody up, and would keep it
from programs that watch it. It names people by their ids alone.
"""

from miniback import audit, http
from miniback.accounts import Role
from miniback.http import Request, Response
from miniback.logbook import asked, lines
from miniback.projects import Caller, keyed

_LIMIT, _MOST_LISTED = 50, 100


async def list_entries(request: Request, caller: Caller) -> Response:
    """GET /api/audit-log?action&from&to&before&limit: the newest first."""
    action = request.query("action")
    wanted = asked.between(
        asked.checked_action(action) if action else (),
        "",
        request.query("from") or "",
        request.query("to") or "",
    )
    before = request.whole_number("before", 0, 1) or None
    limit = min(request.whole_number("limit", _LIMIT, 1), _MOST_LISTED)
    found = await request.db.read(audit.page, caller.account_id, wanted, before, limit)
    return http.data([lines.shown(each) for each in found])


routes = [http.resource("/api/audit-log", GET=keyed(list_entries, least=Role.ADMIN))]
