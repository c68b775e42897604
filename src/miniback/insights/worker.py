"""Computing insights beside the answers, an account at a time."""

import asyncio

from miniback import accounts, outbox
from miniback.db import Database, Tx
from miniback.insights import service
from miniback.outbox import Event
from miniback.plans import Plans
from miniback.work import keep_working

EVENTS = (outbox.INSIGHTS_DUE,)


class Worker:
    """Computes the insights that are due, for accounts whose plan has them."""

    def __init__(self, db: Database, plans: Plans) -> None:
        self._db = db
        self._plans = plans

    async def run(self) -> None:
        """Look for work until cancelled."""
        await keep_working(self._db, EVENTS, self._take_up, [])

    async def _take_up(self, event: Event) -> None:
        if not await self._db.look_up(self._may_have, event.account_id):
            await self._db.write(outbox.done, event)
            return
        material = await self._db.read(service.read, event.account_id)
        # Comparing some thousand messages takes part of a second, which no answer may wait for.
        found = await asyncio.to_thread(service.compute, material)
        await self._db.write(service.keep, event.account_id, found)

    def _may_have(self, tx: Tx, account_id: str) -> bool:
        account = accounts.find(tx, account_id)
        return account is not None and self._plans[account.plan].insights
