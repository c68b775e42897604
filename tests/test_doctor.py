"""`miniback doctor mail`: the dialogue with a real mail server, and what to change."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from aiosmtpd.handlers import Mailbox, Sink
from aiosmtpd.smtp import AuthResult

from tests.accounts.test_mail import mail_server
from tests.house import House, free_port
from tests.notifications.post_office import Counter

DATABASES = ("sqlite",)
FROM = "Miniback <feedback@example.test>"
WORD = "a secret word"


def examined(
    new_house: Callable[..., House], database: str, url: str, *arguments: str
) -> tuple[int, str, str]:
    environment = {"MINIBACK_SMTP_URL": url, "MINIBACK_MAIL_FROM": FROM} if url else {}
    house = new_house(database, environment=environment)
    house.folder.mkdir(exist_ok=True)
    done = house.run("doctor", "mail", *arguments)
    return done.returncode, done.stdout, done.stderr


def test_a_good_server_is_talked_to_and_a_letter_arrives(
    database: str, new_house: Callable[..., House], tmp_path: Path
) -> None:
    port = free_port()
    with mail_server(tmp_path, port) as letters:
        url = f"smtp://127.0.0.1:{port}"
        code, said, _ = examined(new_house, database, url, "--to", "ada@example.test")

        assert code == 0
        for line in ("EHLO", "MAIL FROM:<feedback@example.test>", "RCPT TO:<ada@example.test>"):
            assert line in said
        assert "250" in said
        assert "All went well" in said
        (letter,) = letters
        assert letter["To"] == "ada@example.test"


def test_without_a_letter_nothing_is_sent(
    database: str, new_house: Callable[..., House], tmp_path: Path
) -> None:
    port = free_port()
    with mail_server(tmp_path, port) as letters:
        code, _, _ = examined(new_house, database, f"smtp://127.0.0.1:{port}")

        assert (code, len(letters)) == (0, 0)


@pytest.mark.parametrize(
    ("url", "advice"),
    [
        ("", "Set MINIBACK_SMTP_URL"),
        ("smtp://127.0.0.1:{port}", "Nothing listens at port"),
        ("smtp://no-such-host.invalid:25", "is not known"),
    ],
)
def test_a_server_that_is_not_there_comes_with_an_advice(
    database: str, new_house: Callable[..., House], url: str, advice: str
) -> None:
    code, _, told = examined(new_house, database, url.replace("{port}", str(free_port())))

    assert code == 1
    assert advice in told


class Refusing(Sink):
    """A mail server that knows nobody."""

    async def handle_RCPT(self, *_: Any) -> str:  # noqa: N802 - the library's name
        return "550 5.1.1 No such mailbox here"


def test_the_server_s_own_words_are_shown(database: str, new_house: Callable[..., House]) -> None:
    counter = Counter(Refusing(), port=free_port())
    counter.start()
    try:
        url = f"smtp://127.0.0.1:{counter.port}"
        code, said, told = examined(new_house, database, url, "--to", "ada@example.test")
    finally:
        counter.close()

    assert code == 1
    assert "550 5.1.1 No such mailbox here" in said
    assert told


@pytest.mark.filterwarnings("ignore:Requiring AUTH while not requiring TLS")
def test_a_wrong_password_is_told_and_never_shown(
    database: str, new_house: Callable[..., House], tmp_path: Path
) -> None:
    counter = Counter(
        Mailbox(tmp_path / "mail"),
        port=free_port(),
        authenticator=lambda *_: AuthResult(success=False, handled=False),
        auth_require_tls=False,
        auth_required=True,
    )
    counter.start()
    try:
        word = WORD.replace(" ", "%20")
        url = f"smtp://ada:{word}@127.0.0.1:{counter.port}"
        code, said, told = examined(new_house, database, url)
    finally:
        counter.close()

    assert code == 1
    assert "does not take this name and password" in told
    assert WORD not in said + told
    assert "AUTH as ada" in said
