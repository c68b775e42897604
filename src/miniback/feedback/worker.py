"""What is done in portions that let writes pass: clearing away, releasing, changes of very many."""

import time

from miniback import accounts, idempotency, outbox, vault
from miniback.db import Database, Tx
from miniback.feedback import (
    attachment_store,
    bulk,
    erasures,
    filling,
    gate_store,
    recounting,
    service,
)
from miniback.outbox import Event
from miniback.plans import Allowance, Plans
from miniback.work import Pace, keep_working

# A portion holds other writes up for at most 50 ms (contract section 4); how many items that is
# depends on the machine and on how long the messages are, so it is felt out.
_FIRST_PORTION, _LARGEST_PORTION = 20, 1_000
EVENTS = (
    outbox.PROJECT_DELETED,
    outbox.ALLOWANCE_GREW,
    outbox.BULK_BEGUN,
    outbox.ROLLUPS_DUE,
    outbox.ERASURE_BEGUN,
    outbox.SUBMITTERS_MISSING,
    outbox.SPAM_PURGED,
)


class Worker:
    """Does what deleted projects, grown allowances and unfinished changes of many ask for."""

    def __init__(self, db: Database, plans: Plans) -> None:
        self._db = db
        self._plans = plans
        self._pace = Pace(_FIRST_PORTION, _LARGEST_PORTION)

    async def run(self) -> None:
        """Look for work until cancelled."""
        forget = [
            idempotency.forget_old,
            self._forget_rested,
            service.forget_spam,
            gate_store.forget_old,
            attachment_store.forget_unclaimed,
            vault.forget_old,
            erasures.begin_due,
        ]
        await keep_working(self._db, EVENTS, self._take_up, forget)

    async def _take_up(self, event: Event) -> None:
        while await self._db.write(self._work_on, event):
            pass

    def _work_on(self, tx: Tx, event: Event) -> bool:
        """Do one portion for an event; False once it is done with."""
        began = time.monotonic()
        if event.event == outbox.SPAM_PURGED:
            service.record_purged(tx, event.account_id)
            return False
        if event.event == outbox.SUBMITTERS_MISSING:
            # A portion a turn: this may take hours, and everything else comes first.
            filling.fill_some(tx, event.account_id, self._pace.portion)
            outbox.put_back(tx, event)
            self._pace.feel(time.monotonic() - began)
            return False
        goes_on = self._do_some(tx, event)
        (outbox.renew if goes_on else outbox.done)(tx, event)
        self._pace.feel(time.monotonic() - began)
        return goes_on

    def _do_some(self, tx: Tx, event: Event) -> bool:
        account = accounts.find(tx, event.account_id)
        if account is None:
            return False
        allowance = Allowance(account.id, self._plans[account.plan], account.anchor)
        if event.event == outbox.PROJECT_DELETED:
            return service.clear_some(tx, allowance, event.subject, self._pace.portion)
        if event.event == outbox.BULK_BEGUN:
            return not bulk.go_on(tx, allowance, event.subject, self._pace.portion).is_over
        if event.event == outbox.ROLLUPS_DUE:
            return _recount_some(tx, event)
        if event.event == outbox.ERASURE_BEGUN:
            return not erasures.go_on(tx, allowance, event.subject, self._pace.portion).is_over
        return service.release_some(tx, allowance, self._pace.portion)

    def _forget_rested(self, tx: Tx, limit: int) -> int:
        return service.forget_rested(tx, self._plans, limit)


def _recount_some(tx: Tx, event: Event) -> bool:
    """Recount a portion of an account's rollups; False once all are."""
    progress = recounting.go_on(tx, event.account_id, outbox.subject_of(tx, event))
    outbox.note(tx, event, progress)
    return bool(progress)
