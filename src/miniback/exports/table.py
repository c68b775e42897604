"""Feedback as rows of a table."""

from typing import Any

import msgspec

from miniback import clock, feedback
from miniback.exports import cells
from miniback.exports.portions import Portion
from miniback.feedback import Shown

# What visitors' pages tell of themselves under these very names has a column each.
_TOLD = ("url", "userAgent", "email", "name")
COLUMNS = (
    *("id", "createdAt", "updatedAt", "status", "source", "project", "projectSlug", "message"),
    *("tags", "assignee", *_TOLD, "context"),
)
# What somebody has typed; the rest is of this server's own making, or begins with a bracket.
_TYPED = [COLUMNS.index(name) for name in ("project", "message", "tags", "assignee", *_TOLD)]
# Between the parts of a JSON text these are blanks; within its strings they cannot stand.
_ON_ONE_LINE = str.maketrans("\r\n\t", "   ")


class _Told(msgspec.Struct, rename="camel"):
    """What of a context has a column."""

    url: Any = None
    user_agent: Any = None
    email: Any = None
    name: Any = None


class _Said(msgspec.Struct):
    """What a visitor has sent."""

    message: str
    context: _Told


_decode = msgspec.json.Decoder(_Said).decode


def rows(portion: Portion) -> list[list[str]]:
    """Return the cells of each item, as they are."""
    if not portion.annotations:
        return [_row(shown, "", "") for shown in portion.shown]
    found = []
    for shown in portion.shown:
        position = shown.item.position
        person = portion.assignee_of(position)
        tags = ", ".join(portion.tags_of(position))
        found.append(_row(shown, tags, person.email if person else ""))
    return found


def safe_rows(portion: Portion) -> list[list[str]]:
    """Return the cells of each item, none of which a spreadsheet takes for a formula."""
    found = rows(portion)
    for row in found:
        for column in _TYPED:
            if text := row[column]:
                row[column] = cells.safe(text)
    return found


def _row(shown: Shown, tags: str, assignee: str) -> list[str]:
    item, name, slug = shown
    said = _decode(item.document + "}")
    _, context = feedback.parts(item.document)
    told = said.context
    return [
        item.id,
        item.created_at,
        clock.iso(item.updated_at),
        item.status,
        item.source,
        name,
        slug,
        said.message,
        tags,
        assignee,
        _plain(told.url),
        _plain(told.user_agent),
        _plain(told.email),
        _plain(told.name),
        # Most contexts are on one line, and looking is ten times as quick as translating.
        context if context.isprintable() else context.translate(_ON_ONE_LINE),
    ]


def _plain(value: object) -> str:
    """Return a text or a number as it is written; anything else stands in the context alone."""
    if isinstance(value, str):
        return value
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    return str(value) if is_number else ""
