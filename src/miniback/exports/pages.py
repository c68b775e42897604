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
    return await answers.archive_answer(request, visit.account_id, answers.PAGE, visit.actor)


routes = [
    http.resource(PATH, GET=signed_in(show_data)),
    http.resource(f"{PATH}/archive.zip", GET=for_admins(download_archive)),
]
