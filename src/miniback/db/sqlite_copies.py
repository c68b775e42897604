"""Copies of an SQLite file: made beside its writers, checked, and put in its place."""

import contextlib
import errno
import os
import shutil
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TypeVar

import apsw

from miniback.db.engine import Pause
from miniback.db.sqlite import Sqlite, SqliteSession
from miniback.db.transaction import Tx
from miniback.errors import Conflict, Invalid, Misconfigured

T = TypeVar("T")

SUFFIX = ".db"
# A megabyte at a time, each on disk before the next: what writes meanwhile waits for no more of it.
_PORTION_PAGES = 256
_LOOK_EVERY_STEPS = 200_000
_BESIDE = ("-wal", "-shm", "-journal")
_PATIENCE_MS = 2_000
_DAMAGES = (apsw.CorruptError, apsw.NotADBError, apsw.IOError)


def tables(tx: Tx) -> list[str]:
    """Return the names of all tables that hold rows, the search index's too."""
    rows = tx.all(
        "SELECT name FROM sqlite_schema WHERE type = 'table'"
        " AND sql NOT LIKE 'CREATE VIRTUAL%' ORDER BY name"
    )
    return [name for (name,) in rows]


def size(engine: Sqlite) -> int:
    """Return how many bytes a copy needs at the most."""
    beside = engine.path.with_name(engine.path.name + "-wal")
    return sum(each.stat().st_size for each in (engine.path, beside) if each.exists())


def copy_out(engine: Sqlite, target: Path, look: Callable[[Tx], T], pause: Pause) -> T:
    """Copy the file as it is at one moment, and return what `look` finds at that moment.

    Page by page within one read transaction: no writer waits, and none makes the copy begin anew,
    as it would outside of one.
    """
    session = engine.connect(writes=False)
    assert isinstance(session, SqliteSession)  # noqa: S101 - this engine's own
    session.spare_memory()
    try:
        session.connection.set_progress_handler(_cut(pause), _LOOK_EVERY_STEPS)
        session.begin_read()
        found = look(session)
        _copy_pages(session.connection, target, pause)
        return found
    finally:
        session.close()


def examine(path: Path, look: Callable[[Tx], T], seconds: float) -> T:
    """Look at a database and leave it and its log as they are, whatever is wrong with them.

    SQLite examines it first, for some seconds at the most. Raises Invalid where it is damaged.
    """
    try:
        connection = apsw.Connection(str(path))
    except apsw.Error as error:
        raise Misconfigured(f"The database {path} cannot be opened: {error}") from error
    try:
        # What a log holds behind a damaged place may be of use to somebody yet.
        connection.config(apsw.SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1)
        deadline = time.monotonic() + seconds
        with _explained(path):
            session = SqliteSession(connection)
            connection.set_progress_handler(lambda: time.monotonic() > deadline, 20_000)
            with contextlib.suppress(apsw.InterruptError):
                wrong = [row for row in session.all("PRAGMA quick_check(1)") if row != ("ok",)]
                if wrong:
                    raise Invalid(f"{path} is damaged: {wrong[0][0]}")
            connection.set_progress_handler(None)
            return look(session)
    except apsw.Error as error:
        raise Misconfigured(f"The database {path} cannot be opened: {error}") from error
    finally:
        connection.close()


def check(path: Path, look: Callable[[Tx], T], pause: Pause) -> T:
    """Open a copy, have SQLite examine all of it, and return what `look` finds in it.

    Raises Invalid where it is damaged.
    """
    with _explained(path), _opened(path) as session:
        session.connection.set_progress_handler(_cut(pause), _LOOK_EVERY_STEPS)
        for pragma in ("PRAGMA integrity_check(1)", "PRAGMA foreign_key_check"):
            wrong = [row for row in session.all(pragma) if row != ("ok",)]
            if wrong:
                raise Invalid(f"{path} is damaged: {wrong[0][0]}")
        return look(session)


