"""Files of feedback to send, read line by line: JSON lines, a JSON list, or CSV with names on top.

`message` is what is said and `context` an object of what goes along. Everything else goes into the
context under its own name, but what the server itself says of items in its exports.
"""

import csv
import hashlib
import io
import json
from collections import Counter
from collections.abc import Iterator, Mapping
from enum import StrEnum
from typing import Any, BinaryIO, NamedTuple

MESSAGE, CONTEXT = "message", "context"
# What an item gets from the server, whoever sends it.
OF_THE_SERVER = frozenset(
    ("id", "createdAt", "updatedAt", "status", "source", "project", "projectSlug")
)
OF_THE_TEAM = frozenset(("tags", "assignee"))
_LARGEST_CELL = 1_000_000


class Kind(StrEnum):
    """A kind of file."""

    JSONL = "jsonl"
    JSON = "json"
    CSV = "csv"


class Line(NamedTuple):
    """What one line of a file says, or what is wrong with it."""

    number: int
    message: str = ""
    context: dict[str, Any] | None = None
    problem: str = ""


class Keys:
    """The Idempotency-Key of each item, the same whenever the same file is sent to a project."""

    def __init__(self, project_id: str) -> None:
        self.project_id = project_id
        # What a file says twice is sent twice.
        self._said: Counter[str] = Counter()

    def key(self, line: Line) -> str:
        """Return a line's key."""
        content = json.dumps([self.project_id, line.message, line.context], sort_keys=True)
        digest = hashlib.sha256(content.encode()).hexdigest()
        self._said[digest] += 1
        return f"import-{digest}-{self._said[digest]}"


def read(file: BinaryIO, kind: Kind) -> Iterator[Line]:
    """Read a file; ValueError or csv.Error tell what keeps it from being read on."""
    if kind is Kind.JSON:
        return _listed(file)
    text = io.TextIOWrapper(file, encoding="utf-8-sig", newline="")
    return _rows(text) if kind is Kind.CSV else _lines(text)


def _lines(file: Iterator[str]) -> Iterator[Line]:
    for number, text in enumerate(file, 1):
        if text.strip():
            yield _parsed(number, text)


def _listed(file: BinaryIO) -> Iterator[Line]:
    content = json.loads(file.read().decode("utf-8-sig"))
    found = content.get("data") if isinstance(content, dict) else content
    if not isinstance(found, list):
        raise ValueError("it is no list of items")  # noqa: TRY004 - a file's content, not a type
    for number, each in enumerate(found, 1):
        yield _line(number, each)


def _rows(file: Iterator[str]) -> Iterator[Line]:
    csv.field_size_limit(_LARGEST_CELL)
    table = csv.DictReader(file, strict=True)
    if MESSAGE not in (table.fieldnames or ()):
        raise ValueError(f"its first line names no column {MESSAGE}")
    number = table.line_num + 1
    for row in table:
        yield _row(number, row)
        number = table.line_num + 1


def _parsed(number: int, text: str) -> Line:
    try:
        return _line(number, json.loads(text))
    except ValueError as error:
        return Line(number, problem=f"it is no JSON: {error}")
    except RecursionError:
        return Line(number, problem="it is nested too deeply")


def _row(number: int, row: Mapping[Any, Any]) -> Line:
    if None in row or None in row.values():
        return Line(number, problem="it has more or fewer cells than the first line")
    members: dict[str, Any] = {name: cell for name, cell in row.items() if name and cell}
    if text := members.get(CONTEXT):
        try:
            members[CONTEXT] = json.loads(text)
        except ValueError as error:
            return Line(number, problem=f"its context is no JSON: {error}")
    return _line(number, members)


def _line(number: int, item: Any) -> Line:
    if not isinstance(item, dict):
        return Line(number, problem="it is no object")
    message, context = item.get(MESSAGE), item.get(CONTEXT)
    if not isinstance(message, str) or not message.strip():
        return Line(number, problem="it has no message")
    if not isinstance(context, dict | None):
        return Line(number, problem="its context is no object")
    left_out = {MESSAGE, CONTEXT, *OF_THE_SERVER, *OF_THE_TEAM}
    more = {name: value for name, value in item.items() if name not in left_out}
    return Line(number, message, {**more, **(context or {})})
