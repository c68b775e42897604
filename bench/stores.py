"""Scratch copies of a filled database: what a run may write to and throw away."""

import os
import shutil
from pathlib import Path
from typing import Any, LiteralString, Protocol
from urllib.parse import urlsplit

import apsw
import psycopg
from psycopg.sql import SQL, Identifier

DATABASE = "miniback.db"


class Store(Protocol):
    """A database that a server can be started on."""

    env: dict[str, str]

    def count(self, table: str = "feedback") -> int:
        """Return the rows of a table."""

    def drop(self) -> None:
        """Throw it away."""


class Sqlite:
    """A folder with an SQLite database."""

    def __init__(self, folder: Path) -> None:
        self.file = folder / DATABASE
        self._folder = folder
        self.env = {
            "MINIBACK_DATA_DIR": str(folder),
            "MINIBACK_DATABASE_URL": f"sqlite:///{self.file}",
        }

    @classmethod
    def copied(cls, base: Path, folder: Path) -> "Sqlite":
        """Copy a base and see it on disk, so that its writing back disturbs no run."""
        shutil.rmtree(folder, ignore_errors=True)
        shutil.copytree(base, folder)
        os.sync()
        return cls(folder)

    def count(self, table: str = "feedback") -> int:
        """Return the rows of a table."""
        connection = apsw.Connection(str(self.file), flags=apsw.SQLITE_OPEN_READWRITE)
        try:
            rows: Any = connection.execute(f"SELECT count(*) FROM {table}").fetchall()
            return int(rows[0][0])
        finally:
            connection.close()

    def drop(self) -> None:
        """Throw it away."""
        shutil.rmtree(self._folder, ignore_errors=True)


class Postgres:
    """A database in the benchmark's own PostgreSQL."""

    def __init__(self, admin: str, name: str, folder: Path) -> None:
        self.url = urlsplit(admin)._replace(path=f"/{name}").geturl()
        self.env = {"MINIBACK_DATA_DIR": str(folder), "MINIBACK_DATABASE_URL": self.url}
        self._admin, self._name, self._folder = admin, name, folder

    @classmethod
    def created(cls, admin: str, name: str, folder: Path) -> "Postgres":
        """Make an empty database."""
        made = cls(admin, name, folder)
        made._make("template1")
        return made

    @classmethod
    def copied(cls, admin: str, base: Path, template: str, folder: Path) -> "Postgres":
        """Make a database from a filled one; the base folder holds the files beside it."""
        shutil.rmtree(folder, ignore_errors=True)
        shutil.copytree(base, folder)
        made = cls(admin, f"scratch-{os.getpid()}-{folder.name}", folder)
        made._make(template)
        return made

    def count(self, table: str = "feedback") -> int:
        """Return the rows of a table."""
        with psycopg.connect(self.url) as connection:
            counted = SQL("SELECT count(*) FROM {}").format(Identifier(table))
            row = connection.execute(counted).fetchone()
        return int(row[0]) if row else 0

    def drop(self) -> None:
        """Throw it away."""
        self._run("DROP DATABASE IF EXISTS {} WITH (FORCE)", self._name)
        shutil.rmtree(self._folder, ignore_errors=True)

    def _make(self, template: str) -> None:
        """Make the database anew from a template, and see it on disk."""
        self._run("DROP DATABASE IF EXISTS {} WITH (FORCE)", self._name)
        self._run("CREATE DATABASE {} TEMPLATE {}", self._name, template)
        self._run("CHECKPOINT")

    def _run(self, statement: LiteralString, *names: str) -> None:
        """Run a statement with names in it, outside a transaction."""
        with psycopg.connect(self._admin, autocommit=True) as connection:
            connection.execute(SQL(statement).format(*map(Identifier, names)))
