"""Times as other programs write them."""

import math
import re
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

from miniback import clock
from miniback.clock import DAY_MS, SECOND_MS
from miniback.errors import Invalid

# An epoch in seconds up to the year 5138; beyond it are milliseconds.
_LAST_SECONDS = 100_000_000_000
_NUMBER = re.compile(r"-?\d{1,17}(\.\d+)?")
# As JavaScript's toDateString() writes a day.
_PLAIN_DAY = "%a %b %d %Y"
_LONGEST_SHOWN = 40


def read(name: str, value: object) -> int:
    """Return a time in milliseconds, UTC where it names no offset, or raise Invalid.

    ISO 8601, RFC 2822, and an epoch in seconds or milliseconds.
    """
    moment = _epoch(value)
    if moment is None and isinstance(value, str):
        moment = _written(value.strip())
    if moment is None:
        shown = str(value)[:_LONGEST_SHOWN]
        raise Invalid(f"{name} is no time that is understood: {shown!r}")
    if not 0 <= moment <= clock.now() + DAY_MS:
        raise Invalid(f"{name} lies before 1970 or in the future")
    return moment


def day(text: str) -> int:
    """Return the beginning of a day, UTC, or raise Invalid."""
    return read("The day", text) // DAY_MS * DAY_MS


def _epoch(value: object) -> int | None:
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    if not is_number and not (isinstance(value, str) and _NUMBER.fullmatch(value.strip())):
        return None
    try:
        number = float(value)  # type: ignore[arg-type] # one or the other
    except OverflowError:
        return None
    if not math.isfinite(number):
        return None
    return round(number if abs(number) >= _LAST_SECONDS else number * SECOND_MS)


def _written(text: str) -> int | None:
    for parse in (datetime.fromisoformat, parsedate_to_datetime, _plain_day):
        try:
            moment = parse(text)
        except (ValueError, TypeError, IndexError, OverflowError):
            continue
        if moment.tzinfo is None:
            moment = moment.replace(tzinfo=UTC)
        seconds = int(moment.replace(microsecond=0).timestamp())
        return seconds * SECOND_MS + moment.microsecond // 1_000
    return None


def _plain_day(text: str) -> datetime:
    return datetime.strptime(text, _PLAIN_DAY).replace(tzinfo=UTC)
