"""The disk: room, whether it can be written, and who may read what lies there."""

import os
import shutil
import stat
import tempfile
from collections.abc import Iterator
from pathlib import Path

from miniback import db
from miniback.doctor.findings import Finding, ok, warning, wrong
from miniback.errors import Misconfigured
from miniback.settings import Settings

_SCARCE_BYTES, _LITTLE_BYTES = 200 << 20, 1 << 30
_OTHERS = 0o077


def disk(chosen: Settings) -> Iterator[Finding]:
    """Look at the folders that things are kept in."""
    for folder in _folders(chosen):
        yield from _folder(folder)
    yield _modes(chosen)


def _folders(chosen: Settings) -> list[Path]:
    places = [chosen.data_dir, chosen.backup_folder]
    try:
        path = db.engine_for(chosen.database, make=False).path
    except Misconfigured:
        path = None
    if path:
        places.append(path.parent)
    return [each for each in dict.fromkeys(each.absolute() for each in places) if each.exists()]


def _folder(folder: Path) -> Iterator[Finding]:
    try:
        with tempfile.TemporaryFile(dir=folder):
            pass
    except OSError as error:
        yield wrong(
            "disk",
            f"Nothing can be written in {folder}: {error.strerror}",
            f"Give it to the user that Miniback runs as: chown {os.geteuid()} {folder}",
        )
    free = shutil.disk_usage(folder).free
    told = f"{free >> 20:,} MB are free for {folder}"
    if free < _SCARCE_BYTES:
        yield wrong("disk", told, "Make room now: without it nothing can be taken in")
    elif free < _LITTLE_BYTES:
        yield warning("disk", told, "Make room soon")
    else:
        yield ok("disk", told)


def _modes(chosen: Settings) -> Finding:
    """Find what others may read, or what belongs to somebody else."""
    found = [path for folder in _folders(chosen) for path in _ours(folder, chosen)]
    open_ones = [each for each in found if stat.S_IMODE(each.stat().st_mode) & _OTHERS]
    foreign = [each for each in found if each.stat().st_uid != os.geteuid()]
    if open_ones:
        names = " ".join(map(str, open_ones[:3]))
        return warning(
            "permissions",
            f"{len(open_ones)} files or folders can be read by others, {open_ones[0]} for one",
            f"chmod go= {names}",
        )
    if foreign:
        return warning(
            "permissions",
            f"{foreign[0]} belongs to another user than the one that asks",
            "Run this as the user that the server runs as, or chown what lies there to that one",
        )
    return ok("permissions", "What is kept can be read by its owner alone")


def _ours(folder: Path, chosen: Settings) -> Iterator[Path]:
    """Yield what holds data: not the folder of a database that stands among other things."""
    if folder in (chosen.data_dir.absolute(), chosen.backup_folder.absolute()):
        yield folder
    for pattern in ("*.db*", "miniback-*", "before-*"):
        yield from folder.glob(pattern)
