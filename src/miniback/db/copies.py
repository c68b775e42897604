"""Copies of a whole database, made beside its writers, and put in its place again."""

import contextlib
import importlib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, NamedTuple, TypeVar

from miniback.db import sqlite_copies
from miniback.db.engine import Engine, Pause, Session
from miniback.db.migrate import apply, migrate, seen_migrations
from miniback.db.opening import only_server
from miniback.db.sqlite import Sqlite
from miniback.db.transaction import Tx
from miniback.errors import Conflict, Invalid, Misconfigured

T = TypeVar("T")


class Contents(NamedTuple):
    """What a database holds: which migrations it has seen, and how many rows a table."""

    migrations: list[str]
    rows: dict[str, int]


def copy_suffix(engine: Engine) -> str:
    """Return how the name of a copy ends."""
    suffix: str = _kind(engine).SUFFIX
    return suffix


def size(engine: Engine) -> int:
    """Return how many bytes a copy needs at the most."""
    count: int = _kind(engine).size(engine)
    return count


def copy_out(
    engine: Engine, target: Path, look: Callable[[Tx, Contents], T], pause: Pause
) -> tuple[Contents, T]:
    """Write a copy of one moment into a new file, and return what was in the database then.

    `pause` is called between two portions; `look` sees the same moment.
    """

    def looked(tx: Tx) -> tuple[Contents, T]:
        contents = contents_of(engine, tx)
        return contents, look(tx, contents)

    result: tuple[Contents, T] = _kind(engine).copy_out(engine, target, looked, pause)
    return result


def check_copy(engine: Engine, path: Path, pause: Pause) -> dict[str, int]:
    """Read all of a copy and count its rows; raise Invalid where it is damaged."""
    kind = _kind(engine)
    if isinstance(engine, Sqlite):
        return sqlite_copies.check(path, lambda tx: contents_of(engine, tx).rows, pause)
    rows: dict[str, int] = kind.check(path, pause)
    return rows


def examine(engine: Engine, look: Callable[[Tx, Contents], T], seconds: float) -> T:
    """Look at a database file, for some seconds at the most, and leave all as it is.

    Raises Invalid where it is damaged.
    """
    assert isinstance(engine, Sqlite)  # noqa: S101 - a server looks after its files itself
    return sqlite_copies.examine(
        engine.path, lambda tx: look(tx, contents_of(engine, tx, counted=False)), seconds
    )


def put_copy_back(
    engine: Engine,
    path: Path,
    held: Contents,
    judge: Callable[[Tx, Contents], None] | None,
    kept: str,
) -> str:
    """Put a copy in the place of the database, and bring it up to this version.

    Whole or not at all. `judge` looks at what is there already, and may refuse; Invalid where that
    is damaged. Without it anything is replaced. Returns where that is kept, '' for nothing.
    """

    def judged(tx: Tx) -> None:
        if judge:
            judge(tx, contents_of(engine, tx))

    if isinstance(engine, Sqlite):

        def brought_up(fresh: Sqlite) -> None:
            _compare(check_copy(fresh, fresh.path, lambda: None), held)
            migrate(fresh)

        return sqlite_copies.put_back(engine, path, judged, brought_up, kept)

    def made(session: Session) -> None:
        apply(engine, session, only=held.migrations)

    def finished(session: Session) -> None:
        _compare(contents_of(engine, session).rows, held)
        apply(engine, session)

    where: str = _kind(engine).put_back(engine, path, judged, made, finished, kept)
    return where


@contextlib.contextmanager
def nobody_serves(engine: Engine) -> Iterator[None]:
    """Keep servers from a database file; raise Conflict where one has it."""
    with contextlib.ExitStack() as stack:
        try:
            stack.enter_context(only_server(engine))
        except Misconfigured as error:
            raise Conflict(str(error)) from error
        yield


def contents_of(engine: Engine, tx: Tx, *, counted: bool = True) -> Contents:
    """Say what a database holds; rows that are not counted are 0."""
    names = _kind(engine).tables(tx)
    seen = sorted(seen_migrations(tx)) if "migrations" in names else []
    rows = {name: _count(tx, name) if counted else 0 for name in names}
    return Contents(seen, rows)


def _count(tx: Tx, table: str) -> int:
    # The name is one of the database's own list.
    row = tx.one('SELECT count(*) FROM "' + table + '"')  # noqa: S608 - see above
    return int(row[0]) if row else 0


def _compare(rows: dict[str, int], held: Contents) -> None:
    if rows != held.rows:
        wrong = sorted(name for name in held.rows | rows if rows.get(name) != held.rows.get(name))
        raise Invalid(f"The backup does not hold the rows that it should: {', '.join(wrong)}")


def _kind(engine: Engine) -> Any:
    """Return how copies of an engine's databases are made; PostgreSQL's driver is heavy."""
    return importlib.import_module(f"miniback.db.{engine.name}_copies")
