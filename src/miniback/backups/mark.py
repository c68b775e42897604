"""How far a database file had come, kept beside it, so that no start goes back in silence.

SQLite drops what follows a damaged place of its log without a word, and takes an older file for a
good one. A number in the database rises while anything is written; once it is on disk, it is
written into a file beside. A database that holds a lower one than the file has lost something.
"""

import asyncio
import contextlib
import fcntl
import os
from pathlib import Path
from typing import NamedTuple

import structlog

from miniback import clock, db
from miniback.db import Contents, Database, Engine, Tx
from miniback.errors import Invalid, Misconfigured, Refusal

# At the most so long before a damage may go unnoticed what was written.
EVERY_S = 1.0
# A start waits no longer than this for SQLite to examine the file.
_EXAMINED_S = 1.0

log = structlog.get_logger()


class Stand(NamedTuple):
    """How far a database had come, and when that was written down."""

    number: int
    at: str


def lost(engine: Engine) -> str:
    """Say what is wrong with a database file before anything is written to it, '' where nothing is.

    It and its log are left as they are.
    """
    if engine.path is None:
        return ""
    try:
        number = db.examine(engine, _number, _EXAMINED_S)
    except Invalid as damage:
        return str(damage)
    stand = _read(_beside(engine.path))
    if stand is None or stand.number <= number:
        return ""
    return (
        f"{engine.path} has lost what was written last: it had come to {stand.number} at"
        f" {stand.at}, and now stands at {number}"
    )


def check_mark(engine: Engine, *, accepts: bool) -> None:
    """Raise Misconfigured where the database has lost something, unless that is accepted."""
    loss = lost(engine)
    if not loss:
        return
    if not accepts:
        raise Misconfigured(
            f"{loss}. Nothing was changed. Bring the last backup back (miniback restore), or go on"
            " with what there is: miniback serve --accept-data-loss"
        )
    log.warning("data_loss_accepted", loss=loss)
    forget(engine)


def forget(engine: Engine) -> None:
    """Let the next server begin anew, whatever the database holds."""
    if engine.path is not None:
        _beside(engine.path).unlink(missing_ok=True)


class Mark:
    """Keeps the number and the file up; of several processes one does."""

    def __init__(self, database: Database) -> None:
        self._db = database
        self._path = database.engine.path
        self._handle = -1
        self._seen = b""
        self._was_busy = True

    async def run(self) -> None:
        """Look every second whether anything was written, until cancelled."""
        while self._path is not None:
            await asyncio.sleep(EVERY_S)
            try:
                if self._is_mine(_beside(self._path)):
                    await self._look()
            except (Refusal, OSError) as error:
                log.warning("mark_postponed", reason=str(error))

    async def end(self) -> None:
        """Write the last number down."""
        if self._path is None:
            return
        with contextlib.suppress(Refusal, OSError):
            if self._is_mine(_beside(self._path)):
                await self._write()
                os.close(self._handle)

    async def _look(self) -> None:
        """Write where there was a commit since, and once more after the last.

        What is committed between our own commit and the look at the version is seen by that one.
        """
        is_busy = self._db.version() != self._seen
        if is_busy or self._was_busy:
            await self._write()
            self._seen = self._db.version()
        self._was_busy = is_busy

    async def _write(self) -> None:
        number = await self._db.write(_rise)
        # Fifty bytes in one write; nobody waits for the disk, which has the number itself.
        line = f"{number} {clock.iso(clock.now())}\n"
        os.pwrite(self._handle, line.ljust(50).encode(), 0)

    def _is_mine(self, path: Path) -> bool:
        """Hold the file, for as long as it is the one of this name: a restore takes it away."""
        if self._handle >= 0 and path.exists():
            return True
        if self._handle >= 0:
            os.close(self._handle)
        self._handle = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
        try:
            fcntl.flock(self._handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            os.close(self._handle)
            self._handle = -1
            return False
        return True


def _rise(tx: Tx) -> int:
    row = tx.one("UPDATE high_water SET number = number + 1 RETURNING number")
    return int(row[0]) if row else 0


def _number(tx: Tx, contents: Contents) -> int:
    if "high_water" not in contents.rows:
        return 0
    row = tx.one("SELECT number FROM high_water")
    return int(row[0]) if row else 0


def _beside(path: Path) -> Path:
    return path.with_name(path.name + ".mark")


def _read(path: Path) -> Stand | None:
    """Return what stands in the file; None where it is not there, or its disk has not kept it."""
    try:
        number, at = path.read_text(encoding="ascii").split()
        return Stand(int(number), at)
    except (FileNotFoundError, ValueError):
        return None
