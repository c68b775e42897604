"""PostgreSQL through psycopg 3: one writer a process, readers in threads."""

import contextlib
import functools
from collections.abc import Mapping, Sequence
from typing import Any

import psycopg
from psycopg import errors, sql

from miniback.db import postgres_rows, postgres_search, postgres_shards
from miniback.db.engine import READ_LIMIT_S, Failure, Session
from miniback.db.postgres_connection import CONNECT_LIMIT_S, Connection, hang_up, name_of
from miniback.db.postgres_sending import Sending
from miniback.db.statements import Statement, statements
from miniback.db.transaction import Asked, Entry, Query, Row
from miniback.errors import Misconfigured

# The server cuts a statement by itself; who hears nothing from it so long after is not heard.
_GRACE_S = 1.0
# An arbitrary number of our own: who holds it migrates.
_MIGRATION_LOCK = 5_137_004_211
# A server that is gone without a word is noticed within half a minute.
_KEEPALIVES: dict[str, Any] = {
    "keepalives_idle": 10,
    "keepalives_interval": 5,
    "keepalives_count": 3,
}
_SETTINGS = (
    "SET synchronous_commit = on",
    "SET jit = off",
    "SET lock_timeout = '3s'",
    "SET idle_in_transaction_session_timeout = '10s'",
    "SET client_encoding = 'UTF8'",
)
_READS_ONLY = "SET default_transaction_read_only = on"
# A unique value taken by another transaction: run again, a change finds it there and says so.
_PASSING = (errors.DeadlockDetected, errors.SerializationFailure, errors.UniqueViolation)
_LOST = (
    psycopg.InterfaceError,
    errors.OperatorIntervention,
    errors.AdminShutdown,
    errors.CrashShutdown,
    errors.CannotConnectNow,
)
_TROUBLE = (psycopg.OperationalError, errors.ReadOnlySqlTransaction, errors.DataCorrupted)


class Postgres:
    """A database on a server."""

    name = "postgres"
    reads_on_loop = False
    # Changes with nothing in common could make two processes wait for each other in a ring.
    commits_together = False
    most_in_hand = 2
    readers = 8
    path = None

    def __init__(self, address: str, setting: str = "MINIBACK_DATABASE_URL") -> None:
        self._address = address
        self._setting = setting
        self.place = f"the PostgreSQL database {name_of(address, setting)}"

    def connect(self, *, writes: bool) -> Session:
        """Open a connection."""
        try:
            connection = Connection.connect(
                self._address, autocommit=True, connect_timeout=CONNECT_LIMIT_S, **_KEEPALIVES
            )
            connection.set_up(_SETTINGS if writes else (*_SETTINGS, _READS_ONLY))
        except psycopg.OperationalError as error:
            hang_up(error)
            raise Misconfigured(
                f"{self._setting}: the database server cannot be reached: {error}"
            ) from error
        return PostgresSession(connection)

    def failure(self, error: Exception) -> Failure | None:
        """Tell what passes by itself and what has cost the connection."""
        if isinstance(error, _PASSING):
            return Failure(is_passing=True, is_lost=False)
        if isinstance(error, errors.QueryCanceled):
            return Failure(is_passing=False, is_lost=False)
        if isinstance(error, _LOST):
            return Failure(is_passing=False, is_lost=True)
        if isinstance(error, _TROUBLE):
            return Failure(is_passing=False, is_lost=error.sqlstate is None)
        return None

    def run_script(self, session: Session, script: str) -> None:
        """Run a migration's statements; without values the server takes them all at once."""
        assert isinstance(session, PostgresSession)  # noqa: S101 - this engine's own
        session.connection.execute(sql.SQL(script))

    def compact(self) -> None:
        """Write every table and index anew; each is locked while that lasts."""
        session = self.connect(writes=True)
        assert isinstance(session, PostgresSession)  # noqa: S101 - this engine's own
        with contextlib.closing(session):
            session.connection.execute("VACUUM FULL")

    def lock_migrations(self, session: Session) -> None:
        """Wait until no other process migrates; the lock ends with the transaction."""
        # A backup may be made within it, over another connection.
        session.run("SET LOCAL idle_in_transaction_session_timeout = 0")
        # Who migrates may have much to do; only tables are not waited for.
        session.run("SET LOCAL lock_timeout = 0")
        session.all("SELECT pg_advisory_xact_lock(:number)", number=_MIGRATION_LOCK)
        for setting in ("SET LOCAL lock_timeout = '3s'", *postgres_shards.SETTINGS):
            session.run(setting)


