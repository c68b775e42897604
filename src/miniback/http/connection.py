"""A connection: how many there may be, how long each of its parts may take, and its orderly end.

The server's own parser knows no limits of time, so a few hundred clients that send or read a byte
now and then could hold all that it has (slow loris).
"""

import asyncio
import re
import resource
import socket
import struct
from typing import Any

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from miniback import metrics
from miniback.http.errors import spread
from miniback.http.responses import encode
from miniback.http.wire import ARRIVED, IS_STREAM

# What had arrived when the end began is read within this time, and answered.
LAST_READ_S = 0.1
LARGEST_HEAD_BYTES = 64 * 1024
LONGEST_HEAD_S = 10.0
# How long a client may take to read what waits for it, or a part of it.
LONGEST_READ_S = 15.0
# Files and connections to others, beside those that clients have open.
_OTHER_FILES = 128
_UPGRADE = re.compile(rb"\r\nupgrade:", re.IGNORECASE)
# On, and zero seconds: closing resets the connection.
_AT_ONCE = struct.pack("ii", 1, 0)


def most_connections(wanted: int) -> int:
    """Let this process have as many files as it may, and return how many clients that makes.

    At most `wanted`; the system's own limit (`ulimit -n`, the hard one) may allow fewer.
    """
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    needed = wanted + _OTHER_FILES
    if soft != resource.RLIM_INFINITY and soft < needed:
        soft = needed if hard == resource.RLIM_INFINITY else min(needed, hard)
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))
    if soft == resource.RLIM_INFINITY:
        return wanted
    return max(1, min(wanted, soft - min(_OTHER_FILES, soft // 2)))


def _without_upgrade(data: bytes) -> bytes:
    """Take no notice of an offer to go on with another protocol (RFC 9110, section 7.8).

    Some clients offer HTTP/2 with every plain request; the parser would drop their bodies.
    """
    if b"pgrade:" not in data:
        return data
    head, end, rest = data.partition(b"\r\n\r\n")
    return _UPGRADE.sub(b"\r\nx-upgrade:", head) + end + rest


class Connection(HttpToolsProtocol):
    """A connection that, when the server ends, still reads what has arrived, and answers it."""

    # Set once a process, before it listens.
    most = 1_000

    _is_ending = False
    _is_surplus = False
    _head_bytes = 0
    _in_head = True
    _is_between = False
    # Whether all of the request so far came in the piece that is being read.
    _is_one_piece = False
    _head_limit: asyncio.TimerHandle | None = None
    _read_limit: asyncio.TimerHandle | None = None

    def connection_made(self, transport: Any) -> None:
        """Give the first request's head its time; turn away who comes when too many are here."""
        super().connection_made(transport)
        metrics.CONNECTIONS.inc()
        if len(self.connections) > self.most:
            metrics.SHED.labels("connections").inc()
            self._is_surplus = True
            self._turn_away_after(LAST_READ_S)
        else:
            self._limit_head()

    def data_received(self, data: bytes) -> None:
        """Count the bytes of a head, which no guard behind the parser could."""
        if self.transport.is_closing():
            return
        if self._is_surplus:  # what it sent is read first, or it would never see the answer
            self._turn_away_after(0)
            return
        is_head = self._in_head or self._is_between
        super().data_received(_without_upgrade(data) if is_head else data)
        self._is_one_piece = False
        if not self._in_head or self.transport.is_closing():
            return
        self._head_bytes += len(data)
        if self._head_bytes > LARGEST_HEAD_BYTES:
            self._refuse("431 Request Header Fields Too Large", "The request's head is too large")
        elif self._head_limit is None:
            self._limit_head()

    def on_message_begin(self) -> None:
        """Begin to read a head."""
        super().on_message_begin()
        self._in_head = True

    def on_headers_complete(self) -> None:
        """Have read a head."""
        self._in_head, self._is_between, self._head_bytes = False, False, 0
        if self._head_limit:
            self._head_limit.cancel()
            self._head_limit = None
        super().on_headers_complete()
        self._is_one_piece = True

    def on_message_complete(self) -> None:
        """Have read a request; what comes next is the head of another."""
        super().on_message_complete()
        self._is_between = True
        if self._is_one_piece:  # nobody has begun to answer, so nobody has read of it
            scope: Any = self.scope
            scope[ARRIVED] = bytes(self.cycle.body)

    def connection_lost(self, exc: Exception | None) -> None:
        """Forget the time limits."""
        metrics.CONNECTIONS.dec()
        for limit in (self._head_limit, self._read_limit):
            if limit:
                limit.cancel()
        super().connection_lost(exc)

    def pause_writing(self) -> None:
        """Wait for a client that reads slower than it is answered, but not for good."""
        super().pause_writing()
        self._limit_reading()

    def resume_writing(self) -> None:
        """Go on: it has read."""
        super().resume_writing()
        if self._read_limit and not self.transport.is_closing():
            self._read_limit.cancel()
            self._read_limit = None

    def timeout_keep_alive_handler(self) -> None:
        """Close a connection on which nothing more is asked."""
        self._close()

    def shutdown(self) -> None:
        """Begin the end: an idle connection may have a request in the socket already."""
        self._is_ending = True
        loop = asyncio.get_running_loop()
        loop.call_later(LAST_READ_S, super().shutdown)
        loop.call_later(LAST_READ_S, self._end_stream)

    def send_400_response(self, msg: str) -> None:  # noqa: ARG002 - the server's own words
        """Answer bytes that are no HTTP in the JSON shape of every other error."""
        self._refuse("400 Bad Request", "The request is not valid HTTP")

    def on_response_complete(self) -> None:
        """Close behind the last answer."""
        super().on_response_complete()
        if self._is_ending and self.cycle.response_complete and not self.pipeline:
            self._close()

    def _turn_away_after(self, seconds: float) -> None:
        message = "Too many connections, please retry"
        loop = asyncio.get_running_loop()
        loop.call_later(seconds, self._refuse, "503 Service Unavailable", message)

    def _limit_head(self) -> None:
        self._head_limit = asyncio.get_running_loop().call_later(
            LONGEST_HEAD_S, self._refuse, "408 Request Timeout", "Request head took too long"
        )

    def _limit_reading(self) -> None:
        if self._read_limit is None:
            loop = asyncio.get_running_loop()
            self._read_limit = loop.call_later(LONGEST_READ_S, self._cut)

    def _cut(self) -> None:
        """End without waiting: the kernel, too, forgets what the client has not read."""
        if peer := self.transport.get_extra_info("socket"):
            peer.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _AT_ONCE)
        self.transport.abort()

    def _end_stream(self) -> None:
        """Close under an answer that would go on for good; who listens comes back by themselves."""
        if self.cycle and self.cycle.scope.get(IS_STREAM) and not self.cycle.response_complete:
            self._close()

    def _refuse(self, status: str, message: str) -> None:
        if self.transport.is_closing():
            return
        body = encode({"error": message})
        wait = ""
        if status.startswith("503"):
            wait = f"retry-after: {spread(1)}\r\n"
        head = (
            f"HTTP/1.1 {status}\r\ncontent-type: application/json\r\n{wait}"
            f"content-length: {len(body)}\r\nconnection: close\r\n\r\n"
        )
        self.transport.write(head.encode() + body)
        self._close()

    def _close(self) -> None:
        """Close once the client has read what waits for it, which it must within the limit."""
        if not self.transport.is_closing():
            self.transport.close()
            self._limit_reading()
