"""The outbox: what has happened and must have consequences, recorded in the same transaction.

A worker takes an event under a lease, so that each is seen by one worker at a time and comes up
again if that one dies. Events are seen at least once.
"""

from collections.abc import Sequence
from typing import NamedTuple

from miniback import clock, ids
from miniback.db import Tx

LEASE_MS = 60_000

PROJECT_DELETED = "project.deleted"
ALLOWANCE_GREW = "allowance.grew"
BULK_BEGUN = "bulk.begun"
# Its subject is how far the counting has come; see feedback.
ROLLUPS_DUE = "rollups.due"
INSIGHTS_DUE = "insights.due"
IMPORT_ASKED = "import.asked"
ERASURE_BEGUN = "erasure.begun"
# Its subject is how many items it were.
SPAM_PURGED = "spam.purged"
# An account has entries in its audit log that are older than the chain.
AUDIT_EARLIER = "audit.earlier"
# Its subject is a project, and behind it the position up to which its items are entered.
SUBMITTERS_MISSING = "submitters.missing"
# Its subject is somebody who is told; see notifications.
TARGET_DISABLED = "target.disabled"
# Its subject says what is used up and how far: "calls 80", "items 100".
ALLOWANCE_USED = "allowance.used"
# Their subject is an address, and they belong to no account: whose it is, is found out later.
SIGN_IN_REFUSED = "sign_in.refused"
PASSWORD_FORGOTTEN = "password.forgotten"  # noqa: S105 - not a password
SIGN_UP_ASKED = "sign_up.asked"
EMAIL_CHANGED = "email.changed"
# All that there are.
KINDS = (
    PROJECT_DELETED,
    ALLOWANCE_GREW,
    BULK_BEGUN,
    ROLLUPS_DUE,
    INSIGHTS_DUE,
    IMPORT_ASKED,
    ERASURE_BEGUN,
    SPAM_PURGED,
    AUDIT_EARLIER,
    SUBMITTERS_MISSING,
    TARGET_DISABLED,
    ALLOWANCE_USED,
    SIGN_IN_REFUSED,
    PASSWORD_FORGOTTEN,
    SIGN_UP_ASKED,
    EMAIL_CHANGED,
)


_INSERT = """
    INSERT INTO outbox (account_id, id, event, subject, due_at)
    VALUES (:account_id, :id, :event, :subject, :due_at)
"""


class Event(NamedTuple):
    """Something that happened to a subject of an account, named by its id."""

    account_id: str
    id: str
    event: str
    subject: str


def record(tx: Tx, account_id: str, event: str, subject: str, after_ms: int = 0) -> None:
    """Note an event; whoever listens takes it up after the commit, or some time after it."""
    tx.run(_INSERT, **_row(account_id, event, subject, clock.now() + after_ms))


def replace(tx: Tx, account_id: str, event: str, after_ms: int = 0) -> None:
    """Note an event of an account in place of all of its kind, and when it is to be taken up."""
    tx.run(
        "DELETE FROM outbox WHERE account_id = :account_id AND event = :event",
        account_id=account_id,
        event=event,
    )
    record(tx, account_id, event, "", after_ms)


def is_noted(tx: Tx, account_id: str, event: str) -> bool:
    """Tell whether an event of an account waits, whenever it is due."""
    row = tx.one(
        "SELECT 1 FROM outbox WHERE account_id = :account_id AND event = :event LIMIT 1",
        account_id=account_id,
        event=event,
    )
    return row is not None


def record_all(tx: Tx, event: str, subjects: Sequence[tuple[str, str]]) -> None:
    """Note that something happened to subjects, by account and id."""
    now = clock.now()
    tx.put_many(_INSERT, [_row(account_id, event, each, now) for account_id, each in subjects])


def is_any_due(tx: Tx, events: Sequence[str]) -> bool:
    """Tell whether one of some events waits to be taken up; a look that costs no write."""
    row = tx.one(
        "SELECT 1 FROM outbox WHERE due_at <= :now AND event IN (:events[]) LIMIT 1",
        now=clock.now(),
        events=list(events),
    )
    return row is not None


