"""What a project's overview shows: how much came in, how far the team is, what came last."""

from collections import Counter
from datetime import datetime, timedelta
from typing import NamedTuple
from zoneinfo import ZoneInfo

from miniback import clock, feedback, projects
from miniback.db import Tx
from miniback.feedback import ITEM, Counts, Filter, Item, Slice
from miniback.projects import ApiKey, Project

DAYS = 30
LATEST = 5
# As many of each source are enough for a median.
_MEASURED = 250


class Day(NamedTuple):
    """How many items came in on a day, and that as a share of the busiest one, 0 to 100."""

    date: str
    items: int
    share: int


class Overview(NamedTuple):
    """The figures of one project; times in milliseconds, None where there is nothing yet."""

    counts: Counts
    resolved_percent: int | None
    median_to_resolve: int | None
    days: list[Day]
    latest: list[Item]
    key: ApiKey | None


def of_project(tx: Tx, project: Project, zone: str) -> Overview:
    """Gather the figures of a project; days are those of a zone, UTC where it is ''."""
    account_id, project_id = project.account_id, project.id
    counts = feedback.counts_by_project(tx, account_id).get(project_id, Counts())
    times = feedback.resolving_times(tx, account_id, project_id, _MEASURED)
    page = feedback.page(tx, Filter(account_id, project_id), [], Slice(ITEM, LATEST, 0))
    return Overview(
        counts=counts,
        resolved_percent=counts.resolved * 100 // counts.total if counts.total else None,
        median_to_resolve=_median(times) if times else None,
        days=_days(tx, account_id, project_id, ZoneInfo(zone or "UTC")),
        latest=[Item(*row) for row in page.rows],
        key=projects.current_key(tx, account_id, project_id),
    )


def _median(times: list[int]) -> int:
    # The library's brings fractions and decimals along, which a start has no time for.
    times = sorted(times)
    return (times[(len(times) - 1) // 2] + times[len(times) // 2]) // 2


def _days(tx: Tx, account_id: str, project_id: str, zone: ZoneInfo) -> list[Day]:
    today = datetime.fromtimestamp(clock.now() / clock.SECOND_MS, zone).date()
    first = today - timedelta(days=DAYS - 1)
    since = datetime(first.year, first.month, first.day, tzinfo=zone)
    found = feedback.arrivals(
        tx, account_id, project_id, round(since.timestamp() * clock.SECOND_MS)
    )
    counts: Counter[str] = Counter()
    for at, count in found:
        counts[f"{datetime.fromtimestamp(at / clock.SECOND_MS, zone):%Y-%m-%d}"] += count
    dates = [(first + timedelta(days=number)).isoformat() for number in range(DAYS)]
    busiest = max((counts[date] for date in dates), default=0)
    return [
        Day(date, counts[date], counts[date] * 100 // busiest if busiest else 0) for date in dates
    ]
