"""Work that goes on after an answer: clearing away deleted projects, releasing held feedback.

Taken from the outbox, so it survives a restart, and done in portions between which other writes
pass.
"""

import asyncio

import structlog

from miniback import accounts, idempotency, outbox
from miniback.db import Database, Tx
from miniback.errors import Refusal
from miniback.feedback import service
from miniback.outbox import Event
from miniback.plans import Allowance, Plans

LOOK_EVERY_S = 1.0
FORGET_EVERY_S = 600.0
EVENTS = (outbox.PROJECT_DELETED, outbox.ALLOWANCE_GREW)

log = structlog.get_logger()


class Worker:
    """Does the work of the outbox, one event at a time; any number of processes may run one."""

    def __init__(self, db: Database, plans: Plans) -> None:
        self._db = db
        self._plans = plans

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
        if event.event == outbox.PROJECT_DELETED:
            goes_on = service.clear_some(tx, event.account_id, event.subject)
        else:
            goes_on = self._release_some(tx, event.account_id)
        (outbox.renew if goes_on else outbox.done)(tx, event)
        return goes_on

    def _release_some(self, tx: Tx, account_id: str) -> bool:
        account = accounts.find(tx, account_id)
        if account is None:
            return False
        allowance = Allowance(account.id, self._plans[account.plan], account.anchor)
        return service.release_some(tx, allowance)

    async def _forget_old_keys(self) -> None:
        while await self._db.write(idempotency.forget_old, service.PORTION):
            pass
