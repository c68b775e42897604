"""SQL for pages of feedback, newest first, whatever they are filtered by.

The indexes are led by all that is filtered by, so a list of one status and one source is one
ordered stream, and any other merges a few. The tallies say which streams hold anything (ADR 0003).
"""

import functools
from collections.abc import Iterable
from itertools import starmap
from typing import NamedTuple

from miniback.db import Tx
from miniback.feedback.models import Item, Source, Status

FIRST_POSITION = 0
LAST_POSITION = 2**63 - 1

Stream = tuple[str, str]
STREAMS: tuple[Stream, ...] = tuple((status, source) for status in Status for source in Source)


class Filter(NamedTuple):
    """Which items of an account are meant; None leaves a thing open.

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

    @property
    def is_dated(self) -> bool:
        """Whether only a part of all time is meant, which no tally knows."""
        return self.oldest > FIRST_POSITION or self.newest < LAST_POSITION

    def takes(self, stream: Stream) -> bool:
        """Tell whether a stream's items are meant."""
        return self.status in (None, stream[0]) and self.source in (None, stream[1])


def newest_first(
    tx: Tx, chosen: Filter, streams: Iterable[Stream], limit: int, offset: int
) -> list[Item]:
    """Return one page of the items of some streams."""
    return _page(tx, chosen, streams, "DESC", limit, offset)


def oldest_first(
    tx: Tx, chosen: Filter, streams: Iterable[Stream], limit: int, offset: int
) -> list[Item]:
    """Return one page counted from the other end."""
    return _page(tx, chosen, streams, "ASC", limit, offset)


def count(tx: Tx, chosen: Filter, streams: Iterable[Stream]) -> int:
    """Count the items of some streams; for filters that no tally can answer."""
    row = tx.one(_count_sql(*_form(chosen, streams)), **_values(chosen))
    return int(row[0]) if row else 0


_ITEM = (
    "SELECT position, document, status, source, created_at, updated_at, project_id FROM feedback"
)
_WHOLE_PROJECT = _ITEM + (
    " WHERE account_id = :account_id AND project_id = :project_id AND shelf = 'LIVE'"
    "   AND position BETWEEN :oldest AND :newest"
)
_IN_PROJECT = (
    " WHERE account_id = :account_id AND project_id = :project_id AND shelf = 'LIVE'"
    "   AND status = '{status}' AND source = '{source}' AND position BETWEEN :oldest AND :newest"
)
_IN_ACCOUNT = (
    " WHERE account_id = :account_id AND shelf = 'LIVE'"
    "   AND status = '{status}' AND source = '{source}' AND position BETWEEN :oldest AND :newest"
)
_BUT_DELETED = (
    " AND project_id NOT IN (SELECT project_id FROM deletions WHERE account_id = :account_id)"
)
_AT_POSITIONS = _ITEM + " WHERE account_id = :account_id AND position IN ("
_LIMITS = " LIMIT :limit OFFSET :offset"

_Form = tuple[frozenset[Stream], bool, bool]


def _form(chosen: Filter, streams: Iterable[Stream]) -> _Form:
    in_project = chosen.project_id is not None
    # A project's whole list has an index of its own: it is the page that is asked for most.
    is_whole = in_project and chosen.status is None and chosen.source is None
    return frozenset(STREAMS if is_whole else streams), in_project, chosen.but_deleted


@functools.cache  # as many as there are combinations of streams, a few hundred at the most
def _page_sql(streams: frozenset[Stream], in_project: bool, but_deleted: bool, order: str) -> str:
    ending = f" ORDER BY position {order}"
    if in_project and len(streams) == len(STREAMS):
        return _WHOLE_PROJECT + ending + _LIMITS
    conditions = _conditions(streams, in_project, but_deleted)
    if len(conditions) == 1:
        return _ITEM + conditions[0] + ending + _LIMITS
    # Constants, all of them, and so no value of anybody's.
    merged = " UNION ALL ".join(["SELECT position FROM feedback" + each for each in conditions])  # noqa: S608
    positions = "SELECT position FROM (" + merged + ending + _LIMITS + ") AS streams"  # noqa: S608
    return _AT_POSITIONS + positions + ")" + ending


@functools.cache
def _count_sql(streams: frozenset[Stream], in_project: bool, but_deleted: bool) -> str:
    conditions = _conditions(streams, in_project, but_deleted)
    each = ["(SELECT count(*) FROM feedback" + condition + ")" for condition in conditions]  # noqa: S608
    return "SELECT " + " + ".join(each)


def _conditions(streams: frozenset[Stream], in_project: bool, but_deleted: bool) -> list[str]:
    condition = _IN_PROJECT if in_project else _IN_ACCOUNT
    ending = _BUT_DELETED if but_deleted and not in_project else ""
    return [
        condition.replace("{status}", status).replace("{source}", source) + ending
        for status, source in sorted(streams)
    ]


def _page(
    tx: Tx, chosen: Filter, streams: Iterable[Stream], order: str, limit: int, offset: int
) -> list[Item]:
    sql = _page_sql(*_form(chosen, streams), order)
    rows = tx.all(sql, **_values(chosen), limit=limit, offset=offset)
    return list(starmap(Item, rows))


def _values(chosen: Filter) -> dict[str, str | int]:
    values: dict[str, str | int] = {
        "account_id": chosen.account_id,
        "oldest": chosen.oldest,
        "newest": chosen.newest,
    }
    if chosen.project_id is not None:
        values["project_id"] = chosen.project_id
    return values
