"""SQL for pages of feedback: positions first, from the index alone, then the items at them.

Two indexes serve every filter, because they are led by all that is filtered by: a list that leaves
status or source open merges one ordered stream for each of their values (ADR 0003).
"""

from typing import NamedTuple

from miniback.db import Tx
from miniback.feedback.models import Source, Status

FIRST_POSITION = 0
LAST_POSITION = 2**63 - 1

_IN_ACCOUNT = """
    SELECT position FROM feedback
     WHERE account_id = :account_id AND shelf = 'LIVE' AND status = '{status}'
       AND source = '{source}' AND position BETWEEN :oldest AND :newest
"""
_IN_PROJECT = """
    SELECT position FROM feedback
     WHERE account_id = :account_id AND project_id = :project_id AND shelf = 'LIVE'
       AND status = '{status}' AND source = '{source}' AND position BETWEEN :oldest AND :newest
"""
_BUT_DELETED = (
    " AND project_id NOT IN (SELECT project_id FROM deletions WHERE account_id = :account_id)"
)


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


def newest_first(tx: Tx, chosen: Filter, limit: int, offset: int) -> list[int]:
    """Return one page of positions."""
    return _positions(tx, _NEWEST_FIRST[_form(chosen)], chosen, limit, offset)


def oldest_first(tx: Tx, chosen: Filter, limit: int, offset: int) -> list[int]:
    """Return one page of positions counted from the other end."""
    return _positions(tx, _OLDEST_FIRST[_form(chosen)], chosen, limit, offset)


def count(tx: Tx, chosen: Filter) -> int:
    """Count the items that a filter leaves; for filters that no tally can answer."""
    row = tx.one(_COUNT[_form(chosen)], **_values(chosen))
    return int(row[0]) if row else 0


_Form = tuple[bool, Status | None, Source | None, bool]


def _form(chosen: Filter) -> _Form:
    return chosen.project_id is not None, chosen.status, chosen.source, chosen.but_deleted


def _streams(form: _Form) -> str:
    in_project, status, source, but_deleted = form
    stream = _IN_PROJECT if in_project else _IN_ACCOUNT
    streams = [
        stream.replace("{status}", each_status).replace("{source}", each_source)
        for each_status in ([status] if status else Status)
        for each_source in ([source] if source else Source)
    ]
    ending = _BUT_DELETED if but_deleted and not in_project else ""
    return " UNION ALL ".join([each + ending for each in streams])


_FORMS: list[_Form] = [
    (in_project, status, source, but_deleted)
    for in_project in (True, False)
    for status in (None, *Status)
    for source in (None, *Source)
    for but_deleted in (True, False)
]
_NEWEST_FIRST = {
    form: _streams(form) + " ORDER BY position DESC LIMIT :limit OFFSET :offset" for form in _FORMS
}
_OLDEST_FIRST = {
    form: _streams(form) + " ORDER BY position LIMIT :limit OFFSET :offset" for form in _FORMS
}
_COUNT = {
    form: "SELECT count(*) FROM (" + _streams(form) + ") AS streams"  # noqa: S608 - constants
    for form in _FORMS
}


def _positions(tx: Tx, sql: str, chosen: Filter, limit: int, offset: int) -> list[int]:
    rows = tx.all(sql, **_values(chosen), limit=limit, offset=offset)
    return [position for (position,) in rows]


def _values(chosen: Filter) -> dict[str, str | int]:
    values: dict[str, str | int] = {
        "account_id": chosen.account_id,
        "oldest": chosen.oldest,
        "newest": chosen.newest,
    }
    if chosen.project_id is not None:
        values["project_id"] = chosen.project_id
    return values
