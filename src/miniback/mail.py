"""Sending mail: through the operator's server, or into the log where there is none."""

import importlib
from email.message import EmailMessage
from email.policy import SMTP
from typing import Any
from urllib.parse import unquote, urlsplit

import structlog

from miniback.settings import Settings

_TIMEOUT_S = 10.0
_PORTS = {"smtp": 587, "smtps": 465}

log = structlog.get_logger()


class Mailer:
    """Hands mail to the server of the settings; only texts of our own go into headers."""

    def __init__(self, settings: Settings) -> None:
        self._url = settings.smtp_url
        self._from = settings.mail_from

    @property
    def is_configured(self) -> bool:
        """Whether mail leaves this machine."""
        return bool(self._url)

    async def send(self, to: str, subject: str, text: str) -> None:
        """Send a text to an address that accounts.checked_email() has passed.

        Raises OSError and aiosmtplib.SMTPException, whose words are for the log.
        """
        message = EmailMessage(policy=SMTP)
        message["From"] = self._from
        message["To"] = to
        message["Subject"] = subject
        message["Auto-Submitted"] = "auto-generated"
        message.set_content(text)
        # It weighs some megabytes, and a server without mail never needs it.
        aiosmtplib = importlib.import_module("aiosmtplib")
        await aiosmtplib.send(message, recipients=[to], **self._connection())

    def _connection(self) -> dict[str, Any]:
        parts = urlsplit(self._url)
        return {
            "hostname": parts.hostname,
            "port": parts.port or _PORTS[parts.scheme],
            "username": unquote(parts.username) if parts.username else None,
            "password": unquote(parts.password) if parts.password else None,
            "use_tls": parts.scheme == "smtps",
            # Passwords and links go over no open wire but this machine's own.
            "start_tls": parts.scheme == "smtp" and not _is_here(parts.hostname or ""),
            "timeout": _TIMEOUT_S,
        }


def _is_here(host: str) -> bool:
    """Tell whether a mail server stands on this very machine."""
    return host in ("localhost", "::1") or host.startswith("127.")
