"""Backups: made and checked beside the server, put back, and what tells that data was lost."""

from miniback.backups.making import Place, keep, make, place
from miniback.backups.mark import Mark, check_mark, lost
from miniback.backups.migrating import migrate
from miniback.backups.models import Backup, BackupFailed, Made, Reason, State
from miniback.backups.restoring import Restored, restore
from miniback.backups.schedule import Schedule, interval_ms
from miniback.backups.store import last, note, recent, state

__all__ = [
    "Backup",
    "BackupFailed",
    "Made",
    "Mark",
    "Place",
    "Reason",
    "Restored",
    "Schedule",
    "State",
    "check_mark",
    "interval_ms",
    "keep",
    "last",
    "lost",
    "make",
    "migrate",
    "note",
    "place",
    "recent",
    "restore",
    "state",
]
