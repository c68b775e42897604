"""REST endpoints for exports (beyond the reference)."""

from miniback import feedback, http
from miniback.accounts import Role
from miniback.exports import answers
from miniback.exports.files import Format
from miniback.exports.noting import Note
from miniback.http import Request, Response
from miniback.projects import Caller, keyed

_PATH = "/api/exports"


async def export_csv(request: Request, caller: Caller) -> Response:
    """GET /api/exports/feedback.csv."""
    return await _feedback(request, caller, Format.CSV)


async def export_json_lines(request: Request, caller: Caller) -> Response:
    """GET /api/exports/feedback.jsonl."""
    return await _feedback(request, caller, Format.JSONL)


async def export_workbook(request: Request, caller: Caller) -> Response:
    """GET /api/exports/feedback.xlsx."""
    return await _feedback(request, caller, Format.XLSX)


async def export_archive(request: Request, caller: Caller) -> Response:
    """GET /api/exports/archive.zip?project=: an archive of the account or of one project."""
    return await answers.archive_answer(request, caller.account_id, answers.CALL, caller.actor)


async def _feedback(request: Request, caller: Caller, kind: Format) -> Response:
    fields = feedback.read_filters(request.query)
    search = await request.db.look_through(feedback.chosen, caller.account_id, fields)
    note = Note(caller.actor, list(fields))
    return await answers.feedback_answer(request, search, kind, answers.CALL, note)


routes = [
    http.resource(f"{_PATH}/feedback.csv", GET=keyed(export_csv)),
    http.resource(f"{_PATH}/feedback.jsonl", GET=keyed(export_json_lines)),
    http.resource(f"{_PATH}/feedback.xlsx", GET=keyed(export_workbook)),
    http.resource(f"{_PATH}/archive.zip", GET=keyed(export_archive, least=Role.ADMIN)),
]
