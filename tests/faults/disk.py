"""The other side of disk.c: telling a server's disk to fail, and what it would hold without power.

A journal of all that was written and synced to the two files of a database allows for building
them anew as they may stand after the power has gone: what was synced is there, the rest perhaps.
"""

import ctypes
import errno
import mmap
import shutil
import subprocess
from collections.abc import Callable, Iterator
from enum import IntEnum
from pathlib import Path
from typing import NamedTuple

import pytest

_SOURCE = Path(__file__).with_name("disk.c")
EIO, ENOSPC, EROFS = errno.EIO, errno.ENOSPC, errno.EROFS


class Number(IntEnum):
    """What the numbers mean, in the order of disk.c."""

    WRITE_ERROR = 0
    SYNC_ERROR = 1
    KILL_AT_WRITE = 2
    KILL_AT_SYNC = 3
    KILL_AT_FILE_WRITE = 4
    IS_DEAF = 5
    IS_TORN = 6
    WRITES = 7
    SYNCS = 8
    FILE_WRITES = 9
    WRITE_FAULTS = 10
    SYNC_FAULTS = 11


class Disk:
    """The disk of one server. Each number can be read and set at any time."""

    def __init__(self, library: Path, folder: Path) -> None:
        self._library, self._path = library, folder / "disk"
        self.journal = folder / "journal"
        self._path.write_bytes(bytes(8 * len(Number)))
        with self._path.open("r+b") as file:
            self._memory = mmap.mmap(file.fileno(), 0)
        self._numbers = (ctypes.c_int64 * len(Number)).from_buffer(self._memory)

    @property
    def environment(self) -> dict[str, str]:
        """What a server needs in its environment to have this disk."""
        return {"LD_PRELOAD": str(self._library), "FAULTY_DISK": str(self._path)}

    @property
    def journaled(self) -> dict[str, str]:
        """The same, with a journal of what is written."""
        return {**self.environment, "FAULTY_DISK_JOURNAL": str(self.journal)}

    def __getitem__(self, number: Number) -> int:
        return self._numbers[number]

    def __setitem__(self, number: Number, value: int) -> None:
        self._numbers[number] = value

    def mend(self) -> None:
        """Work as a disk should from now on."""
        for number in range(Number.WRITES):
            self._numbers[number] = 0


def library(folder: Path) -> Path:
    """Build disk.c, or skip the test where nothing can."""
    compiler = shutil.which("cc")
    if compiler is None:
        pytest.skip("no C compiler here to build tests/faults/disk.c with")
    built = folder / "disk.so"
    command = [compiler, "-O2", "-shared", "-fPIC", "-o", str(built), str(_SOURCE), "-ldl"]
    subprocess.run(command, check=True)
    return built


class Record(NamedTuple):
    """A write (W), a cut (T) or a sync (S), to the log (w) or the database file (f)."""

    kind: str
    file: str
    offset: int
    content: bytes


def records(journal: bytes) -> Iterator[Record]:
    """Read a journal."""
    at = 0
    while at < len(journal):
        kind, file, offset, length = (
            int.from_bytes(journal[at + 8 * n : at + 8 * n + 8], "little") for n in range(4)
        )
        at += 32
        yield Record(chr(kind), chr(file), offset, journal[at : at + length])
        at += length


class Platter:
    """A database file and its log as a disk holds them, moved forward along a journal."""

    def __init__(self, base: bytes, journal: bytes) -> None:
        self._files = {"f": bytearray(base), "w": bytearray()}
        self._waiting: dict[str, list[Record]] = {"f": [], "w": []}
        self._journal = memoryview(journal)
        self._at = 0

    def forward(self, size: int) -> None:
        """Go on to where the journal was so long."""
        for record in records(bytes(self._journal[self._at : size])):
            if record.kind != "S":
                self._waiting[record.file].append(record)
                continue
            for each in self._waiting[record.file]:
                _apply(self._files[record.file], each)
            self._waiting[record.file].clear()
        self._at = size

    def without_power(self, is_kept: Callable[[], bool]) -> tuple[bytes, bytes]:
        """Return file and log as they may stand if the power goes now.

        `is_kept` decides for each write since the last sync of its file whether it made it.
        """
        left = {name: bytearray(file) for name, file in self._files.items()}
        for name, rest in self._waiting.items():
            for each in filter(lambda _: is_kept(), rest):
                _apply(left[name], each)
        return bytes(left["f"]), bytes(left["w"])


def _apply(file: bytearray, record: Record) -> None:
    if record.kind == "T":
        del file[record.offset :]
        file.extend(bytes(record.offset - len(file)))
        return
    file.extend(bytes(max(0, record.offset - len(file))))
    file[record.offset : record.offset + len(record.content)] = record.content
