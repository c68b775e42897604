"""Takes events to deliveries, and deliveries to whom they are for, beside the server or alone.

Each target is served by one worker at a time, in order: a dead one holds up nobody else, and a
crash repeats the one delivery that was on its way, by the same name (F8).
"""

import asyncio
import time

import structlog

from miniback import clock, heard
from miniback.db import Database, Tx
from miniback.errors import Refusal
from miniback.notifications import (
    attempts,
    delivery_store,
    mailing,
    spreading,
    target_store,
    telling,
)
from miniback.notifications.models import (
    VERIFY,
    Delivery,
    Kind,
    Target,
    TargetStatus,
    Told,
)
from miniback.notifications.sending import Sender
from miniback.work import keep_looking

LOOK_EVERY_S = 0.2
_SPREAD_AT_ONCE = 100
# What comes in faster than can be told waits, rather than slow the taking-in: meanwhile deliveries
# are made of what came together first, of each account.
_SPREAD_EVERY_S_WHEN_BUSY = 1.0
_TARGETS_AT_ONCE = 50
_MOST_AT_WORK = 200
_DELIVERIES_AT_ONCE = 20
# After so long a target is given back, so that its lease never runs out while it is served.
_LONGEST_S = 20.0
# Delivered and failed ones are kept so long.
KEPT_MS = 30 * clock.DAY_MS
_FORGOTTEN_AT_ONCE = 100

log = structlog.get_logger()


class Worker:
    """Looks for work until it is cancelled."""

    def __init__(self, db: Database, sender: Sender, mails: mailing.Mails, base_url: str) -> None:
        self._db = db
        self._sender = sender
        self._mails = mails
        self._base_url = base_url
        self._at_work: set[asyncio.Task[None]] = set()
        self._served_last = ""
        self._spread_at = 0.0

    async def run(self) -> None:
        """Spread events, serve targets, forget what is old."""
        try:
            await keep_looking(
                self._look, self._forget, named="notifications", every_s=LOOK_EVERY_S
            )
        finally:
            await self._end()

    async def _forget(self) -> None:
        before = clock.now() - KEPT_MS
        while await self._db.write(delivery_store.forget_ended, before, _FORGOTTEN_AT_ONCE):
            pass

    async def _look(self) -> None:
        await self._spread()
        room = _MOST_AT_WORK - len(self._at_work)
        if room <= 0 or not await self._db.look_up(target_store.is_any_due, clock.now()):
            return
        for target in await self._db.write(
            target_store.claim, clock.now(), min(room, _TARGETS_AT_ONCE)
        ):
            task = asyncio.create_task(self._serve(target))
            self._at_work.add(task)
            task.add_done_callback(self._at_work.discard)

    async def _spread(self) -> None:
        """Make deliveries of some of what has happened."""
        is_brief = self._db.is_busy
        waited_s = time.monotonic() - self._spread_at
        if is_brief and waited_s < _SPREAD_EVERY_S_WHEN_BUSY:
            return
        if await self._db.look_up(heard.is_any):
            self._spread_at = time.monotonic()
            self._served_last = await self._db.write(
                spreading.spread, _SPREAD_AT_ONCE, self._served_last, is_brief=is_brief
            )

    async def _end(self) -> None:
        for task in self._at_work:
            task.cancel()
        await asyncio.gather(*self._at_work, return_exceptions=True)
        await self._sender.close()

    async def _serve(self, target: Target) -> None:
        """Tell a target what waits for it; its lease ends by itself where this is broken off."""
        try:
            if target.status is TargetStatus.DISABLED:
                await self._db.write(_rest, target)
            else:
                await self._tell_all(target)
                await self._db.write(attempts.finish, target)
        except Refusal as refusal:
            log.warning("target_postponed", target=target.id, reason=str(refusal))
        except Exception:
            log.exception("target_failed", target=target.id)

    async def _tell_all(self, target: Target) -> None:
        began = time.monotonic()
        while time.monotonic() - began < _LONGEST_S:
            waiting, told = await self._db.read(_waiting, target, self._base_url)
            if not waiting:
                return
            if target.kind is Kind.EMAIL:
                goes_on = await self._mails.tell(target, waiting, told)
            else:
                goes_on = await self._tell_some(target, waiting, told)
            if not goes_on or len(waiting) < _most_for(target):
                return

    async def _tell_some(
        self, target: Target, waiting: list[Delivery], told: dict[str, Told]
    ) -> bool:
        """Send deliveries one after the other; False once one has failed."""
        gone = [each.id for each in waiting if each.id not in told]
        if gone:
            await self._db.write(delivery_store.drop, target.account_id, gone)
        for delivery in waiting:
            if delivery.id in told:
                tried = await self._sender.send(target, delivery, told[delivery.id])
                await self._db.batch(attempts.settle_all, tried)
                if not tried.is_good:
                    return False
        return True


def _waiting(tx: Tx, target: Target, base_url: str) -> tuple[list[Delivery], dict[str, Told]]:
    now, most = clock.now(), _most_for(target)
    found = delivery_store.due_for(tx, target.account_id, target.id, now, most)
    if target.status is TargetStatus.UNVERIFIED:
        # Who has not said yes is asked, and told nothing else (T31).
        found = [each for each in found if each.event == VERIFY]
    return found, telling.told_of(tx, target.account_id, found, base_url)


def _most_for(target: Target) -> int:
    return mailing.MOST_IN_DIGEST if target.kind is Kind.EMAIL else _DELIVERIES_AT_ONCE


def _rest(tx: Tx, target: Target) -> None:
    """Let a target that is told nothing for now rest until somebody changes it, or just has."""
    target_store.let_go(tx, target)
    current = target_store.find(tx, target.account_id, target.id)
    is_at_rest = current is None or current.status is TargetStatus.DISABLED
    target_store.due(tx, target, None if is_at_rest else clock.now())
