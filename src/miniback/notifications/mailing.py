"""Telling by mail: a letter for each item while there are few, a digest above that (T31)."""

import time
from collections.abc import Sequence
from typing import NamedTuple

from miniback import clock
from miniback.db import Database, Tx
from miniback.mail import Mailer, MailRefused
from miniback.notifications import attempts, delivery_store
from miniback.notifications.attempts import Tried
from miniback.notifications.letters import Letters
from miniback.notifications.models import VERIFY, Delivery, Schedule, Target, Told

MOST_IN_DIGEST = 1_000
# Letters to one address within an hour; what is more comes together at its end.
MOST_AN_HOUR = 30


class _Plan(NamedTuple):
    """What goes into one letter each; or None, and when there is room for letters again."""

    groups: list[list[Delivery]] | None
    again_at: int = 0


class Mails:
    """Writes and sends letters; without a mail server nothing is sent and everything waits."""

    def __init__(self, db: Database, mailer: Mailer, letters: Letters) -> None:
        self._db = db
        self._mailer = mailer
        self._letters = letters

    async def tell(
        self, target: Target, waiting: Sequence[Delivery], told: dict[str, Told]
    ) -> bool:
        """Send what is due to an address; False where it should be left alone for a while."""
        there = [each for each in waiting if each.id in told]
        gone = [each.id for each in waiting if each.id not in told]
        if gone:
            await self._db.write(delivery_store.drop, target.account_id, gone)
        if not there:
            return bool(gone)
        plan = await self._db.read(_planned, target, there)
        if not self._mailer.is_configured and there[0].event != VERIFY:
            plan = _Plan(None, clock.now() + clock.HOUR_MS)
        if plan.groups is None:
            await self._db.write(_postpone, target, there, plan.again_at)
            return False
        for group in plan.groups:
            if not await self._send(target, group, [told[each.id] for each in group]):
                return False
        return True

    async def _send(self, target: Target, group: Sequence[Delivery], texts: Sequence[Told]) -> bool:
        """Send one letter; whatever comes of it stands in the log of each delivery in it."""
        began, at = time.monotonic(), clock.now()
        said, is_good, refused = "", True, ""
        try:
            await self._letters.send(target, group[0].event, texts)
        except MailRefused as error:
            said, is_good, refused = str(error), False, f"The mail server refuses it: {error}"
        except Exception as error:  # noqa: BLE001 - the mail server's troubles have many names
            said, is_good = f"{type(error).__name__}: {error}", False
        took_ms = round((time.monotonic() - began) * 1_000)
        tried = [
            Tried(target, each, at, took_ms, 0, said, is_good=is_good, refused=refused[:300])
            for each in group
        ]
        # In one transaction: a letter is written down whole, so that none of it comes again.
        await self._db.write(attempts.settle_all, tried)
        return is_good


def _planned(tx: Tx, target: Target, waiting: Sequence[Delivery]) -> _Plan:
    """Decide what goes into one letter each, within what one address gets in an hour.

    What came when the hour's letters were used up goes into one, however few it is.
    """
    if waiting[0].event == VERIFY:
        return _Plan([[waiting[0]]])
    tests = [[each] for each in waiting if each.is_test]
    items = [each for each in waiting if not each.is_test]
    if target.schedule is not Schedule.INSTANT or not items:
        return _Plan([*tests, *([items] if items else [])])
    since = min(each.happened_at for each in items) - clock.HOUR_MS
    sent = delivery_store.delivered_since(tx, target.account_id, target.id, since, MOST_AN_HOUR)
    lately = [at for at in sent if at > clock.now() - clock.HOUR_MS]
    room = MOST_AN_HOUR - len(lately)
    if room <= 0:
        return _Plan(tests or None, min(lately) + clock.HOUR_MS)
    if len(items) <= room and len(sent) < MOST_AN_HOUR:
        return _Plan([*tests, *([each] for each in items)])
    return _Plan([*tests, items])


def _postpone(tx: Tx, target: Target, waiting: Sequence[Delivery], at: int) -> None:
    delivery_store.postpone(tx, target.account_id, [each.id for each in waiting], at)
