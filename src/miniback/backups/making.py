"""Making a backup: whole, checked and with its manifest, or not at all."""

import contextlib
import errno
import fcntl
import hashlib
import os
import shutil
import time
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import msgspec

from miniback import __version__, clock, db
from miniback.backups.models import FORMAT, MANIFEST, BackupFailed, Made, Manifest
from miniback.backups.newest import newest
from miniback.db import Contents, Engine, Pause
from miniback.errors import Conflict, Misconfigured, Refusal
from miniback.settings import Settings

PREFIX = "miniback-"
# No other program names its files so: what is left over may be deleted.
PARTIAL = ".miniback-partial"
_PART_BYTES = 1 << 20
# A disk is never filled to its last byte by a backup.
_SPARE_BYTES = 16 << 20


class Place(NamedTuple):
    """Where a backup is to lie: a folder, and a name that is '' where it is found by the time."""

    folder: Path
    name: str = ""


def place(chosen: Settings, to: str = "") -> Place:
    """Understand where somebody wants a backup: a folder that is there or ends in /, or a file."""
    if not to:
        return Place(chosen.backup_folder)
    path = Path(to)
    if path.is_dir() or to.endswith("/"):
        return Place(path)
    if not path.parent.is_dir():
        raise Conflict(f"The folder {path.parent.absolute()} is not there")
    return Place(path.parent, path.name)


def make(engine: Engine, where: Place, pause: Pause = lambda: None, prefix: str = PREFIX) -> Made:
    """Make a backup and check it; raise BackupFailed where there is none then.

    `pause` is called between two portions, and may raise to end it.
    """
    name = where.name or prefix + stamp() + db.copy_suffix(engine)
    try:
        where.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        with _only_one(where.folder):
            _check_free(where.folder / name)
            _check_room(engine, where.folder)
            return _make(engine, where.folder / name, pause)
    except (Conflict, Misconfigured):
        raise
    except Refusal as refusal:
        raise BackupFailed(str(refusal)) from refusal
    except Exception as error:
        if isinstance(error, OSError) or engine.failure(error):
            raise BackupFailed(_told(error, where.folder)) from error
        raise


def keep(folder: Path, count: int, prefix: str = PREFIX) -> list[Path]:
    """Delete all backups of a folder but the newest so many, and return those; 0 keeps all."""
    if not count:
        return []
    manifests = {each.name.removesuffix(MANIFEST) for each in folder.glob(f"{prefix}*{MANIFEST}")}
    names = sorted(name for name in manifests if (folder / name).exists())
    lonely = sorted(manifests.difference(names))
    for name in [*names[:-count], *lonely]:
        (folder / name).unlink(missing_ok=True)
        manifest_of(folder / name).unlink(missing_ok=True)
    return [folder / name for name in names[:-count]]


def manifest_of(path: Path) -> Path:
    """Return where a backup's manifest lies."""
    return path.with_name(path.name + MANIFEST)


def digest(path: Path, pause: Pause) -> str:
    """Return the SHA-256 of a file."""
    found = hashlib.sha256()
    with path.open("rb") as file:
        while part := file.read(_PART_BYTES):
            found.update(part)
            pause()
    return found.hexdigest()


def _make(engine: Engine, path: Path, pause: Pause) -> Made:
    partial = path.with_name(path.name + PARTIAL)
    made_at = clock.now()
    try:
        contents, positions = db.copy_out(engine, partial, newest, pause)
        manifest = _checked(engine, partial, contents, pause)
        manifest = msgspec.structs.replace(manifest, made_at=clock.iso(made_at), newest=positions)
        # A backup is there once its file has its name; the manifest has it before.
        _write(manifest_of(path), manifest)
        partial.rename(path)
        db.sync(path.parent)
    finally:
        partial.unlink(missing_ok=True)
    return Made(path.absolute(), manifest)


def _checked(engine: Engine, partial: Path, contents: Contents, pause: Pause) -> Manifest:
    """Read a copy again, and see that it holds what the database held."""
    rows = db.check_copy(engine, partial, pause)
    if rows != contents.rows:
        raise BackupFailed("The copy does not hold as many rows as the database did")
    return Manifest(
        format=FORMAT,
        version=__version__,
        engine=engine.name,
        made_at="",
        bytes=partial.stat().st_size,
        sha256=digest(partial, pause),
        migrations=contents.migrations,
        rows=rows,
        newest={},
    )


def _write(path: Path, manifest: Manifest) -> None:
    partial = path.with_name(path.name + PARTIAL)
    handle = os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(handle, "wb") as file:
        file.write(msgspec.json.format(msgspec.json.encode(manifest), indent=2))
        file.flush()
        os.fsync(handle)
    partial.rename(path)


@contextlib.contextmanager
def _only_one(folder: Path) -> Iterator[None]:
    """Hold a folder for one backup at a time, and clear away what one that was killed has left."""
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        for left in folder.glob("*" + PARTIAL + "*"):
            left.unlink(missing_ok=True)
        yield
    except BlockingIOError as error:
        raise Conflict(f"Another backup is being made in {folder}") from error
    finally:
        os.close(handle)


def _check_free(path: Path) -> None:
    if path.exists() or manifest_of(path).exists():
        raise Conflict(f"{path} is there already")


def _check_room(engine: Engine, folder: Path) -> None:
    free, needed = shutil.disk_usage(folder).free, db.size(engine) + _SPARE_BYTES
    if free < needed:
        raise BackupFailed(
            f"{folder} has no room for a backup: {free >> 20} MB are free, {needed >> 20} needed"
        )


def _told(error: Exception, folder: Path) -> str:
    if isinstance(error, OSError) and error.errno == errno.ENOSPC:
        return f"{folder} has no room for a backup"
    return f"The backup could not be made in {folder}: {error}"


def stamp() -> str:
    """Name this moment, to the millisecond, so that names sort by it."""
    now = clock.now()
    whole = time.strftime("%Y%m%d-%H%M%S", time.gmtime(now // clock.SECOND_MS))
    return f"{whole}-{now % clock.SECOND_MS:03d}"
