"""The analytics' page, and each of its blocks as a file."""

from typing import Any, NamedTuple

from miniback import clock, http, projects, shell
from miniback.accounts import Visit, signed_in
from miniback.analytics import asked, charts, report, tables
from miniback.analytics.asked import PATH, Asked
from miniback.analytics.ranges import MOST_DAYS, PRESETS
from miniback.analytics.report import Report
from miniback.errors import Invalid
from miniback.feedback import FACETS
from miniback.http import Request, Response

# What blocks and ranges are called: texts of the catalogue.
_TITLES = {
    "path": "Top pages",
    "browser": "Browsers",
    "device": "Devices",
    "language": "Languages",
    "rating": "Ratings",
}
_RANGES = {"7d": "7 days", "30d": "30 days", "90d": "90 days", "12m": "12 months"}


class Figure(NamedTuple):
    """One of the figures at the top: what it says, what it said before, and the change."""

    label: str
    text: str
    before: str
    change: str


async def show_analytics(request: Request, visit: Visit) -> Response:
    """GET /analytics?project&range&start&end&compare."""
    zone, status = visit.session.user.time_zone, 200
    try:
        wanted = asked.read(request.query, zone)
    except Invalid as refusal:
        # The page as it opens tells what is wrong with the dates.
        visit.form.errors["start"], status = str(refusal), 422
        wanted = asked.read({"project": request.query("project")}.get, zone)
    plan = visit.allowance.plan
    found = await request.db.read(report.written, visit.account_id, wanted, plan)
    listed = await request.db.look_up(projects.newest, visit.account_id)
    values: dict[str, Any] = {
        "asked": wanted,
        "report": found,
        "projects": listed,
        "ranges": [(name, _RANGES[name]) for name in PRESETS],
        "figures": _figures(visit, found),
        "columns": charts.columns(wanted, found.arrived),
        "sources": charts.sources(wanted, found.total),
        "rankings": _rankings(wanted, found),
        "titles": _TITLES,
        "week": charts.week(found.arrived.week) if found.advanced else None,
        "charts": charts,
        "most_days": MOST_DAYS,
    }
    return await visit.page("analytics/templates/analytics.html", status, **values)


async def download_block(request: Request, visit: Visit) -> Response:
    """GET /analytics/{block}.csv?…: the table of a block."""
    block = request.path("block")
    wanted = asked.read(request.query, visit.session.user.time_zone)
    plan = visit.allowance.plan
    found = await request.db.read(report.written, visit.account_id, wanted, plan)
    return http.csv_file(f"miniback-{block}.csv", tables.written(wanted, found, block))


def _rankings(wanted: Asked, found: Report) -> list[tuple[str, charts.Ranking]]:
    if not found.advanced:
        return []
    told = found.advanced.told
    return [(name, charts.ranking(wanted, name, told[name])) for name in FACETS]


def _figures(visit: Visit, found: Report) -> list[Figure]:
    now, before = found.total, found.before
    share, share_before = _share(now.resolved, now.received), None
    widget, widget_before = _share(now.widget, now.received), None
    if before:
        share_before = _share(before.resolved, before.received)
        widget_before = _share(before.widget, before.received)
    figures = [
        _count(visit.say("Received"), now.received, before.received if before else None),
        _count(visit.say("Open"), now.open, before.open if before else None),
        _percent(visit, visit.say("Resolved"), share, share_before),
    ]
    if found.advanced:
        label = visit.say("Median time to resolve")
        median, earlier = found.advanced.median, found.advanced.median_before
        change = _change(median, earlier)
        text = _duration(visit, median) or "—"
        figures.append(Figure(label, text, _duration(visit, earlier), change))
    return [*figures, _percent(visit, visit.say("By the widget"), widget, widget_before)]


def _count(label: str, now: int, before: int | None) -> Figure:
    return Figure(
        label, f"{now:,}", f"{before:,}" if before is not None else "", _change(now, before)
    )


def _percent(visit: Visit, label: str, now: int | None, before: int | None) -> Figure:
    change = ""
    if now is not None and before is not None:
        change = visit.say("%(count)s points") % {"count": f"{now - before:+}"}
    text = "—" if now is None else f"{now} %"
    return Figure(label, text, "" if before is None else f"{before} %", change)


def _duration(visit: Visit, seconds: int | None) -> str:
    return "" if seconds is None else shell.duration(seconds * clock.SECOND_MS, visit.say)


def _change(now: int | None, before: int | None) -> str:
    """Return a change in per cent, '' where there is nothing to compare with."""
    return f"{round(100 * (now - before) / before):+} %" if now is not None and before else ""


def _share(part: int, whole: int) -> int | None:
    return round(100 * part / whole) if whole else None


routes = [
    http.resource(PATH, GET=signed_in(show_analytics)),
    http.resource(f"{PATH}/{{block}}.csv", GET=signed_in(download_block)),
]
