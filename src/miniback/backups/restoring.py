"""Putting a backup in the place of a database, after everything that could speak against it."""

import functools
from pathlib import Path
from typing import NamedTuple

import msgspec

from miniback import db
from miniback.backups import mark
from miniback.backups.making import digest, manifest_of, stamp
from miniback.backups.models import FORMAT, Manifest
from miniback.backups.newest import newest, told_newer
from miniback.db import Contents, Engine, Tx
from miniback.errors import Conflict, Invalid, NotFound


class Restored(NamedTuple):
    """What was put in place, and where that lies which it has replaced, '' for nothing."""

    manifest: Manifest
    kept: str


def restore(engine: Engine, path: Path, *, replaces_newer: bool) -> Restored:
    """Put a backup in place, whole or not at all; raise a Refusal that says why not."""
    manifest = _read(path)
    _check_kind(engine, manifest)
    if digest(path, lambda: None) != manifest.sha256:
        raise Invalid(f"{path} is damaged: it is not the file that its manifest describes")
    rows = db.check_copy(engine, path, lambda: None)
    if rows != manifest.rows:
        raise Invalid(f"{path} does not hold the rows that its manifest tells of")

    kept = f"before-restore-{stamp()}"
    held = Contents(manifest.migrations, manifest.rows)
    judge = None if replaces_newer else functools.partial(_judge, manifest)
    with db.nobody_serves(engine):
        try:
            where = db.put_copy_back(engine, path, held, judge, kept)
        except Invalid as damage:
            raise Conflict(f"{damage}. --replace-newer puts it aside all the same") from damage
        mark.forget(engine)
    return Restored(manifest, where)


def _read(path: Path) -> Manifest:
    if not path.is_file():
        raise NotFound(f"There is no backup at {path.absolute()}")
    try:
        return msgspec.json.decode(manifest_of(path).read_bytes(), type=Manifest)
    except FileNotFoundError as error:
        raise Invalid(
            f"{manifest_of(path)} is not there; it belongs to the backup and tells whether it is"
            " whole, so copy both"
        ) from error
    except (OSError, msgspec.DecodeError) as error:
        raise Invalid(f"{manifest_of(path)} cannot be read: {error}") from error


def _check_kind(engine: Engine, manifest: Manifest) -> None:
    kinds = {"sqlite": "SQLite", "postgres": "PostgreSQL"}
    if manifest.engine != engine.name:
        raise Conflict(
            f"This is a backup of {kinds.get(manifest.engine, 'another kind')}, and the database is"
            f" {kinds[engine.name]}; an archive (miniback export archive) moves between the two"
        )
    newer = set(manifest.migrations) - db.known_migrations(engine)
    if newer or manifest.format > FORMAT:
        raise Conflict(
            f"The backup was made by a newer version of Miniback ({manifest.version}); run that one"
        )


def _judge(manifest: Manifest, tx: Tx, there: Contents) -> None:
    """Refuse where something is there that the backup does not hold."""
    if not there.rows:
        return
    newer = told_newer(newest(tx, there), manifest.newest)
    more = there.rows.get("feedback", 0) - manifest.rows.get("feedback", 0)
    if newer or more > 0:
        raise Conflict(
            f"What is there is newer than this backup of {manifest.made_at}"
            f" ({newer or 'it holds more'}; items more: {max(more, 0)}). --replace-newer goes back"
            " all the same, and keeps it aside"
        )
