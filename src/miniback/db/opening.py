"""Choosing the engine from the address of a database, and the lock of the one that serves."""

import contextlib
import fcntl
import os
from collections.abc import Iterator
from pathlib import Path

from miniback.db.engine import Engine
from miniback.db.postgres import Postgres
from miniback.db.sqlite import Sqlite
from miniback.errors import Misconfigured

_SQLITE = "sqlite:///"


def engine_for(address: str) -> Engine:
    """Understand `sqlite:///relative`, `sqlite:////absolute` and any libpq address.

    A database file's folder is made where it is missing, readable by its owner alone.
    """
    if not address.startswith(_SQLITE):
        return Postgres(address)
    path = Path(address.removeprefix(_SQLITE))
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        if not path.exists():
            path.touch(mode=0o600)
    except OSError as error:
        raise Misconfigured(f"The database file {path} cannot be made: {error}") from error
    return Sqlite(path)


@contextlib.contextmanager
def only_server(engine: Engine) -> Iterator[None]:
    """Hold the right to serve a database file; raise Misconfigured where another server has it.

    A database on a server may be served by any number of nodes. Commands take no lock.
    """
    if not isinstance(engine, Sqlite):
        yield
        return
    lock = engine.path.with_name(engine.path.name + ".serve-lock")
    handle = os.open(lock, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        yield
    except BlockingIOError as error:
        raise Misconfigured(
            f"Another server already serves {engine.path}; stop it first, or use another file"
        ) from error
    finally:
        os.close(handle)