def put_back(
    engine: Sqlite,
    copy: Path,
    judge: Callable[[Tx], None],
    finish: Callable[[Sqlite], None],
    kept: str,
) -> str:
    """Put a copy in the place of the database, whole or not at all; return where the old one is.

    `judge` looks at what is there and may refuse; `finish` brings the copy up to this version.
    """
    path = engine.path
    there = path.exists() and path.stat().st_size > 0
    if there:
        _fold(engine, judge)
    fresh = path.with_name(path.name + ".restoring")
    _remove(fresh)
    _duplicate(copy, fresh)
    finish(Sqlite(fresh))
    sync(fresh)
    aside = path.with_name(f"{path.name}.{kept}") if there else None
    if aside:
        _forget_interrupted(path)
        aside.hardlink_to(path)
        # A log that could not be folded in must never meet the new file.
        for ending in _BESIDE:
            with contextlib.suppress(FileNotFoundError):
                path.with_name(path.name + ending).rename(aside.with_name(aside.name + ending))
    fresh.replace(path)
    sync(path.parent)
    return str(aside) if aside else ""


def sync(path: Path) -> None:
    """Have the disk keep a file, or the names in a folder."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    except OSError as error:
        if error.errno != errno.EINVAL:  # a folder on a file system that knows no such thing
            raise
    finally:
        os.close(handle)


def _copy_pages(source: apsw.Connection, target: Path, pause: Pause) -> None:
    handle = os.open(target, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600)
    copy = apsw.Connection(str(target))
    try:
        for pragma in ("PRAGMA synchronous = OFF", "PRAGMA journal_mode = OFF"):
            copy.execute(pragma).fetchall()
        with copy.backup("main", source, "main") as pages:
            while not pages.done:
                pages.step(_PORTION_PAGES)
                os.fdatasync(handle)
                pause()
        # One file, that opens without another beside it.
        copy.execute("PRAGMA journal_mode = DELETE").fetchall()
        copy.close()
        os.fsync(handle)
    finally:
        copy.close()
        os.close(handle)


def _cut(pause: Pause) -> Callable[[], bool]:
    def stopped() -> bool:
        pause()
        return False

    return stopped


@contextlib.contextmanager
def _opened(path: Path) -> Iterator[SqliteSession]:
    """Open a file that nobody changes, and leave nothing beside it."""
    flags = apsw.SQLITE_OPEN_READONLY | apsw.SQLITE_OPEN_URI
    connection = apsw.Connection(path.absolute().as_uri() + "?immutable=1", flags=flags)
    try:
        yield SqliteSession(connection)
    finally:
        connection.close()


@contextlib.contextmanager
def _explained(path: Path) -> Iterator[None]:
    try:
        yield
    except _DAMAGES as error:
        raise Invalid(f"{path} is damaged: {error}") from error


def _fold(engine: Sqlite, judge: Callable[[Tx], None]) -> None:
    """Look at the database that is to be replaced, and fold its log into it.

    SQLite leaves its log only where no other process has the file open.
    """
    connection = apsw.Connection(str(engine.path))
    try:
        connection.set_busy_timeout(_PATIENCE_MS)
        with _explained(engine.path):
            judge(SqliteSession(connection))
        # What is damaged keeps its log, and is moved together with it.
        with contextlib.suppress(*_DAMAGES):
            connection.execute("PRAGMA journal_mode = DELETE").fetchall()
    except (apsw.BusyError, apsw.LockedError) as error:
        raise Conflict(
            f"Another program has {engine.path} open; end servers and workers first"
        ) from error
    finally:
        connection.close()


def _duplicate(copy: Path, fresh: Path) -> None:
    handle = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with copy.open("rb") as source, os.fdopen(handle, "wb") as out:
        shutil.copyfileobj(source, out)


def _forget_interrupted(path: Path) -> None:
    """Take away the second name that a restore has given the database before it was killed."""
    own = path.stat().st_ino
    for each in path.parent.glob(f"{path.name}.before-restore-*"):
        if each.stat().st_ino == own:
            each.unlink()


def _remove(path: Path) -> None:
    for ending in ("", *_BESIDE):
        path.with_name(path.name + ending).unlink(missing_ok=True)
