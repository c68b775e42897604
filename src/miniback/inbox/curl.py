"""The list on the screen as a call of the API, to paste into a shell (IN13)."""

import shlex
from datetime import date, datetime, time, timedelta
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from miniback.inbox.asked import MINE, Asked

_DAY = timedelta(days=1)


def command(base_url: str, asked: Asked, zone: str, user_id: str) -> str:
    """Return a curl command that gives the same items; the key is taken from a variable."""
    fields = {**asked.fields, "page": str(asked.page), "pageSize": str(asked.size)}
    for name in ("start", "end"):
        if name in fields:
            fields[name] = _in_zone(fields[name], zone or "UTC", is_end=name == "end")
    if fields.get("assignee") == MINE:
        fields["assignee"] = user_id
    url = f"{base_url}/api/feedback?{urlencode(fields)}"
    return f'curl -H "x-api-key: $MINIBACK_API_KEY" {shlex.quote(url)}'


def _in_zone(day: str, zone: str, *, is_end: bool) -> str:
    """Write a bare date as the moment at which that day begins, or ends, in a time zone."""
    try:
        given = date.fromisoformat(day)
        midnight = datetime.combine(given + _DAY if is_end else given, time.min, ZoneInfo(zone))
    except (ValueError, OverflowError):  # a time with its offset, or the last day that there is
        return day
    moment = midnight - timedelta(milliseconds=1) if is_end else midnight
    return moment.isoformat(timespec="milliseconds")
