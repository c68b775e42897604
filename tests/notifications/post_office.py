"""A real mail server that keeps what it gets, and refuses what a test wants refused."""

import asyncio
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from typing import Any, NamedTuple

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP

from miniback import clock
from miniback.accounts import throttles
from tests.house import PATIENCE_S, House, until
from tests.visitor import Member

FROM = "Miniback <feedback@example.test>"


class Letter(NamedTuple):
    """A letter, and to whom it was handed over."""

    to: list[str]
    message: EmailMessage

    @property
    def text(self) -> str:
        part = self.message.get_body(("plain",))
        assert part
        content: str = part.get_content()
        return content

    @property
    def html(self) -> str:
        part = self.message.get_body(("html",))
        content: str = part.get_content() if part else ""
        return content

    def link(self, purpose: str) -> str:
        """The path of the link for a purpose."""
        (found,) = set(re.findall(rf"http\S+?(/{purpose}/[\w.]+)", self.text))
        path: str = found
        return path


@dataclass
class PostOffice:
    """What has come; `refusals` are answers to addresses as RCPT names them.

    `answer` is what a letter is answered; only where that is 250 it is kept.
    """

    port: int
    letters: list[Letter] = field(default_factory=list)
    refusals: dict[str, str] = field(default_factory=dict)
    answer: str = "250 OK"

    def to(self, email: str) -> list[Letter]:
        return [each for each in self.letters if each.to == [email]]

    def wait(self, email: str, count: int = 1) -> list[Letter]:
        """So many letters to an address, once they are there."""
        until(lambda: len(self.to(email)) >= count, f"{count} letters to {email}")
        return self.to(email)

    async def handle_RCPT(  # noqa: N802 - the library's name
        self, _server: Any, _session: Any, envelope: Any, address: str, _options: Any
    ) -> str:
        if address in self.refusals:
            return self.refusals[address]
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, _server: Any, _session: Any, envelope: Any) -> str:  # noqa: N802
        message = message_from_bytes(envelope.content, policy=default)
        assert isinstance(message, EmailMessage)
        if self.answer.startswith("250"):
            self.letters.append(Letter(envelope.rcpt_tos, message))
        return self.answer


class Counter(Controller):
    """Where mail is handed over; whoever is still there at the end is sent away."""

    def __init__(self, handler: Any, **options: Any) -> None:
        super().__init__(handler, hostname="127.0.0.1", **options)
        self.sessions: list[SMTP] = []

    def factory(self) -> SMTP:
        self.sessions.append(super().factory())  # type: ignore[no-untyped-call]
        return self.sessions[-1]

    def close(self) -> None:
        asyncio.run_coroutine_threadsafe(self._hang_up(), self.loop).result(PATIENCE_S)
        self.stop()

    async def _hang_up(self) -> None:
        assert self.server
        self.server.close()
        for each in self.sessions:
            if isinstance(each.transport, asyncio.WriteTransport):
                each.transport.abort()
        # A connection is gone in the loop's next round.
        await asyncio.sleep(0)


@contextmanager
def open_at(port: int) -> Iterator[PostOffice]:
    """Take mail until the end of the block."""
    office = PostOffice(port)
    counter = Counter(office, port=port)
    counter.start()
    try:
        yield office
    finally:
        counter.close()


def add_address(who: Member, email: str, **more: str) -> None:
    """Ask for an address to be told, as the page's form does."""
    fields = {"kind": "EMAIL", "address": email, "created": "on", "schedule": "INSTANT"}
    page = "/settings/notifications"
    answer = who.submit(page, "/usage", **{**fields, "hour": "9", **more})
    assert answer.status_code == 303, answer.text


def subscribe(who: Member, office: PostOffice, email: str, **more: str) -> None:
    """The same, and somebody there says yes."""
    add_address(who, email, **more)
    link = office.wait(email)[0].link("verify")
    assert who.submit(link).status_code == 200
    office.letters.clear()


def status_of(house: House, email: str) -> str:
    sql = "SELECT status FROM targets WHERE address = :email"
    status: str = house.row(sql, email=email)[0]
    return status


def let_time_pass(house: House, email: str, ms: int) -> None:
    """Let what has happened to an address, and what waits for it, be so much longer ago.

    What goes on at the moment comes to its end first.
    """
    (target_id,) = house.row("SELECT id FROM targets WHERE address = :email", email=email)
    sql = "SELECT due_at FROM targets WHERE id = :id AND leased_until = 0"
    at_rest = [(None,)]

    def is_at_rest() -> bool:
        found = house.rows(sql, id=target_id)
        return found == at_rest or bool(found and found[0][0] > clock.now())

    until(is_at_rest, f"{email} to be left alone")
    house.change(
        "UPDATE deliveries SET due_at = due_at - :ms, happened_at = happened_at - :ms"
        " WHERE target_id = :id",
        ms=ms,
        id=target_id,
    )
    house.change("UPDATE targets SET due_at = 0 WHERE id = :id", id=target_id)


def forget_questions(house: House, email: str) -> None:
    """Let it be tomorrow for the limit on asking an address."""
    house.tx(throttles.lift, throttles.question_limits(email))
