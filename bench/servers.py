"""Servers that the benchmark starts, waits for and stops."""

import contextlib
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import machine

HOST = "127.0.0.1"
START_S = 60.0
STOP_S = 30.0
MINIBACK = str(Path(sys.executable).parent / "miniback")
_ECHO = str(Path(__file__).parent / "echo.py")
_PROBE = b"GET /healthz HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\r\n"


class ServerError(Exception):
    """A server did not come up."""


class Server:
    """A process that serves HTTP on the first core."""

    def __init__(self, command: list[str], env: dict[str, str], log: Path) -> None:
        self.port = _free_port()
        self.url = f"http://{HOST}:{self.port}"
        self._log = log
        with log.open("ab") as sink:
            self._process = subprocess.Popen(
                machine.pin(machine.SERVER_CORE, [*command, "--port", str(self.port)]),
                env=_variables() | env,
                stdout=sink,
                stderr=sink,
            )

    @property
    def pid(self) -> int:
        """Return the process id; taskset has become the server by then."""
        return self._process.pid

    def wait(self, pause_s: float = 0.02) -> None:
        """Return when /healthz answers 2xx."""
        end = time.monotonic() + START_S
        while not self._answers():
            self.check()
            if time.monotonic() > end:
                raise ServerError(f"The server did not start: {self._last_words()}")
            time.sleep(pause_s)
        self.check()  # or somebody else's server answered at its address

    def check(self) -> None:
        """Raise ServerError if the process has ended."""
        code = self._process.poll()
        if code is not None:
            raise ServerError(f"The server ended with {code}: {self._last_words()}")

    def held(self) -> contextlib.AbstractContextManager[None]:
        """Let the process stand still meanwhile, so that it takes nothing from another."""
        return self._signalled(signal.SIGSTOP, signal.SIGCONT)

    def let_go(self) -> contextlib.AbstractContextManager[None]:
        """Let a process that is held go on meanwhile."""
        return self._signalled(signal.SIGCONT, signal.SIGSTOP)

    def stop(self) -> None:
        """Ask the process to end, and see that it does."""
        self._process.terminate()
        try:
            self._process.wait(STOP_S)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()

    @contextlib.contextmanager
    def _signalled(self, before: signal.Signals, after: signal.Signals) -> Iterator[None]:
        os.kill(self.pid, before)
        try:
            yield
        finally:
            os.kill(self.pid, after)

    def _answers(self) -> bool:
        """Tell whether /healthz answers 2xx."""
        with contextlib.suppress(OSError), socket.create_connection((HOST, self.port), 1) as line:
            line.sendall(_PROBE)
            return line.recv(64).startswith(b"HTTP/1.1 2")
        return False

    def _last_words(self) -> str:
        """Return the end of the log."""
        return self._log.read_text(errors="replace").strip()[-600:] or "it said nothing"


@contextlib.contextmanager
def echo(scratch: Path) -> Iterator[Server]:
    """Run the yardstick."""
    with other([sys.executable, _ECHO], scratch / "echo.log") as server:
        yield server


@contextlib.contextmanager
def miniback(env: dict[str, str], scratch: Path) -> Iterator[Server]:
    """Run the product."""
    with _running(started(env, scratch)) as server:
        yield server


@contextlib.contextmanager
def other(command: list[str], log: Path) -> Iterator[Server]:
    """Run something else that serves, to be told its port."""
    with _running(Server(command, {}, log)) as server:
        yield server


def started(env: dict[str, str], scratch: Path) -> Server:
    """Start the product without waiting for it."""
    return Server([MINIBACK, "serve", "--host", HOST], env, scratch / "miniback.log")


@contextlib.contextmanager
def _running(server: Server) -> Iterator[Server]:
    """Wait for a server, and stop it at the end."""
    try:
        server.wait()
        yield server
    finally:
        server.stop()


def _variables() -> dict[str, str]:
    """Return this process's own, but for one that has a server compile itself at each start.

    Whoever installs a package has it compiled.
    """
    return {k: v for k, v in os.environ.items() if k != "PYTHONDONTWRITEBYTECODE"}


def _free_port() -> int:
    """Return a port that nobody has at the moment."""
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        port: int = probe.getsockname()[1]
        return port
