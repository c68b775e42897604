"""Files of feedback in each format, piece by piece, each read when the one before is on its way."""

import asyncio
from collections.abc import AsyncGenerator
from enum import StrEnum
from typing import Protocol

from miniback.db import Database
from miniback.exports import portions
from miniback.exports.lines import Csv, JsonLines
from miniback.exports.portions import Portion, Told, unheard
from miniback.exports.spreadsheet import Workbook
from miniback.feedback import Search


class Format(StrEnum):
    """A kind of file; its value is the ending of its name."""

    CSV = "csv"
    JSONL = "jsonl"
    XLSX = "xlsx"


class Writer(Protocol):
    """What writes items in some format."""

    def begin(self) -> bytes:
        """Write what comes before the first item."""

    def add(self, portion: Portion) -> bytes:
        """Write some items."""

    def end(self) -> bytes:
        """Write what comes behind the last item."""


def writer_for(kind: Format, *, has_mark: bool = False) -> Writer:
    """Return what writes a format; CSV alone may have a mark of UTF-8 in front."""
    if kind is Format.CSV:
        return Csv(has_mark=has_mark)
    return JsonLines() if kind is Format.JSONL else Workbook()


async def feedback_file(
    db: Database, search: Search, writer: Writer, told: Told = unheard
) -> AsyncGenerator[bytes, None]:
    """Give all that a search leaves, newest first; `told` hears of the items as they are written.

    Writing is done in a thread as reading is: no other answer waits for it.
    """
    yield writer.begin()
    following: int | None = search.filter.newest
    limit = portions.LEAST
    while following is not None:
        portion = await db.read_on(portions.portion, search, following, limit)
        following = portion.following
        if piece := await asyncio.to_thread(writer.add, portion):
            yield piece
        told(len(portion.shown))
        limit = portion.next_limit
    yield await asyncio.to_thread(writer.end)
