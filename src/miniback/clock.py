"""Time as the product keeps it: whole milliseconds since 1970, UTC."""

import contextlib
import functools
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime

SECOND_MS = 1_000
HOUR_MS = 3_600_000
DAY_MS = 86_400_000


class _Hands:
    """What the clock is read from."""

    time_ns: Callable[[], int] = staticmethod(time.time_ns)


_hands = _Hands()


def now() -> int:
    """Return the current time in milliseconds."""
    return _hands.time_ns() // 1_000_000


def microseconds() -> int:
    """Return the current time in microseconds."""
    return _hands.time_ns() // 1_000


@contextlib.contextmanager
def standing_at(ms: int) -> Iterator[None]:
    """Let it be a certain time for as long as this lasts, for the whole process.

    For commands that fill a database with a past; a server must not do it.
    """
    _hands.time_ns = lambda: ms * 1_000_000
    try:
        yield
    finally:
        _hands.time_ns = time.time_ns


def iso(ms: int) -> str:
    """Write a time as the API shows it: 2025-01-01T12:00:00.000Z (contract section 1)."""
    seconds, rest = divmod(ms, SECOND_MS)
    return f"{_iso_second(seconds)}.{rest:03d}Z"


# A page of fifty items asks for neighbouring seconds again and again.
@functools.lru_cache(maxsize=4096)
def _iso_second(seconds: int) -> str:
    return datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%dT%H:%M:%S")
