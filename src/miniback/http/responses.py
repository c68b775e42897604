"""Writing what a client gets, with the headers that every answer of its kind has."""

import asyncio
import itertools
import secrets
import time
from collections.abc import AsyncGenerator, Sequence
from typing import NamedTuple

import msgspec
import structlog

from miniback import metrics
from miniback.http import whole
from miniback.http.wire import (
    BEGUN,
    EXTRA_HEADERS,
    IS_STREAM,
    REQUEST_ID,
    ROUTE,
    Header,
    Receive,
    Scope,
    Send,
)

# Answers without content, which have no length and no type (RFC 9110, sections 8.6 and 15.4.5).
_EMPTY = (204, 304)

_NO_HEADERS: tuple[Header, ...] = ()

encode = msgspec.json.Encoder().encode

log = structlog.get_logger()


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


class Stream(Response):
    """An answer that comes piece by piece, for as long as somebody listens."""

    __slots__ = ("pieces",)

    def __init__(
        self,
        pieces: AsyncGenerator[bytes, None],
        kind: Kind,
        headers: tuple[Header, ...] = _NO_HEADERS,
    ) -> None:
        super().__init__(200, b"", headers, kind)
        self.pieces = pieces

    def with_headers(self, headers: tuple[Header, ...]) -> "Stream":
        """Return the same answer with more headers; the pieces come once all the same."""
        return Stream(self.pieces, self.kind, self.headers + headers)


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
    content = _described(response) if response.status not in _EMPTY else ()
    known, headers = _headed(scope, response, content)
    if isinstance(response, Stream) or not whole.write(
        send, response.status, known, headers, response.body
    ):
        await _begin(send, response.status, known, headers)
        await send({"type": "http.response.body", "body": response.body})


async def stream(scope: Scope, receive: Receive, send: Send, answer: Stream) -> None:
    """Send an answer piece by piece, until it ends or nobody listens any more."""
    scope[IS_STREAM] = True
    known, headers = _headed(scope, answer, (answer.kind.content_type,))
    await _begin(send, answer.status, known, headers)
    gone = asyncio.create_task(_disconnected(receive))
    try:
        while not gone.done():
            piece = asyncio.ensure_future(anext(answer.pieces, None))
            await asyncio.wait({piece, gone}, return_when=asyncio.FIRST_COMPLETED)
            if not piece.done():
                piece.cancel()
                await asyncio.wait({piece})
                break
            if (body := piece.result()) is None:
                break
            await send({"type": "http.response.body", "body": body, "more_body": True})
    finally:
        gone.cancel()
        await answer.pieces.aclose()
    await send({"type": "http.response.body", "body": b""})


def _described(response: Response) -> tuple[Header, ...]:
    """Say what an answer holds; how long a stream will be, nobody knows before its end."""
    if isinstance(response, Stream):
        return (response.kind.content_type,)
    return response.kind.content_type, (b"content-length", b"%d" % len(response.body))


async def _disconnected(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass


def _headed(
    scope: Scope, response: Response, content: tuple[Header, ...]
) -> tuple[tuple[Header, ...], list[Header]]:
    """Note that an answer begins; return its headers that many have alike, and the others."""
    _note(scope, response)
    known = (*response.kind.always, *scope.get(EXTRA_HEADERS, _NO_HEADERS))
    return known, [*content, (b"x-request-id", scope[REQUEST_ID].encode()), *response.headers]


def _note(scope: Scope, response: Response) -> None:
    """Count an answer, and log it where that is wanted."""
    took_s = time.perf_counter() - scope[BEGUN]
    route = scope.get(ROUTE, "none")
    metrics.answered(scope["method"], route, response.status, took_s)
    if scope["state"]["settings"].access_log:
        # The query is left out: a key may stand in it.
        log.info(
            "answered",
            method=scope["method"],
            path=scope["path"],
            status=response.status,
            took_ms=round(took_s * 1000, 2),
        )


async def _begin(
    send: Send, status: int, known: tuple[Header, ...], headers: Sequence[Header]
) -> None:
    start = {"type": "http.response.start", "status": status, "headers": [*known, *headers]}
    await send(start)
