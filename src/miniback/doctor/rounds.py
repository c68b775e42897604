"""All examinations, one after the other."""

import asyncio
from collections.abc import Iterator

from miniback.doctor.database import database
from miniback.doctor.dialogue import mail
from miniback.doctor.disk import disk
from miniback.doctor.findings import Finding, ok, warning, wrong
from miniback.doctor.reach import address
from miniback.settings import Settings


def examine(chosen: Settings) -> Iterator[Finding]:
    """Look at everything that a server needs, and tell each as it is found."""
    yield from database(chosen)
    yield from disk(chosen)
    yield from asyncio.run(address(chosen))
    yield _mail(chosen)


def _mail(chosen: Settings) -> Finding:
    """Talk to the mail server, and send nothing."""
    if not chosen.smtp_url:
        return warning(
            "mail",
            "No mail server is set: links stand in the log, and nobody is notified by mail",
            "Set MINIBACK_SMTP_URL and MINIBACK_MAIL_FROM",
        )
    *_, last = mail(chosen, "")
    if last.advice:
        return wrong("mail", last.text, f"{last.advice}. miniback doctor mail shows the dialogue")
    return ok("mail", "The mail server takes this server's mail")
