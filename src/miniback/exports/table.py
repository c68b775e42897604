"""Feedback as rows of a table: read in portions, each behind the last item of the one before."""

from typing import Any, NamedTuple

import msgspec

from miniback import accounts, clock, feedback
from miniback.db import Tx
from miniback.exports import cells
from miniback.feedback import ITEM, Annotation, Search, Shown

# Items of the largest size fill some ten megabytes so.
ITEMS_AT_ONCE = 200
# What visitors' pages tell of themselves under these very names has a column each.
_TOLD = ("url", "userAgent", "email", "name")
COLUMNS = (
    *("id", "createdAt", "updatedAt", "status", "source", "project", "projectSlug", "message"),
    *("tags", "assignee", *_TOLD, "context"),
)
# Between the parts of a JSON text these are blanks; within its strings they cannot stand.
_ON_ONE_LINE = str.maketrans("\r\n\t", "   ")


class Portion(NamedTuple):
    """Some rows as text, and the newest position of what follows; None where nothing does."""

    rows: str
    following: int | None


class _Said(msgspec.Struct):
    """What a visitor has sent; the context is handed on as it came."""

    message: str
    context: msgspec.Raw


_decoder = msgspec.json.Decoder(_Said)


def portion(tx: Tx, search: Search, newest: int) -> Portion:
    """Return the rows of the newest items that a search leaves, none newer than a position."""
    chosen = search.filter._replace(newest=newest)
    positions = feedback.positions(tx, chosen, search.words, ITEMS_AT_ONCE)
    if not positions:
        return Portion("", None)
    account_id = chosen.account_id
    rows = feedback.at_positions(tx, account_id, positions, ITEM)
    annotations = feedback.annotations(tx, account_id, positions)
    tags = feedback.tags_of(tx, account_id) if annotations else []
    people = accounts.people(tx, account_id) if annotations else {}
    lines = []
    for shown in feedback.with_names(tx, account_id, rows):
        added = annotations.get(shown.item.position, Annotation())
        named = ", ".join(tag.name for tag in tags if tag.id in added.tags)
        person = people.get(added.assignee_id)
        lines.append(cells.line(_row(shown, named, person.email if person else "")))
    is_last = len(positions) < ITEMS_AT_ONCE
    return Portion("".join(lines), None if is_last else positions[-1] - 1)


def _row(shown: Shown, tags: str, assignee: str) -> list[str]:
    item = shown.item
    said = _decoder.decode(item.document + "}")
    context: dict[str, Any] = msgspec.json.decode(said.context)
    return [
        *(item.id, item.created_at, clock.iso(item.updated_at), item.status, item.source),
        *(shown.name, shown.slug, said.message, tags, assignee),
        *(_plain(context.get(name)) for name in _TOLD),
        bytes(said.context).decode().translate(_ON_ONE_LINE),
    ]


def _plain(value: object) -> str:
    """Return a text or a number as it is written; anything else stands in the context alone."""
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    return str(value) if isinstance(value, str) or is_number else ""
