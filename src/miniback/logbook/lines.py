"""The audit log on its way out: as the API shows it, and as files."""

from collections.abc import AsyncGenerator, Sequence
from typing import Any

from miniback import accounts, audit, clock, exports
from miniback.accounts import Person
from miniback.audit import Action, Actor, Entry, Head, Wanted
from miniback.db import Database, Tx
from miniback.http import encode

_AT_ONCE = 500
_HEADER = (
    *("number", "time", "action", "way", "person", "person_id", "key_of_project"),
    *("details", "hash"),
)


def shown(entry: Entry) -> dict[str, Any]:
    """Lay an entry out as the API shows it; its hash can be computed from this."""
    by = entry.by
    return {
        "number": entry.number,
        "id": entry.id,
        "at": clock.iso(entry.at),
        "action": entry.action,
        "by": {
            "way": by.way.value,
            "userId": by.user_id or None,
            "projectId": by.project_id or None,
        },
        "details": entry.told,
        "hash": entry.hash,
    }


def json_line(entry: Entry) -> bytes:
    """Write an entry as a line of JSON."""
    return encode(shown(entry)) + b"\n"


def head_line(account_id: str, head: Head) -> bytes:
    """Write the last line of a file, by which the log is known again: its end."""
    return encode({"account": account_id, "head": head._asdict()}) + b"\n"


def note_export(
    tx: Tx, account_id: str, format_: str, by: Actor, filters: Sequence[str] = ()
) -> None:
    """Record that the log itself is handed out."""
    told = {"format": format_, "filters": list(filters)}
    audit.record(tx, account_id, Action.LOG_EXPORTED, by, told)


async def csv_pieces(db: Database, account_id: str, wanted: Wanted) -> AsyncGenerator[bytes, None]:
    """Give all that is wanted as CSV, the newest first."""
    yield exports.line(_HEADER).encode()
    people = await db.read_on(accounts.people, account_id)
    before: int | None = None
    while True:
        entries = await db.read_on(audit.page, account_id, wanted, before, _AT_ONCE)
        if entries:
            yield "".join([exports.line(_cells(each, people)) for each in entries]).encode()
        if len(entries) < _AT_ONCE:
            return
        before = entries[-1].number


def _cells(entry: Entry, people: dict[str, Person]) -> list[str]:
    by = entry.by
    person = people.get(by.user_id)
    return [
        str(entry.number),
        clock.iso(entry.at),
        entry.action,
        by.way.value,
        person.label if person else "",
        by.user_id,
        by.project_id,
        entry.details,
        entry.hash,
    ]
