"""Commands that go on until they are interrupted."""

import signal
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from threading import Thread
from typing import IO, Any

from tests.cli.conftest import Caller
from tests.house import PATIENCE_S, until


@dataclass
class Going:
    """A command that goes on, and what it has printed so far."""

    process: subprocess.Popen[str]
    lines: list[str] = field(default_factory=list)
    complaints: list[str] = field(default_factory=list)

    def await_line(self, part: str) -> None:
        until(lambda: any(part in line for line in self.lines), f"a line with {part}")

    def await_complaint(self, part: str) -> None:
        until(lambda: any(part in line for line in self.complaints), f"a complaint of {part}")


@contextmanager
def going(cli: Caller, *arguments: str, **variables: Any) -> Iterator[Going]:
    """Start a command that goes on, and see that Ctrl-C ends it in good order."""
    process = cli.start(*arguments, **variables)
    found = Going(process)
    assert process.stdout
    assert process.stderr
    readers = [_reader(process.stdout, found.lines), _reader(process.stderr, found.complaints)]
    try:
        yield found
    finally:
        process.send_signal(signal.SIGINT)
        code = process.wait(PATIENCE_S)
        for each in readers:
            each.join()
        process.stdout.close()
        process.stderr.close()
    assert code == 0, found.complaints


def _reader(stream: IO[str], into: list[str]) -> Thread:
    def read() -> None:
        for line in stream:
            into.append(line)  # noqa: PERF402 - it is looked at meanwhile

    thread = Thread(target=read)
    thread.start()
    return thread
