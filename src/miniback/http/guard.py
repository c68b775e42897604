"""The outermost door: what a request may weigh, how long it may take, and what comes back if not.

Stands in front of all parsing (contract section 5): bytes are counted as they really come, a body
has ten seconds, and no encoding is undone here. Behind it a body is whole, in memory and small.
"""

import asyncio
import time
from collections.abc import Awaitable, Callable, Collection, Mapping

import structlog

from miniback import db, logs, metrics
from miniback.errors import Failed, Invalid, Refusal, TooLarge, TooSlow, Unavailable, Unsupported
from miniback.http.requests import Request
from miniback.http.responses import RequestIds, Response, write
from miniback.http.uploads import BodyStream, ClientGone
from miniback.http.wire import (
    ARRIVED,
    BEGUN,
    BODY,
    BODY_STREAM,
    EXTRA_HEADERS,
    HEADERS,
    REQUEST_ID,
    ASGIApp,
    Header,
    Receive,
    Scope,
    Send,
)

LARGEST_BODY_BYTES = 160 * 1024
# All bodies that are here at the same time; those of some kilobytes always fit.
MOST_BYTES = 64 << 20
SMALL_BODY_BYTES = 16 << 10
BODY_LIMIT_S = 10.0
# Images come from phones, too.
LARGE_BODY_LIMIT_S = 30.0
_MOST_DIGITS = 12
_NO_ENCODING = (b"", b"identity")
_NO_BODY = b""
_OPEN: tuple[Header, ...] = (
    (b"access-control-allow-origin", b"*"),
    (b"access-control-expose-headers", b"Retry-After"),
)
_OPEN_METHODS = ("POST", "OPTIONS")

log = structlog.get_logger()


class Guard:
    """Reads a request whole before anything else sees it, and answers what is refused or fails.

    `open_paths` are the addresses that a page of any site may post to; their answers say so, as do
    all answers below `open_folders`. `large_bodies` are the ends of paths below those folders that
    take more than others, and how many bytes. `streamed` are addresses that take files as forms
    send them, and how many bytes: those bodies are read by whoever answers, as they come.
    `refused` writes a refusal as who asks can read it: JSON for programs, a page for people.
    `root` is the path below which people reach this server, '' for none: it is taken off here,
    where a proxy has left it, so that everything behind begins at `/`.
    """

    def __init__(
        self,
        app: ASGIApp,
        open_paths: Collection[str],
        open_folders: tuple[str, ...],
        large_bodies: Mapping[str, int],
        streamed: Mapping[str, int],
        refused: Callable[[Request, Refusal], Awaitable[Response]],
        root: str = "",
    ) -> None:
        self._app = app
        self._open_paths = frozenset(open_paths)
        self._open_folders = open_folders
        self._large_bodies = large_bodies
        self._streamed = streamed
        self._refused = refused
        self._root = root
        self._request_ids = RequestIds()
        self._held_bytes = 0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request, or the life of the application."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        most = self._prepare(scope)
        held_bytes = 0
        try:
            _check_host(scope)
            if scope["path"] in self._streamed and _is_file(scope):
                _stream(scope, receive, self._streamed[scope["path"]])
            elif _has_body(scope):
                _check_form(scope[HEADERS], most)
                held_bytes = self._hold(scope[HEADERS], most)
                scope[BODY] = await _body(scope, receive, most)
            await self._app(scope, receive, send)
        except ClientGone:
            return
        except Exception as error:  # noqa: BLE001 - whatever it was is told and logged
            await write(scope, send, await self._refused(Request(scope), _failure(scope, error)))
        finally:
            self._held_bytes -= held_bytes

    def _prepare(self, scope: Scope) -> int:
        """Leave in the scope what those behind look at; return how large a body may be."""
        scope[BEGUN] = time.perf_counter()
        scope[REQUEST_ID] = request_id = self._request_ids.next()
        logs.request_id.set(request_id)
        # The task may go on from another request of this connection.
        db.forget_asker()
        scope[HEADERS], scope[BODY] = dict(scope["headers"]), _NO_BODY
        if self._root:
            scope["path"] = without_root(self._root, scope["path"])
        _normalize(scope)
        path = scope["path"]
        if path.startswith(self._open_folders):
            scope[EXTRA_HEADERS] = _OPEN
            return self._large_bodies.get(path.rpartition("/")[2], LARGEST_BODY_BYTES)
        if path in self._open_paths and scope["method"] in _OPEN_METHODS:
            scope[EXTRA_HEADERS] = _OPEN
        return LARGEST_BODY_BYTES

    def _hold(self, headers: dict[bytes, bytes], most: int) -> int:
        """Take the memory for a body that is about to come; Unavailable where there is none.

        Small bodies are let in always: connections are limited by themselves.
        """
        length = int(headers.get(b"content-length", most))
        if length > SMALL_BODY_BYTES and self._held_bytes + length > MOST_BYTES:
            metrics.SHED.labels("bodies").inc()
            raise Unavailable
        self._held_bytes += length
        return length


