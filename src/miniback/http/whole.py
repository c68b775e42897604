"""Bodies and answers that are here in one piece, past the server's own pieces (ADR 0027).

ASGI has an answer sent as a head and a body, and the server looks through each of its headers for
what must not stand there. An answer that is whole is written to the socket at once, and only what
may differ from one answer to the next is looked through.
"""

import functools
import re
from collections.abc import Sequence

from uvicorn.protocols.http.httptools_impl import STATUS_LINE, RequestResponseCycle

from miniback.http.wire import Header, Send

CLOSE: Header = (b"connection", b"close")
# What would end a header before its end (RFC 9110, section 5.5).
_UNSAFE = re.compile(rb"[\x00\r\n]")
_END = b"\r\n"


def write(
    send: Send, status: int, known: tuple[Header, ...], headers: Sequence[Header], body: bytes
) -> bool:
    """Write an answer, its length among its headers; False where it must be sent by `send`.

    That is behind other servers, and to who reads slower than is written. `known` are headers that
    many answers have alike. Raises ValueError for a value that would begin another header.
    """
    cycle = getattr(send, "__self__", None)
    if type(cycle) is not RequestResponseCycle or cycle.flow.write_paused or cycle.response_started:
        return False
    if cycle.disconnected:
        return True
    if CLOSE in headers:
        cycle.keep_alive = False
    elif not cycle.keep_alive:
        headers = (*headers, CLOSE)
    head = (
        STATUS_LINE[status]
        + _as_known((*cycle.default_headers, *known))
        + b"".join([_as_written(each) for each in headers])
    )
    cycle.response_started, cycle.waiting_for_100_continue = True, False
    cycle.transport.write(head + _END if cycle.scope["method"] == "HEAD" else head + _END + body)
    _finish(cycle)
    return True


def _finish(cycle: RequestResponseCycle) -> None:
    """Do what the server does behind the last piece of an answer."""
    cycle.response_complete = True
    cycle.message_event.set()
    if not cycle.keep_alive:
        cycle.transport.close()
    cycle.on_response()


@functools.lru_cache(256)
def _as_known(headers: tuple[Header, ...]) -> bytes:
    return b"".join(map(_as_written, headers))


def _as_written(header: Header) -> bytes:
    name, value = header
    if _UNSAFE.search(value):
        raise ValueError(f"The header {name.decode()} has a value of several lines")
    return b"%b: %b\r\n" % header
