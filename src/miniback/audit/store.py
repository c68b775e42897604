"""SQL for the audit log, for where each account's ends, and for what is older than the chain."""

from collections.abc import Sequence
from typing import NamedTuple

from miniback import ids
from miniback.audit.models import ID, Actor, Entry, Head, Way
from miniback.db import Row, Tx

_OLDER = """
    SELECT number, id, action, way, user_id, project_id, details, hash FROM audit_log
     WHERE account_id = :account_id AND number < :before
"""
_NEWEST_FIRST = " ORDER BY number DESC LIMIT :limit"
_LAST_NUMBER = 2**62


class Wanted(NamedTuple):
    """Which entries are meant: those of some actions, of a person, of a time; all without.

    `end` is the first millisecond that is not meant any more.
    """

    actions: Sequence[str] = ()
    user_id: str = ""
    start: int | None = None
    end: int | None = None


def insert(tx: Tx, account_id: str, entry: Entry) -> None:
    """Add an entry."""
    tx.run(
        "INSERT INTO audit_log (account_id, number, id, action, way, user_id, project_id, details,"
        "                       hash)"
        " VALUES (:account_id, :number, :id, :action, :way, :user_id, :project_id, :details,"
        "         :hash)",
        account_id=account_id,
        number=entry.number,
        id=entry.id,
        action=entry.action,
        way=entry.by.way.value,
        user_id=entry.by.user_id,
        project_id=entry.by.project_id,
        details=entry.details,
        hash=entry.hash,
    )


def page(tx: Tx, account_id: str, wanted: Wanted, before: int | None, limit: int) -> list[Entry]:
    """Return entries, the newest first, from before one of them by its number."""
    conditions, values = _conditions(wanted)
    rows = tx.all(
        "".join([_OLDER, *conditions, _NEWEST_FIRST]),
        account_id=account_id,
        before=_LAST_NUMBER if before is None else before,
        limit=limit,
        **values,
    )
    return [_entry(row) for row in rows]


def after(tx: Tx, account_id: str, number: int, limit: int) -> list[Entry]:
    """Return entries in their order, from behind one of them."""
    rows = tx.all(
        "SELECT number, id, action, way, user_id, project_id, details, hash FROM audit_log"
        " WHERE account_id = :account_id AND number > :number ORDER BY number LIMIT :limit",
        account_id=account_id,
        number=number,
        limit=limit,
    )
    return [_entry(row) for row in rows]


def head(tx: Tx, account_id: str) -> Head | None:
    """Return where an account's log ends, None where nothing says so."""
    row = tx.one(
        "SELECT number, hash FROM audit_heads WHERE account_id = :account_id",
        account_id=account_id,
    )
    return Head(*row) if row else None


def hold_head(tx: Tx, account_id: str) -> Head | None:
    """Return the same, and let nobody else add an entry before this transaction ends."""
    row = tx.one(
        "UPDATE audit_heads SET hash = hash WHERE account_id = :account_id RETURNING number, hash",
        account_id=account_id,
    )
    return Head(*row) if row else None


def begin(tx: Tx, account_id: str) -> None:
    """Begin an account's log, unless another writer does."""
    tx.run(
        "INSERT INTO audit_heads (account_id, number, hash) VALUES (:account_id, 0, '')"
        " ON CONFLICT (account_id) DO NOTHING",
        account_id=account_id,
    )


def advance(tx: Tx, account_id: str, head: Head) -> None:
    """Say that a log ends with another entry now."""
    tx.run(
        "UPDATE audit_heads SET number = :number, hash = :hash WHERE account_id = :account_id",
        account_id=account_id,
        number=head.number,
        hash=head.hash,
    )


def take_earlier(tx: Tx, account_id: str) -> list[Entry]:
    """Take out the entries that were made before there was a chain, in their order."""
    rows = tx.all(
        "DELETE FROM earlier_audit_log WHERE account_id = :account_id"
        " RETURNING id, action, way, user_id, details",
        account_id=account_id,
    )
    return [
        Entry(0, entry_id, action, Actor(Way(way), user_id), details, "")
        for entry_id, action, way, user_id, details in sorted(rows)
    ]


def _conditions(wanted: Wanted) -> tuple[list[str], dict[str, object]]:
    """Return what narrows a selection, as constant pieces of SQL, and its values."""
    conditions, values = list[str](), dict[str, object]()
    if wanted.actions:
        conditions.append(" AND action IN (:actions[])")
        values["actions"] = list(wanted.actions)
    if wanted.user_id:
        conditions.append(" AND user_id = :user_id")
        values["user_id"] = wanted.user_id
    if wanted.start is not None:
        conditions.append(" AND id >= :first")
        values["first"] = ids.lowest(ID, wanted.start)
    if wanted.end is not None:
        conditions.append(" AND id < :following")
        values["following"] = ids.lowest(ID, wanted.end)
    return conditions, values


def _entry(row: Row) -> Entry:
    number, entry_id, action, way, user_id, project_id, details, entry_hash = row
    return Entry(
        number, entry_id, action, Actor(Way(way), user_id, project_id), details, entry_hash
    )
