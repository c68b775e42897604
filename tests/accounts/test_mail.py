"""Letters through a real mail server: to whom, with which link, and when the server is away (T36)."""

import re
import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from email import message_from_bytes, policy
from email.message import EmailMessage

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.handlers import AsyncMessage

from tests.house import House, running, until
from tests.visitor import PASSWORD, Member, Visitor, owner, said, visiting

BASE = "https://feedback.example.test"
FROM = "Miniback <feedback@example.test>"
NEW = "another horse, another staple"
FORGED = {
    "host": "evil.example",
    "x-forwarded-host": "evil.example",
    "x-forwarded-proto": "gopher",
    "forwarded": "host=evil.example",
    "x-original-host": "evil.example",
    "origin": BASE,
}


class Mailbox(AsyncMessage):
    """A mail server's far end; it keeps what it is sent."""

    def __init__(self) -> None:
        super().__init__()
        self.letters: list[EmailMessage] = []
