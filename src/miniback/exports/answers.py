"""Answers that are files to be saved, written while they are sent."""

from collections.abc import Callable

from miniback.audit import Actor
from miniback.exports import archived, files, noting
from miniback.exports.archive import archive_file
from miniback.exports.files import Format
from miniback.exports.noting import Note
from miniback.feedback import Search
from miniback.http import Header, Kind, Request, Stream

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


async def feedback_answer(
    request: Request,
    search: Search,
    kind: Format,
    always: tuple[Header, ...],
    note: Note,
) -> Stream:
    """Answer with all that a search leaves; `always` are the headers of a call or of a page."""
    has_mark = bool(request.query("bom"))
    await record(request, noting.note_feedback, search.filter.account_id, kind.value, note)
    db = request.db
    pieces = files.feedback_file(db, search, files.writer_for(kind, has_mark=has_mark))
    return Stream(pieces, Kind((b"content-type", _TYPES[kind]), always), (_saved(kind),))


async def archive_answer(
    request: Request, account_id: str, always: tuple[Header, ...], by: Actor
) -> Stream:
    """Answer with an archive; NotFound for a project that is not the account's."""
    project = request.query("project") or ""
    scope = await request.db.read(archived.scope_of, account_id, project)
    await record(request, noting.note_archive, scope, by)
    pieces = archive_file(request.db, scope)
    kind = Kind((b"content-type", b"application/zip"), always)
    return Stream(pieces, kind, (_saved("zip", "archive"),))


async def record(request: Request, note: Callable[..., None], *told: object) -> None:
    """Write into the audit log what leaves, or as soon as anything can be written again.

    A HEAD takes nothing away, so it is nothing to account for.
    """
    if request.method == "GET":
        await request.state["later"].write(note, *told)


def _saved(ending: str, name: str = "feedback") -> Header:
    return b"content-disposition", f'attachment; filename="miniback-{name}.{ending}"'.encode()