class PostgresSession:
    """A connection to the server."""

    def __init__(self, connection: Connection) -> None:
        self.connection = connection
        self._sending = Sending(connection)

    def all(self, sql: str, **values: Any) -> list[Row]:
        """Return every row."""
        rows = self._run(_statements(sql), values).fetchall()
        self._sending.heard()
        return rows

    def one(self, sql: str, **values: Any) -> Row | None:
        """Return the first row, if any."""
        row = self._run(_statements(sql), values).fetchone()
        self._sending.heard()
        return row

    def ask(self, sql: str, **values: Any) -> Asked:
        """Send a statement, and wait for its rows when they are read."""
        return self._sending.later().execute(_statements(sql).sql, values).fetchall

    def run(self, sql: str, **values: Any) -> int:
        """Change rows and return how many changed."""
        cursor = self._sending.unasked().execute(_statements(sql).sql, values)
        self.settle()
        return cursor.rowcount

    def run_many(self, sql: str, rows: Sequence[Mapping[str, Any]]) -> int:
        """Run one changing statement for many rows."""
        cursor = self._send(sql, rows)
        self.settle()
        return cursor.rowcount

    def put_many(self, sql: str, rows: Sequence[Mapping[str, Any]]) -> None:
        """Send the same; within a batch, the next answer tells what has become of it, too."""
        self._send(sql, rows)

    def merge(
        self, streams: Sequence[str], order: str, limit: int, offset: int, **values: Any
    ) -> list[int]:
        """Return one page; each part is bounded by itself, or the planner would sort them whole."""
        ending = f" ORDER BY position {order} LIMIT :reach)"
        parts = " UNION ALL ".join(["(" + stream + ending for stream in streams])
        if len(streams) == 1:
            parts = streams[0]
        sql = f"{parts} ORDER BY position {order} LIMIT :limit OFFSET :offset"
        values |= {"limit": limit, "offset": offset, "reach": limit + offset}
        return [position for (position,) in self.all(sql, **values)]

    def index(self, entries: Sequence[Entry]) -> None:
        """Add items to the search index."""
        rows, cursor = postgres_search.rows(entries), self._sending.unasked()
        if self._is_sharded:
            cursor.executemany(postgres_search.ADD, rows)
        else:
            cursor.execute(postgres_search.ADD_ALL, {"rows": postgres_rows.written(rows)})

    def unindex(self, entries: Sequence[Entry]) -> None:
        """Take items out of the search index."""
        self._sending.unasked().executemany(postgres_search.REMOVE, postgres_search.rows(entries))

    def tidy_index(self, portion: int, *, begin: bool = False) -> bool:  # noqa: ARG002 - see Tx
        """Need nothing: the server's own vacuum takes out of the index what is gone."""
        return False

    def find(self, query: Query, limit: int, offset: int, order: str = "DESC") -> list[int]:
        """Return the positions of one page of hits."""
        return postgres_search.find(self._sending.asked(), query, limit, offset, order)

    def count_found(self, query: Query) -> tuple[int, bool]:
        """Return how many hits there are, counting no further than `MOST_COUNTED`."""
        return postgres_search.count(self._sending.asked(), query)

    def hold_rows(self, sql: str, **values: Any) -> Asked:
        """Ask for the rows under a lock that lets everything pass but their deletion."""
        several = len(values.get("account_ids", ())) > 1 and self._is_sharded
        parts = postgres_shards.by_account(values) if several else [values]
        asked = [self.ask(sql + " FOR KEY SHARE", **part) for part in parts]
        return lambda: [row for rows in asked for row in rows()]

    @functools.cached_property
    def _is_sharded(self) -> bool:
        return postgres_shards.is_there(self)

    def hold_table(self, name: str) -> None:
        """Lock a table against changes; what is being changed now is waited for."""
        self._sending.unasked().execute(
            sql.SQL("LOCK TABLE {} IN EXCLUSIVE MODE").format(sql.Identifier(name))
        )

    def begin_read(self) -> None:
        """Begin to read from one snapshot."""
        self._sending.asked().execute("BEGIN ISOLATION LEVEL REPEATABLE READ")

    def begin_write(self) -> None:
        """Begin to write; each statement sees what others have committed by then."""
        self._sending.asked().execute("BEGIN")

    def begin_batch(self) -> None:
        """Begin to write, and to send on while the server is at work, in its pipeline mode."""
        self._sending.begin()
        self._sending.unasked().execute("BEGIN")

    @property
    def has_begun(self) -> bool:
        """Tell whether an answer has come, or the COMMIT has gone out."""
        return self._sending.has_answered

    def settle(self) -> None:
        """Wait for what was sent."""
        self._sending.settle()

    def commit(self) -> None:
        """Return once the server has it on disk."""
        self._sending.last().execute("COMMIT")
        self._sending.end()

    def rollback(self) -> None:
        """Undo the transaction, if one is open."""
        with contextlib.suppress(psycopg.Error):  # which whoever rolls back knows already
            self._sending.end()
        if self.connection.info.transaction_status != psycopg.pq.TransactionStatus.IDLE:
            self._sending.asked().execute("ROLLBACK")

    def hold(self) -> None:
        """Set a mark."""
        self._sending.unasked().execute("SAVEPOINT held")

    def undo(self) -> None:
        """Go back to the mark."""
        with contextlib.suppress(psycopg.Error):  # nothing is done behind what has failed
            self.settle()
        self._sending.unasked().execute("ROLLBACK TO held")

    def release(self) -> None:
        """Forget the mark."""
        self._sending.unasked().execute("RELEASE held")

    def version(self) -> bytes:
        """Raise: there is no such number here, which `reads_on_loop` says already."""
        raise NotImplementedError

    def interrupt_after(self, seconds: float) -> None:
        """Let the server cut statements; a limit that already stands costs no round trip."""
        if seconds != READ_LIMIT_S or not self._is_limited:
            self.expect_answers_within(seconds)
            self._is_limited = seconds == READ_LIMIT_S

    _is_limited = False

    def expect_answers_within(self, seconds: float) -> None:
        """Let the server cut statements, and give up one that does not even do that."""
        self.connection.patience_s = seconds + _GRACE_S
        self._sending.asked().execute(f"SET statement_timeout = {int(seconds * 1000)}")

    def spare_memory(self) -> None:
        """Need nothing: rows are let go of with the portion that they came in."""

    def close(self) -> None:
        """Let go of the connection."""
        self.connection.close()

    def _send(self, sql: str, rows: Sequence[Mapping[str, Any]]) -> psycopg.Cursor[Row]:
        """Run a statement for many rows: once where it adds them."""
        adding = postgres_rows.together(sql) if len(rows) > 1 and not self._is_sharded else None
        cursor = self._sending.unasked()
        if adding and (written := postgres_rows.written(rows)):
            return cursor.execute(_statements(adding).sql, {"rows": written})
        cursor.executemany(_statements(sql).sql, rows)
        return cursor

    def _run(self, statement: Statement, values: dict[str, Any]) -> psycopg.Cursor[Row]:
        return self._sending.asked().execute(statement.sql, values)


_statements = statements(value="%({name})s", listed="= ANY(%({name})s)", percent="%%")
