"""A plain socket, for requests that no client library would send."""

import contextlib
import json
import socket
from collections.abc import Iterator

from tests.house import House

POLL_S = 0.25


class Caller:
    """A connection whose request comes when and how a test says."""

    def __init__(self, house: House, head: str) -> None:
        self.socket = socket.create_connection(("127.0.0.1", house.port))
        self.socket.settimeout(POLL_S)
        self.socket.sendall(head.replace("\n", "\r\n").encode() + b"\r\n\r\n")
        self.received = b""

    def is_ended(self) -> bool:
        """Read what has come; tell whether the server has closed the connection."""
        try:
            part = self.socket.recv(65536)
        except TimeoutError:
            return False
        self.received += part
        return not part

    def is_ended_after_another_byte(self) -> bool:
        """Send one more byte of the body, then read."""
        with contextlib.suppress(OSError):
            self.socket.sendall(b" ")
        return self.is_ended()

    def answer(self) -> tuple[int, dict[str, str], object]:
        """Return status, headers and JSON of the one answer that has come."""
        head, _, body = self.received.partition(b"\r\n\r\n")
        status, *lines = head.decode().split("\r\n")
        headers = dict(line.lower().split(": ", 1) for line in lines)
        return int(status.split()[1]), headers, json.loads(body)


@contextlib.contextmanager
def calling(house: House, head: str) -> Iterator[Caller]:
    """Open a connection, send the head of a request, and see that it ends."""
    caller = Caller(house, head)
    try:
        yield caller
    finally:
        with contextlib.suppress(OSError):
            caller.socket.shutdown(socket.SHUT_RDWR)
        caller.socket.close()
