"""Billing periods: from an anniversary day, 00:00 UTC, to the next (contract section 3)."""

import functools
from calendar import monthrange
from datetime import UTC, datetime
from typing import NamedTuple

from miniback.clock import SECOND_MS

_DECEMBER = 12


class Period(NamedTuple):
    """A stretch of time in milliseconds; the end belongs to the next one."""

    start: int
    end: int


def period_at(anchor: int, now: int) -> Period:
    """Return the period in which a time lies, for an account with this anchor.

    An anchor on the 31st falls on the last day of a shorter month.
    """
    day = _moment(anchor).day
    at = _moment(now)
    return _period(day, at.year, at.month, at.day)


@functools.lru_cache(maxsize=1024)
def _period(anchor_day: int, year: int, month: int, day: int) -> Period:
    if day < min(anchor_day, monthrange(year, month)[1]):
        year, month = (year, month - 1) if month > 1 else (year - 1, _DECEMBER)
    following = (year, month + 1) if month < _DECEMBER else (year + 1, 1)
    return Period(_first_moment(anchor_day, year, month), _first_moment(anchor_day, *following))


def _first_moment(anchor_day: int, year: int, month: int) -> int:
    day = min(anchor_day, monthrange(year, month)[1])
    return int(datetime(year, month, day, tzinfo=UTC).timestamp()) * SECOND_MS


def _moment(ms: int) -> datetime:
    return datetime.fromtimestamp(ms / SECOND_MS, UTC)
