"""The addresses of the documentation, which anybody may read."""

import asyncio
import functools
from importlib import resources

from miniback import http, shell
from miniback.docs.listings import API, BRUNO, EXPLORER, LLMS, POSTMAN, ROOT, SEARCH, SITEMAP
from miniback.docs.site import Site
from miniback.errors import NotFound
from miniback.http import Header, Kind, Packed, Request, Response

_FOR_MINUTES: Header = (b"cache-control", b"public, max-age=300")
_FOR_A_DAY: Header = (b"cache-control", b"public, max-age=86400")
_NOSNIFF: Header = (b"x-content-type-options", b"nosniff")
# What is opened by itself runs no script.
_INERT: Header = (b"content-security-policy", b"default-src 'none'; frame-ancestors 'none'")
_TYPES = {
    "md": b"text/markdown; charset=utf-8",
    "txt": b"text/plain; charset=utf-8",
    "xml": b"application/xml",
    "json": b"application/json",
    "zip": b"application/zip",
    "js": b"text/javascript; charset=utf-8",
    "css": b"text/css; charset=utf-8",
}
# Of Swagger UI: what the explorer loads, and nothing else of the package.
_PARTS = ("swagger-ui-bundle.js", "swagger-ui.css", "start.js")


async def show_page(request: Request) -> Response:
    """GET /docs, /docs/{page}, /docs/api/{tag} and what else the table of contents has."""
    address: str = request.scope["path"]
    site: Site = request.state["docs"]
    file = await asyncio.to_thread(site.file, address)
    if file is None:
        raise NotFound("Not found")
    return http.sent_if_new(request, file, _kind_of(address))


async def show_search(request: Request) -> Response:
    """GET /docs/search?q=…"""
    site: Site = request.state["docs"]
    page = await asyncio.to_thread(site.search, (request.query("q") or "").strip())
    return http.sent_if_new(request, http.packed(page, is_lasting=False), shell.PUBLIC_PAGE)


async def get_part(request: Request) -> Response:
    """GET /docs/explorer/{name}: what the explorer is made of."""
    name = request.path("name")
    if name not in _PARTS:
        raise NotFound("Not found")
    file = await asyncio.to_thread(_part, name)
    return http.sent_if_new(request, file, _kind(name, _FOR_A_DAY))


@functools.cache
def _part(name: str) -> Packed:
    content = (resources.files("miniback.docs") / "explorer" / name).read_bytes()
    # 1.7 MB packed thoroughly would take seconds.
    return http.packed(content, is_lasting=False)


def _kind_of(address: str) -> Kind:
    name = address.rpartition("/")[2]
    if "." not in name:
        return shell.PUBLIC_PAGE
    saved = (b"content-disposition", f'attachment; filename="{name}"'.encode())
    return _kind(name, _FOR_MINUTES, *([saved] if address in (POSTMAN, BRUNO) else []))


def _kind(name: str, *headers: Header) -> Kind:
    content_type = _TYPES[name.rpartition(".")[2]]
    return Kind((b"content-type", content_type), (*headers, _NOSNIFF, _INERT))


routes = [
    http.resource(SEARCH, GET=show_search),
    http.resource(f"{EXPLORER}/{{name}}", GET=get_part),
    *(
        http.resource(path, GET=show_page)
        for path in (
            *(ROOT, EXPLORER, POSTMAN, BRUNO, LLMS, SITEMAP),
            f"{ROOT}/{{page}}",
            f"{API}/{{tag}}",
        )
    ),
]
