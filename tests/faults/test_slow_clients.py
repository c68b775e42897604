"""Clients that are slow in every way: cut off in time, and nobody beside them notices (T23)."""

import contextlib
import os
import select
import socket
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.house import Account, House, running, until

# No database is asked for much here.
DATABASES = ("sqlite",)
IS_SOAK = bool(os.environ.get("MINIBACK_SOAK"))
SLOW = 200 if IS_SOAK else 20
# The row says fifteen seconds; a busy machine is given more.
CUT_BY_S = 16.0 if IS_SOAK else 25.0
# An answer of this many items is larger than all buffers between a server and who does not read.
LARGE = 100
LONG_TEXT = "x" * 9_000
READS_AT_ONCE = 60


@pytest.fixture(scope="module")
def house(database: str, new_house: Callable[..., House]) -> Iterator[House]:
    """A server that nobody else has connections to."""
    with running(new_house(database)) as house:
        yield house


class Slow:
    """A connection that sends its request byte by byte, or reads nothing of its answers."""

    def __init__(self, house: House, request: bytes, drip: bytes, *, reads: bool = True) -> None:
        self.socket = socket.socket()
        if not reads:  # so that little of an answer lies between
            self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        self.socket.connect(("127.0.0.1", house.port))
        self.socket.setblocking(False)
        self.drip = drip
        self.reads = reads
        self.cut_after_s: float | None = None
        self.began = time.monotonic()
        with contextlib.suppress(BlockingIOError):
            self.socket.sendall(request)

    def go_on(self) -> None:
        """Send another byte; note when the server has hung up."""
        if self.cut_after_s is not None:
            return
        try:
            if self.drip:
                self.socket.send(self.drip)
            if self.is_cut():
                self.cut_after_s = time.monotonic() - self.began
        except BlockingIOError:
            return
        except OSError:
            self.cut_after_s = time.monotonic() - self.began

    def is_cut(self) -> bool:
        """Whether the server has closed; who does not read is told by the kernel."""
        if not self.reads:
            poll = select.poll()
            poll.register(self.socket, select.POLLHUP | select.POLLERR)
            return bool(poll.poll(0))
        try:
            while part := self.socket.recv(65_536):
                del part
        except BlockingIOError:
            return False
        return True


def head_of(account: Account, method: str, path: str) -> bytes:
    return f"{method} {path} HTTP/1.1\r\nhost: test\r\nx-api-key: {account.key}\r\n".encode()


def heads(house: House, bob: Account) -> Slow:
    """Send a head that never ends."""
    return Slow(house, head_of(bob, "GET", bob.feedback_path) + b"x-more: ", b"x")


def bodies(house: House, bob: Account) -> Slow:
    """Send a body byte by byte."""
    return Slow(
        house, head_of(bob, "POST", bob.feedback_path) + b"content-length: 999\r\n\r\n", b" "
    )


def readers(house: House, bob: Account) -> Slow:
    """Ask for much, many times, and read none of it."""
    request = head_of(bob, "GET", bob.feedback_path + f"?limit={LARGE}") + b"\r\n"
    return Slow(house, request * READS_AT_ONCE, b"", reads=False)


def idlers(house: House, bob: Account) -> Slow:
    """Say nothing at all."""
    return Slow(house, b"", b"")


def left_alone(house: House, bob: Account) -> Slow:
    """Say nothing more after an answer."""
    return Slow(house, head_of(bob, "GET", bob.feedback_path + "?limit=1") + b"\r\n", b"")


def open_files(house: House) -> int:
    assert house.process
    return len(list(Path(f"/proc/{house.process.pid}/fd").iterdir()))


KINDS = [heads, bodies, idlers, left_alone]
# Each kind by itself where there is time, else all at once.
ROUNDS = [
    *([[kind] for kind in KINDS] if IS_SOAK else [KINDS]),
    [readers],
]


@pytest.mark.parametrize(
    "kinds", ROUNDS, ids=lambda kinds: "-".join(kind.__name__ for kind in kinds)
)
def test_t23_slow_clients_are_cut_off_and_nobody_else_notices(
    house: House, kinds: list[Callable[[House, Account], Slow]], record_property: Any
) -> None:
    bob = house.account()
    for _ in range(LARGE if readers in kinds else 1):
        bob.say(LONG_TEXT)
    before = open_files(house)
    slow = [kind(house, bob) for kind in kinds for _ in range(SLOW)]
    took_s: list[float] = []

    def all_are_cut() -> bool:
        began = time.monotonic()
        assert bob.get(bob.feedback_path + "?limit=1").status_code == 200
        took_s.append(time.monotonic() - began)
        for each in slow:
            each.go_on()
        return all(each.cut_after_s is not None for each in slow)

    try:
        until(all_are_cut, "all to be cut off", 2 * CUT_BY_S)
    finally:
        for each in slow:
            each.socket.close()
    longest = max(each.cut_after_s or 0 for each in slow)
    record_property("cut off after at most", longest)
    record_property("p99 of a good client", sorted(took_s)[int(len(took_s) * 0.99)])
    assert longest <= CUT_BY_S
    until(lambda: open_files(house) <= before + 1, "the files to be let go of")
