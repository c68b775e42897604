"""Imports and their parts: what a file is, what is chosen for it, how far it has come."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Any, NamedTuple

import msgspec

from miniback.feedback import Brought

ID = "import"
MOST_PROBLEMS = 10_000
MOST_COLUMNS = 100


class State(StrEnum):
    """How far an import has come."""

    UPLOADING = "UPLOADING"
    READY = "READY"
    CHECKING = "CHECKING"
    CHECKED = "CHECKED"
    RUNNING = "RUNNING"
    DONE = "DONE"
    CANCELLED = "CANCELLED"
    FAILED = "FAILED"


GOING_ON = (State.CHECKING, State.RUNNING)
WAITING = (State.UPLOADING, State.READY, State.CHECKED)
ENDED = (State.DONE, State.CANCELLED, State.FAILED)


class Container(StrEnum):
    """How a file holds its rows."""

    CSV = "csv"
    LINES = "jsonl"
    JSON = "json"
    ZIP = "zip"


class Format(StrEnum):
    """What a file is, beyond how it holds its rows: whose, and so what its columns mean."""

    TABLE = "table"
    MINIBACK = "miniback"
    ARCHIVE = "archive"
    CANNY = "canny"
    FIDER = "fider"
    FORMBRICKS = "formbricks"
    SENTRY = "sentry"


class Target(StrEnum):
    """What a column may become. All else goes into the context, under the column's name."""

    MESSAGE = "message"
    TITLE = "title"
    CREATED_AT = "createdAt"
    UPDATED_AT = "updatedAt"
    STATUS = "status"
    SOURCE = "source"
    TAGS = "tags"
    ASSIGNEE = "assignee"
    ID = "id"
    EMAIL = "email"
    NAME = "name"
    URL = "url"
    RATING = "rating"
    KIND = "kind"
    USER_AGENT = "userAgent"
    CONTEXT = "context"
    NOTHING = "-"


class Look(msgspec.Struct, frozen=True):
    """What was found in a file: `samples` are first values by column."""

    container: Container
    format: Format
    encoding: str = "utf-8"
    delimiter: str = ","
    columns: tuple[str, ...] = ()
    samples: dict[str, str] = {}
    mapping: dict[str, Target] = {}


class Plan(msgspec.Struct, frozen=True):
    """What is to be done: where to, what each column becomes, the time of rows without one.

    `tags` are the account's, by their names without regard to case; None before they are known.
    """

    format: Format
    project_id: str = ""
    mapping: dict[str, Target] = {}
    undated: int = 0
    tags: dict[str, str] | None = None


class Problem(msgspec.Struct, frozen=True, array_like=True):
    """A row that cannot be taken, by its number in the file, and why."""

    row: int
    text: str


class Report(msgspec.Struct, frozen=True):
    """What a check has found: how many of each kind there are, and what is wrong."""

    steps: int = 0
    counts: dict[str, int] = {}
    bad: int = 0
    tags: tuple[str, ...] = ()


class Progress(msgspec.Struct, frozen=True):
    """How far it has come: steps that are done, what they came to, what is worth telling."""

    steps: int = 0
    counts: dict[str, int] = {}
    known: int = 0
    bad: int = 0
    notes: tuple[str, ...] = ()


class Import(NamedTuple):
    """An import of an account; `look`, `plan`, `report` and `progress` grow on the way."""

    account_id: str
    id: str
    file_name: str
    size: int
    state: State
    look: Look | None
    plan: Plan | None
    report: Report
    progress: Progress
    reason: str
    updated_at: int


class Row(NamedTuple):
    """A row of a file by its number there: its cells, or why it cannot be read."""

    number: int
    cells: Mapping[str, Any]
    problem: str = ""


class Taken(NamedTuple):
    """A row whose cells have found their meaning, and what goes into its context."""

    fields: dict[Target, Any]
    context: dict[str, Any]


class Kind(StrEnum):
    """What a step brings."""

    PERSON = "people"
    PROJECT = "projects"
    TAG = "tags"
    VIEW = "views"
    ITEM = "feedback"
    NOTE = "notes"
    CHANGE = "changes"
    IMAGE = "attachments"


# What later steps name: brought again whenever a run begins, which changes nothing.
HEADS = (Kind.PERSON, Kind.PROJECT, Kind.TAG, Kind.VIEW)


class Step(NamedTuple):
    """One thing of a file, in its order: `number` counts from 1, `weight` is in bytes."""

    kind: Kind
    number: int
    value: Brought | Any
    weight: int = 0


def added(counts: Mapping[str, int], more: Mapping[str, int]) -> dict[str, int]:
    """Add counts up."""
    return {name: counts.get(name, 0) + more.get(name, 0) for name in (*counts, *more)}
