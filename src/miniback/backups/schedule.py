"""Backups on a schedule: made by one process of all, at low priority, beside its answers."""

import asyncio
import contextlib
import os
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor

import structlog

from miniback import clock
from miniback.backups import store
from miniback.backups.making import keep, make, place
from miniback.backups.models import BackupFailed, Made
from miniback.db import Database
from miniback.errors import Refusal
from miniback.settings import Settings

LOOK_EVERY_S = 5.0
RENEW_EVERY_S = 20.0
_LOWEST_PRIORITY = 19
# After each portion: what else wants the disk and the processor has them for as long.
_REST_S = 0.002

log = structlog.get_logger()


def interval_ms(chosen: Settings) -> int:
    """Return how often a backup is made, 0 for never."""
    return chosen.backup_every_hours * clock.HOUR_MS


class _Stopped(Exception):  # noqa: N818 - a signal within this file
    """The server ends; the next one makes the backup."""


class Schedule:
    """Makes a backup whenever it is due."""

    def __init__(self, database: Database, chosen: Settings) -> None:
        self._db = database
        self._chosen = chosen
        self._every_ms = interval_ms(chosen)
        self._stopped = threading.Event()

    async def run(self) -> None:
        """Look whether it is time, until cancelled."""
        while self._every_ms:
            try:
                if await self._db.look_up(store.is_due, self._every_ms):
                    await self._take_turn()
            except Refusal as refusal:
                log.warning("backup_postponed", reason=str(refusal))
            except Exception:
                log.exception("backup_failed")
            await asyncio.sleep(LOOK_EVERY_S)

    async def _take_turn(self) -> None:
        backup_id = await self._db.write(store.claim, self._every_ms)
        if backup_id is None:
            return
        try:
            made = await self._made(backup_id)
        except (BackupFailed, Refusal, OSError) as failure:
            log.error("backup_failed", reason=str(failure))  # noqa: TRY400 - told, not traced
            await self._db.write(store.fail, backup_id, str(failure))
            return
        await self._db.write(store.end, backup_id, made)
        log.info("backup_made", path=str(made.path), bytes=made.manifest.bytes)

    async def _made(self, backup_id: str) -> Made:
        """Make it in a thread of its own, and keep the turn meanwhile."""
        with ThreadPoolExecutor(1, thread_name_prefix="backup") as thread:
            work = asyncio.get_running_loop().run_in_executor(thread, self._make)
            # At the end nobody comes for the outcome.
            work.add_done_callback(lambda done: done.cancelled() or done.exception())
            try:
                while not work.done():
                    await asyncio.wait([work], timeout=RENEW_EVERY_S)
                    with contextlib.suppress(Refusal):
                        await self._db.write(store.renew, backup_id)
            finally:
                self._stopped.set()
        self._stopped.clear()
        return await work

    def _make(self) -> Made:
        if sys.platform == "linux":  # where a priority is a thread's own
            os.setpriority(os.PRIO_PROCESS, threading.get_native_id(), _LOWEST_PRIORITY)
        where = place(self._chosen)
        made = make(self._db.engine, where, self._pause)
        keep(where.folder, self._chosen.backup_keep)
        return made

    def _pause(self) -> None:
        if self._stopped.is_set():
            raise _Stopped
        time.sleep(_REST_S)
