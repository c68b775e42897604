"""The list on the screen as a file, in each format that there is."""

from miniback import exports, http
from miniback.accounts import Visit, signed_in
from miniback.exports import Format, Note
from miniback.http import Request, Response
from miniback.inbox import asked
from miniback.inbox.asked import PATH


async def export_csv(request: Request, visit: Visit) -> Response:
    """GET /inbox/export.csv?…&bom=1: all that the list has, on whatever page one is."""
    return await _export(request, visit, Format.CSV)


async def export_json_lines(request: Request, visit: Visit) -> Response:
    """GET /inbox/export.jsonl?…"""
    return await _export(request, visit, Format.JSONL)


async def export_workbook(request: Request, visit: Visit) -> Response:
    """GET /inbox/export.xlsx?…"""
    return await _export(request, visit, Format.XLSX)


async def _export(request: Request, visit: Visit, kind: Format) -> Response:
    wanted = asked.read(request.query)
    search = await request.db.look_through(wanted.search, visit.session)
    note = Note(visit.actor, wanted.names)
    return await exports.feedback_answer(request, search, kind, exports.PAGE, note)


routes = [
    http.resource(f"{PATH}/export.csv", GET=signed_in(export_csv)),
    http.resource(f"{PATH}/export.jsonl", GET=signed_in(export_json_lines)),
    http.resource(f"{PATH}/export.xlsx", GET=signed_in(export_workbook)),
]
