"""Mail to an account's owners: that somebody is told no more, that a month's allowance runs out."""

from typing import NamedTuple

import structlog

from miniback import accounts, clock, ids, outbox, plans, shell
from miniback.accounts import Account, Role
from miniback.db import Database, Tx
from miniback.mail import Letter, Mailer, MailRefused
from miniback.notifications import target_store
from miniback.notifications.models import Kind
from miniback.outbox import Event
from miniback.shell import Shell
from miniback.work import keep_working

EVENTS = (outbox.TARGET_DISABLED, outbox.ALLOWANCE_USED)
# What could not be sent for so long is no news any more.
LIFE_MS = clock.DAY_MS
_FOLDER = "notifications/templates/mail/"

log = structlog.get_logger()


class Draft(NamedTuple):
    """What owners are told: a subject and a template of ours with its values, and who they are."""

    subject: str
    template: str
    values: dict[str, str]
    owners: list[str]


class Notices:
    """Writes and sends them; without a mail server there are none, and pages tell the same."""

    def __init__(self, db: Database, mailer: Mailer, page_shell: Shell, base_url: str) -> None:
        self._db = db
        self._mailer = mailer
        self._shell = page_shell
        self._base_url = base_url

    async def run(self) -> None:
        """Look for work until cancelled."""
        await keep_working(self._db, EVENTS, self._take_up, [])

    async def _take_up(self, event: Event) -> None:
        """Tell of an event; what cannot be sent comes up again for a day."""
        is_late = ids.created_at(event.id) < clock.now() - LIFE_MS
        draft = None
        if self._mailer.is_configured and not is_late:
            draft = await self._db.read(_draft, event)
        if draft:
            try:
                await self._send(draft)
            except Exception as error:  # noqa: BLE001 - the mail server's troubles have many names
                log.warning("mail_postponed", reason=str(error), error=type(error).__name__)
                return
        await self._db.write(outbox.done, event)

    async def _send(self, draft: Draft) -> None:
        values = {**draft.values, "link": self._base_url + draft.values["link"]}
        text = self._shell.text(_FOLDER + draft.template, **values)
        subject = "Miniback: " + self._shell.translate(draft.subject)
        for owner in draft.owners:
            try:
                await self._mailer.send(Letter(owner, subject, text))
            except MailRefused as refusal:
                log.warning("notice_refused", email=owner, reason=str(refusal))


def _draft(tx: Tx, event: Event) -> Draft | None:
    """Write what an event means, None where it means nothing any more."""
    account = accounts.find(tx, event.account_id)
    if account is None:
        return None
    people = accounts.people(tx, account.id).values()
    owners = [each.email for each in people if each.role == Role.OWNER]
    if event.event == outbox.TARGET_DISABLED:
        return _of_target(tx, event, owners)
    return _of_allowance(event, account, owners)


def _of_target(tx: Tx, event: Event, owners: list[str]) -> Draft | None:
    target = target_store.find(tx, event.account_id, event.subject)
    if target is None:
        return None
    place = "webhooks" if target.kind is Kind.WEBHOOK else "notifications"
    values = {
        "label": target.label,
        "reason": target.reason,
        "link": f"/settings/{place}/{target.id}",
    }
    return Draft("Somebody is told no more", "disabled.txt", values, owners)


def _of_allowance(event: Event, account: Account, owners: list[str]) -> Draft:
    what, mark = event.subject.split(" ")
    period = plans.period_at(account.anchor, ids.created_at(event.id))
    values = {"what": what, "mark": mark, "day": shell.day(period.end, ""), "link": "/usage"}
    is_full = int(mark) >= plans.FULL_AT
    subject = "This month's allowance is used up" if is_full else "This month's allowance runs low"
    return Draft(subject, "allowance.txt", values, owners)
