"""Scripts, styles and images: read once, named by their content, so browsers keep them for good."""

import functools
import hashlib
from importlib import resources
from typing import NamedTuple

from miniback import http
from miniback.errors import NotFound
from miniback.http import Header, Kind, Packed, Request, Response

_FOLDER = resources.files("miniback.shell") / "assets"
_TYPES = {
    "css": b"text/css; charset=utf-8",
    "js": b"text/javascript; charset=utf-8",
    "svg": b"image/svg+xml",
    "ico": b"image/x-icon",
    "png": b"image/png",
    "webmanifest": b"application/manifest+json",
    "txt": b"text/plain; charset=utf-8",
}
_PACKED_ALREADY = ("ico", "png")
_NOSNIFF: Header = (b"x-content-type-options", b"nosniff")
# A year, as long as caches keep anything; a day for names that cannot change with their content.
_FOR_GOOD: Header = (b"cache-control", b"public, max-age=31536000, immutable")
_FOR_A_DAY: Header = (b"cache-control", b"public, max-age=86400")
# An image that is opened by itself runs no script.
_INERT: Header = (
    b"content-security-policy",
    b"default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'",
)
_AT_THE_ROOT = (
    "favicon.ico",
    "favicon.svg",
    "icon-192.png",
    "manifest.webmanifest",
    "robots.txt",
)


class Asset(NamedTuple):
    """A file as it is sent, and what it is."""

    file: Packed
    content_type: bytes


@functools.cache
def _assets() -> dict[str, Asset]:
    """Return every asset, by the name it is asked for under /assets."""
    return dict(map(_load, sorted(each.name for each in _FOLDER.iterdir())))


@functools.cache
def _addresses() -> dict[str, str]:
    """Return where each file is found: app.css is at /assets/app.4f3a….css."""
    return {_without_digest(name): f"/assets/{name}" for name in _assets()}


def address(name: str) -> str:
    """Return where a file is found; KeyError for one that does not exist."""
    return _addresses()[name]


async def get_asset(request: Request) -> Response:
    """GET /assets/{name}."""
    asset = _assets().get(request.path("name"))
    if asset is None:
        raise NotFound("Not found")
    return _sent(request, asset, _FOR_GOOD)


async def get_root_asset(request: Request) -> Response:
    """GET /favicon.ico and the like: files that are looked for at the root of a site."""
    name = request.scope["path"].removeprefix("/")
    return _sent(request, _assets()[address(name).removeprefix("/assets/")], _FOR_A_DAY)


def _load(name: str) -> tuple[str, Asset]:
    plain = (_FOLDER / name).read_bytes()
    stem, _, ending = name.rpartition(".")
    file = http.as_it_is(plain) if ending in _PACKED_ALREADY else http.packed(plain)
    digest = hashlib.sha256(plain).hexdigest()[:12]
    return f"{stem}.{digest}.{ending}", Asset(file, _TYPES[ending])


def _without_digest(name: str) -> str:
    stem, _, ending = name.rsplit(".", 2)
    return f"{stem}.{ending}"


def _sent(request: Request, asset: Asset, kept: Header) -> Response:
    kind = Kind((b"content-type", asset.content_type), (kept, _NOSNIFF, _INERT))
    return http.sent(request, asset.file, kind)


routes = [
    http.resource("/assets/{name}", GET=get_asset),
    *(http.resource(f"/{name}", GET=get_root_asset) for name in _AT_THE_ROOT),
]
