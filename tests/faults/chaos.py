"""A proxy between a server and its database that delays, breaks off, swallows or refuses."""

import contextlib
import random
import socket
import struct
import threading
import time
from collections.abc import Iterator
from pathlib import Path

RESET = struct.pack("ii", 1, 0)


class Chaos:
    """A proxy on a port of this machine in front of a socket; what it does may change any time."""

    def __init__(self, target: Path) -> None:
        self._target = target
        self._listener = socket.create_server(("127.0.0.1", 0), backlog=100)
        self._chance = random.Random(3)
        self._open: set[socket.socket] = set()
        self._passes = threading.Event()
        self._passes.set()
        self.port: int = self._listener.getsockname()[1]
        # Each piece is so late.
        self.latency_s = 0.0
        # A connection is reset after as many bytes at the most; 0 is never.
        self.reset_after = 0
        self.is_down = False
        threading.Thread(target=self._accept, daemon=True).start()

    def swallow(self) -> None:
        """From now on let nothing through and say nothing."""
        self._passes.clear()

    def let_through(self) -> None:
        """Go on with what has been held back, and what comes."""
        self._passes.set()

    def go_down(self) -> None:
        """Reset all there is, and every newcomer."""
        self.is_down = True
        self.break_off()

    def come_back(self) -> None:
        """Take newcomers again."""
        self.is_down = False

    def break_off(self) -> None:
        """Reset all there is."""
        for each in list(self._open):
            _reset(each)

    def close(self) -> None:
        """End."""
        self._passes.set()
        self._listener.close()
        self.go_down()

    def _accept(self) -> None:
        while True:
            try:
                near, _ = self._listener.accept()
            except OSError:
                return
            if self.is_down:
                _reset(near)
                continue
            far = socket.socket(socket.AF_UNIX)
            try:
                far.connect(str(self._target))
            except OSError:
                far.close()
                _reset(near)
                continue
            self._join(near, far)

    def _join(self, near: socket.socket, far: socket.socket) -> None:
        self._open |= {near, far}
        budget = [self._chance.randrange(1, self.reset_after)] if self.reset_after else []
        for pair in ((near, far), (far, near)):
            threading.Thread(target=self._pump, args=(*pair, budget), daemon=True).start()

    def _pump(self, source: socket.socket, sink: socket.socket, budget: list[int]) -> None:
        with contextlib.suppress(OSError):
            while data := source.recv(65_536):
                self._passes.wait()
                if self.latency_s:
                    time.sleep(self.latency_s)  # it is the wire that is slow
                if budget:
                    budget[0] -= len(data)
                    if budget[0] < 0:
                        break
                sink.sendall(data)
        for each in (source, sink):
            self._open.discard(each)
            _reset(each)


def _reset(connection: socket.socket) -> None:
    """Break a connection off, and wake whoever reads from it here."""
    with contextlib.suppress(OSError):
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, RESET)
        connection.shutdown(socket.SHUT_RDWR)
    connection.close()


@contextlib.contextmanager
def between(target: Path) -> Iterator[Chaos]:
    """Stand between until the end of the block."""
    chaos = Chaos(target)
    try:
        yield chaos
    finally:
        chaos.close()
