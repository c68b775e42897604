"""SQLite through apsw, whose wheel brings its own library: one writer, many readers, WAL."""

import functools
import operator
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import apsw
import msgspec
import structlog

from miniback.db import sqlite_search
from miniback.db.engine import Failure, Session
from miniback.db.sqlite_changes import Changes
from miniback.db.sqlite_log import Patience, check_version, checkpoint
from miniback.db.statements import Statement, statements
from miniback.db.transaction import Asked, Entry, Query, Row
from miniback.errors import Misconfigured

log = structlog.get_logger()

_LOOK_EVERY_STEPS = 20_000
_PRAGMAS = (
    "PRAGMA journal_mode = WAL",
    # FULL, so that a commit is on disk when it returns; NORMAL may lose it with the power.
    "PRAGMA synchronous = FULL",
    "PRAGMA foreign_keys = ON",
    "PRAGMA trusted_schema = OFF",
    "PRAGMA journal_size_limit = 67108864",
)
_EMPTY_LOG = "PRAGMA wal_checkpoint(TRUNCATE)"
_WRITER_CACHE = "PRAGMA cache_size = -16000"
# Every foreign commit empties a reader's cache, so a reader leans on the page cache of the system.
_READER_CACHE = ("PRAGMA cache_size = -2000", "PRAGMA mmap_size = 268435456")
# Each run of a statement takes a place in the ring of prepared ones, and so does each row of many:
# the writer's must hold what a batch runs, or most of that would be prepared anew each time.
_WRITER_STATEMENTS, _READER_STATEMENTS = 300, 100
# Commits between two merges of the search index: merges in small portions, inside the transactions,
# keep the tail of the latencies short, as was measured.
MERGE_EVERY = 8
# Merging a page takes as long as changing so many rows, as was measured.
_ROWS_A_PAGE, _LEAST_PAGES = 32, 4


class Sqlite:
    """A database file."""

    name = "sqlite"
    reads_on_loop = True
    commits_together = True
    most_in_hand = 1
    readers = 4

    def __init__(self, path: Path) -> None:
        check_version(apsw.sqlite_lib_version())
        self.path = path
        self.place = str(path.absolute())

    def connect(self, *, writes: bool) -> Session:
        """Open the file, making it where there is none yet."""
        try:
            kept = _WRITER_STATEMENTS if writes else _READER_STATEMENTS
            connection = apsw.Connection(str(self.path), statementcachesize=kept)
            connection.set_busy_handler(Patience())
            # Else some statements would be prepared anew with every value that is bound to them.
            connection.config(apsw.SQLITE_DBCONFIG_ENABLE_QPSG, 1)
            for pragma in (*_PRAGMAS, *([_WRITER_CACHE] if writes else _READER_CACHE)):
                connection.execute(pragma).fetchall()
        except apsw.Error as error:
            raise Misconfigured(f"The database {self.path} cannot be opened: {error}") from error
        if writes:
            if connection.readonly("main"):  # SQLite opens such a file without a word
                connection.close()
                raise Misconfigured(f"The database {self.path} may not be written")
            connection.set_wal_hook(checkpoint)
        else:
            connection.execute("PRAGMA query_only = ON")
        return SqliteSession(connection)

    def failure(self, error: Exception) -> Failure | None:
        """A full disk, a lock, a cut read: all pass, and none loses the connection."""
        if isinstance(error, _TROUBLE):
            return Failure(is_passing=False, is_lost=False)
        return None

    def run_script(self, session: Session, script: str) -> None:
        """Run a migration's statements; apsw takes them all at once."""
        assert isinstance(session, SqliteSession)  # noqa: S101 - this engine's own
        session.connection.execute(script)

    def compact(self) -> None:
        """Merge the search index, write the file anew, and empty the log."""
        session = self.connect(writes=True)
        assert isinstance(session, SqliteSession)  # noqa: S101 - this engine's own
        try:
            for statement in (sqlite_search.OPTIMIZE, "VACUUM", _EMPTY_LOG):
                session.connection.execute(statement).fetchall()
        finally:
            session.close()

    def lock_migrations(self, session: Session) -> None:
        """Need nothing: whoever writes has the whole file."""


_TROUBLE = (
    apsw.BusyError,
    apsw.LockedError,
    apsw.FullError,
    apsw.IOError,
    apsw.ReadOnlyError,
    apsw.CantOpenError,
    apsw.InterruptError,
    apsw.NoMemError,
)


