"""Real receivers of webhooks: good ones, and ones that misbehave in every way they can (T28)."""

import contextlib
import json
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from tests.house import Account

EVENTS = ["feedback.created", "feedback.updated"]
Answer = bytes | Callable[[socket.socket], None]
_HANDSHAKE = b"\x16"
OK = b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok"


@dataclass
class Got:
    """A request as it came."""

    head: str
    body: bytes
    at: float

    @property
    def json(self) -> dict[str, Any]:
        content: dict[str, Any] = json.loads(self.body)
        return content

    def header(self, name: str) -> str:
        for line in self.head.split("\r\n")[1:]:
            found, _, value = line.partition(":")
            if found.strip().lower() == name:
                return value.strip()
        return ""


@dataclass
class Receiver:
    """Somebody who is told; `answers` are given in turn, the last one from then on."""

    port: int = 0
    answers: list[Answer] = field(default_factory=lambda: [OK])
    got: list[Got] = field(default_factory=list)
    connections: int = 0

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/hook"

    @property
    def messages(self) -> list[str]:
        return [each.json["data"]["feedback"]["message"] for each in self.got]

    def next_answer(self) -> Answer:
        return self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]


@contextmanager
def receiving(*answers: Answer) -> Iterator[Receiver]:
    """Receive until the end of the block."""
    receiver = Receiver()
    if answers:
        receiver.answers = list(answers)
    listener = socket.create_server(("127.0.0.1", 0), backlog=200)
    receiver.port = listener.getsockname()[1]
    threading.Thread(target=_accept, args=(listener, receiver), daemon=True).start()
    try:
        yield receiver
    finally:
        listener.close()


def _accept(listener: socket.socket, receiver: Receiver) -> None:
    while True:
        try:
            connection, _ = listener.accept()
        except OSError:
            return
        receiver.connections += 1
        threading.Thread(target=_serve, args=(connection, receiver), daemon=True).start()


def _serve(connection: socket.socket, receiver: Receiver) -> None:
    with connection, contextlib.suppress(OSError):
        while got := _read(connection):
            receiver.got.append(got)
            answer = receiver.next_answer()
            if callable(answer):
                answer(connection)
                return
            connection.sendall(answer)
            if b"connection: close" in answer.lower():
                return


def _read(connection: socket.socket) -> Got | None:
    data = b""
    while b"\r\n\r\n" not in data:
        part = connection.recv(65_536)
        if not part:
            return None
        data += part
        if data[:1] == _HANDSHAKE:  # as a server of plain HTTP answers it
            connection.sendall(b"HTTP/1.1 400 Bad Request\r\nconnection: close\r\n\r\n")
            return None
    head, _, body = data.partition(b"\r\n\r\n")
    got = Got(head.decode("latin-1"), body, time.time())
    size = int(got.header("content-length") or 0)
    while len(got.body) < size:
        part = connection.recv(65_536)
        if not part:
            return None
        got.body += part
    return got


def answer(status: int, body: bytes = b"", *headers: str) -> bytes:
    """Write an answer."""
    lines = [f"HTTP/1.1 {status} Whatever", f"content-length: {len(body)}", *headers]
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + body


def hook(who: Account, receiver: Receiver, **more: Any) -> dict[str, Any]:
    """Add a webhook for a receiver, and return what the API says of it."""
    body = {"url": receiver.url, "events": EVENTS, **more}
    response = who.post("/api/webhooks", json=body)
    assert response.status_code == 201, response.text
    made: dict[str, Any] = response.json()["data"]
    return made


def deliveries(who: Account, webhook_id: str) -> list[dict[str, Any]]:
    """A webhook's deliveries, the oldest first."""
    found: list[dict[str, Any]] = who.get(f"/api/webhooks/{webhook_id}/deliveries").json()["data"]
    return found[::-1]
