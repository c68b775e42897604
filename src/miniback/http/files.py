"""Answers that are files: tables to be saved, and what visitors have sent, never as active."""

from miniback.http.responses import Kind, Response
from miniback.http.wire import Header

_NOSNIFF = (b"x-content-type-options", b"nosniff")
_CSV = Kind(
    (b"content-type", b"text/csv; charset=utf-8"),
    ((b"cache-control", b"no-store"), (b"referrer-policy", b"same-origin"), _NOSNIFF),
)
_INERT = (
    (b"content-security-policy", b"default-src 'none'; frame-ancestors 'none'; sandbox"),
    (b"cross-origin-resource-policy", b"same-origin"),
    _NOSNIFF,
)


def csv_file(name: str, text: str) -> Response:
    """Answer with a table that a browser saves under a name."""
    saved = (b"content-disposition", f'attachment; filename="{name}"'.encode())
    return Response(200, text.encode(), (saved,), _CSV)


def inert_image(content_type: str, content: bytes, always: tuple[Header, ...]) -> Response:
    """Answer with an image of a visitor's, and headers that tell how long it may be kept."""
    ending = content_type.rpartition("/")[2]
    name = (b"content-disposition", f'inline; filename="screenshot.{ending}"'.encode())
    kind = Kind((b"content-type", content_type.encode()), (*always, *_INERT))
    return Response(200, content, (name,), kind)
