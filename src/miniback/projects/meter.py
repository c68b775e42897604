"""What calls leave behind that may wait a moment: counts that no limit depends on, last uses.

On a plan without a limit on calls the count only feeds a figure, so it gathers here for a second
at the most and is written in one go.
"""

import asyncio
from collections import Counter

import structlog

from miniback import clock, plans
from miniback.db import Database, Tx
from miniback.plans import Allowance
from miniback.projects import key_store
from miniback.projects.models import Caller

WRITE_EVERY_S = 1.0

log = structlog.get_logger()


class Meter:
    """The gathered counts of one process."""

    def __init__(self, db: Database) -> None:
        self._db = db
        self._calls: Counter[str] = Counter()
        self._allowances: dict[str, Allowance] = {}
        self._used_at: dict[str, int] = {}

    def count(self, caller: Caller) -> None:
        """Count a call."""
        self._calls[caller.account_id] += 1
        self._allowances[caller.account_id] = caller.allowance

    def touch(self, caller: Caller) -> None:
        """Note that a key is used, if its last use was written some time ago."""
        now = clock.now()
        if caller.is_touch_due(now):
            self._used_at[caller.key_hash] = now

    async def run(self) -> None:
        """Write what has gathered, until cancelled."""
        while True:
            await asyncio.sleep(WRITE_EVERY_S)
            try:
                await self.write()
            except Exception as error:  # noqa: BLE001 - it stays gathered, and is tried again
                log.warning("counts_postponed", reason=str(error))

    async def write(self) -> None:
        """Write what has gathered so far; what cannot be written now is kept."""
        if not self._calls and not self._used_at:
            return
        calls, used_at = self._calls, self._used_at
        allowances = self._allowances
        self._calls, self._allowances, self._used_at = Counter(), {}, {}
        try:
            await self._db.write(_record, calls, allowances, used_at)
        except Exception:
            self._calls.update(calls)
            self._allowances = {**allowances, **self._allowances}
            self._used_at = {**used_at, **self._used_at}
            raise


def _record(
    tx: Tx, calls: Counter[str], allowances: dict[str, Allowance], used_at: dict[str, int]
) -> None:
    now = clock.now()
    if used_at:  # keys before usage, as a batch of submissions takes them
        key_store.touch(tx, used_at)
    for account_id, count in sorted(calls.items()):
        plans.spend_up_to(tx, allowances[account_id], plans.CALL, count, now)
