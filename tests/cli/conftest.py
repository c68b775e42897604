"""The command line of somebody with a key, as a process, against a real server."""

import fcntl
import os
import pty
import select
import signal
import struct
import subprocess
import termios
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from subprocess import CompletedProcess
from typing import Any

import pytest

from tests.house import MINIBACK, PATIENCE_S, Account, House, running

# Receivers of webhooks are on this machine.
ENVIRONMENT = {"MINIBACK_ALLOW_PRIVATE_TARGETS": "on"}
FAILED, USAGE, REFUSED, MISCONFIGURED = 1, 2, 3, 78


@dataclass
class Caller:
    """Somebody at a shell, with the address of a server and a key; `variables` change that."""

    house: House
    account: Account

    def environment(self, **variables: Any) -> dict[str, str]:
        mine = {"MINIBACK_URL": self.house.base_url, "MINIBACK_API_KEY": self.account.key}
        own = {k: v for k, v in os.environ.items() if not k.startswith("MINIBACK_")}
        return {k: v for k, v in {**own, **mine, **variables}.items() if v}

    def run(
        self, *arguments: str, stdin: str = "", folder: Path | None = None, **variables: Any
    ) -> CompletedProcess[str]:
        return subprocess.run(
            [*MINIBACK, *arguments],
            cwd=folder,
            env=self.environment(**variables),
            input=stdin,
            capture_output=True,
            text=True,
            timeout=PATIENCE_S,
            check=False,
        )

    def start(
        self, *arguments: str, into: int = subprocess.PIPE, **variables: Any
    ) -> subprocess.Popen[str]:
        return subprocess.Popen(
            [*MINIBACK, *arguments],
            env=self.environment(**variables),
            stdout=into,
            stderr=subprocess.PIPE,
            text=True,
        )

    def on_terminal(
        self, *arguments: str, columns: int = 120, until: str = "", **variables: Any
    ) -> str:
        """Run it at a terminal, and return all that this was sent.

        What would go on for good is interrupted when it has printed `until`.
        """
        ours, its = pty.openpty()
        fcntl.ioctl(its, termios.TIOCSWINSZ, struct.pack("HHHH", 40, columns, 0, 0))
        environment = self.environment(TERM="xterm-256color", **variables)
        process = subprocess.Popen(
            [*MINIBACK, *arguments], env=environment, stdin=its, stdout=its, stderr=its
        )
        os.close(its)
        said = b""
        while piece := _read(ours, process):
            said += piece
            if until and until in said.decode(errors="replace"):
                process.send_signal(signal.SIGINT)
        os.close(ours)
        process.wait(PATIENCE_S)
        return said.decode()


def _read(terminal: int, process: subprocess.Popen[bytes]) -> bytes:
    if not select.select([terminal], [], [], PATIENCE_S)[0]:
        process.kill()
        raise AssertionError("neither a word nor an end")
    try:
        return os.read(terminal, 65_536)
    except OSError:  # nobody writes to it any more
        return b""


@pytest.fixture(scope="session")
def house(new_house: Callable[..., House]) -> Iterator[House]:
    with running(new_house("sqlite", environment=ENVIRONMENT)) as house:
        yield house


@pytest.fixture
def own_house(new_house: Callable[..., House]) -> House:
    """A house that is not running yet."""
    return new_house("sqlite", environment=dict(ENVIRONMENT))


@pytest.fixture
def cli(house: House, bob: Account) -> Caller:
    """Bob at his shell."""
    return Caller(house, bob)


@pytest.fixture
def call(cli: Caller) -> Callable[..., str]:
    """Run a command that succeeds, and return what it prints."""

    def calling(*arguments: str, **more: Any) -> str:
        done = cli.run(*arguments, **more)
        assert (done.returncode, done.stderr) == (0, "")
        return done.stdout

    return calling
