"""What must be written and cannot be just now: kept in memory until it can, and told in the log.

For records of what was let happen all the same, such as an export while the disk is full.
"""

import asyncio
from collections.abc import Callable

import structlog

from miniback.db import Database, Tx
from miniback.errors import Unavailable

TRY_EVERY_S = 1.0
# Beyond these nothing is let happen any more that would have to be recorded.
MOST_KEPT = 1_000

log = structlog.get_logger()


class Later:
    """The records of one process that wait; a process that is killed loses them."""

    def __init__(self, db: Database) -> None:
        self._db = db
        self._waiting: list[tuple[Callable[..., None], tuple[object, ...]]] = []

    async def write(self, change: Callable[..., None], *told: object) -> None:
        """Run change(tx, *told) now, or keep it; Unavailable where too many are kept already."""
        try:
            await self._db.write(change, *told)
        except Unavailable as error:
            if len(self._waiting) >= MOST_KEPT:
                raise
            self._waiting.append((change, told))
            log.warning("record_postponed", reason=str(error), record=repr((change.__name__, told)))

    async def run(self) -> None:
        """Write what waits, until cancelled."""
        while True:
            await asyncio.sleep(TRY_EVERY_S)
            try:
                await self.catch_up()
            except Unavailable as error:
                log.warning("records_wait", reason=str(error), count=len(self._waiting))
            except Exception:
                log.exception("records_failed")

    async def catch_up(self) -> None:
        """Write what waits, in the order in which it came."""
        if not self._waiting:
            return
        waiting = list(self._waiting)
        await self._db.write(_write_all, waiting)
        del self._waiting[: len(waiting)]


def _write_all(tx: Tx, waiting: list[tuple[Callable[..., None], tuple[object, ...]]]) -> None:
    for change, told in waiting:
        change(tx, *told)
