"""`miniback demo` as a process, and what it prints."""

import os
import re
import signal
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.house import BYTECODE, MINIBACK, PATIENCE_S, until

# What says where a browser shows itself.
SCREENS = ("BROWSER", "DISPLAY", "WAYLAND_DISPLAY")


@dataclass
class Demo:
    """A demo that runs, in a folder of the test's."""

    folder: Path
    process: "subprocess.Popen[str]"

    @property
    def printed(self) -> str:
        return (self.folder / "stdout.log").read_text()

    def told(self, label: str) -> str:
        """What stands behind a label, once it is printed."""
        pattern = re.compile(rf"^{label}\s+(\S+)$", re.M)
        found: re.Match[str] = until(lambda: self._found(pattern), label)
        return found[1]

    @property
    def data(self) -> Path:
        """The folder that holds the data."""
        kept = re.search(r"keeps its data in (\S+/)miniback\.db", self.printed)
        assert kept
        return Path(kept[1])

    def end(self, by: signal.Signals = signal.SIGINT) -> int:
        """End it, and return its exit code."""
        self.process.send_signal(by)
        return self.process.wait(PATIENCE_S)

    def _found(self, pattern: re.Pattern[str]) -> re.Match[str] | None:
        assert self.process.poll() is None, self.printed
        return pattern.search(self.printed)


@contextmanager
def demonstrated(folder: Path, *options: str, **variables: str) -> Iterator[Demo]:
    """Start a demo without a screen, and see that it ends."""
    own = {name: value for name, value in os.environ.items() if name not in SCREENS}
    with (folder / "stdout.log").open("w") as out:
        process = subprocess.Popen(
            [*MINIBACK, "demo", *options],
            env={**own, "PYTHONPYCACHEPREFIX": BYTECODE, **variables},
            cwd=folder,
            stdout=out,
            text=True,
        )
    demo = Demo(folder, process)
    try:
        yield demo
    finally:
        if process.poll() is None:
            demo.end()
