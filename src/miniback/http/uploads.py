"""A form with a file in it, read as it comes (RFC 7578): never whole in memory.

The form's fields must stand before its file, so that it can be refused before the file is read.
"""

import asyncio
import re
from collections.abc import AsyncIterator

from miniback.errors import Invalid, TooLarge, TooSlow
from miniback.http.requests import Request
from miniback.http.wire import BODY_STREAM, Receive

_SILENCE_LIMIT_S = 30.0
_LARGEST_HEAD_BYTES = 8 * 1024
_LARGEST_FIELD_BYTES = 64 * 1024
_MOST_FIELDS = 20
_BOUNDARY = re.compile(r'boundary=(?:"([^"]{1,70})"|([^\s;]{1,70}))', re.IGNORECASE)
_NAME = re.compile(r'[; ]name="([^"]*)"')
_FILE_NAME = re.compile(r'[; ]filename="([^"]*)"')
_QUOTED = (("%22", '"'), ("%0D", " "), ("%0A", " "))


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
        self._stream = stream
        self._mark = b"\r\n--" + boundary.encode("latin-1")
        # So that the first mark looks like the others.
        self._buffer = b"\r\n"
        self.file_name = ""

    async def fields(self) -> dict[str, str]:
        """Read the fields before the file."""
        values: dict[str, str] = {}
        if await self._until(self._mark, _LARGEST_HEAD_BYTES) is None:
            return values
        while await self._goes_on():
            head = await self._until(b"\r\n\r\n", _LARGEST_HEAD_BYTES)
            told = (head or b"").decode("utf-8", "replace")
            name, file_name = _NAME.search(told), _FILE_NAME.search(told)
            if file_name:
                self.file_name = _plain(file_name[1])
                break
            content = await self._until(self._mark, _LARGEST_FIELD_BYTES)
            if not name or content is None or len(values) >= _MOST_FIELDS:
                raise Invalid("The form cannot be read")
            values.setdefault(name[1], _text(content))
        return values

    async def pieces(self) -> AsyncIterator[bytes]:
        """Yield the file."""
        while (at := self._buffer.find(self._mark)) < 0:
            # The beginning of a mark may be at the end.
            sure = max(0, len(self._buffer) - len(self._mark) + 1)
            if sure:
                piece, self._buffer = self._buffer[:sure], self._buffer[sure:]
                yield piece
            await self._more()
        if at:
            yield self._buffer[:at]
        while await self._stream.next():
            pass

    async def _goes_on(self) -> bool:
        """Tell whether another part follows a mark."""
        while len(self._buffer) < 2:  # noqa: PLR2004 - the two signs behind a mark
            await self._more()
        return not self._buffer.startswith(b"--")

    async def _until(self, end: bytes, most: int) -> bytes | None:
        """Take all before an end, and the end; None where the body is over without it."""
        while (at := self._buffer.find(end)) < 0:
            if len(self._buffer) > most:
                raise Invalid("The form cannot be read")
            more = await self._stream.next()
            if not more:
                return None
            self._buffer += more
        taken, self._buffer = self._buffer[:at], self._buffer[at + len(end) :]
        return taken

    async def _more(self) -> None:
        more = await self._stream.next()
        if not more:
            raise Invalid("The form ends before its file does")
        self._buffer += more


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
    for written, meant in _QUOTED:
        name = name.replace(written, meant)
    return re.split(r"[\\/]", name)[-1]
