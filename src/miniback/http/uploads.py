"""A form with a file in it, read as it comes (RFC 7578): never whole in memory.

The form's fields must stand before its file, so that it can be refused before the file is read.
"""

import asyncio
import re
from collections.abc import AsyncIterator

from multipart import MultipartError, MultipartSegment, PushMultipartParser

from miniback.errors import Invalid, TooLarge, TooSlow
from miniback.http.requests import Request
from miniback.http.wire import BODY_STREAM, Receive

_SILENCE_LIMIT_S = 30.0
_LARGEST_HEAD_BYTES = 8 * 1024
_LARGEST_FIELD_BYTES = 64 * 1024
_MOST_PARTS = 20
_BOUNDARY = re.compile(r'boundary=(?:"([^"]{1,70})"|([^\s;]{1,70}))', re.IGNORECASE)


class ClientGone(Exception):  # noqa: N818 - nobody is left to be told
    """The client went away before its request was whole."""


class BodyStream:
    """A body that is still on its way, up to a size."""

    def __init__(self, receive: Receive, most: int) -> None:
        self._receive = receive
        self._most = most
        self._size = 0
        self._is_over = False

    async def next(self) -> bytes:
        """Return what comes next, nothing at the end."""
        body = b""
        while not body and not self._is_over:
            try:
                async with asyncio.timeout(_SILENCE_LIMIT_S):
                    message = await self._receive()
            except TimeoutError as late:
                raise TooSlow("Request body took too long") from late
            if message["type"] == "http.disconnect":
                raise ClientGone
            body = message.get("body", b"")
            self._is_over = not message.get("more_body")
            self._size += len(body)
            if self._size > self._most:
                raise TooLarge(f"Request body is larger than {self._most} bytes")
        return body


class Upload:
    """A form as it comes: its fields, then one file; `file_name` is '' where there is none."""

    def __init__(self, stream: BodyStream, boundary: str) -> None:
        parser = PushMultipartParser(
            boundary, max_header_size=_LARGEST_HEAD_BYTES, max_segment_count=_MOST_PARTS
        )
        self._parts = _parsed(parser, stream)
        self.file_name = ""

    async def fields(self) -> dict[str, str]:
        """Read the fields before the file."""
        values: dict[str, str] = {}
        name, content = "", bytearray()
        async for part in self._parts:
            if isinstance(part, MultipartSegment):
                name = part.name
                if part.filename:
                    self.file_name = _plain(part.filename)
                    break
            elif part is None:
                values.setdefault(name, _text(bytes(content)))
                content.clear()
            else:
                content += part
                if len(content) > _LARGEST_FIELD_BYTES:
                    raise Invalid("The form cannot be read")
        return values

    async def pieces(self) -> AsyncIterator[bytes]:
        """Yield the file, and read the rest of the form to its end."""
        is_file = True
        async for part in self._parts:
            if is_file and part is not None and not isinstance(part, MultipartSegment):
                yield bytes(part)
            is_file = is_file and part is not None


async def _parsed(
    parser: PushMultipartParser, stream: BodyStream
) -> AsyncIterator[MultipartSegment | bytes | bytearray | None]:
    """Yield each part's head, its pieces and None at its end; Invalid for what is no form."""
    try:
        while not parser.closed:
            piece = await stream.next()
            for part in parser.parse(piece):
                yield part
    except MultipartError as error:
        raise Invalid(f"The form cannot be read: {error}") from error
    while await stream.next():
        pass


def of(request: Request) -> Upload | None:
    """Return the form that comes with a request, None where it is not of this kind."""
    stream: BodyStream | None = request.scope.get(BODY_STREAM)
    found = _BOUNDARY.search(request.header(b"content-type"))
    if stream is None or not found:
        return None
    return Upload(stream, found[1] or found[2])


def _text(content: bytes) -> str:
    try:
        text = content.decode()
    except UnicodeDecodeError as error:
        raise Invalid("The form must be sent as UTF-8") from error
    if "\0" in text:
        raise Invalid("The form holds the character NUL, which cannot be stored")
    return text.replace("\r\n", "\n")


def _plain(name: str) -> str:
    """Return a file's name as its owner knows it, without folders."""
    return re.split(r"[\\/]", name)[-1]
