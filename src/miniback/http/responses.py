"""Writing what a client gets: JSON, with the headers that every answer of the API has."""

import itertools
import secrets

import msgspec

from miniback.http.wire import EXTRA_HEADERS, REQUEST_ID, Scope, Send

Header = tuple[bytes, bytes]

NO_CONTENT = 204

_ALWAYS: tuple[Header, ...] = (
    (b"cache-control", b"no-store"),
    (b"referrer-policy", b"no-referrer"),
    (b"x-content-type-options", b"nosniff"),
)
_JSON: Header = (b"content-type", b"application/json")
_NO_HEADERS: tuple[Header, ...] = ()

encode = msgspec.json.Encoder().encode


class Response:
    """An answer: a status, a body of JSON, and what headers it has beside the usual ones."""

    __slots__ = ("body", "headers", "status")

    def __init__(self, status: int, body: bytes, headers: tuple[Header, ...] = _NO_HEADERS) -> None:
        self.status = status
        self.body = body
        self.headers = headers

    def with_headers(self, headers: tuple[Header, ...]) -> "Response":
        """Return the same answer with more headers."""
        return Response(self.status, self.body, self.headers + headers)


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
                *_ALWAYS,
                # An answer without content has no length (RFC 9110, section 8.6) and no type.
                *((_JSON, size) if response.status != NO_CONTENT else ()),
                (b"x-request-id", scope[REQUEST_ID].encode()),
                *response.headers,
                *scope.get(EXTRA_HEADERS, _NO_HEADERS),
            ],
        }
    )
    await send({"type": "http.response.body", "body": response.body})
