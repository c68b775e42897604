"""The blocks of the analytics as files for a spreadsheet: what each block's table shows."""

from collections.abc import Callable

from miniback import exports
from miniback.analytics import charts
from miniback.analytics.asked import Asked
from miniback.analytics.figures import Told
from miniback.analytics.report import Report
from miniback.errors import NotFound
from miniback.feedback import FACETS

Rows = list[list[str]]


def written(asked: Asked, report: Report, block: str) -> str:
    """Write a block; NotFound for one that there is not, or that the plan does not show."""
    if block in _BASIC:
        rows = _BASIC[block](asked, report)
    elif report.advanced and block == "week":
        rows = _week(report)
    elif report.advanced and block in FACETS:
        rows = _told(block, report.advanced.told[block])
    else:
        raise NotFound("Not found")
    return "".join(exports.line(row) for row in rows)


def _days(asked: Asked, report: Report) -> Rows:
    names = ["received", "new", "reviewed", "resolved", "widget", "api"]
    days = zip(asked.range.days, report.arrived.days, strict=True)
    rows = [[day.isoformat(), *(str(getattr(each, name)) for name in names)] for day, each in days]
    return [["day", *names], *rows]


def _sources(asked: Asked, report: Report) -> Rows:
    ranking = charts.sources(asked, report.total)
    return [["source", "items"], *([each.value, str(each.items)] for each in ranking.bars)]


def _week(report: Report) -> Rows:
    head = ["weekday", *(f"{hour:02}:00" for hour in range(24))]
    table = zip(charts.WEEKDAYS, report.arrived.week, strict=True)
    return [head, *([name, *map(str, row)] for name, row in table)]


def _told(name: str, told: Told) -> Rows:
    return [[name, "items"], *([value, str(items)] for value, items in told.values)]


_BASIC: dict[str, Callable[[Asked, Report], Rows]] = {"days": _days, "sources": _sources}
