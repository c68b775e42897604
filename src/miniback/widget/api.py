"""Where sites load a project's widget from, with its settings inside or for it to ask for."""

import functools
from typing import Any

from miniback import http, projects
from miniback.db import Tx
from miniback.http import Header, Request, Response
from miniback.projects import Project
from miniback.widget import files
from miniback.widget.told import told, unknown

# What is changed in the settings is seen everywhere within a minute.
_FOR_A_MINUTE: Header = (b"cache-control", b"public, max-age=60")
# Which site asks decides whether the widget shows itself there.
_BY_PAGE: Header = (b"vary", b"referer, origin")


async def get_script(request: Request) -> Response:
    """GET /w/{slug}.js: the widget, its settings in front of it."""
    settings = await _settings(request)
    if settings["state"] == "unknown":
        script = _warning(settings["project"])
    else:
        script = b"self.minibackSettings=%b;\n%b" % (_written(settings), files.core().plain)
    return http.sent_if_new(
        request, _packed(script), files.kind_of("w.js", _FOR_A_MINUTE, _BY_PAGE)
    )


async def get_settings(request: Request) -> Response:
    """GET /w/{slug}.json: the settings alone."""
    file = _packed(_written(await _settings(request)))
    return http.sent_if_new(request, file, files.kind_of("w.json", _FOR_A_MINUTE, _BY_PAGE))


async def _settings(request: Request) -> dict[str, Any]:
    """Return what the widget of the page that asks is told; and note where that page is."""
    slug = request.path("slug")
    project = await request.db.look_up(_find, slug)
    if project is None:
        return unknown(slug)
    page = request.header(b"origin") or request.header(b"referer")
    if host := projects.host_of(page):
        await request.state["sightings"].note(project, host)
    return told(project, page if host else "", request.state["own_origin"])


def _find(tx: Tx, slug: str) -> Project | None:
    found = projects.place_of_slug(tx, slug) if projects.is_slug(slug) else None
    return found[0] if found else None


@functools.lru_cache(maxsize=500)
def _packed(script: bytes) -> http.Packed:
    """Pack what is sent again and again until its settings change."""
    return http.packed(script, is_lasting=False)


def _written(settings: dict[str, Any]) -> bytes:
    """Write settings so that they are a script's literal as well as JSON."""
    return http.encode(settings).replace(b"<", b"\\u003c")


def _warning(slug: str) -> bytes:
    name = slug if projects.is_slug(slug) else "of this name"
    return b'console.warn("Miniback: this server has no project %b.");\n' % name.encode()


routes = [
    http.resource("/w/{slug}.js", GET=get_script),
    http.resource("/w/{slug}.json", GET=get_settings),
]
