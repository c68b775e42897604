"""Dates in a query: from what is written to a range of positions (contract section 5)."""

import re
from datetime import UTC, datetime, timedelta

from miniback import clock, ids
from miniback.errors import Invalid

_WRITTEN = re.compile(
    r"(\d{4}-\d\d-\d\d)(?:[Tt ](\d\d:\d\d:\d\d)(?:\.(\d+))?([Zz]|[+\- ]\d\d:[0-5]\d)?)?", re.ASCII
)
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MILLISECOND = timedelta(milliseconds=1)


def oldest_position(start: str) -> int:
    """Return the position of the first item that a start lets in."""
    return ids.lowest_position(max(0, _moment("start", start)[0]))


def newest_position(end: str) -> int:
    """Return the position of the last item that an end lets in; a bare date is the whole day."""
    moment, is_day = _moment("end", end)
    following = moment + (clock.DAY_MS if is_day else 1)
    return ids.lowest_position(max(0, following)) - 1


def _moment(name: str, text: str) -> tuple[int, bool]:
    """Return milliseconds, and whether only a day was given."""
    found = _WRITTEN.fullmatch(text)
    day, time, fraction, offset = found.groups() if found else ("", None, None, None)
    try:
        zone = (offset or "Z").upper().replace("Z", "+00:00").replace(" ", "+")
        moment = datetime.fromisoformat(f"{day}T{time or '00:00:00'}{zone}")
    except ValueError as error:
        raise Invalid(
            f"The parameter '{name}' must be a date such as 2025-01-31 or a time such as"
            " 2025-01-31T12:00:00Z"
        ) from error
    return (moment - _EPOCH) // _MILLISECOND + int((fraction or "0")[:3].ljust(3, "0")), not time
