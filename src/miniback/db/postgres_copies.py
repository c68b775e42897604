"""Copies of a PostgreSQL database: every table of one snapshot, as rows of text, in one archive."""

import json
import os
import zipfile
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import TypeVar

import psycopg
from psycopg import sql

from miniback.db.engine import Pause, Session
from miniback.db.postgres import Postgres, PostgresSession
from miniback.db.transaction import Tx
from miniback.errors import Conflict, Invalid

T = TypeVar("T")

SUFFIX = ".pg.zip"
_COLUMNS = "columns.json"
_PORTION_BYTES = 1 << 20
# Text of a database shrinks well, and the quickest level is nearly as good as the best.
_LEVEL = 1
_READ_BACK = (zipfile.BadZipFile, OSError, ValueError, KeyError, EOFError)


def tables(tx: Tx) -> list[str]:
    """Return the names of all our tables."""
    rows = tx.all(
        "SELECT tablename FROM pg_tables WHERE schemaname = current_schema() ORDER BY tablename"
    )
    return [name for (name,) in rows]


def size(engine: Postgres) -> int:
    """Return how many bytes a copy needs at the most."""
    session = engine.connect(writes=False)
    try:
        row = session.one("SELECT pg_database_size(current_database())")
        return int(row[0]) if row else 0
    finally:
        session.close()


def copy_out(engine: Postgres, target: Path, look: Callable[[Tx], T], pause: Pause) -> T:
    """Write all tables of one snapshot into an archive, and return what `look` finds in it."""
    session = _patient(engine)
    try:
        session.begin_read()
        found = look(session)
        handle = os.open(target, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "w+b") as file:
            with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED, compresslevel=_LEVEL) as archive:
                _write_tables(session, archive, lambda: _kept(file.fileno(), pause))
            file.flush()
            os.fsync(file.fileno())
        return found
    finally:
        session.close()


def check(path: Path, pause: Pause) -> dict[str, int]:
    """Read an archive to its end and return how many rows it holds of each table.

    Raises Invalid where it is damaged.
    """
    rows = {}
    try:
        with zipfile.ZipFile(path) as archive:
            for table in json.loads(archive.read(_COLUMNS)):
                with archive.open(table) as lines:
                    rows[table] = 0
                    while part := lines.read(_PORTION_BYTES):
                        # A row is a line: line ends within a value are written as \n.
                        rows[table] += part.count(b"\n")
                        pause()
    except _READ_BACK as error:
        raise Invalid(f"{path} is damaged: {error}") from error
    return rows


def put_back(
    engine: Postgres,
    copy: Path,
    judge: Callable[[Tx], None],
    make: Callable[[Session], None],
    finish: Callable[[Session], None],
    kept: str,
) -> str:
    """Put an archive in the place of all tables in one transaction; return where the old ones are.

    `judge` looks at what is there and may refuse; `make` makes the tables as they were when the
    archive was written, `finish` brings them up to this version.
    """
    session = _patient(engine)
    try:
        session.begin_write()
        _check_alone(session)
        aside = ""
        if tables(session):
            judge(session)
            aside = _set_aside(session, kept)
        make(session)
        with zipfile.ZipFile(copy) as archive:
            _read_tables(session, archive)
        finish(session)
        session.commit()
        session.connection.execute("ANALYZE")
        return aside
    except psycopg.errors.InsufficientPrivilege as error:
        raise Conflict(
            f"The database's user may not set the old tables aside or make new ones: {error}"
        ) from error
    finally:
        session.close()


def _patient(engine: Postgres) -> PostgresSession:
    session = engine.connect(writes=True)
    assert isinstance(session, PostgresSession)  # noqa: S101 - this engine's own
    session.connection.execute("SET idle_in_transaction_session_timeout = 0")
    return session


def _write_tables(session: PostgresSession, archive: zipfile.ZipFile, pause: Pause) -> None:
    columns = {table: _columns(session, table) for table in tables(session)}
    for table, names in columns.items():
        statement = sql.SQL("COPY {} ({}) TO STDOUT").format(_named(table), _listed(names))
        # Blocks are rows, so they are gathered, and the disk takes them in portions.
        with (
            archive.open(table, "w", force_zip64=True) as out,
            session.connection.cursor().copy(statement) as rows,
        ):
            gathered = bytearray()
            for row in rows:
                gathered += row
                if len(gathered) >= _PORTION_BYTES:
                    out.write(gathered)
                    gathered.clear()
                    pause()
            out.write(gathered)
    archive.writestr(_COLUMNS, json.dumps(columns))


def _kept(handle: int, pause: Pause) -> None:
    os.fdatasync(handle)
    pause()


def _read_tables(session: PostgresSession, archive: zipfile.ZipFile) -> None:
    """Fill the tables, which migrations may have put rows of their own into."""
    columns: dict[str, list[str]] = json.loads(archive.read(_COLUMNS))
    if strange := set(tables(session)) ^ set(columns):
        raise Invalid(f"The backup does not hold the tables of its version: {sorted(strange)}")
    run = session.connection.cursor().execute
    # Tables that only grow refuse to be emptied, and what stands in a backup need not be judged.
    _set_triggers(session, columns, "DISABLE")
    run(sql.SQL("TRUNCATE {}").format(sql.SQL(", ").join(map(_named, columns))))
    for table, names in columns.items():
        statement = sql.SQL("COPY {} ({}) FROM STDIN").format(_named(table), _listed(names))
        with archive.open(table) as lines, session.connection.cursor().copy(statement) as rows:
            while part := lines.read(_PORTION_BYTES):
                rows.write(part)
    _set_triggers(session, columns, "ENABLE")


def _set_triggers(session: PostgresSession, names: Iterable[str], change: str) -> None:
    for name in names:
        statement = sql.SQL("ALTER TABLE {} " + change + " TRIGGER USER")
        session.connection.execute(statement.format(_named(name)))


def _check_alone(session: PostgresSession) -> None:
    """Refuse while anybody else is connected: they would go on with the old tables."""
    others = session.all(
        "SELECT application_name FROM pg_stat_activity WHERE datname = current_database()"
        " AND pid <> pg_backend_pid() AND backend_type = 'client backend'"
    )
    if others:
        raise Conflict(
            f"{len(others)} other connections to the database are open; end servers, workers and"
            " other clients first"
        )


def _set_aside(session: PostgresSession, kept: str) -> str:
    """Rename the schema with all that is in it, and make an empty one of its name."""
    row = session.one("SELECT current_schema()")
    name, aside = str(row[0]) if row else "public", kept.replace("-", "_")
    run = session.connection.cursor().execute
    for table in tables(session):
        run(sql.SQL("LOCK TABLE {} IN ACCESS EXCLUSIVE MODE").format(_named(table)))
    run(sql.SQL("ALTER SCHEMA {} RENAME TO {}").format(_named(name), _named(aside)))
    run(sql.SQL("CREATE SCHEMA {}").format(_named(name)))
    return f"the schema {aside}"


def _columns(session: PostgresSession, table: str) -> list[str]:
    rows = session.all(
        "SELECT column_name FROM information_schema.columns"
        " WHERE table_schema = current_schema() AND table_name = :name ORDER BY ordinal_position",
        name=table,
    )
    return [name for (name,) in rows]


def _named(name: str) -> sql.Identifier:
    return sql.Identifier(name)


def _listed(names: Sequence[str]) -> sql.Composed:
    return sql.SQL(", ").join(map(_named, names))
