"""An open database: reads side by side, writes in a queue. Rooms hand over plain functions.

Nothing above this file knows of threads, batches or which engine is underneath.
"""

import asyncio
import contextvars
import threading
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any, Concatenate, ParamSpec, TypeVar

import structlog

from miniback import metrics
from miniback.db.engine import READ_LIMIT_S, Engine, Session
from miniback.db.queue import Job
from miniback.db.transaction import Tx
from miniback.db.writer import Writer
from miniback.errors import Misconfigured, Refusal, Unavailable

P = ParamSpec("P")
T = TypeVar("T")
Item = TypeVar("Item")

MOST_RECALLED = 10_000
# Reads that wait for a thread beyond these would be cut by their limit before they began.
MOST_READS = 256
_STREAMERS = 2

log = structlog.get_logger()


class Database:
    """A database that is open; made and closed by one event loop's thread."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine
        self._writer = Writer(engine)
        self._readers = ThreadPoolExecutor(engine.readers, thread_name_prefix="db-read")
        self._local = threading.local()
        self._streamer = ThreadPoolExecutor(
            _STREAMERS, thread_name_prefix="db-stream", initializer=self._begin_stream
        )
        self._sessions: list[Session] = []
        self._reading = 0
        self._recalled: dict[object, Any] = {}
        self._recalled_at = -1
        self._loop_session = engine.connect(writes=False) if engine.reads_on_loop else None

    async def read(
        self, query: Callable[Concatenate[Tx, P], T], *args: P.args, **kwargs: P.kwargs
    ) -> T:
        """Run query(tx, …) in one snapshot, in a thread; Unavailable after READ_LIMIT_S."""
        return await self._in_thread(self._readers, lambda tx: query(tx, *args, **kwargs))

    async def read_on(
        self, query: Callable[Concatenate[Tx, P], T], *args: P.args, **kwargs: P.kwargs
    ) -> T:
        """Do the same for a portion of much that is read once, as an export does.

        All of these share two threads, so that pages never wait for a reader, and connections that
        do not map the file: what is read once would only fill this process's memory.
        """
        return await self._in_thread(self._streamer, lambda tx: query(tx, *args, **kwargs))

    async def look_up(
        self, query: Callable[Concatenate[Tx, P], T], *args: P.args, **kwargs: P.kwargs
    ) -> T:
        """Run a query of one statement and a few rows, where possible without a thread.

        On SQLite it runs on the event loop, so it never waits behind the writer or a long read.
        """
        if self._loop_session is None:
            return await self.read(query, *args, **kwargs)
        try:
            return query(self._loop_session, *args, **kwargs)
        except Exception as error:
            raise self._explained(error) from error

    async def look_through(
        self, query: Callable[Concatenate[Tx, P], T], *args: P.args, **kwargs: P.kwargs
    ) -> T:
        """Do the same for a query of several statements, which see one snapshot."""
        if self._loop_session is None:
            return await self.read(query, *args, **kwargs)
        try:
            return _snapshot(self._loop_session, lambda tx: query(tx, *args, **kwargs))
        except Exception as error:
            raise self._explained(error) from error

    async def recall(self, query: Callable[..., T], *args: object) -> T:
        """Run a look_up(), or give its last result again if nothing at all was committed since.

        Exact: on SQLite one number tells of every commit by anyone, this process or another. On
        PostgreSQL there is no such number, so nothing is remembered. The arguments must be hashable
        and the result immutable.
        """
        if self._loop_session is None:
            return await self.read(query, *args)
        version = self._loop_session.version()
        if version != self._recalled_at or len(self._recalled) >= MOST_RECALLED:
            self._recalled_at = version
            self._recalled.clear()
        key = (query, args)
        if key not in self._recalled:
            self._recalled[key] = await self.look_up(query, *args)
        result: T = self._recalled[key]
        return result

    def version(self) -> int:
        """Return a number that changes with every commit by anyone; on SQLite alone."""
        return self._loop_session.version() if self._loop_session else 0

    async def write(
        self, change: Callable[Concatenate[Tx, P], T], *args: P.args, **kwargs: P.kwargs
    ) -> T:
        """Run change(tx, …); when this returns, the change is committed."""
        future: asyncio.Future[T] = asyncio.get_running_loop().create_future()
        self._writer.put(Job(future, lambda tx: change(tx, *args, **kwargs)))
        return await future

    def batch(
        self,
        change: Callable[..., Sequence[T | Exception]],
        item: object,
        *args: object,
        weight: int = 0,
    ) -> asyncio.Future[T]:
        """Run change(tx, items, *args) for this item and all that wait for the same change.

        The change returns a result or an error an item, in their order. Await the future: it is
        answered once the change is committed. `weight` is how many bytes wait with the item; where
        too many do, or it would take too long, Unavailable is raised at once.
        """
        future: asyncio.Future[T] = asyncio.get_running_loop().create_future()
        self._writer.put(Job(future, change, item, args, weight))
        return future

    def close(self) -> None:
        """Finish queued writes, then let go of every connection."""
        self._writer.close()
        self._readers.shutdown()
        self._streamer.shutdown()
        for session in (*self._sessions, self._loop_session):
            if session:
                session.close()

    async def _in_thread(self, threads: ThreadPoolExecutor, query: Callable[[Tx], T]) -> T:
        if self._reading >= MOST_READS:
            metrics.SHED.labels("reads").inc()
            raise Unavailable
        self._reading += 1
        # What a thread logs belongs to the request that it reads for.
        run = contextvars.copy_context().run
        reading = asyncio.get_running_loop().run_in_executor(threads, run, self._read, query)
        try:
            # The database keeps the limit itself; this is for one that does not answer at all.
            return await asyncio.wait_for(reading, 2 * READ_LIMIT_S)
        except TimeoutError as error:
            raise Unavailable from error
        finally:
            self._reading -= 1

    def _begin_stream(self) -> None:
        self._local.is_stream = True

    def _read(self, query: Callable[[Tx], T]) -> T:
        """Run a query in a reader's thread, each of which has a connection of its own."""
        try:
            return self._read_once(query)
        except Exception as error:
            explained = self._explained(error)
            if getattr(self._local, "session", None) or not isinstance(explained, Unavailable):
                raise explained from error
        # The connection had died unnoticed, by a restart of the server most likely.
        try:
            return self._read_once(query)
        except Exception as error:
            raise self._explained(error) from error

    def _read_once(self, query: Callable[[Tx], T]) -> T:
        session = self._session()
        session.interrupt_after(READ_LIMIT_S)
        return _snapshot(session, query)

    def _session(self) -> Session:
        session: Session | None = getattr(self._local, "session", None)
        if session is None:
            session = self._local.session = self.engine.connect(writes=False)
            if getattr(self._local, "is_stream", False):
                session.spare_memory()
            self._sessions.append(session)
        return session

    def _let_go(self) -> None:
        """Close a reader's connection that is gone; its thread makes a new one."""
        session: Session | None = getattr(self._local, "session", None)
        self._local.session = None
        if session:
            self._sessions.remove(session)
            session.close()

    def _explained(self, error: Exception) -> Exception:
        """Turn a driver's trouble into a refusal, and drop a connection that is gone."""
        if isinstance(error, Refusal):
            return error
        if isinstance(error, Misconfigured):  # the server was there at the start and is not now
            log.error("database_gone", reason=str(error))
            return Unavailable()
        failure = self.engine.failure(error)
        if failure is None:
            return error
        if failure.is_lost:
            self._let_go()
        log.warning("read_refused", reason=str(error), error=type(error).__name__)
        return Unavailable()


def run(
    engine: Engine, change: Callable[Concatenate[Tx, P], T], *args: P.args, **kwargs: P.kwargs
) -> T:
    """Run one change(tx, …) without an open database, as a command does, and commit it."""
    (result,) = run_each(engine, [lambda tx: change(tx, *args, **kwargs)])
    return result


def run_each(engine: Engine, changes: Iterable[Callable[[Tx], T]]) -> Iterator[T]:
    """Do the same for changes one after the other, each committed, over one connection."""
    session = engine.connect(writes=True)
    try:
        for change in changes:
            session.begin_write()
            result = change(session)
            session.commit()
            yield result
    except Exception as error:
        if not isinstance(error, Refusal) and engine.failure(error):
            raise Unavailable from error
        raise
    finally:
        session.close()


def compact(engine: Engine) -> None:
    """Write all of a database anew, so that nothing that was deleted is left in its files."""
    try:
        engine.compact()
    except Exception as error:
        if engine.failure(error):
            raise Unavailable from error
        raise


def _snapshot(session: Session, query: Callable[[Tx], T]) -> T:
    session.begin_read()
    try:
        return query(session)
    finally:
        session.rollback()
