"""The analytics by API: the numbers of the page."""

from typing import Any

from miniback import http, projects, shell
from miniback.analytics import asked, report
from miniback.analytics.asked import Asked
from miniback.analytics.figures import Counts, Told
from miniback.analytics.ranges import Range
from miniback.analytics.report import Advanced, Report
from miniback.errors import Invalid
from miniback.http import Request, Response
from miniback.projects import Caller

_NAMES = {
    "path": "paths",
    "browser": "browsers",
    "device": "devices",
    "language": "languages",
    "rating": "ratings",
}


async def get_analytics(request: Request, caller: Caller) -> Response:
    """GET /api/analytics?project&range&start&end&timeZone&compare."""
    zone = request.query("timeZone") or "UTC"
    if not shell.is_zone(zone):
        raise Invalid("The parameter 'timeZone' must be a name such as Europe/Paris")
    wanted = asked.read(request.query, zone)
    found = await request.db.read(report.written, caller.account_id, wanted, caller.plan)
    return http.data(_shown(wanted, found))


def _shown(wanted: Asked, found: Report) -> dict[str, Any]:
    chosen = wanted.range
    days = zip(chosen.days, found.arrived.days, strict=True)
    advanced = found.advanced
    return {
        "range": _range(chosen),
        **_counts(found.total),
        "days": [{"date": day.isoformat(), **_counts(each)} for day, each in days],
        "before": _before(chosen.before, found.before, advanced) if found.before else None,
        "medianToResolveSeconds": advanced.median if advanced else None,
        **{
            shown: _told(advanced.told[name]) if advanced else None
            for name, shown in _NAMES.items()
        },
        "week": found.arrived.week if advanced else None,
    }


def _before(chosen: Range, counts: Counts, advanced: Advanced | None) -> dict[str, Any]:
    median = advanced.median_before if advanced else None
    return {"range": _range(chosen), **_counts(counts), "medianToResolveSeconds": median}


def _range(chosen: Range) -> dict[str, str]:
    return {
        "start": chosen.first.isoformat(),
        "end": chosen.last.isoformat(),
        "timeZone": chosen.zone,
    }


def _counts(counts: Counts) -> dict[str, int]:
    names = ("received", "open", "new", "reviewed", "resolved", "widget", "api")
    return {name: getattr(counts, name) for name in names}


def _told(told: Told) -> dict[str, Any]:
    return {
        "items": told.items,
        "different": told.different,
        "values": [{"value": value, "items": items} for value, items in told.values],
    }


routes = [http.resource("/api/analytics", GET=projects.keyed(get_analytics))]
