"""What a backup is: the file, what is told beside it, and what is known of those before."""

from enum import StrEnum
from pathlib import Path
from typing import NamedTuple

import msgspec

FORMAT = 1
MANIFEST = ".json"


class BackupFailed(Exception):  # noqa: N818 - told to the operator
    """No backup was made; the message says why."""


class Reason(StrEnum):
    """Why a backup was made."""

    SCHEDULE = "SCHEDULE"
    COMMAND = "COMMAND"
    MIGRATION = "MIGRATION"


class State(StrEnum):
    """How a server stands with its backups."""

    GOOD = "GOOD"
    NONE = "NONE"
    FAILED = "FAILED"
    OLD = "OLD"


class Manifest(msgspec.Struct, frozen=True, rename="camel"):
    """What stands beside a backup, so that it can be checked and compared."""

    format: int
    version: str
    engine: str
    made_at: str
    bytes: int
    sha256: str
    migrations: list[str]
    rows: dict[str, int]
    newest: dict[str, int]


class Made(NamedTuple):
    """A backup that lies on the disk, checked."""

    path: Path
    manifest: Manifest

    @property
    def entries(self) -> int:
        """How many rows it holds."""
        return sum(self.manifest.rows.values())


class Backup(NamedTuple):
    """A backup that was begun; `ended_at` is None while it is being made."""

    id: str
    reason: str
    began_at: int
    ended_at: int | None
    path: str
    bytes: int
    entries: int
    failure: str
