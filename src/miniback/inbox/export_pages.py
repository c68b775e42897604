"""The list on the screen as a file for a spreadsheet."""

from collections.abc import AsyncGenerator

from miniback import exports, http
from miniback.accounts import Visit, signed_in
from miniback.feedback import Search
from miniback.http import Kind, Request, Response, Stream
from miniback.inbox import asked
from miniback.inbox.asked import PATH

_CSV = Kind(
    (b"content-type", b"text/csv; charset=utf-8"),
    (
        (b"cache-control", b"no-store"),
        (b"content-disposition", b'attachment; filename="miniback-feedback.csv"'),
        (b"referrer-policy", b"same-origin"),
        (b"x-content-type-options", b"nosniff"),
    ),
)
# Without this mark some spreadsheets take UTF-8 for an older encoding.
_MARK = "\ufeff"


async def export_list(request: Request, visit: Visit) -> Response:
    """GET /inbox/export.csv?…&bom=1: all that the list has, on whatever page one is."""
    wanted = asked.read(request.query)
    search = await request.db.look_through(wanted.search, visit.session)
    head = exports.line(exports.COLUMNS)
    return Stream(_file(request, search, _MARK + head if request.query("bom") else head), _CSV)


async def _file(request: Request, search: Search, head: str) -> AsyncGenerator[bytes, None]:
    """Give the file piece by piece: the next is read when the one before is on its way."""
    yield head.encode()
    following: int | None = search.filter.newest
    while following is not None:
        rows, following = await request.db.read(exports.portion, search, following)
        yield rows.encode()


routes = [http.resource(f"{PATH}/export.csv", GET=signed_in(export_list))]