def without_root(root: str, path: str) -> str:
    """Have a path begin where ours do, unless somebody in front has seen to that already."""
    return path[len(root) :] or "/" if f"{path}/".startswith(f"{root}/") else path


def _failure(scope: Scope, error: Exception) -> Refusal:
    """Note what went wrong where nobody had foreseen it, and return what is told of it."""
    if isinstance(error, Refusal):
        return error
    if isinstance(error, MemoryError):
        # What this request had taken is free again, and a later one may find room.
        log.error("memory_short", reason="There is no memory left for this process")
        return Unavailable()
    # The path is told, the query is not: a key may stand in it.
    log.error("request_failed", exc_info=error, path=scope["path"])
    return Failed()


def _normalize(scope: Scope) -> None:
    """Make a path with a trailing slash the same address (contract section 1).

    A slash that is written as %2F belongs to a name, as proxies in front see it too.
    """
    path: str = scope["path"]
    if path[-1:] == "/" and path != "/" and scope["raw_path"][-1:] == b"/":
        scope["path"] = path[:-1]


def _check_host(scope: Scope) -> None:
    """Refuse a request that names no host, or several (RFC 9112, section 3.2)."""
    headers: dict[bytes, bytes] = scope[HEADERS]
    if scope["http_version"] == "1.1" and b"host" not in headers:
        raise Invalid("The request names no host; send a Host header")
    given: list[tuple[bytes, bytes]] = scope["headers"]
    if len(given) != len(headers) and sum(name == b"host" for name, _ in given) > 1:
        raise Invalid("The request names several hosts; send one Host header")


def _is_file(scope: Scope) -> bool:
    content_type: bytes = scope[HEADERS].get(b"content-type", b"")
    return scope["method"] == "POST" and content_type.lower().startswith(b"multipart/form-data")


def _has_body(scope: Scope) -> bool:
    headers = scope[HEADERS]
    return b"content-length" in headers or b"transfer-encoding" in headers


def _stream(scope: Scope, receive: Receive, most: int) -> None:
    """Leave the body where it is."""
    _check_encoding(scope[HEADERS])
    _check_length(scope[HEADERS], most)
    scope[BODY_STREAM] = BodyStream(receive, most)


async def _body(scope: Scope, receive: Receive, most: int) -> bytes:
    arrived: bytes | None = scope.get(ARRIVED)
    if arrived is not None:
        if len(arrived) > most:
            raise _too_large(most)
        return arrived
    limit_s = BODY_LIMIT_S if most == LARGEST_BODY_BYTES else LARGE_BODY_LIMIT_S
    try:
        async with asyncio.timeout(limit_s):
            return await _whole_body(receive, most)
    except TimeoutError as late:
        raise TooSlow("Request body took too long") from late


def _check_form(headers: dict[bytes, bytes], most: int) -> None:
    """Refuse what would have to be undone before it could be read, and what is plainly too big."""
    _check_encoding(headers)
    content_type = headers.get(b"content-type", b"").lower()
    if content_type == b"application/json":
        pass  # nearly all, and quicker so
    elif content_type.startswith(b"multipart/"):
        raise Unsupported("Multipart bodies are not supported; send JSON")
    elif b"charset=" in content_type and not _is_utf8(content_type):
        raise Unsupported("Only UTF-8 is supported; send JSON as UTF-8")
    _check_length(headers, most)


def _check_encoding(headers: dict[bytes, bytes]) -> None:
    encoding = headers.get(b"content-encoding")
    if encoding is not None and encoding.strip().lower() not in _NO_ENCODING:
        raise Unsupported("Content-Encoding is not supported; send the body as it is")


def _check_length(headers: dict[bytes, bytes], most: int) -> None:
    length = headers.get(b"content-length", b"0")
    if not length.isdigit() or len(length) > _MOST_DIGITS or int(length) > most:
        raise _too_large(most)


def _is_utf8(content_type: bytes) -> bool:
    charset = content_type.partition(b"charset=")[2].partition(b";")[0]
    return charset.strip(b" \t\"'") in (b"utf-8", b"utf8")


async def _whole_body(receive: Receive, most: int) -> bytes:
    message = await receive()
    body: bytes = message.get("body", _NO_BODY)
    size = len(body)
    parts = [body]
    while message.get("more_body") and size <= most:
        message = await receive()
        parts.append(message.get("body", _NO_BODY))
        size += len(parts[-1])
    if message["type"] == "http.disconnect":
        raise ClientGone
    if size > most:
        raise _too_large(most)
    return body if len(parts) == 1 else b"".join(parts)


def _too_large(most: int) -> TooLarge:
    return TooLarge(f"Request body is larger than {most} bytes")
