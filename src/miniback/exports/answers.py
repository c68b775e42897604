"""Answers that are files to be saved, written while they are sent."""

from miniback.db import Database
from miniback.exports import archived, files
from miniback.exports.archive import archive_file
from miniback.exports.files import Format
from miniback.feedback import Search
from miniback.http import Header, Kind, Stream

CALL: tuple[Header, ...] = (
    (b"cache-control", b"no-store"),
    (b"referrer-policy", b"no-referrer"),
    (b"x-content-type-options", b"nosniff"),
)
PAGE: tuple[Header, ...] = (
    (b"cache-control", b"no-store"),
    (b"referrer-policy", b"same-origin"),
    (b"x-content-type-options", b"nosniff"),
)
_TYPES = {
    Format.CSV: b"text/csv; charset=utf-8",
    Format.JSONL: b"application/jsonl",
    Format.XLSX: b"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


def feedback_answer(
    db: Database,
    search: Search,
    kind: Format,
    always: tuple[Header, ...],
    *,
    has_mark: bool = False,
) -> Stream:
    """Answer with all that a search leaves; `always` are the headers of a call or of a page."""
    pieces = files.feedback_file(db, search, files.writer_for(kind, has_mark=has_mark))
    return Stream(pieces, Kind((b"content-type", _TYPES[kind]), always), (_saved(kind),))


async def archive_answer(
    db: Database, account_id: str, project: str, always: tuple[Header, ...]
) -> Stream:
    """Answer with an archive; NotFound for a project that is not the account's."""
    scope = await db.read(archived.scope_of, account_id, project)
    pieces = archive_file(db, scope)
    kind = Kind((b"content-type", b"application/zip"), always)
    return Stream(pieces, kind, (_saved("zip", "archive"),))


def _saved(ending: str, name: str = "feedback") -> Header:
    return b"content-disposition", f'attachment; filename="miniback-{name}.{ending}"'.encode()
