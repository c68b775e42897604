"""What concerns the account: its numbers, its usage, its audit log."""

from datetime import date, datetime

from miniback_client.analytics import Analytics
from miniback_client.call import Call
from miniback_client.calls.answers import one, several
from miniback_client.models import AuditEntry, Range, Usage
from miniback_client.reading import query
from miniback_client.walking import Trail


def analytics(
    *,
    project: str | None = None,
    range: Range | None = None,  # noqa: A002 - as the API names it
    start: date | str | None = None,
    end: date | str | None = None,
    time_zone: str | None = None,
    compare: bool = True,
) -> Call[Analytics]:
    """Return the numbers of whole days; `start` and `end`, both included, go before `range`."""
    given = query(
        project=project,
        range=range,
        start=start,
        end=end,
        time_zone=time_zone,
        compare=None if compare else "off",
    )
    return Call("GET", "/api/analytics", one(Analytics), query=given)


def usage() -> Call[Usage]:
    """Return what is used of the plan in this period; never counted."""
    return Call("GET", "/api/usage", one(Usage))


def audit_log(
    *,
    action: str | None = None,
    since: date | datetime | str | None = None,
    until: date | datetime | str | None = None,
    before: int | None = None,
    limit: int = 50,
) -> Call[list[AuditEntry]]:
    """List entries of the audit log, the newest first."""
    # The API calls it `from`, which is no name in Python.
    beginning = {"from": since}
    given = query(action=action, **beginning, to=until, before=before, limit=limit)
    return Call("GET", "/api/audit-log", several(AuditEntry), query=given)


def each_entry(
    *,
    action: str | None = None,
    since: date | datetime | str | None = None,
    until: date | datetime | str | None = None,
) -> Trail[AuditEntry]:
    """Walk the audit log, the newest entry first."""

    def ask(last: AuditEntry | None) -> Call[list[AuditEntry]]:
        before = last.number if last else None
        return audit_log(action=action, since=since, until=until, before=before, limit=100)

    return Trail(ask)
