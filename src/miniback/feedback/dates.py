"""Dates in a query: from what is written to a range of positions (contract section 5)."""

import re
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from miniback import clock, ids
from miniback.errors import Invalid

_WRITTEN = re.compile(
    r"(\d{4}-\d\d-\d\d)(?:[Tt ](\d\d:\d\d:\d\d)(?:\.(\d+))?([Zz]|[+\- ]\d\d:[0-5]\d)?)?", re.ASCII
)
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MILLISECOND = timedelta(milliseconds=1)


def oldest_position(start: str, zone: str = "UTC") -> int:
    """Return the position of the first item that a start lets in."""
    return ids.lowest_position(max(0, moment("start", start, zone)))


def newest_position(end: str, zone: str = "UTC") -> int:
    """Return the position of the last item that an end lets in; a bare date is the whole day."""
    following = moment("end", end, zone, days_later=1)
    return ids.lowest_position(max(0, following)) - 1


def moment(name: str, text: str, day_zone: str, days_later: int = 0) -> int:
    """Return milliseconds: of the time that is given and, of a day later, the one after it.

    A day that is given bare begins at midnight of a time zone, and the day after it may begin 23 or
    25 hours later.
    """
    found = _WRITTEN.fullmatch(text)
    day, time, fraction, offset = found.groups() if found else ("", None, None, None)
    try:
        if not time:
            return _midnight(date.fromisoformat(day), days_later, day_zone)
        zone = (offset or "Z").upper().replace("Z", "+00:00").replace(" ", "+")
        moment = datetime.fromisoformat(f"{day}T{time}{zone}")
    except ValueError as error:
        raise Invalid(
            f"The parameter '{name}' must be a date such as 2025-01-31 or a time such as"
            " 2025-01-31T12:00:00Z"
        ) from error
    fraction_ms = int((fraction or "0")[:3].ljust(3, "0"))
    return (moment - _EPOCH) // _MILLISECOND + fraction_ms + days_later


def _midnight(day: date, days_later: int, zone: str) -> int:
    """Return the milliseconds at which a day begins, or one some days later, in a time zone."""
    if day == date.max:  # no day follows that the library knows
        return _midnight(day - timedelta(days=1), 0, zone) + (1 + days_later) * clock.DAY_MS
    later = day + timedelta(days=days_later)
    midnight = datetime.combine(later, datetime.min.time(), ZoneInfo(zone))
    return (midnight - _EPOCH) // _MILLISECOND
