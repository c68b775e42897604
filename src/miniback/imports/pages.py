"""Pages of imports: upload a file, say what is in it, check it, bring it."""

import asyncio
import csv
import io
import tempfile
from typing import IO, Any

from miniback import http, projects
from miniback.accounts import Visit, for_admins
from miniback.errors import Conflict, Invalid, NotFound, Refusal
from miniback.http import ClientGone, Request, Response, Upload
from miniback.imports import chosen, looking, service, store
from miniback.imports.formats import KNOWN
from miniback.imports.models import GOING_ON, Format, Import, State

IMPORT = "/settings/data/import"
_ONE = IMPORT + "/{import_id}"
_FOLDER = "imports/templates/"
_PROBLEMS_SHOWN = 100


async def show_imports(request: Request, visit: Visit) -> Response:
    """GET /settings/data/import."""
    return await _list_page(request, visit)


async def upload_file(request: Request, visit: Visit) -> Response:
    """POST /settings/data/import: a form with a file, which is kept piece by piece as it comes."""
    if visit.upload is None or not visit.upload.file_name:
        visit.form.errors["file"] = "Choose a file"
        return await _list_page(request, visit, 422)
    try:
        import_id = await request.db.write(service.begin, visit.account_id, visit.upload.file_name)
        await _take_in(request, visit, visit.upload, import_id)
    except (Invalid, Conflict) as refusal:
        visit.form.errors["file"] = str(refusal)
        return await _list_page(request, visit, 422)
    return visit.go(f"{IMPORT}/{import_id}")


async def show_import(request: Request, visit: Visit) -> Response:
    """GET /settings/data/import/{import_id}."""
    each = await _import(request, visit)
    if request.header(b"hx-request"):
        if each.state not in GOING_ON:
            return visit.go(f"{IMPORT}/{each.id}")
        return visit.fragment(_FOLDER + "progress.html", each=each)
    visit.form.values = chosen.at_first(each) if each.plan else {}
    return await _page(request, visit, each)


async def check_import(request: Request, visit: Visit) -> Response:
    """POST /settings/data/import/{import_id}: what its columns become, and whether they can."""
    each = await _import(request, visit)
    try:
        plan = chosen.plan(visit, each)
        await request.db.write(service.ask_check, visit.account_id, each.id, plan)
    except (Invalid, NotFound, Conflict) as refusal:
        visit.form.errors["mapping"] = str(refusal)
        return await _page(request, visit, each, 422)
    return visit.go(f"{IMPORT}/{each.id}")


async def start_import(request: Request, visit: Visit) -> Response:
    """POST /settings/data/import/{import_id}/start."""
    import_id = request.path("import_id")
    try:
        await request.db.write(service.start, visit.account_id, import_id, visit.actor)
    except Conflict as refusal:
        return visit.tell(f"{IMPORT}/{import_id}", visit.say(str(refusal)))
    return visit.go(f"{IMPORT}/{import_id}")


async def cancel_import(request: Request, visit: Visit) -> Response:
    """POST /settings/data/import/{import_id}/cancel."""
    import_id = request.path("import_id")
    await request.db.write(service.cancel, visit.account_id, import_id, visit.actor)
    return visit.tell(IMPORT, visit.say("Import cancelled; its file is deleted"))


async def download_problems(request: Request, visit: Visit) -> Response:
    """GET /settings/data/import/{import_id}/problems.csv."""
    each = await _import(request, visit)
    problems = await request.db.read(store.problems, visit.account_id, each.id)
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(["row", "problem"])
    # Each begins with a word of ours, so no spreadsheet takes it for a formula.
    writer.writerows([problem.row, problem.text] for problem in problems)
    return http.csv_file("problems.csv", out.getvalue())


async def _take_in(request: Request, visit: Visit, upload: Upload, import_id: str) -> None:
    """Keep a file and find out what it is; one that is none, or not whole, goes again."""
    account_id = visit.account_id
    try:
        with tempfile.TemporaryFile() as file:
            size = await _keep(request, visit, upload, import_id, file)
            found = await asyncio.to_thread(looking.look, file)
        await request.db.write(service.arrived, account_id, import_id, size, found)
    except (Refusal, ClientGone) as error:
        reason = str(error) or "The upload was broken off"
        await request.db.write(service.discard, account_id, import_id, reason)
        raise


async def _keep(
    request: Request, visit: Visit, upload: Upload, import_id: str, file: IO[bytes]
) -> int:
    """Write a file into the database as it comes, so that any worker can go on with it."""
    size = number = 0
    waiting = bytearray()

    async def write() -> None:
        nonlocal size, number
        piece = bytes(waiting[: service.PIECE_BYTES])
        del waiting[: service.PIECE_BYTES]
        await asyncio.to_thread(file.write, piece)
        await request.db.write(store.insert_piece, visit.account_id, import_id, number, piece)
        size, number = size + len(piece), number + 1

    async for piece in upload.pieces():
        waiting += piece
        while len(waiting) >= service.PIECE_BYTES:
            await write()
    if waiting:
        await write()
    return size


async def _import(request: Request, visit: Visit) -> Import:
    return await request.db.look_up(service.named, visit.account_id, request.path("import_id"))


async def _list_page(request: Request, visit: Visit, status: int = 200) -> Response:
    imports = await request.db.look_up(store.newest, visit.account_id)
    return await visit.page(
        _FOLDER + "imports.html",
        status,
        imports=imports,
        limit_mb=request.state["settings"].import_limit_mb,
        known=[known.name for known in KNOWN.values()],
    )


async def _page(request: Request, visit: Visit, each: Import, status: int = 200) -> Response:
    values: dict[str, Any] = {"choices": (), "projects": (), "problems": ()}
    if each.state in (State.READY, State.CHECKED):
        values["choices"] = chosen.choices(each)
        values["projects"] = await request.db.look_up(projects.newest, visit.account_id)
    if each.report.bad and each.state not in GOING_ON:
        found = await request.db.read(store.problems, visit.account_id, each.id)
        values["problems"] = found[:_PROBLEMS_SHOWN]
    return await visit.page(
        _FOLDER + "import.html",
        status,
        each=each,
        formats=chosen.formats(each),
        targets=chosen.TARGETS,
        is_archive=bool(each.plan and each.plan.format is Format.ARCHIVE),
        **values,
    )


routes = [
    http.resource(IMPORT, GET=for_admins(show_imports), POST=for_admins(upload_file)),
    http.resource(_ONE, GET=for_admins(show_import), POST=for_admins(check_import)),
    http.resource(f"{_ONE}/start", POST=for_admins(start_import)),
    http.resource(f"{_ONE}/cancel", POST=for_admins(cancel_import)),
    http.resource(f"{_ONE}/problems.csv", GET=for_admins(download_problems)),
]
