"""The built files of the widget: read once, packed ahead, at addresses that never change."""

import base64
import functools
import hashlib
import re
from importlib import resources

from miniback import http
from miniback.http import Header, Kind, Packed

_FOLDER = resources.files("miniback.widget") / "assets"
_TYPES = {"js": b"text/javascript; charset=utf-8", "json": b"application/json"}
# Pages of any site load these, also pages that are isolated from other origins; that any may read
# them says the guard.
FOR_ALL_SITES: tuple[Header, ...] = (
    (b"cross-origin-resource-policy", b"cross-origin"),
    (b"x-content-type-options", b"nosniff"),
)
_NAME = re.compile(r"[a-z]+(\.[a-z]+)?\.(js|json)")
CORE = "widget.js"


def kind_of(name: str, *headers: Header) -> Kind:
    """Return what a file is, by its name, with the headers that it has beside."""
    content_type = _TYPES[name.rpartition(".")[2]]
    return Kind((b"content-type", content_type), (*FOR_ALL_SITES, *headers))


@functools.cache
def file(name: str) -> Packed | None:
    """Return a built file, None for one that is not there."""
    return http.packed(plain(name)) if name in names() else None


def is_ours(name: str) -> bool:
    """Tell whether a file of any version could be called so."""
    return _NAME.fullmatch(name) is not None


def plain(name: str) -> bytes:
    """Return a built file as it was built."""
    return (_FOLDER / name).read_bytes()


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
    for name in names():
        digest.update(name.encode() + b"\0" + plain(name))
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


@functools.cache
def names() -> tuple[str, ...]:
    """Return the names of all built files."""
    return tuple(sorted(each.name for each in _FOLDER.iterdir() if is_ours(each.name)))
