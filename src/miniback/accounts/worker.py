"""Sends the mails that people wait for, and records what no answer could wait for."""

from typing import NamedTuple

import structlog

from miniback import audit, clock, ids, outbox
from miniback.accounts import links, service, sessions, store
from miniback.accounts.links import Purpose
from miniback.db import Database, Tx
from miniback.mail import Letter, Mailer
from miniback.outbox import Event
from miniback.shell import Shell
from miniback.work import keep_working

MAILS = (outbox.PASSWORD_FORGOTTEN, outbox.SIGN_UP_ASKED, outbox.EMAIL_CHANGED)
RECORDS = (outbox.SIGN_IN_REFUSED, outbox.AUDIT_EARLIER)
EVENTS = (*MAILS, *RECORDS)

log = structlog.get_logger()


class Draft(NamedTuple):
    """What is to be sent: a subject and a template of ours, and the link in it, '' for none."""

    subject: str
    template: str
    link: str


class Worker:
    """Writes and sends letters; without a mail server it puts the links into the log."""

    def __init__(self, db: Database, mailer: Mailer, shell: Shell, base_url: str) -> None:
        self._db = db
        self._mailer = mailer
        self._shell = shell
        self._base_url = base_url

    async def run(self) -> None:
        """Look for work until cancelled."""
        await keep_working(self._db, EVENTS, self._take_up, [sessions.forget_old, links.forget_old])

    async def _take_up(self, event: Event) -> None:
        """Do what an event asks for; a letter that cannot be sent comes up again for an hour."""
        if event.event in RECORDS:
            await self._db.write(_record, event)
            return
        is_late = ids.created_at(event.id) < clock.now() - links.LIFE_MS
        letter = None if is_late else await self._db.write(self._letter, event)
        if letter:
            try:
                await self._send(event, letter)
            except Exception as error:  # noqa: BLE001 - the mail server's troubles have many names
                log.warning("mail_postponed", reason=str(error), error=type(error).__name__)
                return
        await self._db.write(outbox.done, event)

    def _letter(self, tx: Tx, event: Event) -> Draft | None:
        """Write the letter for an event, None where there is nobody to write to."""
        email = event.subject
        if event.event == outbox.EMAIL_CHANGED:
            return Draft("Your email address was changed", "email_changed.txt", "")
        who = store.find_credentials(tx, email)
        if event.event == outbox.PASSWORD_FORGOTTEN:
            if who is None:
                return None
            token = links.issue(tx, Purpose.RESET_PASSWORD, who.user_id)
            return Draft("Choose a new password", "reset.txt", f"/reset?token={token}")
        if who:
            return Draft("You have an account already", "known.txt", "/login")
        token = links.issue(tx, Purpose.SIGN_UP, email)
        return Draft("Finish your new account", "sign_up.txt", f"/signup/finish?token={token}")

    async def _send(self, event: Event, letter: Draft) -> None:
        link = self._base_url + letter.link if letter.link else ""
        if not self._mailer.is_configured:
            # The operator hands it over; without a mail server there is no other way in.
            log.warning("link_for", email=event.subject, event_name=event.event, link=link)
            return
        text = self._shell.text(f"accounts/templates/mail/{letter.template}", link=link)
        subject = "Miniback: " + self._shell.translate(letter.subject)
        await self._mailer.send(Letter(event.subject, subject, text))


def _record(tx: Tx, event: Event) -> None:
    if event.event == outbox.SIGN_IN_REFUSED:
        service.record_refused(tx, event.subject)
    else:
        audit.chain_earlier(tx, event.account_id)
    outbox.done(tx, event)
