"""Load by wrk, and what it saw."""

import secrets
import subprocess
import zlib
from pathlib import Path
from typing import Protocol

import msgspec

import machine
import words

CONNECTIONS = 32
BODIES = 2_000
_SCRIPTS = Path(__file__).parent / "lua"


class LoadError(Exception):
    """wrk did not run to its end."""


class Load(msgspec.Struct, frozen=True):
    """One run of wrk: how many answers, and how long they took."""

    ok: int
    other: int
    broken: int
    seconds: float
    mean_us: float
    p50_us: int
    p99_us: int

    @property
    def rate(self) -> float:
        """Return good answers a second."""
        return self.ok / self.seconds

    @property
    def tail(self) -> float:
        """Return p99 against p50."""
        return self.p99_us / max(self.p50_us, 1)


# Every run of a case, by what was run.
Loads = dict[str, list[Load]]


class Shot(Protocol):
    """What wrk is to send."""

    def arguments(self, scratch: Path) -> list[str]:
        """Return the script and its arguments; files go to the scratch folder."""


class Post(msgspec.Struct, frozen=True):
    """POSTs of 300 bytes, and of a slug's length more where a project is named so."""

    key: str
    path: str
    is_keyed: bool = False
    slug: str = ""

    def arguments(self, scratch: Path) -> list[str]:
        """Return the script and its arguments."""
        file = scratch / f"bodies-{self.slug}.txt"
        if not file.exists():
            file.write_bytes(b"\n".join(words.bodies(BODIES, self.slug)) + b"\n")
        script = "post_keyed.lua" if self.is_keyed else "post.lua"
        return [script, self.key, self.path, str(file), str(secrets.randbits(31))]


class Get(msgspec.Struct, frozen=True):
    """GETs of one path or of several in turn."""

    key: str
    paths: list[str]

    def arguments(self, scratch: Path) -> list[str]:
        """Return the script and its arguments."""
        lines = "\n".join(self.paths) + "\n"
        file = scratch / f"paths-{zlib.crc32(lines.encode()):x}.txt"
        file.write_text(lines)
        return ["get.lua", self.key, str(file)]


def run(
    url: str, shot: Shot, scratch: Path, seconds: float, connections: int = CONNECTIONS
) -> Load:
    """Send the shot for so many seconds from the second core."""
    script, *arguments = shot.arguments(scratch)
    threads = ["wrk", "-t1", f"-c{connections}", f"-d{max(1, round(seconds))}s", "--latency"]
    command = machine.pin(machine.LOAD_CORE, [*threads, "-s", script, url, "--", *arguments])
    ran = subprocess.run(
        command, cwd=_SCRIPTS, capture_output=True, text=True, timeout=seconds + 60, check=False
    )
    for line in ran.stdout.splitlines():
        if line.startswith("BENCH "):
            return msgspec.json.decode(line.removeprefix("BENCH "), type=Load)
    raise LoadError(f"wrk said: {(ran.stderr or ran.stdout).strip()[-300:]}")
