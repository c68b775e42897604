"""Writing what a client gets, with the headers that every answer of its kind has."""

import itertools
import secrets
from typing import NamedTuple

import msgspec

from miniback.http.wire import EXTRA_HEADERS, REQUEST_ID, Scope, Send

Header = tuple[bytes, bytes]

NO_CONTENT = 204

_NO_HEADERS: tuple[Header, ...] = ()

encode = msgspec.json.Encoder().encode


class Kind(NamedTuple):
    """What a body is, and the headers that every answer with such a body has."""

    content_type: Header
    always: tuple[Header, ...]


JSON = Kind(
    (b"content-type", b"application/json"),
    (
        (b"cache-control", b"no-store"),
        (b"referrer-policy", b"no-referrer"),
        (b"x-content-type-options", b"nosniff"),
    ),
)


class Response:
    """An answer: a status, a body, what kind of body, and headers beside those of its kind."""

    __slots__ = ("body", "headers", "kind", "status")

    def __init__(
        self,
        status: int,
        body: bytes,
        headers: tuple[Header, ...] = _NO_HEADERS,
        kind: Kind = JSON,
    ) -> None:
        self.status = status
        self.body = body
        self.headers = headers
        self.kind = kind

    def with_headers(self, headers: tuple[Header, ...]) -> "Response":
        """Return the same answer with more headers."""
        return Response(self.status, self.body, self.headers + headers, self.kind)


def data(content: object, status: int = 200) -> Response:
    """Answer with `{"data": content}`."""
    return Response(status, encode({"data": content}))


class RequestIds:
    """Names the requests of one process: a random part of its own, then a count."""

    def __init__(self) -> None:
        self._prefix = secrets.token_hex(6)
        self._count = itertools.count(1)

    def next(self) -> str:
        """Return a name that no other request has."""
        return f"{self._prefix}{next(self._count):08x}"


async def write(scope: Scope, send: Send, response: Response) -> None:
    """Send an answer."""
    size = (b"content-length", b"%d" % len(response.body))
    await send(
        {
            "type": "http.response.start",
            "status": response.status,
            "headers": [
                *response.kind.always,
                # An answer without content has no length (RFC 9110, section 8.6) and no type.
                *((response.kind.content_type, size) if response.status != NO_CONTENT else ()),
                (b"x-request-id", scope[REQUEST_ID].encode()),
                *response.headers,
                *scope.get(EXTRA_HEADERS, _NO_HEADERS),
            ],
        }
    )
    await send({"type": "http.response.body", "body": response.body})
