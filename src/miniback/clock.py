"""Time as the product keeps it: whole milliseconds since 1970, UTC."""

import functools
import time
from datetime import UTC, datetime

SECOND_MS = 1_000
DAY_MS = 86_400_000


def now() -> int:
    """Return the current time in milliseconds."""
    return time.time_ns() // 1_000_000


def iso(ms: int) -> str:
    """Write a time as the API shows it: 2025-01-01T12:00:00.000Z (contract section 1)."""
    seconds, rest = divmod(ms, SECOND_MS)
    return f"{_iso_second(seconds)}.{rest:03d}Z"


# A page of fifty items asks for neighbouring seconds again and again.
@functools.lru_cache(maxsize=4096)
def _iso_second(seconds: int) -> str:
    return datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%dT%H:%M:%S")