class SqliteSession:
    """A connection to the file."""

    def __init__(self, connection: apsw.Connection) -> None:
        self.connection = connection
        self._execute = connection.execute
        self._changes: Changes | None = None
        self._commits = 0

    def all(self, sql: str, **values: Any) -> list[Row]:
        """Return every row."""
        statement = _statements(sql)
        rows: list[Row] = self._execute(statement.sql, _bound(statement, values)).fetchall()
        return rows

    def one(self, sql: str, **values: Any) -> Row | None:
        """Return the first row, if any."""
        statement = _statements(sql)
        row: Row | None = self._execute(statement.sql, _bound(statement, values)).fetchone()
        return row

    def ask(self, sql: str, **values: Any) -> Asked:
        """Read the rows at once: there is nobody to wait for."""
        rows = self.all(sql, **values)
        return lambda: rows

    def run(self, sql: str, **values: Any) -> int:
        """Change rows and return how many changed."""
        statement = _statements(sql)
        before = self.connection.total_changes()
        self._execute(statement.sql, _bound(statement, values)).fetchall()
        return self.connection.total_changes() - before

    def run_many(self, sql: str, rows: Sequence[Mapping[str, Any]]) -> int:
        """Run one changing statement for many rows."""
        statement, values = _in_places(sql)
        before = self.connection.total_changes()
        self.connection.executemany(statement, map(values, rows))
        return self.connection.total_changes() - before

    def put_many(self, sql: str, rows: Sequence[Mapping[str, Any]]) -> None:
        """Do the same."""
        self.run_many(sql, rows)

    def merge(
        self, streams: Sequence[str], order: str, limit: int, offset: int, **values: Any
    ) -> list[int]:
        """Return one page; SQLite merges the parts of a compound SELECT as they come."""
        sql = (
            " UNION ALL ".join(streams) + f" ORDER BY position {order} LIMIT :limit OFFSET :offset"
        )
        rows = self.all(sql, **values, limit=limit, offset=offset)
        return [position for (position,) in rows]

    def index(self, entries: Sequence[Entry]) -> None:
        """Add items to the search index, and merge a portion of it now and then."""
        self.connection.executemany(sqlite_search.ADD, sqlite_search.rows(entries))
        self._commits += 1
        if self._commits % MERGE_EVERY == 0:
            self._execute(sqlite_search.MERGE)

    def unindex(self, entries: Sequence[Entry]) -> None:
        """Take items out of the search index."""
        self.connection.executemany(sqlite_search.REMOVE, sqlite_search.rows(entries))

    def tidy_index(self, portion: int, *, begin: bool = False) -> bool:
        """Merge a portion of pages; what begins it makes one segment of all that there are."""
        before = self.connection.total_changes()
        pages = max(_LEAST_PAGES, portion // _ROWS_A_PAGE)
        self._execute(sqlite_search.MERGE_SOME, {"pages": -pages if begin else pages})
        # A merge that finds nothing to do writes one row (https://sqlite.org/fts5.html#the_merge_command).
        return self.connection.total_changes() - before > 1

    def find(self, query: Query, limit: int, offset: int, order: str = "DESC") -> list[int]:
        """Return the positions of one page of hits."""
        values = {**sqlite_search.values(query), "limit": limit, "offset": offset}
        return [position for (position,) in self._execute(sqlite_search.FIND[order], values)]

    def count_found(self, query: Query) -> tuple[int, bool]:
        """Return how many hits there are; counting is quick enough to be exact always."""
        ((count,),) = self._execute(sqlite_search.COUNT, sqlite_search.values(query)).fetchall()
        return int(str(count)), True

    def hold_rows(self, sql: str, **values: Any) -> Asked:
        """Return the rows; while this transaction writes, nobody else does."""
        return self.ask(sql, **values)

    def hold_table(self, name: str) -> None:
        """Do nothing: while this transaction writes, nobody else does."""

    def begin_read(self) -> None:
        """Begin to read from one snapshot."""
        self._execute("BEGIN")

    def begin_write(self) -> None:
        """Take the file's write lock at once: a later upgrade could be refused for good."""
        self._execute("BEGIN IMMEDIATE")

    def begin_batch(self) -> None:
        """Do the same: there is nobody to wait for."""
        self.begin_write()

    @property
    def has_begun(self) -> bool:
        """Tell whether a transaction is open."""
        return self.connection.in_transaction

    def settle(self) -> None:
        """Need nothing."""

    def commit(self) -> None:
        """Return once the log is on disk."""
        self._execute("COMMIT")

    def rollback(self) -> None:
        """Undo the transaction, if one is open; some errors have done so already."""
        if self.connection.in_transaction:
            self._execute("ROLLBACK")

    def hold(self) -> None:
        """Set a mark."""
        self._execute("SAVEPOINT held")

    def undo(self) -> None:
        """Go back to the mark."""
        self._execute("ROLLBACK TO held")

    def release(self) -> None:
        """Forget the mark."""
        self._execute("RELEASE held")

    def version(self) -> bytes:
        """Return what every commit changes in the log's index."""
        if self._changes is None:
            self._changes = Changes(self.connection)
        return self._changes.now()

    def interrupt_after(self, seconds: float) -> None:
        """Look at the clock every few thousand steps of a statement, until told otherwise."""
        deadline = time.monotonic() + seconds
        self.connection.set_progress_handler(lambda: time.monotonic() > deadline, _LOOK_EVERY_STEPS)

    def expect_answers_within(self, seconds: float) -> None:
        """Need nothing: a file is there, and who else writes to it is waited for as ever."""

    def spare_memory(self) -> None:
        """Map no part of the file."""
        self._execute("PRAGMA mmap_size = 0").fetchall()

    def close(self) -> None:
        """Let go of the file; the last one out copies the log into it."""
        self._changes = None
        self.connection.close()


def _bound(statement: Statement, values: dict[str, Any]) -> dict[str, Any]:
    for name in statement.lists:
        values[name] = msgspec.json.encode(values[name]).decode()
    return values


@functools.cache  # as few as there are statements
def _in_places(sql: str) -> tuple[str, Callable[[Mapping[str, Any]], Any]]:
    """Write a statement for many rows, and return what lays a row's values out for it.

    SQLite finds each value by its name once a row, which takes longer than to bind it.
    """
    statement = _in_order(sql)
    names = statement.names
    return statement.sql, operator.itemgetter(*names) if names[1:] else lambda row: (row[names[0]],)


_statements = statements(
    value=":{name}", listed="IN (SELECT value FROM json_each(:{name}))", percent="%"
)
_in_order = statements(value="?", listed="IN (SELECT value FROM json_each(?))", percent="%")
