"""Files of all that the filters leave, written to the disk while they come.

What is not whole never stands under the name that was asked for.
"""

from pathlib import Path
from typing import Unpack

from miniback_client.call import Answer, Call
from miniback_client.calls.feedback import Filters
from miniback_client.reading import query


def csv(into: str | Path, *, bom: bool = False, **filters: Unpack[Filters]) -> Call[Path]:
    """Write feedback as CSV; `bom` helps some spreadsheets to read it as UTF-8."""
    return _feedback("csv", into, query(**filters, bom="1" if bom else None))


def jsonl(into: str | Path, **filters: Unpack[Filters]) -> Call[Path]:
    """Write feedback as JSON Lines, with tags and assignee."""
    return _feedback("jsonl", into, query(**filters))


def xlsx(into: str | Path, **filters: Unpack[Filters]) -> Call[Path]:
    """Write feedback as a workbook."""
    return _feedback("xlsx", into, query(**filters))


def archive(into: str | Path, *, project: str | None = None) -> Call[Path]:
    """Write all that the account or a project has, for another server."""
    return _file("/api/exports/archive.zip", into, query(project=project))


def _feedback(kind: str, into: str | Path, given: dict[str, str]) -> Call[Path]:
    return _file(f"/api/exports/feedback.{kind}", into, given)


def _file(where: str, into: str | Path, given: dict[str, str]) -> Call[Path]:
    target = Path(into)

    def read(_: Answer) -> Path:
        return target

    return Call("GET", where, read, query=given, into=target)
