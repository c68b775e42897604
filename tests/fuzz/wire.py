"""Requests byte by byte, and what is answered to them."""

import contextlib
import json
import re
import socket
import time
from typing import NamedTuple

from tests.house import PATIENCE_S, Account

# A connection that is left open has said all once it has been silent for so long.
SILENCE_S = 0.3
INTERIM = 100
_STATUS = re.compile(rb"^HTTP/1\.[01] (\d{3}) ", re.MULTILINE)


class Heard(NamedTuple):
    """All that came back on a connection, and whether the server has closed it."""

    statuses: list[int]
    content: bytes
    is_ended: bool

    @property
    def error(self) -> str:
        """What the first answer says is wrong."""
        body = self.content.partition(b"\r\n\r\n")[2]
        return str(json.JSONDecoder().raw_decode(body.decode())[0]["error"])


def talk(port: int, sent: bytes) -> Heard:
    """Send bytes on a connection of their own, and hear what is answered until nothing more is."""
    with socket.create_connection(("127.0.0.1", port), timeout=PATIENCE_S) as connection:
        with contextlib.suppress(OSError):  # closed under us; an answer may still be there
            connection.sendall(sent)
        content, is_ended = _heard(connection)
    statuses = [int(each) for each in _STATUS.findall(content)]
    return Heard([each for each in statuses if each != INTERIM], content, is_ended)


def _heard(connection: socket.socket) -> tuple[bytes, bool]:
    content, deadline = b"", time.monotonic() + PATIENCE_S
    while time.monotonic() < deadline:
        connection.settimeout(SILENCE_S if b"\r\n\r\n" in content else PATIENCE_S)
        try:
            part = connection.recv(65536)
        except TimeoutError:
            return content, False
        except OSError:
            return content, True
        if not part:
            return content, True
        content += part
    return content, False


def head(account: Account, *lines: bytes, line: bytes = b"") -> bytes:
    """Write the head of a post of feedback, with more lines as they are given."""
    first = line or b"POST %b HTTP/1.1" % account.feedback_path.encode()
    own = (first, b"host: test", b"x-api-key: %b" % account.key.encode())
    return b"\r\n".join([*own, *lines]) + b"\r\n\r\n"


def said(marker: str) -> bytes:
    """Write a body that says a marker."""
    return json.dumps({"message": marker}).encode()


def whole(account: Account, marker: str) -> bytes:
    """Write a post of feedback as it should be."""
    body = said(marker)
    return head(account, b"content-length: %d" % len(body)) + body


def chunk(content: bytes) -> bytes:
    """Write a part of a body that comes in chunks."""
    return b"%x\r\n%b\r\n" % (len(content), content)


LAST_CHUNK = b"0\r\n\r\n"
