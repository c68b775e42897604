"""What somebody is told of, on its way through the outbox: what came together shares a row.

Under load items come by the dozen in a transaction, and a row of the outbox is put into three
indexes; told is what a subject of its own tells.
"""

from collections.abc import Iterable, Iterator, Sequence
from itertools import accumulate
from typing import NamedTuple

from miniback import outbox
from miniback.db import Asked, Row, Tx
from miniback.outbox import Event

_SUBJECTS_A_ROW = 50


class Taken(NamedTuple):
    """Events for work, and the account that was served last; '' where nobody else waits."""

    events: list[Event]
    last: str


def listening(tx: Tx, event: str, account_ids: Iterable[str]) -> Asked:
    """Ask which of some accounts tell anybody of an event, for record()."""
    return tx.ask(
        "SELECT account_id FROM listeners WHERE account_id IN (:account_ids[]) AND event = :event",
        account_ids=sorted(set(account_ids)),
        event=event,
    )


def record(tx: Tx, event: str, subjects: Sequence[tuple[str, str]], listeners: Asked) -> None:
    """Note that something happened to subjects, by account and id, where anybody is told of it."""
    heard = {account_id: list[str]() for (account_id,) in listeners()}
    for account_id, subject in subjects:
        if account_id in heard:
            heard[account_id].append(subject)
    rows = [
        (account_id, " ".join(each))
        for account_id, theirs in heard.items()
        for each in _portions(theirs)
    ]
    if rows:
        outbox.record_all(tx, event, rows)


def take(tx: Tx, limit: int, behind: str = "") -> Taken:
    """Take what was recorded for good, for work that is done in this very transaction.

    One event a subject, in the order in which they happened. Accounts have their turns by their
    ids, beginning `behind` the one that was served last, so that nobody waits for all that another
    has brought in. The last row that is taken may bring more than `limit`.
    """
    taken = _take(tx, limit, behind)
    left = limit - len(taken.events)
    if behind and left > 0:
        first = _take(tx, left, "")
        taken = Taken(taken.events + first.events, first.last)
    return Taken(sorted(taken.events, key=lambda each: each.id), taken.last)


def _portions(subjects: list[str]) -> Iterator[list[str]]:
    for at in range(0, len(subjects), _SUBJECTS_A_ROW):
        yield subjects[at : at + _SUBJECTS_A_ROW]


def _take(tx: Tx, limit: int, behind: str) -> Taken:
    """Take from the accounts behind one, of each the oldest first."""
    waiting = tx.all(
        "SELECT account_id, id, subject FROM outbox"
        " WHERE event LIKE 'feedback.%' AND account_id > :behind"
        " ORDER BY account_id, id LIMIT :limit",
        behind=behind,
        limit=limit,
    )
    wanted = waiting[: _rows_for(limit, waiting)]
    if not wanted:
        return Taken([], "")
    # What another worker has taken in the meantime is theirs.
    rows = tx.all(
        "DELETE FROM outbox WHERE account_id IN (:account_ids[]) AND id IN (:ids[])"
        " RETURNING account_id, id, event, subject",
        account_ids=sorted({account_id for account_id, _, _ in wanted}),
        ids=[event_id for _, event_id, _ in wanted],
    )
    taken = [
        Event(account_id, event_id, event, each)
        for account_id, event_id, event, subject in rows
        for each in subject.split(" ")
    ]
    is_all = len(wanted) == len(waiting) < limit
    return Taken(taken, "" if is_all else wanted[-1][0])


def _rows_for(limit: int, rows: Sequence[Row]) -> int:
    """Return how many rows bring so many subjects."""
    subjects = accumulate(subject.count(" ") + 1 for _, _, subject in rows)
    return next((row for row, count in enumerate(subjects, 1) if count >= limit), len(rows))


def withdraw(tx: Tx, account_id: str, event: str, subjects: Sequence[str]) -> None:
    """Forget what is still to be told of an account's subjects that are gone."""
    gone = set(subjects)
    rows = tx.all(
        "SELECT id, subject FROM outbox WHERE account_id = :account_id AND event = :event",
        account_id=account_id,
        event=event,
    )
    waiting = {event_id: told.split(" ") for event_id, told in rows}
    left = {
        event_id: [each for each in told if each not in gone]
        for event_id, told in waiting.items()
        if not gone.isdisjoint(told)
    }
    tx.run_many(
        "UPDATE outbox SET subject = :subject WHERE account_id = :account_id AND id = :id",
        [
            {"account_id": account_id, "id": event_id, "subject": " ".join(each)}
            for event_id, each in left.items()
            if each
        ],
    )
    tx.run_many(
        "DELETE FROM outbox WHERE account_id = :account_id AND id = :id",
        [{"account_id": account_id, "id": each} for each, kept in left.items() if not kept],
    )
