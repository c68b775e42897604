"""Choosing the engine from the address of a database, and the lock of the one that serves."""

import contextlib
import fcntl
import importlib
import os
from collections.abc import Iterator
from pathlib import Path

from miniback.db.engine import Engine
from miniback.db.sqlite import Sqlite
from miniback.errors import Misconfigured

_SQLITE = "sqlite:///"
_MOUNTS = Path("/proc/self/mountinfo")
_OF_THE_NETWORK = (
    *("nfs", "cifs", "smb", "9p", "afs", "ceph", "gluster", "lustre", "ocfs2", "gfs2", "beegfs"),
    *("fuse.sshfs", "fuse.gluster", "fuse.s3fs", "fuse.rclone", "fuse.ceph", "virtiofs"),
)


def engine_for(address: str, *, make: bool = True) -> Engine:
    """Understand `sqlite:///relative`, `sqlite:////absolute` and any libpq address.

    A database file and its folder are made where they are missing, readable by their owner alone;
    without `make` that is Misconfigured.
    """
    if not address.startswith(_SQLITE):
        # Its driver weighs 10 MB, which a small machine with SQLite need not hold.
        engine: Engine = importlib.import_module("miniback.db.postgres").Postgres(address)
        return engine
    path = Path(address.removeprefix(_SQLITE))
    if not make and not path.exists():
        raise Misconfigured(
            f"There is no database at {path.absolute()}; run this where the server runs, or set"
            " MINIBACK_DATA_DIR or MINIBACK_DATABASE_URL as for the server"
        )
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        if not path.exists():
            path.touch(mode=0o600)
    except OSError as error:
        reason = error.strerror or error
        raise Misconfigured(f"The database file {path} cannot be made: {reason}") from error
    return Sqlite(path)


def replica_for(address: str) -> Engine | None:
    """Understand the address of a replica; None where there is none."""
    if not address:
        return None
    postgres = importlib.import_module("miniback.db.postgres")
    engine: Engine = postgres.Postgres(address, "MINIBACK_REPLICA_URL")
    return engine


def network_file_system(path: Path) -> str:
    """Return the kind of a file system that lies on another machine, '' for one that does not."""
    try:
        lines = _MOUNTS.read_text(encoding="utf-8", errors="replace").splitlines()
    except OSError:  # another system than Linux
        return ""
    best, kind, place = "", "", str(path.absolute().parent.resolve()) + "/"
    for line in lines:
        where, _, rest = line.partition(" - ")
        mounted = where.split(" ")[4].replace("\\040", " ").rstrip("/") + "/"
        if place.startswith(mounted) and len(mounted) >= len(best):
            best, kind = mounted, rest.split(" ")[0]
    return kind if kind.startswith(_OF_THE_NETWORK) else ""


@contextlib.contextmanager
def only_server(engine: Engine) -> Iterator[None]:
    """Hold the right to serve a database file; raise Misconfigured where another server has it.

    A database on a server may be served by any number of nodes. Commands take no lock.
    """
    if not isinstance(engine, Sqlite):
        yield
        return
    lock = engine.path.with_name(engine.path.name + ".serve-lock")
    try:
        handle = os.open(lock, os.O_RDWR | os.O_CREAT, 0o600)
    except OSError as error:
        raise Misconfigured(f"{lock} cannot be written: {error.strerror}") from error
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        yield
    except BlockingIOError as error:
        raise Misconfigured(
            f"Another server already serves {engine.path}; end it first, or set another"
            " MINIBACK_DATA_DIR"
        ) from error
    finally:
        os.close(handle)
