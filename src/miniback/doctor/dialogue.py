"""Finding out why something does not work, step by step, and what to change."""

import smtplib
import socket
import ssl
from collections.abc import Callable, Iterator
from typing import NamedTuple
from urllib.parse import unquote, urlsplit

from miniback.mail import PORTS, is_here
from miniback.settings import Settings

_TIMEOUT_S = 10.0
_GOOD = range(200, 400)


class Line(NamedTuple):
    """A line of a dialogue: who says it, what, and what to do where it is a trouble."""

    who: str
    text: str
    advice: str = ""


def mail(chosen: Settings, to: str) -> Iterator[Line]:
    """Talk to the mail server as the server would, and tell each line; secrets are left out.

    With an address in `to` a letter is sent to it. The last line has an advice where it failed.
    """
    if not chosen.smtp_url:
        yield Line(
            "miniback", "No mail server is set", "Set MINIBACK_SMTP_URL and MINIBACK_MAIL_FROM"
        )
        return
    parts = urlsplit(chosen.smtp_url)
    host, port = parts.hostname or "", parts.port or PORTS[parts.scheme]
    try:
        yield from _talk(chosen, to, host, port)
    except (OSError, smtplib.SMTPException) as error:
        yield Line("miniback", f"{type(error).__name__}: {error}", _advice(error, host, port))


def _talk(chosen: Settings, to: str, host: str, port: int) -> Iterator[Line]:
    parts = urlsplit(chosen.smtp_url)
    yield Line("miniback", f"Connecting to {host}, port {port}")
    context = ssl.create_default_context()
    if parts.scheme == "smtps":
        server: smtplib.SMTP = smtplib.SMTP_SSL(host, port, timeout=_TIMEOUT_S, context=context)
    else:
        server = smtplib.SMTP(host, port, timeout=_TIMEOUT_S)
    with server:
        yield Line("server", "It answers")
        yield from _said("EHLO", server.ehlo)
        if parts.scheme == "smtp" and not is_here(host):
            yield from _said("STARTTLS", lambda: server.starttls(context=context))
            yield from _said("EHLO", server.ehlo)
        if parts.username:
            name, word = unquote(parts.username), unquote(parts.password or "")
            yield from _said(f"AUTH as {name}", lambda: server.login(name, word))
        if to:
            yield from _letter(chosen, server, to)
    yield Line("miniback", "All went well")


def _letter(chosen: Settings, server: smtplib.SMTP, to: str) -> Iterator[Line]:
    sender = chosen.mail_from.rpartition("<")[2].rstrip(">")
    yield from _said(f"MAIL FROM:<{sender}>", lambda: server.mail(sender))
    yield from _said(f"RCPT TO:<{to}>", lambda: server.rcpt(to))
    text = (
        f"From: {chosen.mail_from}\r\nTo: {to}\r\nSubject: Miniback: a test\r\n"
        "Auto-Submitted: auto-generated\r\n\r\nMail from Miniback reaches this address.\r\n"
    )
    yield from _said("DATA", lambda: server.data(text))


def _said(command: str, say: Callable[[], tuple[int, bytes]]) -> Iterator[Line]:
    """Say something, and tell what comes back; raise where it is a no."""
    yield Line("miniback", command)
    code, answer = say()
    text = answer.decode("utf-8", "replace")
    for line in text.splitlines() or [""]:
        yield Line("server", f"{code} {line}")
    if code not in _GOOD:
        raise smtplib.SMTPResponseException(code, text)


def _advice(error: Exception, host: str, port: int) -> str:
    """Say what to change, as far as an error tells."""
    known: list[tuple[type[Exception] | tuple[type[Exception], ...], str]] = [
        (socket.gaierror, f"The name {host} is not known: check MINIBACK_SMTP_URL"),
        (
            ConnectionRefusedError,
            f"Nothing listens at port {port}: most servers take 587, or 465 with smtps://",
        ),
        (
            TimeoutError,
            "Nothing comes back: a firewall, or the host's provider, keeps this port closed",
        ),
        (
            ssl.SSLCertVerificationError,
            "The certificate is not for this name, or nobody known has signed it: use the name"
            " that stands in it",
        ),
        (ssl.SSLError, "No TLS is spoken at this port: smtps:// is for 465, smtp:// for 587"),
        (
            smtplib.SMTPNotSupportedError,
            "The server offers no STARTTLS or no sign-in: use smtps://, or a server that does",
        ),
        (smtplib.SMTPAuthenticationError, "The server does not take this name and password"),
        (smtplib.SMTPServerDisconnected, "It hung up: it may want TLS from the start (smtps://)"),
    ]
    for kind, advice in known:
        if isinstance(error, kind):
            return advice
    return "The server's own words say what it does not like"
