"""The audit log: what was done that somebody may have to account for. It only grows.

An entry holds no words of visitors and nothing by which one could be known, since what was erased
must not live on here.
"""

from typing import Any, NamedTuple

import msgspec

from miniback import ids
from miniback.db import Tx

ID = "audit"

PERSON_EXPORTED = "person.exported"
PERSON_ERASED = "person.erased"
RETENTION_APPLIED = "retention.applied"
# Behind every id in the order of both databases.
_LAST = "~"


class Doer(NamedTuple):
    """Who did something: by what (PAGE, API, CLI, SYSTEM), and the person, '' for nobody known."""

    way: str
    user_id: str = ""


class Entry(NamedTuple):
    """Something that was done; its time is the one in its id."""

    id: str
    action: str
    user_id: str
    way: str
    details: dict[str, Any]

    @property
    def at(self) -> int:
        """When it was done, in milliseconds."""
        return ids.created_at(self.id)


def record(tx: Tx, account_id: str, action: str, by: Doer, details: dict[str, Any]) -> None:
    """Add an entry, in the transaction of what was done."""
    tx.run(
        "INSERT INTO audit_log (account_id, id, action, user_id, way, details)"
        " VALUES (:account_id, :id, :action, :user_id, :way, :details)",
        account_id=account_id,
        id=ids.new(ID),
        action=action,
        user_id=by.user_id,
        way=by.way,
        details=msgspec.json.encode(details).decode(),
    )


def newest(tx: Tx, account_id: str, before: str, limit: int) -> list[Entry]:
    """Return an account's entries, the newest first, from before one of them; '' for all."""
    rows = tx.all(
        "SELECT id, action, user_id, way, details FROM audit_log"
        " WHERE account_id = :account_id AND id < :before ORDER BY id DESC LIMIT :limit",
        account_id=account_id,
        before=before or _LAST,
        limit=limit,
    )
    return [
        Entry(entry_id, action, user_id, way, msgspec.json.decode(details))
        for entry_id, action, user_id, way, details in rows
    ]
