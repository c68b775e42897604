"""The demo page: a page as a customer's could be, with a project's widget on it."""

from miniback import http, shell
from miniback.feedback import place_named
from miniback.http import Request, Response
from miniback.shell import Frame

_PREVIEW = "widget/templates/preview.html"


async def show_demo(request: Request) -> Response:
    """GET /demo/{slug}: for everybody, as the widget is."""
    place = await place_named(request, request.path("slug"))
    page_shell: shell.Shell = request.state["shell"]
    return page_shell.page(request, Frame(), "widget/templates/demo.html", project=place.project)


async def show_preview(request: Request) -> Response:
    """GET /demo/{slug}/preview: the same in a frame, open and ready to be told another look."""
    place = await place_named(request, request.path("slug"))
    page_shell: shell.Shell = request.state["shell"]
    return shell.framed(page_shell.page(request, Frame(), _PREVIEW, project=place.project))


routes = [
    http.resource("/demo/{slug}", GET=show_demo),
    http.resource("/demo/{slug}/preview", GET=show_preview),
]
