"""When something is told: again after a failure, or with others at an hour of the day."""

import random
from datetime import datetime, timedelta
from email.utils import parsedate_to_datetime
from zoneinfo import ZoneInfo

from miniback import clock
from miniback.notifications.models import Schedule

_S, _M, _H = clock.SECOND_MS, 60 * clock.SECOND_MS, 3_600 * clock.SECOND_MS
# About three days in all (contract section 7).
WAITS_MS = (
    *(5 * _S, 30 * _S, 2 * _M, 10 * _M, 30 * _M, 1 * _H, 2 * _H, 4 * _H, 6 * _H, 8 * _H),
    *(10 * _H, 12 * _H, 14 * _H, 14 * _H),
)
# A target that fails is tried again after so long at most, whatever waits for it.
LONGEST_PAUSE_MS = 15 * _M
# After failing for so long it is disabled.
GIVEN_UP_AFTER_MS = 3 * clock.DAY_MS
_LONGEST_ASKED_S = 24 * 3_600
_JITTER = 0.2


def wait_ms(attempts: int, retry_after: str = "") -> int | None:
    """Return how long to wait after so many attempts that failed, None for no more of them.

    What the other side asks for is heeded, up to a day.
    """
    if attempts > len(WAITS_MS):
        return None
    own = WAITS_MS[attempts - 1]
    jittered = round(own * random.uniform(1 - _JITTER, 1 + _JITTER))  # noqa: S311 - no secret
    return max(jittered, _asked_ms(retry_after))


def pause_ms(failures: int) -> int:
    """Return how long a target rests after so many failures in a row."""
    return min(LONGEST_PAUSE_MS, WAITS_MS[min(failures, len(WAITS_MS)) - 1])


def ready_at(due_at: int, failures: int, now: int) -> int:
    """Return when a target can be told what is due: one that fails rests, whatever comes in."""
    return max(due_at, now + pause_ms(failures)) if failures else due_at


def next_digest(schedule: Schedule, hour: int, time_zone: str, now: int) -> int:
    """Return when the next digest of a schedule is due, in milliseconds."""
    zone = ZoneInfo(time_zone or "UTC")
    moment = datetime.fromtimestamp(now / clock.SECOND_MS, zone)
    if schedule is Schedule.HOURLY:
        following = moment.replace(minute=0, second=0, microsecond=0) + timedelta(hours=1)
    else:
        following = moment.replace(hour=hour, minute=0, second=0, microsecond=0)
        if following <= moment:
            following += timedelta(days=1)
    return round(following.timestamp() * clock.SECOND_MS)


def _asked_ms(retry_after: str) -> int:
    """Return what a Retry-After asks for, seconds or a date (RFC 9110, 10.2.3); 0 for nonsense."""
    text = retry_after.strip()
    if text.isascii() and text.isdigit():
        return min(int(text[:9]), _LONGEST_ASKED_S) * clock.SECOND_MS
    try:
        at = parsedate_to_datetime(text).timestamp() * clock.SECOND_MS
    except (ValueError, TypeError, OverflowError):
        return 0
    return min(max(0, round(at) - clock.now()), _LONGEST_ASKED_S * clock.SECOND_MS)
