"""Letters through a real mail server: to whom, with which link, and when it is away (T36)."""

import itertools
import mailbox
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from email.message import Message
from pathlib import Path

import pytest
from aiosmtpd.handlers import Mailbox

from tests.house import House, free_port, running, until
from tests.notifications.post_office import Counter
from tests.visitor import PASSWORD, Visitor, owner, said, visiting

BASE = "http://feedback.example.test"
FROM = "Miniback <feedback@example.test>"
FORGED = {
    "host": "evil.example",
    "x-forwarded-host": "evil.example",
    "x-forwarded-proto": "gopher",
    "x-original-host": "evil.example",
    "forwarded": "host=evil.example",
    "origin": BASE,
}
_numbers = itertools.count()


@pytest.fixture(scope="module")
def port() -> int:
    """A port for the mail server."""
    return free_port()


@pytest.fixture(scope="module")
def server(database: str, new_house: Callable[..., House], port: int) -> Iterator[House]:
    """A server that sends mail and is known by a name, on which strangers may open accounts."""
    environment = {
        "MINIBACK_BASE_URL": BASE,
        "MINIBACK_MAIL_FROM": FROM,
        "MINIBACK_REGISTRATION": "on",
        "MINIBACK_SMTP_URL": f"smtp://127.0.0.1:{port}",
    }
    with running(new_house(database, environment=environment)) as house:
        house.account()
        yield house


@contextmanager
def mail_server(folder: Path, port: int) -> Iterator[mailbox.Maildir]:
    """Take mail at a port and keep it in a folder."""
    counter = Counter(Mailbox(folder / "mail"), port=port)
    counter.start()
    try:
        yield mailbox.Maildir(folder / "mail")
    finally:
        counter.close()


@pytest.fixture
def letters(tmp_path: Path, port: int) -> Iterator[mailbox.Maildir]:
    with mail_server(tmp_path, port) as letters:
        yield letters


@pytest.fixture
def visitor(server: House) -> Iterator[Visitor]:
    server.change("DELETE FROM throttles")
    with visiting(server) as visitor:
        yield visitor


def new_address() -> str:
    return f"newcomer-{next(_numbers)}@example.test"


def letter_to(letters: mailbox.Maildir, email: str) -> Message:
    """The one letter to an address, once it is there."""
    found = until(lambda: [each for each in letters if each["To"] == email], f"mail to {email}")
    (letter,) = found
    assert isinstance(letter, Message)
    return letter


def text_of(letter: Message) -> str:
    content = letter.get_payload(decode=True)
    assert isinstance(content, bytes)
    return content.decode()


def link_in(letter: Message) -> str:
    """The path of the link in a letter."""
    (link,) = re.findall(r"http\S+", text_of(letter))
    assert link.startswith(BASE + "/"), link
    return str(link).removeprefix(BASE)


def test_a_letter_for_a_forgotten_password_leads_back_in(
    server: House, visitor: Visitor, letters: mailbox.Maildir
) -> None:
    email = server.account().email
    page = visitor.submit("/forgot", email=email)
    letter = letter_to(letters, email)
    link = link_in(letter)
    fields = {"token": link.partition("=")[2], "password": PASSWORD}

    assert f"If {email} can be used here, a link is on its way to it." in said(page)
    assert (letter["From"], letter["Auto-Submitted"]) == (FROM, "auto-generated")
    assert letter["X-RcptTo"] == email
    assert visitor.submit("/reset", link, **fields).headers["location"] == "/inbox"


def test_t36_a_forged_host_does_not_change_where_the_link_leads(
    server: House, visitor: Visitor, letters: mailbox.Maildir
) -> None:
    email = server.account().email
    data = {"csrf_token": visitor.token("/forgot"), "email": email}
    answer = visitor.client.post("/forgot", data=data, headers=FORGED)
    letter = letter_to(letters, email)

    assert answer.status_code == 200
    assert link_in(letter).startswith("/reset?token=")
    assert "evil" not in letter.as_string()


def test_t15_only_who_is_known_gets_a_letter_for_a_password(
    server: House, visitor: Visitor, letters: mailbox.Maildir
) -> None:
    unknown, known = new_address(), server.account().email
    visitor.submit("/forgot", email=unknown)
    visitor.submit("/forgot", email=known)
    letter_to(letters, known)
    until(lambda: not server.rows("SELECT id FROM outbox"), "all events to be taken up")

    assert [letter["To"] for letter in letters] == [known]


def test_a_letter_for_a_new_account_opens_one(
    server: House, visitor: Visitor, letters: mailbox.Maildir
) -> None:
    email = new_address()
    visitor.submit("/signup", email=email)
    link = link_in(letter_to(letters, email))
    fields = {"token": link.partition("=")[2], "password": PASSWORD, "time_zone": ""}

    assert visitor.submit("/signup/finish", link, **fields).headers["location"] == "/inbox"
    assert email in visitor.get("/projects").text


def test_t15_whoever_has_an_account_is_told_so_by_letter_alone(
    server: House, visitor: Visitor, letters: mailbox.Maildir
) -> None:
    email = server.account().email
    page = visitor.submit("/signup", email=email)
    letter = letter_to(letters, email)

    assert "already" not in said(page)
    assert "There is one already" in text_of(letter)
    assert link_in(letter) == "/login"


def test_the_address_before_is_told_of_a_change(server: House, letters: mailbox.Maildir) -> None:
    bob, after = owner(server), new_address()
    fields = {"email": after, "current_password": PASSWORD}
    assert bob.submit("/settings/email", "/settings/profile", **fields).status_code == 303
    letter = letter_to(letters, bob.email)

    assert "was just changed" in text_of(letter)
    assert after not in letter.as_string()


def test_a_letter_is_sent_once_the_mail_server_is_back(
    server: House, visitor: Visitor, tmp_path: Path, port: int
) -> None:
    email, postponed = server.account().email, server.log.count("mail_postponed")
    page = visitor.submit("/forgot", email=email)
    until(lambda: server.log.count("mail_postponed") > postponed, "a try in vain")

    with mail_server(tmp_path, port) as letters:
        # The event comes up again when its lease runs out.
        server.change("UPDATE outbox SET due_at = 0 WHERE subject = :email", email=email)
        link = link_in(letter_to(letters, email))
        until(lambda: not server.rows("SELECT id FROM outbox"), "the event to be done with")

    assert page.status_code == 200
    assert visitor.get(link).status_code == 200


def test_a_letter_waits_while_the_mail_server_is_away(server: House, visitor: Visitor) -> None:
    email, postponed = server.account().email, server.log.count("mail_postponed")
    visitor.submit("/forgot", email=email)
    until(lambda: server.log.count("mail_postponed") > postponed, "a try in vain")
    waiting = server.rows("SELECT event FROM outbox WHERE subject = :email", email=email)
    server.change("DELETE FROM outbox")

    assert waiting == [("password.forgotten",)]


def test_with_a_mail_server_no_link_stands_in_the_log(
    server: House, visitor: Visitor, letters: mailbox.Maildir
) -> None:
    email = server.account().email
    visitor.submit("/forgot", email=email)
    token = link_in(letter_to(letters, email)).partition("=")[2]

    assert token not in server.log
