"""Work that goes on after an answer: clearing away deleted projects, releasing held feedback.

Taken from the outbox, so it survives a restart, and done in portions between which other writes
pass.
"""

import asyncio
import time

import structlog

from miniback import accounts, idempotency, outbox
from miniback.db import Database, Tx
from miniback.errors import Refusal
from miniback.feedback import service
from miniback.outbox import Event
from miniback.plans import Allowance, Plans

LOOK_EVERY_S = 1.0
# A portion holds other writes up for at most 50 ms (contract section 4); how many items that is
# depends on the machine and on how long the messages are, so it is felt out.
LONGEST_PORTION_S = 0.05
FIRST_PORTION, LARGEST_PORTION = 20, 1_000
FORGET_EVERY_S = 600.0
EVENTS = (outbox.PROJECT_DELETED, outbox.ALLOWANCE_GREW)

log = structlog.get_logger()


class Worker:
    """Does the work of the outbox, one event at a time; any number of processes may run one."""

    def __init__(self, db: Database, plans: Plans) -> None:
        self._db = db
        self._plans = plans
        self._portion = FIRST_PORTION

    async def run(self) -> None:
        """Look for work until cancelled."""
        loop = asyncio.get_running_loop()
        forgotten = loop.time()
        while True:
            try:
                while await self.work_once():
                    pass
                if loop.time() - forgotten > FORGET_EVERY_S:
                    forgotten = loop.time()
                    await self._forget_old_keys()
            except Refusal as refusal:
                log.warning("work_postponed", reason=str(refusal))
            except Exception:
                log.exception("work_failed")
            await asyncio.sleep(LOOK_EVERY_S)

    async def work_once(self) -> bool:
        """Do all that one event asks for; False where none is due."""
        if not await self._db.look_up(outbox.is_any_due):
            return False
        event = await self._db.write(outbox.claim, EVENTS)
        if event is None:
            return False
        while await self._db.write(self._work_on, event):
            pass
        return True

    def _work_on(self, tx: Tx, event: Event) -> bool:
        """Do one portion for an event; False once it is done with."""
        began = time.monotonic()
        goes_on = self._do_some(tx, event)
        (outbox.renew if goes_on else outbox.done)(tx, event)
        self._feel(time.monotonic() - began)
        return goes_on

    def _do_some(self, tx: Tx, event: Event) -> bool:
        account = accounts.find(tx, event.account_id)
        if account is None:
            return False
        allowance = Allowance(account.id, self._plans[account.plan], account.anchor)
        if event.event == outbox.PROJECT_DELETED:
            return service.clear_some(tx, allowance, event.subject, self._portion)
        return service.release_some(tx, allowance, self._portion)

    def _feel(self, took_s: float) -> None:
        """Make the next portion smaller after one that took long, larger after a quick one."""
        if took_s > LONGEST_PORTION_S / 2:
            self._portion = max(1, int(self._portion * LONGEST_PORTION_S / 2 / took_s))
        elif took_s < LONGEST_PORTION_S / 5:
            self._portion = min(LARGEST_PORTION, self._portion * 2)

    async def _forget_old_keys(self) -> None:
        while await self._db.write(idempotency.forget_old, FIRST_PORTION):
            pass
