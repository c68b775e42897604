"""The built files of the widget: read once, packed ahead, at addresses that never change."""

import base64
import functools
import hashlib
from importlib import resources

from miniback import http
from miniback.errors import NotFound
from miniback.http import Header, Kind, Packed, Request, Response

_FOLDER = resources.files("miniback.widget") / "assets"
_TYPES = {"js": b"text/javascript; charset=utf-8", "json": b"application/json"}
# Pages of any site load these, also pages that are isolated from other origins; that any may read
# them says the guard.
FOR_ALL_SITES: tuple[Header, ...] = (
    (b"cross-origin-resource-policy", b"cross-origin"),
    (b"x-content-type-options", b"nosniff"),
)
_FOR_GOOD: Header = (b"cache-control", b"public, max-age=31536000, immutable")
_FOR_MINUTES: Header = (b"cache-control", b"public, max-age=300")
CORE = "widget.js"


def kind_of(name: str, *headers: Header) -> Kind:
    """Return what a file is, by its name, with the headers that it has beside."""
    content_type = _TYPES[name.rpartition(".")[2]]
    return Kind((b"content-type", content_type), (*FOR_ALL_SITES, *headers))


@functools.cache
def file(name: str) -> Packed | None:
    """Return a built file, None for one that is not there."""
    is_ours = name.rpartition(".")[2] in _TYPES and name in _names()
    return http.packed((_FOLDER / name).read_bytes()) if is_ours else None


def core() -> Packed:
    """Return the widget itself; Failed to build where it is not there."""
    found = file(CORE)
    if found is None:
        raise RuntimeError("The widget is not built")
    return found


@functools.cache
def version() -> str:
    """Return what all built files together are known by."""
    digest = hashlib.sha256()
    for name in _names():
        digest.update(name.encode() + b"\0" + (_FOLDER / name).read_bytes())
    return digest.hexdigest()[:16]


def folder() -> str:
    """Return where the files of this version are found."""
    return f"/widget/{version()}/"


def versioned() -> str:
    """Return the address of the widget that will always be this very script."""
    return folder() + CORE


@functools.cache
def integrity() -> str:
    """Return the hash by which a browser knows that script (Subresource Integrity)."""
    digest = hashlib.sha384(core().plain).digest()
    return "sha384-" + base64.b64encode(digest).decode()


async def get_versioned(request: Request) -> Response:
    """GET /widget/{version}/{name}: of this version alone, since an old one is not at hand."""
    name = request.path("name")
    found = file(name) if request.path("version") == version() else None
    if found is None:
        raise NotFound("Not found")
    return http.sent_if_new(request, found, kind_of(name, _FOR_GOOD))


async def get_core(request: Request) -> Response:
    """GET /widget.js: the widget of today, which asks for its settings."""
    return http.sent_if_new(request, core(), kind_of(CORE, _FOR_MINUTES))


@functools.cache
def _names() -> tuple[str, ...]:
    return tuple(sorted(each.name for each in _FOLDER.iterdir() if not each.name.endswith(".ts")))


routes = [
    http.resource("/widget.js", GET=get_core),
    http.resource("/widget/{version}/{name}", GET=get_versioned),
]
