"""Times as people read them: how long ago, and the moment in their own zone."""

import functools
import re
import zoneinfo
from datetime import datetime
from zoneinfo import ZoneInfo

from miniback import clock
from miniback.shell.catalogue import Translate

_MINUTE_S, _HOUR_S, _DAY_S = 60, 3_600, 86_400
_DAYS_TOLD = 30
_REGIONS = frozenset(
    re.findall(
        r"[A-Z][a-z]+",
        """Africa America Antarctica Arctic Asia Atlantic Australia Europe Indian Pacific""",
    )
)
# The script that keeps times fresh writes them by the same words.
AGO = {
    "now": "just now",
    "minutes": "%(count)s min ago",
    "hours": "%(count)s h ago",
    "days": "%(count)s d ago",
}


def ago(ms: int, translate: Translate) -> str:
    """Say how long ago a time was; beyond a month it is told by its date."""
    seconds = max(0, clock.now() - ms) // clock.SECOND_MS
    if seconds < _MINUTE_S:
        return translate(AGO["now"])
    for unit, size, most in (
        ("minutes", _MINUTE_S, _HOUR_S),
        ("hours", _HOUR_S, _DAY_S),
        ("days", _DAY_S, _DAYS_TOLD * _DAY_S),
    ):
        if seconds < most:
            return translate(AGO[unit]) % {"count": seconds // size}
    return clock.iso(ms)[:10]


def duration(ms: int, translate: Translate) -> str:
    """Write how long something took, in its two largest units: 3 d 4 h, 7 h 5 min, 12 s."""
    seconds = ms // clock.SECOND_MS
    parts = []
    for size, unit in ((_DAY_S, "d"), (_HOUR_S, "h"), (_MINUTE_S, "min"), (1, "s")):
        if seconds >= size:
            parts.append(f"{seconds // size} {translate(unit)}")
            seconds %= size
    return " ".join(parts[:2]) or f"0 {translate('s')}"


def moment(ms: int, zone: str) -> str:
    """Write a moment in a zone, UTC where none is known: 2026-11-03 14:05 (Europe/Paris)."""
    name = zone or "UTC"
    return f"{datetime.fromtimestamp(ms / clock.SECOND_MS, ZoneInfo(name)):%Y-%m-%d %H:%M} ({name})"


def day(ms: int, zone: str) -> str:
    """Write the day of a moment in a zone: 2026-11-03."""
    return f"{datetime.fromtimestamp(ms / clock.SECOND_MS, ZoneInfo(zone or 'UTC')):%Y-%m-%d}"


def zones() -> list[str]:
    """Return the zones that people choose from: places, not abbreviations, and UTC."""
    return ["UTC", *sorted(name for name in _names() if name.partition("/")[0] in _REGIONS)]


def is_zone(name: str) -> bool:
    """Tell whether a zone of that name is known."""
    return name in _names()


# Each look walks through folders of files.
@functools.cache
def _names() -> frozenset[str]:
    return frozenset(zoneinfo.available_timezones())