def oldest_due(tx: Tx) -> int | None:
    """Return since when the event waits that has waited longest, in ms; None where none waits.

    Of all accounts: it tells an operator whether the workers keep up.
    """
    found = waiting(tx, KINDS, clock.now())
    return found[0][0] if found else None


def waiting(tx: Tx, events: Sequence[str], now: int) -> list[tuple[int, str]]:
    """Return since when kinds wait, in ms, and which, in the order of these times.

    A kind by itself: what waits of another must not be walked through.
    """
    found = []
    for event in events:
        row = tx.one(
            "SELECT due_at FROM outbox WHERE event = :event AND due_at <= :now"
            " ORDER BY due_at LIMIT 1",
            event=event,
            now=now,
        )
        if row:
            found.append((row[0], event))
    return sorted(found)


def claim(tx: Tx, events: Sequence[str]) -> Event | None:
    """Take the event that has waited longest, for `LEASE_MS` or until done() or renew()."""
    now = clock.now()
    found = waiting(tx, events, now)
    if not found:
        return None
    row = tx.one(
        "SELECT account_id, id, event, subject FROM outbox"
        " WHERE event = :event AND due_at <= :now ORDER BY due_at LIMIT 1",
        event=found[0][1],
        now=now,
    )
    if row is None:
        return None
    event = Event(*row)
    taken = tx.run(
        "UPDATE outbox SET due_at = :until"
        " WHERE account_id = :account_id AND id = :id AND due_at <= :now",
        until=now + LEASE_MS,
        account_id=event.account_id,
        id=event.id,
        now=now,
    )
    return event if taken else None


def renew(tx: Tx, event: Event) -> None:
    """Keep an event for another lease while there is still work to do for it."""
    tx.run(
        "UPDATE outbox SET due_at = :until WHERE account_id = :account_id AND id = :id",
        until=clock.now() + LEASE_MS,
        account_id=event.account_id,
        id=event.id,
    )


def subject_of(tx: Tx, event: Event) -> str:
    """Return an event's subject as it is now, '' where the event is gone."""
    row = tx.one(
        "SELECT subject FROM outbox WHERE account_id = :account_id AND id = :id",
        account_id=event.account_id,
        id=event.id,
    )
    return str(row[0]) if row else ""


def put_back(tx: Tx, event: Event) -> None:
    """Let an event be taken up again at once, behind those that wait already."""
    tx.run(
        "UPDATE outbox SET due_at = :now WHERE account_id = :account_id AND id = :id",
        now=clock.now(),
        account_id=event.account_id,
        id=event.id,
    )


def hold_next(tx: Tx, account_id: str, event: str) -> Event | None:
    """Return an account's first event of a kind; nobody else works on it before this ends."""
    row = tx.one(
        "UPDATE outbox SET due_at = due_at WHERE account_id = :account_id AND id = ("
        "   SELECT id FROM outbox WHERE account_id = :account_id AND event = :event"
        "    ORDER BY id LIMIT 1) RETURNING account_id, id, event, subject",
        account_id=account_id,
        event=event,
    )
    return Event(*row) if row else None


def note(tx: Tx, event: Event, subject: str) -> None:
    """Give an event another subject: how far its work has come."""
    tx.run(
        "UPDATE outbox SET subject = :subject WHERE account_id = :account_id AND id = :id",
        subject=subject,
        account_id=event.account_id,
        id=event.id,
    )


def withdraw(tx: Tx, account_id: str, event: str, subjects: Sequence[str]) -> None:
    """Forget events of an account whose subjects are gone."""
    tx.run(
        "DELETE FROM outbox"
        " WHERE account_id = :account_id AND event = :event AND subject IN (:subjects[])",
        account_id=account_id,
        event=event,
        subjects=list(subjects),
    )


def done(tx: Tx, event: Event) -> None:
    """Forget an event whose consequences are all in place."""
    tx.run(
        "DELETE FROM outbox WHERE account_id = :account_id AND id = :id",
        account_id=event.account_id,
        id=event.id,
    )


def _row(account_id: str, event: str, subject: str, due_at: int) -> dict[str, str | int]:
    return {
        "account_id": account_id,
        "id": ids.new("event"),
        "event": event,
        "subject": subject,
        "due_at": due_at,
    }
