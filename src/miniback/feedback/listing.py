"""SQL for pages of feedback, newest first, whatever they are filtered by.

The indexes are led by all that is filtered by, so a list of one status and one source is one
ordered stream, and any other merges a few. The tallies say which streams hold anything (ADR 0003).
"""

import functools
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from miniback.db import Row, Tx
from miniback.feedback import models
from miniback.feedback.models import Item, Shelf, Source, Status

_SUMMARIZED = ("document", "status", "created_at")
FIRST_POSITION = 0
LAST_POSITION = 2**63 - 1

# An item as a project's list shows it, written by the database in one piece since the list is read
# most, and all that is known of one, read by position.
SUMMARY = "'" + models.summary(*[f"' || {each} || '" for each in _SUMMARIZED]) + "'"
ITEM = ", ".join(Item._fields)

Stream = tuple[str, str]
STREAMS: tuple[Stream, ...] = tuple((status, source) for status in Status for source in Source)


class Filter(NamedTuple):
    """Which items of an account are meant; None leaves a thing open.

    `labels` are further tokens of the search index that an item must have, for shelf LIVE alone.
    `oldest` and `newest` are positions, both included. `but_deleted`: some project of the account
    is being cleared away, and its items must not show.
    """

    account_id: str
    project_id: str | None = None
    status: Status | None = None
    source: Source | None = None
    oldest: int = FIRST_POSITION
    newest: int = LAST_POSITION
    but_deleted: bool = False
    shelf: Shelf = Shelf.LIVE
    labels: tuple[str, ...] = ()

    @property
    def is_dated(self) -> bool:
        """Whether only a part of all time is meant, which no tally knows."""
        return self.oldest > FIRST_POSITION or self.newest < LAST_POSITION

    @property
    def is_indexed(self) -> bool:
        """Whether the search index has what is meant: only what is in sight is found by words."""
        return self.shelf is Shelf.LIVE

    def takes(self, stream: Stream) -> bool:
        """Tell whether a stream's items are meant."""
        return self.status in (None, stream[0]) and self.source in (None, stream[1])


class Slice(NamedTuple):
    """Which part of a list is wanted, and of each item which columns: `SUMMARY` or `ITEM`."""

    columns: str
    limit: int
    offset: int


def newest_first(tx: Tx, chosen: Filter, streams: Sequence[Stream], wanted: Slice) -> list[Row]:
    """Return one page of the items of some streams."""
    return _page(tx, chosen, streams, "DESC", wanted)


def oldest_first(tx: Tx, chosen: Filter, streams: Sequence[Stream], wanted: Slice) -> list[Row]:
    """Return one page counted from the other end."""
    return _page(tx, chosen, streams, "ASC", wanted)


def at_positions(tx: Tx, account_id: str, positions: Sequence[int], columns: str) -> list[Row]:
    """Return the items at some positions, newest first."""
    sql = "SELECT " + columns + _AT_POSITIONS
    return tx.all(sql, account_id=account_id, positions=list(positions))


def count(tx: Tx, chosen: Filter, streams: Iterable[Stream]) -> int:
    """Count the items of some streams; for filters that no tally can answer."""
    conditions = _conditions(chosen, streams)
    each = ["(SELECT count(*) FROM feedback" + condition + ")" for condition in conditions]  # noqa: S608
    row = tx.one("SELECT " + " + ".join(each), **_values(chosen))
    return int(row[0]) if row else 0


_WHOLE_PROJECT = (
    " WHERE account_id = :account_id AND project_id = :project_id AND shelf = '{shelf}'"
    "   AND position BETWEEN :oldest AND :newest"
)
_IN_PROJECT = (
    " WHERE account_id = :account_id AND project_id = :project_id AND shelf = '{shelf}'"
    "   AND status = '{status}' AND source = '{source}' AND position BETWEEN :oldest AND :newest"
)
_IN_ACCOUNT = (
    " WHERE account_id = :account_id AND shelf = '{shelf}'"
    "   AND status = '{status}' AND source = '{source}' AND position BETWEEN :oldest AND :newest"
)
_BUT_DELETED = (
    " AND project_id NOT IN (SELECT project_id FROM deletions WHERE account_id = :account_id)"
)
_AT_POSITIONS = (
    " FROM feedback WHERE account_id = :account_id AND position IN (:positions[])"
    " ORDER BY position DESC"
)


def _page(
    tx: Tx, chosen: Filter, streams: Sequence[Stream], order: str, wanted: Slice
) -> list[Row]:
    is_whole = chosen.project_id and chosen.status is None and chosen.source is None
    conditions = _whole(chosen.shelf) if is_whole else _conditions(chosen, streams)
    values = _values(chosen)
    if len(conditions) == 1:
        sql = _one_stream(wanted.columns, conditions[0], order)
        return tx.all(sql, **values, limit=wanted.limit, offset=wanted.offset)
    merged = ["SELECT position FROM feedback" + each for each in conditions]  # noqa: S608
    positions = tx.merge(merged, order, wanted.limit, wanted.offset, **values)
    rows = at_positions(tx, chosen.account_id, positions, wanted.columns) if positions else []
    return rows if order == "DESC" else rows[::-1]


# Written once: to write a statement, and to find it again by its text, takes as long as to run it.
@functools.cache
def _whole(shelf: Shelf) -> list[str]:
    """Return a project's whole list, which has an index of its own: it is asked for most."""
    return [_WHOLE_PROJECT.replace("{shelf}", shelf)]


@functools.cache
def _one_stream(columns: str, condition: str, order: str) -> str:
    ending = f" ORDER BY position {order} LIMIT :limit OFFSET :offset"
    return "SELECT " + columns + " FROM feedback" + condition + ending  # noqa: S608


def _conditions(chosen: Filter, streams: Iterable[Stream]) -> list[str]:
    """Write a condition a stream, of constants alone."""
    condition = _IN_PROJECT if chosen.project_id else _IN_ACCOUNT
    ending = _BUT_DELETED if chosen.but_deleted and not chosen.project_id else ""
    return [
        condition.replace("{shelf}", chosen.shelf)
        .replace("{status}", status)
        .replace("{source}", source)
        + ending
        for status, source in sorted(streams)
    ]


def _values(chosen: Filter) -> dict[str, str | int]:
    values: dict[str, str | int] = {
        "account_id": chosen.account_id,
        "oldest": chosen.oldest,
        "newest": chosen.newest,
    }
    if chosen.project_id is not None:
        values["project_id"] = chosen.project_id
    return values
