"""Where sites load a project's widget from, with its settings inside or for it to ask for."""

import functools
import re
from typing import Any

from miniback import http, projects
from miniback.errors import NotFound
from miniback.feedback import place_named
from miniback.http import Header, Request, Response
from miniback.widget import archive, files
from miniback.widget.told import told, unknown

_VERSION = re.compile(r"[0-9a-f]{1,64}")
# What is changed in the settings is seen everywhere within a minute.
_FOR_A_MINUTE: Header = (b"cache-control", b"public, max-age=60")
_FOR_MINUTES: Header = (b"cache-control", b"public, max-age=300")
_FOR_GOOD: Header = (b"cache-control", b"public, max-age=31536000, immutable")
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


async def get_core(request: Request) -> Response:
    """GET /widget.js: the widget of today, which asks for its settings."""
    return http.sent_if_new(request, files.core(), files.kind_of(files.CORE, _FOR_MINUTES))


async def get_versioned(request: Request) -> Response:
    """GET /widget/{version}/{name}: what was ever served there is served there for good."""
    version, name = request.path("version"), request.path("name")
    file = files.file(name) if version == files.version() else None
    if file is None and files.is_ours(name) and _VERSION.fullmatch(version):
        kept = await request.db.look_up(archive.find, version, name)
        file = _packed(kept) if kept else None
    if file is None:
        raise NotFound("Not found")
    return http.sent_if_new(request, file, files.kind_of(name, _FOR_GOOD))


async def _settings(request: Request) -> dict[str, Any]:
    """Return what the widget of the page that asks is told; and note where that page is."""
    slug = request.path("slug")
    try:
        project = (await place_named(request, slug)).project
    except NotFound:
        return unknown(slug)
    page = request.header(b"origin") or request.header(b"referer")
    host = projects.host_of(page)
    if not host:
        return told(project, "", request.state["own_origin"])
    await request.state["sightings"].note(project, host)
    origin = "/".join(page.split("/")[:3])
    return told(project, origin, request.state["own_origin"])


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
    http.resource("/widget.js", GET=get_core),
    http.resource("/widget/{version}/{name}", GET=get_versioned),
]
