"""Sending mail: through the operator's server, or into the log where there is none."""

import importlib
from email.message import EmailMessage
from email.policy import SMTP
from typing import Any, NamedTuple
from urllib.parse import unquote, urlsplit

import structlog

from miniback.settings import Settings

_TIMEOUT_S = 10.0
_PERMANENT = 500
PORTS = {"smtp": 587, "smtps": 465}

log = structlog.get_logger()


class MailRefused(Exception):  # noqa: N818 - an answer of the mail server
    """The mail server wants no mail for this address, now or later; the text is its own."""


class Letter(NamedTuple):
    """What is sent: texts of ours in the headers, whatever stands in the bodies."""

    to: str
    subject: str
    text: str
    html: str = ""
    headers: tuple[tuple[str, str], ...] = ()


class Mailer:
    """Hands mail to the server of the settings; only texts of our own go into headers."""

    def __init__(self, settings: Settings) -> None:
        self._url = settings.smtp_url
        self._from = settings.mail_from

    @property
    def is_configured(self) -> bool:
        """Whether mail leaves this machine."""
        return bool(self._url)

    async def send(self, letter: Letter) -> None:
        """Send a letter to an address that accounts.checked_email() has passed.

        Raises MailRefused where the server wants none for this address (a permanent answer to its
        name, RFC 5321 section 4.2.1), else OSError and aiosmtplib.SMTPException.
        """
        message = EmailMessage(policy=SMTP)
        message["From"] = self._from
        message["To"] = letter.to
        message["Subject"] = letter.subject
        message["Auto-Submitted"] = "auto-generated"
        for name, value in letter.headers:
            message[name] = value
        message.set_content(letter.text)
        if letter.html:
            message.add_alternative(letter.html, subtype="html")
        # It weighs some megabytes, and a server without mail never needs it.
        aiosmtplib = importlib.import_module("aiosmtplib")
        try:
            await aiosmtplib.send(message, recipients=[letter.to], **self._connection())
        except aiosmtplib.SMTPRecipientsRefused as error:
            answers = [each for each in error.recipients if each.code >= _PERMANENT]
            if not answers:
                raise
            raise MailRefused(f"{answers[0].code} {answers[0].message}") from error

    async def send_or_log(self, letter: Letter, link: str) -> None:
        """Send a letter with a link in it; without a mail server the link goes into the log.

        The operator hands it over then: without a mail server there is no other way.
        """
        if self.is_configured:
            await self.send(letter)
        else:
            log.warning("link_for", email=letter.to, subject=letter.subject, link=link)

    def _connection(self) -> dict[str, Any]:
        parts = urlsplit(self._url)
        return {
            "hostname": parts.hostname,
            "port": parts.port or PORTS[parts.scheme],
            "username": unquote(parts.username) if parts.username else None,
            "password": unquote(parts.password) if parts.password else None,
            "use_tls": parts.scheme == "smtps",
            # Passwords and links go over no open wire but this machine's own.
            "start_tls": parts.scheme == "smtp" and not is_here(parts.hostname or ""),
            "timeout": _TIMEOUT_S,
        }


def is_here(host: str) -> bool:
    """Tell whether a mail server stands on this very machine."""
    return host in ("localhost", "::1") or host.startswith("127.")
