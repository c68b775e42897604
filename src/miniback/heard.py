"""What somebody is told of, until deliveries are made of it: an outbox that costs a sender little.

Under load items come by the dozen in a transaction; what came together shares a row, in a table
that has next to no index.
"""

from collections.abc import Iterable, Iterator, Sequence
from itertools import accumulate, groupby
from operator import itemgetter
from typing import NamedTuple

from miniback import ids
from miniback.db import Asked, Row, Tx

FEEDBACK_CREATED = "feedback.created"
FEEDBACK_UPDATED = "feedback.updated"
EVENTS = (FEEDBACK_CREATED, FEEDBACK_UPDATED)
_SUBJECTS_A_ROW = 50


class Event(NamedTuple):
    """Something that happened to a subject of an account; `position` is in time."""

    account_id: str
    position: int
    event: str
    subject: str


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
    portions = [
        (account_id, portion) for account_id, each in heard.items() for portion in _portions(each)
    ]
    if portions:
        rows = [
            {
                "account_id": account_id,
                "position": position,
                "event": event,
                "subjects": " ".join(portion),
            }
            for position, (account_id, portion) in zip(
                ids.positions(len(portions)), portions, strict=True
            )
        ]
        tx.put_many(
            "INSERT INTO heard (account_id, position, event, subjects)"
            " VALUES (:account_id, :position, :event, :subjects)",
            rows,
        )


def is_any(tx: Tx) -> bool:
    """Tell whether something waits; a look that costs no write."""
    return tx.one("SELECT 1 FROM heard LIMIT 1") is not None


def oldest(tx: Tx) -> int | None:
    """Return since when it waits that has waited longest, in ms; None where nothing waits."""
    row = tx.one("SELECT position FROM heard ORDER BY position LIMIT 1")
    return ids.position_time(row[0]) if row else None


def take(tx: Tx, limit: int, behind: str = "", *, is_brief: bool = False) -> Taken:
    """Take what was recorded for good, for work that is done in this very transaction.

    One event a subject, in the order in which they happened. Accounts have their turns by their
    ids, beginning `behind` the one that was served last, so that nobody waits for all that another
    has brought in; where it `is_brief`, for what came together of each. The last row that is taken
    may bring more than `limit`.
    """
    taken = _take(tx, limit, behind, is_brief=is_brief)
    left = limit - len(taken.events)
    if behind and left > 0:
        first = _take(tx, left, "", is_brief=is_brief)
        taken = Taken(taken.events + first.events, first.last)
    return Taken(sorted(taken.events, key=lambda each: each.position), taken.last)


def _portions(subjects: list[str]) -> Iterator[list[str]]:
    for at in range(0, len(subjects), _SUBJECTS_A_ROW):
        yield subjects[at : at + _SUBJECTS_A_ROW]


def _take(tx: Tx, limit: int, behind: str, *, is_brief: bool) -> Taken:
    """Take from the accounts behind one, of each the oldest first."""
    waiting = tx.all(
        "SELECT account_id, position, subjects FROM heard"
        " WHERE account_id > :behind ORDER BY account_id, position LIMIT :limit",
        behind=behind,
        limit=limit,
    )
    served = _first_of_each(waiting) if is_brief else waiting
    wanted = served[: _rows_for(limit, served)]
    if not wanted:
        return Taken([], "")
    # What another worker has taken in the meantime is theirs.
    rows = tx.all(
        "DELETE FROM heard WHERE account_id IN (:account_ids[]) AND position IN (:positions[])"
        " RETURNING account_id, position, event, subjects",
        account_ids=sorted({account_id for account_id, _, _ in wanted}),
        positions=[position for _, position, _ in wanted],
    )
    taken = [
        Event(account_id, position, event, each)
        for account_id, position, event, subjects in rows
        for each in subjects.split(" ")
    ]
    is_all = len(wanted) == len(waiting) < limit
    return Taken(taken, "" if is_all else wanted[-1][0])


def _first_of_each(rows: Sequence[Row]) -> list[Row]:
    """Return the first row of each account."""
    return [next(theirs) for _, theirs in groupby(rows, key=itemgetter(0))]


def _rows_for(limit: int, rows: Sequence[Row]) -> int:
    """Return how many rows bring so many subjects."""
    counted = accumulate(subjects.count(" ") + 1 for _, _, subjects in rows)
    return next((row for row, count in enumerate(counted, 1) if count >= limit), len(rows))


def withdraw(tx: Tx, account_id: str, subjects: Sequence[str]) -> None:
    """Forget what is still to be told of an account's subjects that are gone."""
    gone = set(subjects)
    rows = tx.all(
        "SELECT position, subjects FROM heard WHERE account_id = :account_id",
        account_id=account_id,
    )
    waiting = {position: told.split(" ") for position, told in rows}
    left = {
        position: [each for each in told if each not in gone]
        for position, told in waiting.items()
        if not gone.isdisjoint(told)
    }
    tx.run_many(
        "UPDATE heard SET subjects = :subjects"
        " WHERE account_id = :account_id AND position = :position",
        [
            {"account_id": account_id, "position": position, "subjects": " ".join(each)}
            for position, each in left.items()
            if each
        ],
    )
    tx.run_many(
        "DELETE FROM heard WHERE account_id = :account_id AND position = :position",
        [{"account_id": account_id, "position": each} for each, kept in left.items() if not kept],
    )
