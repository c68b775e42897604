"""The figures of a range: counts by day and hour, what items tell, how long resolving took."""

from collections import Counter
from datetime import date
from typing import NamedTuple

from miniback import feedback
from miniback.analytics.ranges import Range
from miniback.db import Tx
from miniback.feedback import FACETS, TOOK, Counted

HOURS, WEEKDAYS = 24, 7
MOST_SHOWN = 50
_EVERY_STEP = 1_000
# The first day of 1970 was a Thursday.
_FIRST_WEEKDAY = 3
_EPOCH = date(1970, 1, 1)


class Counts(NamedTuple):
    """How many items there are, by status and source."""

    new_widget: int = 0
    new_api: int = 0
    reviewed_widget: int = 0
    reviewed_api: int = 0
    resolved_widget: int = 0
    resolved_api: int = 0

    @property
    def new(self) -> int:
        """Those that nobody has looked at."""
        return self.new_widget + self.new_api

    @property
    def reviewed(self) -> int:
        """Those that somebody has looked at."""
        return self.reviewed_widget + self.reviewed_api

    @property
    def resolved(self) -> int:
        """Those that are done with."""
        return self.resolved_widget + self.resolved_api

    @property
    def received(self) -> int:
        """All of them."""
        return sum(self)

    @property
    def open(self) -> int:
        """All that are not resolved."""
        return self.new + self.reviewed

    @property
    def widget(self) -> int:
        """Those that came by the widget."""
        return self.new_widget + self.reviewed_widget + self.resolved_widget

    @property
    def api(self) -> int:
        """Those that came by the API."""
        return self.received - self.widget

    def and_more(self, other: "Counts") -> "Counts":
        """Return both together."""
        return Counts(*[mine + theirs for mine, theirs in zip(self, other, strict=True)])


class Told(NamedTuple):
    """What items tell of one thing: the values that most do, and their items.

    `items` counts those that tell anything of it, `different` the values that there are.
    """

    values: list[tuple[str, int]]
    items: int
    different: int


class Arrived(NamedTuple):
    """What came in: all together, by day, and by hour of the week, Monday first."""

    total: Counts
    days: list[Counts]
    week: list[list[int]]


def arrived(tx: Tx, place: Counted, chosen: Range) -> Arrived:
    """Count what came in within a range; days and hours are those of its time zone."""
    days: dict[int, Counts] = {}
    week: Counter[tuple[int, int]] = Counter()
    for first, end, offset in chosen.stretches:
        for hour, *counts in feedback.by_hour(tx, place, first, end, offset):
            found = Counts(*counts)
            day = hour // HOURS
            days[day] = days.get(day, Counts()).and_more(found)
            week[(day + _FIRST_WEEKDAY) % WEEKDAYS, hour % HOURS] += found.received
    each = [days.get((day - _EPOCH).days, Counts()) for day in chosen.days]
    total = Counts(*[sum(column) for column in zip(*each, strict=True)])
    table = [[week[weekday, hour] for hour in range(HOURS)] for weekday in range(WEEKDAYS)]
    return Arrived(total, each, table)


def told(tx: Tx, place: Counted, chosen: Range) -> dict[str, Told]:
    """Count what items of a range tell of themselves, by the names of the inbox's filters."""
    return {name: _told(tx, place, name, chosen) for name in FACETS}


def median_to_resolve(tx: Tx, place: Counted, chosen: Range) -> int | None:
    """Return the seconds that half of a range's resolved items took at most, None without any.

    Times are counted by steps of about a tenth, and the lower of two middle ones is taken.
    """
    rows = feedback.told(tx, place, TOOK, chosen.quarters, _EVERY_STEP)
    steps = sorted((int(value), items) for value, items, *_ in rows)
    middle = (sum(items for _, items in steps) + 1) // 2
    for seconds, items in steps:
        middle -= items
        if middle <= 0:
            return seconds
    return None


def _told(tx: Tx, place: Counted, name: str, chosen: Range) -> Told:
    rows = feedback.told(tx, place, name, chosen.quarters, MOST_SHOWN)
    if not rows:
        return Told([], 0, 0)
    _, _, items, different = rows[0]
    return Told([(value, count) for value, count, *_ in rows], items, different)
