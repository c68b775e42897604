"""Threads that read from one server or file, each over a connection of its own."""

import asyncio
import contextvars
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

import structlog

from miniback import metrics
from miniback.db.engine import READ_LIMIT_S, Engine, Session
from miniback.db.transaction import Tx
from miniback.errors import Misconfigured, Refusal, Unavailable

T = TypeVar("T")

# Reads that wait for a thread beyond these would be cut by their limit before they began.
MOST_READS = 256
_STREAMERS = 2

log = structlog.get_logger()


class Trouble(Unavailable):
    """A read that a database has not answered.

    `may_go_elsewhere`: another server may answer it, as it was no fault of the read. `is_gone`: nor
    is this one likely to answer the next.
    """

    def __init__(self, error: Exception, *, may_go_elsewhere: bool, is_gone: bool) -> None:
        super().__init__()
        self.reason = str(error) or "It did not answer in time"
        self.error = type(error).__name__
        self.may_go_elsewhere = may_go_elsewhere
        self.is_gone = is_gone

    def tell(self) -> None:
        """Write it into the log."""
        if self.error == Misconfigured.__name__:  # the server was there at the start and is not now
            log.error("database_gone", reason=self.reason)
        else:
            log.warning("read_refused", reason=self.reason, error=self.error)


class Readers:
    """The threads of a process that read from one place."""

    def __init__(self, engine: Engine, name: str) -> None:
        self._engine = engine
        self._local = threading.local()
        self._pages = ThreadPoolExecutor(engine.readers, thread_name_prefix=f"{name}-read")
        self._streams = ThreadPoolExecutor(
            _STREAMERS, thread_name_prefix=f"{name}-stream", initializer=self._begin_stream
        )
        self._looks = ThreadPoolExecutor(1, thread_name_prefix=f"{name}-look")
        self._sessions: list[Session] = []
        self._reading = 0

    async def read(self, query: Callable[[Tx], T]) -> T:
        """Run a query in one snapshot; Trouble after READ_LIMIT_S."""
        return await self._bounded(self._pages, query)

    async def read_on(self, query: Callable[[Tx], T]) -> T:
        """Do the same for a portion of much that is read once."""
        return await self._bounded(self._streams, query)

    async def look(self, query: Callable[[Tx], T]) -> T:
        """Do the same for a query that is about the server, and waits behind no other."""
        return await self._in_thread(self._looks, query)

    def close(self) -> None:
        """Let what is being read end, then let go of every connection."""
        for threads in (self._pages, self._streams, self._looks):
            threads.shutdown()
        for session in self._sessions:
            session.close()

    def explained(self, error: Exception) -> Exception:
        """Turn a driver's trouble into ours, and drop a connection that is gone."""
        if isinstance(error, Refusal):
            return error
        if isinstance(error, Misconfigured):
            return Trouble(error, may_go_elsewhere=True, is_gone=True)
        failure = self._engine.failure(error)
        if failure is None:
            return error
        if failure.is_lost:
            self._let_go()
        may_go_elsewhere = failure.is_lost or failure.is_passing
        return Trouble(error, may_go_elsewhere=may_go_elsewhere, is_gone=failure.is_lost)

    async def _bounded(self, threads: ThreadPoolExecutor, query: Callable[[Tx], T]) -> T:
        if self._reading >= MOST_READS:
            metrics.SHED.labels("reads").inc()
            raise Unavailable
        self._reading += 1
        try:
            return await self._in_thread(threads, query)
        finally:
            self._reading -= 1

    async def _in_thread(self, threads: ThreadPoolExecutor, query: Callable[[Tx], T]) -> T:
        # What a thread logs belongs to the request that it reads for.
        run = contextvars.copy_context().run
        reading = asyncio.get_running_loop().run_in_executor(threads, run, self._read, query)
        try:
            # The database keeps the limit itself; this is for one that does not answer at all.
            return await asyncio.wait_for(reading, 2 * READ_LIMIT_S)
        except TimeoutError as error:
            raise Trouble(error, may_go_elsewhere=True, is_gone=True) from error

    def _begin_stream(self) -> None:
        self._local.is_stream = True

    def _read(self, query: Callable[[Tx], T]) -> T:
        """Run a query in one of the threads."""
        try:
            return self._read_once(query)
        except Exception as error:
            explained = self.explained(error)
            if getattr(self._local, "session", None) or not isinstance(explained, Trouble):
                raise explained from error
        # The connection had died unnoticed, by a restart of the server most likely.
        try:
            return self._read_once(query)
        except Exception as error:
            raise self.explained(error) from error

    def _read_once(self, query: Callable[[Tx], T]) -> T:
        session = self._session()
        session.interrupt_after(READ_LIMIT_S)
        return snapshot(session, query)

    def _session(self) -> Session:
        session: Session | None = getattr(self._local, "session", None)
        if session is None:
            session = self._local.session = self._engine.connect(writes=False)
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


def snapshot(session: Session, query: Callable[[Tx], T]) -> T:
    """Run a query that sees one moment."""
    session.begin_read()
    try:
        return query(session)
    finally:
        session.rollback()
