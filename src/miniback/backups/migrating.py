"""Migrations, with a backup before."""

import functools
from collections.abc import Sequence

import structlog

from miniback import db
from miniback.backups import store
from miniback.backups.making import Place, keep, make
from miniback.backups.models import BackupFailed, Made, Reason
from miniback.db import Engine
from miniback.errors import Misconfigured
from miniback.settings import Settings

PREFIX = "before-"
KEPT = 3
# Beyond this a copy by rows would hold up every node's start, and such a server has backups of its
# own kind.
LARGEST_ON_A_SERVER_BYTES = 1 << 30

log = structlog.get_logger()


def migrate(chosen: Settings, engine: Engine) -> list[str]:
    """Bring a database up to this version; one that holds something is backed up before."""
    made: list[Made] = []
    new = db.migrate(engine, functools.partial(_back_up, chosen, engine, made))
    for each in made:
        db.run(engine, store.note, Reason.MIGRATION, each)
    return new


def _back_up(chosen: Settings, engine: Engine, made: list[Made], new: Sequence[str]) -> None:
    """Make the backup while nobody else migrates."""
    if not chosen.backup_before_migration:
        log.info("migrating_without_backup", reason="MINIBACK_BACKUP_BEFORE_MIGRATION is off")
        return
    if engine.path is None and db.size(engine) > LARGEST_ON_A_SERVER_BYTES:
        log.warning("migrating_without_backup", reason="the database is larger than 1 GB")
        return
    number = new[0].partition("_")[0]
    try:
        backup = make(engine, Place(chosen.backup_folder), prefix=f"{PREFIX}{number}-")
    except BackupFailed as failure:
        raise Misconfigured(
            f"Nothing was migrated, since no backup could be made before: {failure}. Make room,"
            " name another folder in MINIBACK_BACKUP_DIR, or do without by"
            " MINIBACK_BACKUP_BEFORE_MIGRATION=off"
        ) from failure
    made.append(backup)
    keep(chosen.backup_folder, KEPT, PREFIX)
    log.info("backup_before_migration", path=str(backup.path), bytes=backup.manifest.bytes)
