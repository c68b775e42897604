"""Feedback as text, handed on while it is written: CSV, and JSON Lines."""

from miniback.exports import cells, table
from miniback.exports.portions import Portion
from miniback.http import encode

# Without this mark some spreadsheets take UTF-8 for an older encoding.
MARK = "\ufeff"
_NO_TAGS = b',"tags":[],"assignee":null}'


class Csv:
    """A table as CSV, with a mark of UTF-8 in front where it is asked for."""

    def __init__(self, *, has_mark: bool) -> None:
        self._mark = MARK if has_mark else ""

    def begin(self) -> bytes:
        """Write the names of the columns."""
        return (self._mark + cells.line(table.COLUMNS)).encode()

    def add(self, portion: Portion) -> bytes:
        """Write the rows of some items."""
        return cells.lines(table.safe_rows(portion)).encode()

    def end(self) -> bytes:
        """Write nothing more."""
        return b""


class JsonLines:
    """A line an item: the API's whole object, with its tags and its assignee behind it."""

    def begin(self) -> bytes:
        """Write nothing yet."""
        return b""

    def add(self, portion: Portion) -> bytes:
        """Write the lines of some items."""
        written = []
        for shown in portion.shown:
            position = shown.item.position
            item = shown.json.encode()
            # A context that was sent on several lines stands on one; nothing else of it changes.
            if b"\n" in item or b"\r" in item:
                item = item.replace(b"\r", b" ").replace(b"\n", b" ")
            ending = _NO_TAGS
            if position in portion.annotations:
                ending = _added(portion, position)
            written += [item[:-1], ending, b"\n"]
        return b"".join(written)

    def end(self) -> bytes:
        """Write nothing more."""
        return b""


def _added(portion: Portion, position: int) -> bytes:
    person = portion.assignee_of(position)
    shown = {"id": person.id, "email": person.email, "name": person.name} if person else None
    added = {"tags": portion.tags_of(position), "assignee": shown}
    return b"," + encode(added)[1:]
