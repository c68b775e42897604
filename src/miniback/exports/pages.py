"""The page on what may be done with an account's data as a whole, and the archive from it."""

from miniback import http
from miniback.accounts import Role, Visit, for_admins, signed_in
from miniback.exports import answers
from miniback.http import Request, Response

PATH = "/settings/data"


async def show_data(_request: Request, visit: Visit) -> Response:
    """GET /settings/data."""
    return await visit.page("exports/templates/data.html", Role=Role, path=PATH)


async def download_archive(request: Request, visit: Visit) -> Response:
    """GET /settings/data/archive.zip?project=: of the account or of one project."""
    project = request.query("project") or ""
    return await answers.archive_answer(request.db, visit.account_id, project, answers.PAGE)


routes = [
    http.resource(PATH, GET=signed_in(show_data)),
    http.resource(f"{PATH}/archive.zip", GET=for_admins(download_archive)),
]
