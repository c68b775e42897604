"""An open database: reads side by side, writes in a queue. Rooms hand over plain functions.

Nothing above this file knows of threads, batches or which engine is underneath.
"""

import asyncio
import contextlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any, Concatenate, ParamSpec, TypeVar

from miniback.db import asking
from miniback.db.asking import ANYBODY, Asker, Marks
from miniback.db.engine import Engine
from miniback.db.queue import Job
from miniback.db.readers import Readers, Trouble, snapshot
from miniback.db.replica import Elsewhere, Replica, Way
from miniback.db.transaction import Tx
from miniback.db.writer import Writer
from miniback.errors import Refusal, Unavailable

P = ParamSpec("P")
T = TypeVar("T")
Item = TypeVar("Item")

MOST_RECALLED = 10_000


class Database:
    """A database that is open; made and closed by one event loop's thread.

    `replica` is another server with the same data, which answers what only shows.
    """

    def __init__(self, engine: Engine, replica: Engine | None = None) -> None:
        self.engine = engine
        self._writer = Writer(engine)
        self._readers = Readers(engine, "db")
        self.replica = Replica(replica, self._readers) if replica else None
        self._recalled: dict[object, Any] = {}
        self._recalled_at = b""
        self._loop_session = engine.connect(writes=False) if engine.reads_on_loop else None

    def asked_by(self, marks: Marks, name: str, mark: int | None = None) -> None:
        """Work for somebody from here on in this task: what they write is counted in their mark.

        With a `mark`, as the primary has just told it, the replica answers what they read, unless
        it lacks something that they wrote.
        """
        if self.replica:
            asking.asker.set(Asker(marks, name, mark))

    def asked_by_anybody(self) -> None:
        """Let the replica answer what this task reads for everybody alike."""
        if self.replica:
            asking.asker.set(ANYBODY)

    async def read(
        self, query: Callable[Concatenate[Tx, P], T], *args: P.args, **kwargs: P.kwargs
    ) -> T:
        """Run query(tx, …) in one snapshot, in a thread; Unavailable after READ_LIMIT_S."""
        return await self._answered(Readers.read, lambda tx: query(tx, *args, **kwargs))

    async def read_on(
        self, query: Callable[Concatenate[Tx, P], T], *args: P.args, **kwargs: P.kwargs
    ) -> T:
        """Do the same for a portion of much that is read once, as an export does.

        All of these share two threads, so that pages never wait for a reader, and connections that
        do not map the file: what is read once would only fill this process's memory.
        """
        return await self._answered(Readers.read_on, lambda tx: query(tx, *args, **kwargs))

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
            raise self._told(error) from error

    async def look_through(
        self, query: Callable[Concatenate[Tx, P], T], *args: P.args, **kwargs: P.kwargs
    ) -> T:
        """Do the same for a query of several statements, which see one snapshot."""
        if self._loop_session is None:
            return await self.read(query, *args, **kwargs)
        try:
            return snapshot(self._loop_session, lambda tx: query(tx, *args, **kwargs))
        except Exception as error:
            raise self._told(error) from error

    async def recall(self, query: Callable[..., T], *args: object) -> T:
        """Run a look_up(), or give its last result again if nothing at all was committed since.

        Exact: SQLite tells of every commit by anyone, this process or another. PostgreSQL does not,
        so nothing is remembered there. The arguments must be hashable and the result immutable.
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

    def version(self) -> bytes:
        """Return what is never the same again after a commit by anyone; b"" on PostgreSQL."""
        return self._loop_session.version() if self._loop_session else b""

    async def write(
        self, change: Callable[Concatenate[Tx, P], T], *args: P.args, **kwargs: P.kwargs
    ) -> T:
        """Run change(tx, …); when this returns, the change is committed."""
        future: asyncio.Future[T] = asyncio.get_running_loop().create_future()
        job = Job(future, lambda tx: change(tx, *args, **kwargs), asker=self._asker())
        self._writer.put(job)
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
        self._writer.put(Job(future, change, item, args, weight, self._asker()))
        return future

    @property
    def is_busy(self) -> bool:
        """Tell whether what people send comes many at a time, so that what can wait may wait."""
        return self._writer.is_busy

    def close(self) -> None:
        """Finish queued writes, then let go of every connection."""
        self._writer.close()
        self._readers.close()
        if self.replica:
            self.replica.close()
        if self._loop_session:
            self._loop_session.close()

    def _asker(self) -> Asker | None:
        return asking.asker.get() if self.replica else None

    def _told(self, error: Exception) -> Exception:
        """Explain what the loop's own connection has met."""
        explained = self._readers.explained(error)
        if isinstance(explained, Trouble):
            explained.tell()
            return Unavailable()
        return explained

    async def _answered(self, way: Way, query: Callable[[Tx], T]) -> T:
        """Have a query answered by the replica, where it may and can, else by the primary."""
        asker = asking.asker.get()
        try:
            if self.replica and asker and asker.mark is not None:
                with contextlib.suppress(Elsewhere):
                    return await self.replica.read(way, query, asker)
            answer: T = await way(self._readers, query)
        except Trouble as trouble:
            trouble.tell()
            raise Unavailable from trouble
        return answer


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
