"""The stretch of time that is looked at: whole days of a time zone, and the period before it."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import NamedTuple
from zoneinfo import ZoneInfo

from miniback import clock, feedback, ids
from miniback.errors import Invalid
from miniback.feedback import QUARTER_MS

# The days that a name stands for, today included; 12m is a year whatever its length.
PRESETS = {"7d": 7, "30d": 30, "90d": 90, "12m": 0}
USUAL, CUSTOM = "30d", "custom"
MOST_DAYS = 366
_DAY = timedelta(days=1)


class Range(NamedTuple):
    """Days of a time zone from the first to the last; `name` is a preset's, else 'custom'."""

    name: str
    first: date
    last: date
    zone: str

    @property
    def days(self) -> list[date]:
        """Each of them."""
        return [self.first + number * _DAY for number in range(self.length)]

    @property
    def length(self) -> int:
        """How many days there are."""
        return (self.last - self.first).days + 1

    @property
    def before(self) -> "Range":
        """As many days just before."""
        return Range(CUSTOM, self.first - self.length * _DAY, self.first - _DAY, self.zone)

    @property
    def query(self) -> dict[str, str]:
        """What an address says for it."""
        if self.name != CUSTOM:
            return {"range": self.name} if self.name != USUAL else {}
        return {"start": self.first.isoformat(), "end": self.last.isoformat()}

    @property
    def quarters(self) -> tuple[int, int]:
        """The first quarter of an hour since 1970, and the first one after the last."""
        return _quarter(self.first, self.zone), _quarter(self.last + _DAY, self.zone)

    @property
    def stretches(self) -> list[tuple[int, int, int]]:
        """The quarters between changes of the clock, with the zone's offset from UTC in quarters.

        Each is a first quarter, the end and the offset.
        """
        start, end = self.quarters
        zone = ZoneInfo(self.zone)
        found = [(start, _offset(start, zone))]
        for day in self.days:
            dawn = _quarter(day, self.zone)
            following = _quarter(day + _DAY, self.zone)
            # No zone changes its clock twice within a day.
            if _offset(dawn, zone) != _offset(following - 1, zone):
                found.append(_change(dawn, following - 1, zone))
            elif _offset(dawn, zone) != found[-1][1]:
                found.append((dawn, _offset(dawn, zone)))
        ends = [quarter for quarter, _ in found[1:]] + [end]
        return [
            (quarter, until, offset)
            for (quarter, offset), until in zip(found, ends, strict=True)
            if quarter < until
        ]


def read(fields: Callable[[str], str | None], zone: str) -> Range:
    """Read a range of an address: a preset's name, or a start and an end.

    Raises Invalid for what is no date, ends before it starts or is longer than MOST_DAYS.
    """
    start, end = fields("start"), fields("end")
    if start or end:
        return _custom(start, end, zone)
    name = fields("range") or USUAL
    if name not in PRESETS:
        raise Invalid(f"The parameter 'range' must be one of {', '.join(PRESETS)}")
    today = datetime.fromtimestamp(clock.now() / clock.SECOND_MS, ZoneInfo(zone)).date()
    return Range(name, _first(today, PRESETS[name]), today, zone)


def _custom(start: str | None, end: str | None, zone: str) -> Range:
    first, last = _date("start", start), _date("end", end)
    if last < first:
        raise Invalid("The parameter 'start' must not be after 'end'")
    chosen = Range(CUSTOM, first, last, zone)
    if chosen.length > MOST_DAYS:
        raise Invalid(f"A range has at most {MOST_DAYS} days")
    return chosen


def _date(name: str, text: str | None) -> date:
    try:
        day = date.fromisoformat(text or "")
        # Whatever lies before has no position, and after a year more there is no calendar.
        if date(1971, 1, 1) < day < date(2100, 1, 1):
            return day
    except ValueError:
        pass
    raise Invalid(f"The parameter '{name}' must be a date such as 2025-01-31")


def _first(today: date, days: int) -> date:
    if days:
        return today - (days - 1) * _DAY
    # The 29th of February has no day of a year before.
    return _a_year_before(today) + _DAY


def _a_year_before(day: date) -> date:
    is_leap_day = (day.month, day.day) == (2, 29)
    return day.replace(year=day.year - 1, day=28 if is_leap_day else day.day)


def _quarter(day: date, zone: str) -> int:
    """Return the quarter with which a day begins, as the inbox's filters have it."""
    return ids.position_time(feedback.oldest_position(day.isoformat(), zone)) // QUARTER_MS


def _offset(quarter: int, zone: ZoneInfo) -> int:
    moment = datetime.fromtimestamp(quarter * QUARTER_MS / clock.SECOND_MS, UTC).astimezone(zone)
    offset = moment.utcoffset() or timedelta()
    return int(offset.total_seconds() * clock.SECOND_MS) // QUARTER_MS


def _change(before: int, after: int, zone: ZoneInfo) -> tuple[int, int]:
    """Return the quarter from which the offset is another, and that offset."""
    old = _offset(before, zone)
    while after - before > 1:
        middle = (before + after) // 2
        if _offset(middle, zone) == old:
            before = middle
        else:
            after = middle
    return after, _offset(after, zone)
