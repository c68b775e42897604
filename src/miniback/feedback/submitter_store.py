"""SQL for who has sent which item: found by subject, gone with the item."""

from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple

from miniback import ids
from miniback.db import Tx

# The shelf, to say so, of what was deleted on a page and can still be brought back.
BIN = "BIN"
# What is more than this is not counted out.
MOST_COUNTED = 100_000


class Submitted(NamedTuple):
    """An item on whatever shelf, or in the bin."""

    position: int
    id: str
    project_id: str
    shelf: str
    status: str
    source: str
    document: str
    created_at: str
    updated_at: int

    @property
    def at(self) -> int:
        """When it came, in milliseconds."""
        return ids.position_time(self.position)


class Sent(NamedTuple):
    """Where an item lies, and the subjects that it is from; none where it does not tell."""

    account_id: str
    project_id: str
    position: int
    subjects: Sequence[str]


def insert_all(tx: Tx, items: Iterable[Sent]) -> None:
    """Note who sent items; those that do not tell cost nothing."""
    rows = [
        {
            "account_id": item.account_id,
            "subject": subject,
            "position": item.position,
            "project_id": item.project_id,
        }
        for item in items
        for subject in item.subjects
    ]
    if rows:
        tx.put_many(
            "INSERT INTO submitters (account_id, subject, position, project_id)"
            " VALUES (:account_id, :subject, :position, :project_id)"
            " ON CONFLICT (account_id, subject, position) DO NOTHING",
            rows,
        )


def delete_of(tx: Tx, account_id: str, positions: Sequence[int]) -> None:
    """Forget who sent items."""
    tx.run(
        "DELETE FROM submitters WHERE account_id = :account_id AND position IN (:positions[])",
        account_id=account_id,
        positions=list(positions),
    )


def positions(
    tx: Tx, account_id: str, subjects: Sequence[str], newest: int, limit: int
) -> list[int]:
    """Return where the newest items of some subjects lie, none newer than a position.

    One ordered stream a subject, so that it costs no more for somebody with very many.
    """
    streams = [_OF_SUBJECT.replace("{name}", name) for name in _NAMES[: len(subjects)]]
    named = dict(zip(_NAMES, subjects, strict=False))
    found = tx.merge(
        streams, "DESC", limit * len(streams), 0, account_id=account_id, newest=newest, **named
    )
    return list(dict.fromkeys(found))[:limit]


_NAMES = ("first", "second", "third")
_OF_SUBJECT = (
    "SELECT position FROM submitters"
    " WHERE account_id = :account_id AND subject = :{name} AND position <= :newest"
)


def counts(tx: Tx, account_id: str, subjects: Sequence[str]) -> dict[str, int]:
    """Return how many items some subjects have in each project, counting no further than so far."""
    parts = [_PLACED.replace("{name}", name) for name in _NAMES[: len(subjects)]]
    rows = tx.all(
        _COUNTED.replace("{parts}", " UNION ".join(parts)),
        account_id=account_id,
        most=MOST_COUNTED,
        **dict(zip(_NAMES, subjects, strict=False)),
    )
    return {project_id: int(count) for project_id, count in rows}


# A subject each by its index: asked for together, SQLite would walk the whole account instead.
_PLACED = (
    "SELECT position, project_id FROM ("
    "  SELECT position, project_id FROM submitters"
    "   WHERE account_id = :account_id AND subject = :{name} LIMIT :most) AS of_{name}"
)
_COUNTED = (
    "SELECT project_id, count(*) FROM ({parts}) AS theirs GROUP BY project_id ORDER BY project_id"
)


def items(tx: Tx, account_id: str, positions: Sequence[int]) -> list[Submitted]:
    """Return the items at some positions, the newest first."""
    values: dict[str, Any] = {"account_id": account_id, "positions": list(positions)}
    found = [
        Submitted(*row)
        for statement in (_ON_SHELVES, _IN_BIN)
        for row in tx.all(statement, **values)
    ]
    return sorted(found, reverse=True)


_ON_SHELVES = """
    SELECT position, id, project_id, shelf, status, source, document, created_at, updated_at
      FROM feedback
     WHERE account_id = :account_id AND position IN (:positions[])
"""
_IN_BIN = """
    SELECT position, id, project_id, 'BIN', status, source, document, created_at, updated_at
      FROM deleted_feedback
     WHERE account_id = :account_id AND position IN (:positions[])
"""


def positions_after(tx: Tx, account_id: str, project_id: str, after: int, limit: int) -> list[int]:
    """Return where the oldest items of a project lie, on any shelf or in the bin, after a position.

    By position, which no change of an item's shelf alters: none is missed while they move.
    """
    return tx.merge(
        [*(_OF_SHELF.replace("{shelf}", shelf) for shelf in ("LIVE", "HELD", "SPAM")), _OF_BIN],
        "ASC",
        limit,
        0,
        account_id=account_id,
        project_id=project_id,
        after=after,
    )


_OF_SHELF = (
    "SELECT position FROM feedback"
    " WHERE account_id = :account_id AND project_id = :project_id AND shelf = '{shelf}'"
    "   AND position > :after"
)
_OF_BIN = (
    "SELECT position FROM deleted_feedback"
    " WHERE account_id = :account_id AND project_id = :project_id AND position > :after"
)


def older(tx: Tx, account_id: str, project_id: str, newest: int, limit: int) -> list[int]:
    """Return where the oldest items of a project lie, on any shelf, up to a position."""
    streams = [
        _OF_SHELF.replace("{shelf}", shelf) + " AND position <= :newest"
        for shelf in ("LIVE", "HELD", "SPAM")
    ]
    return tx.merge(
        streams,
        "ASC",
        limit,
        0,
        account_id=account_id,
        project_id=project_id,
        after=-1,
        newest=newest,
    )


def held_documents(tx: Tx, account_id: str, positions: Sequence[int]) -> dict[int, str]:
    """Return the documents of items, which nobody deletes before this transaction ends."""
    values: dict[str, Any] = {"account_id": account_id, "positions": list(positions)}
    statements = (_DOCUMENTS, _DOCUMENTS.replace("feedback", "deleted_feedback"))
    held = [tx.hold_rows(statement, **values) for statement in statements]
    return {position: document for rows in held for position, document in rows()}


_DOCUMENTS = (
    "SELECT position, document FROM feedback"
    " WHERE account_id = :account_id AND position IN (:positions[])"
)
