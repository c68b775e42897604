"""Every version of the widget that this server has ever served: a pinned tag goes on working."""

from miniback.db import Database, Tx
from miniback.widget import files


async def keep_this_version(db: Database) -> None:
    """Put the files of this version beside those of earlier ones, once."""
    if await db.look_up(find, files.version(), files.CORE) is None:
        await db.write(_insert, files.version())


def find(tx: Tx, version: str, name: str) -> bytes | None:
    """Return a file of a version, None for one that was never served here."""
    row = tx.one(
        "SELECT content FROM widget_files WHERE version = :version AND name = :name",
        version=version,
        name=name,
    )
    return bytes(row[0]) if row else None


def _insert(tx: Tx, version: str) -> None:
    tx.run_many(
        "INSERT INTO widget_files (version, name, content) VALUES (:version, :name, :content)"
        " ON CONFLICT (version, name) DO NOTHING",
        [
            {"version": version, "name": name, "content": files.plain(name)}
            for name in files.names()
        ],
    )
