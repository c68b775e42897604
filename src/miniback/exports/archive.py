"""Archives: all that an account, or one of its projects, has, for another server (docs/export.md).

A ZIP that is handed on while it is written. The list of people and the counts come last, since only
then it is known who was named and how much there was; who reads a ZIP finds its members by name.
"""

import asyncio
from collections import Counter
from collections.abc import AsyncGenerator, Callable
from typing import Any, NamedTuple

from miniback import __version__, clock
from miniback.db import Database
from miniback.exports import archived
from miniback.exports.archived import LINES_AT_ONCE, Lines, Scope
from miniback.exports.portions import Told, unheard
from miniback.exports.zipping import Zip
from miniback.http import encode

FORMAT, VERSION = "miniback-archive", 1


class _Member(NamedTuple):
    """A member of lines: how they are read, and the mark before the first."""

    name: str
    read: Callable[..., Lines]
    first: Any


_FEEDBACK = "feedback"
_BEFORE_IMAGES = (
    _Member("projects", archived.project_lines, ""),
    _Member("views", archived.view_lines, ""),
    _Member(_FEEDBACK, archived.feedback_lines, -1),
    _Member("notes", archived.note_lines, (-1, "")),
    _Member("changes", archived.change_lines, ""),
)
# Behind the images: each line has its file, even where some are deleted meanwhile.
_BEHIND_IMAGES = (_Member("attachments", archived.attachment_lines, ""),)


async def archive_file(
    db: Database, scope: Scope, told: Told = unheard
) -> AsyncGenerator[bytes, None]:
    """Give an archive piece by piece; `told` hears of the items as they are written."""
    making = _Archive(db, scope, told)
    for member in _BEFORE_IMAGES:
        if member.name != "views" or not scope.project_id:
            async for piece in making.lines(member):
                yield piece
    async for piece in making.images():
        yield piece
    for member in _BEHIND_IMAGES:
        async for piece in making.lines(member):
            yield piece
    yield await making.end()


class _Archive:
    """An archive in the making: what is in it so far, and whom and what that names."""

    def __init__(self, db: Database, scope: Scope, told: Told) -> None:
        self._db = db
        self._scope = scope
        self._told = told
        self._zip = Zip()
        self._counts: Counter[str] = Counter()
        self._people: set[str] = set()
        self._tags: set[str] = set()

    async def lines(self, member: _Member) -> AsyncGenerator[bytes, None]:
        """Write a member of lines."""
        after, limit = member.first, LINES_AT_ONCE
        with self._zip.open(member.name + ".jsonl", is_large=True) as file:
            while after is not None:
                found = await self._db.read_on(member.read, self._scope, after, limit)
                after, limit = found.after, found.next_limit
                self._people |= found.people
                self._tags |= found.tags
                self._counts[member.name] += len(found.lines)
                await asyncio.to_thread(
                    file.write, b"".join([line + b"\n" for line in found.lines])
                )
                yield self._zip.taken()
                if member.name == _FEEDBACK:
                    self._told(len(found.lines))
        yield self._zip.taken()

    async def images(self) -> AsyncGenerator[bytes, None]:
        """Write the images, a few at a time."""
        after: str | None = ""
        while after is not None:
            files, after = await self._db.read_on(archived.images, self._scope, after)
            for name, content in files.items():
                self._zip.add(name, content, packs=False)
                yield self._zip.taken()

    async def end(self) -> bytes:
        """Write what is known only now."""
        tags = await self._db.read_on(archived.tag_lines, self._scope, self._tags)
        people = await self._db.read_on(archived.person_lines, self._scope, self._people)
        self._counts["tags"] = len(tags)
        for name, lines in (("tags", tags), ("people", people)):
            self._zip.add(name + ".jsonl", b"".join([line + b"\n" for line in lines]))
        self._zip.add("manifest.json", encode(self._manifest()))
        return self._zip.end()

    def _manifest(self) -> dict[str, Any]:
        counted = ("projects", "feedback", "attachments", "notes", "changes", "tags", "views")
        return {
            "format": FORMAT,
            "version": VERSION,
            "madeAt": clock.iso(clock.now()),
            "madeBy": f"miniback {__version__}",
            "scope": "project" if self._scope.project_id else "account",
            "counts": {name: self._counts[name] for name in counted},
        }
