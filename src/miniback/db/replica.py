"""A replica that answers what only shows, for as long as it is fit to.

Once in half a second it is compared with the primary. Where it is away, far behind or no replica of
this database, the primary answers instead, and that is told once.
"""

import asyncio
import time
from collections import deque
from collections.abc import Awaitable, Callable
from enum import StrEnum
from typing import Any, NamedTuple, TypeVar

import structlog

from miniback import metrics
from miniback.db.asking import Asker
from miniback.db.engine import Engine
from miniback.db.readers import Readers, Trouble, snapshot
from miniback.db.transaction import Tx
from miniback.errors import Unavailable

T = TypeVar("T")
# One of the ways in which readers read.
Way = Callable[[Readers, Callable[[Tx], Any]], Awaitable[Any]]

LOOK_EVERY_S = 0.5
_LOOK_LIMIT_S = 1.0
# What another has written is shown at the latest so much later.
FAR_BEHIND_S = 5.0
# So near it must have come before it is used again.
_NEAR_S = 0.25
_WAIT_S = 0.02

log = structlog.get_logger()


class Standing(StrEnum):
    """What a replica is good for just now."""

    OK = "ok"
    AWAY = "away"
    BEHIND = "behind"
    OTHER = "other"


class Elsewhere(Exception):  # noqa: N818 - a signal within `db`
    """The primary has to answer this."""


class Stand(NamedTuple):
    """Which database a server has, how far its log has come there, and whether it follows one."""

    identity: str
    position: int
    is_replica: bool


class Replica:
    """The replica as one process sees it."""

    def __init__(self, engine: Engine, primary: Readers) -> None:
        self.place = engine.place
        self.standing = Standing.AWAY
        self.lag_s: float | None = None
        self._readers = Readers(engine, "replica")
        self._primary = primary
        self._is_told = False
        # Where the primary was, and when.
        self._noted: deque[tuple[float, int]] = deque()
        # Set while it is about to be used again: what is asked meanwhile waits for that.
        self._return: asyncio.Event | None = None

    async def run(self) -> None:
        """Keep looking at it until cancelled."""
        while True:
            try:
                await self._look()
            except Exception as error:  # noqa: BLE001 - whatever it is, the primary answers
                self._leave(Standing.AWAY, str(error))
            await asyncio.sleep(LOOK_EVERY_S)

    async def read(self, way: Way, query: Callable[[Tx], T], asker: Asker) -> T:
        """Run a query for somebody; Elsewhere where the primary has to."""
        if self._return:
            await self._return.wait()
        if self.standing is not Standing.OK:
            _counted("away")
            raise Elsewhere
        try:
            answer: T = await way(self._readers, lambda tx: _checked(tx, query, asker))
        except Elsewhere:
            _counted("own_write")
            raise
        except Trouble as trouble:
            if not trouble.may_go_elsewhere:
                raise
            if trouble.is_gone:
                self._leave(Standing.AWAY, trouble.reason)
            _counted("away")
            raise Elsewhere from trouble
        _counted("replica")
        return answer

    def close(self) -> None:
        """Let go of every connection."""
        self._readers.close()

    async def _look(self) -> None:
        try:
            here = await self._primary.look(_stand)
        except Unavailable:
            return  # nobody is let in just now, so nobody reads
        self._note(here.position)
        try:
            there = await self._there()
        except Trouble as trouble:
            self._leave(Standing.AWAY, trouble.reason)
        else:
            await self._judge(here, there)

    async def _there(self) -> Stand:
        """Ask the replica; it may be frozen."""
        try:
            return await asyncio.wait_for(self._readers.look(_stand), _LOOK_LIMIT_S)
        except TimeoutError as error:
            raise Trouble(error, may_go_elsewhere=True, is_gone=True) from error

    def _note(self, position: int) -> None:
        """Remember where the primary is, and forget what is older than matters."""
        now = time.monotonic()
        self._noted.append((now, position))
        while now - self._noted[0][0] > 2 * FAR_BEHIND_S:
            self._noted.popleft()

    async def _judge(self, here: Stand, there: Stand) -> None:
        if not there.is_replica or there.identity != here.identity:
            self._leave(Standing.OTHER, f"{self.place} is no replica of the database")
            return
        self.lag_s = self._lag_s(there.position)
        if self.lag_s > FAR_BEHIND_S:
            self._leave(Standing.BEHIND, f"It is more than {FAR_BEHIND_S:.0f} seconds behind")
        elif self.standing is not Standing.OK and self.lag_s < _NEAR_S:
            await self._come_back()

    def _lag_s(self, position: int) -> float:
        """Return since when the primary has been further than a position."""
        beyond = [at for at, noted in self._noted if noted > position]
        return time.monotonic() - beyond[0] if beyond else 0.0

    def _leave(self, standing: Standing, reason: str) -> None:
        if standing is not Standing.BEHIND:
            self.lag_s = None
        if standing is not self.standing or not self._is_told:
            log.warning("replica_not_used", standing=standing.value, reason=reason)
        self.standing, self._is_told = standing, True

    async def _come_back(self) -> None:
        """Use it again, from when it has all that the primary has shown until now.

        So nobody who was told of something by the primary misses it a moment later.
        """
        self._return = asyncio.Event()
        try:
            async with asyncio.timeout(_LOOK_LIMIT_S):
                here = await self._primary.look(_stand)
                while (await self._there()).position < here.position:  # noqa: ASYNC110 - of a server
                    await asyncio.sleep(_WAIT_S)
        except (TimeoutError, Unavailable):
            return
        else:
            self.standing, self._is_told = Standing.OK, True
            log.info("replica_used", place=self.place)
        finally:
            self._return.set()
            self._return = None


def standing(primary: Engine, replica: Engine) -> Standing:
    """Compare the two without an open database, as a command does; Misconfigured where one is away.

    What the primary has now must be at the replica in a few seconds.
    """
    here = _asked(primary)
    until = time.monotonic() + FAR_BEHIND_S
    while True:
        there = _asked(replica)
        if not there.is_replica or there.identity != here.identity:
            return Standing.OTHER
        if there.position >= here.position:
            return Standing.OK
        if time.monotonic() > until:
            return Standing.BEHIND
        time.sleep(_WAIT_S)


def _asked(engine: Engine) -> Stand:
    session = engine.connect(writes=False)
    try:
        return snapshot(session, _stand)
    finally:
        session.close()


def _counted(outcome: str) -> None:
    metrics.REPLICA_READS.labels(outcome).inc()


def _checked(tx: Tx, query: Callable[[Tx], T], asker: Asker) -> T:
    """Run a query, unless the asker would miss something of their own in this very snapshot."""
    if not asker.misses_nothing(tx):
        raise Elsewhere
    return query(tx)


def _stand(tx: Tx) -> Stand:
    row = tx.one(
        """
        SELECT (SELECT CAST(system_identifier AS TEXT) FROM pg_control_system()) || ' ' || oid,
               CAST(pg_wal_lsn_diff(
                   CASE WHEN pg_is_in_recovery() THEN pg_last_wal_replay_lsn()
                        ELSE pg_current_wal_lsn() END, '0/0') AS BIGINT),
               pg_is_in_recovery()
          FROM pg_database WHERE datname = current_database()
        """
    )
    if row is None:
        raise RuntimeError("A server does not know the database that it serves")
    identity, position, is_replica = row
    return Stand(identity, position or 0, is_replica)
