"""A mail server in trouble of every kind: few letters, all is in them, nothing twice (F9)."""

import contextlib
import os
import re
import socket
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import Any

import pytest

from miniback import clock
from miniback.notifications.mailing import MOST_AN_HOUR, MOST_IN_DIGEST
from tests.house import House, free_port, running, until
from tests.notifications.post_office import (
    FROM,
    PostOffice,
    let_time_pass,
    open_at,
    subscribe,
)
from tests.notifications.receivers import hook, receiving
from tests.notifications.test_bad_receivers import reset, sleep_long
from tests.visitor import Member, owner

IS_SOAK = bool(os.environ.get("MINIBACK_SOAK"))
ITEMS = 5_000 if IS_SOAK else 80
# More than the longest wait after as many tries as there are here.
LONG_MS = 6 * 3_600 * clock.SECOND_MS
LETTERS = -(-ITEMS // MOST_IN_DIGEST)
EMAIL = "team@example.test"
Mailing = tuple[House, Member]


@pytest.fixture(scope="module")
def port() -> int:
    """Where the mail server is, when it is."""
    return free_port()


@pytest.fixture(scope="module")
def bea(
    database: str, new_house: Callable[..., House], port: int
) -> Iterator[tuple[House, Member]]:
    """A house that sends mail, and the owner of an account in it."""
    smtp = {"MINIBACK_SMTP_URL": f"smtp://127.0.0.1:{port}", "MINIBACK_MAIL_FROM": FROM}
    free = {"MINIBACK_ALLOW_PRIVATE_TARGETS": "on"}
    with running(new_house(database, environment={**smtp, **free})) as house:
        yield house, owner(house)


@contextlib.contextmanager
def strange(port: int, answer: Callable[[socket.socket], None]) -> Iterator[None]:
    """Have somebody at the port who speaks no SMTP: silent, or breaking off."""
    taken: list[socket.socket] = []

    def serve(connection: socket.socket) -> None:
        with connection, contextlib.suppress(OSError):
            answer(connection)

    def take() -> None:
        with contextlib.suppress(OSError):
            while True:
                taken.append(listener.accept()[0])
                threads.submit(serve, taken[-1])

    with ThreadPoolExecutor(8) as threads, socket.create_server(("127.0.0.1", port)) as listener:
        threads.submit(take)
        try:
            yield
        finally:
            for each in (listener, *taken):
                with contextlib.suppress(OSError):
                    each.shutdown(socket.SHUT_RDWR)


@contextlib.contextmanager
def refusing(port: int, **trouble: Any) -> Iterator[None]:
    """Have a mail server there that takes nothing for now."""
    with open_at(port) as office:
        office.refusals |= trouble.get("refusals", {})
        office.answer = trouble.get("answer", office.answer)
        yield
        assert office.letters == []


def troubles(port: int) -> list[contextlib.AbstractContextManager[Any]]:
    """What befalls the mail server, one after the other."""
    return [
        contextlib.nullcontext(),  # it is away
        strange(port, reset),
        refusing(port, refusals={EMAIL: "451 Greylisted, try again later"}),
        refusing(port, answer="452 The disk is full"),
        refusing(port, answer="421 Too busy"),
    ]


def attempts(house: House) -> int:
    sql = (
        "SELECT count(*) FROM attempts JOIN deliveries ON deliveries.id = delivery_id"
        " JOIN targets ON targets.id = target_id WHERE address = :email"
    )
    (count,) = house.row(sql, email=EMAIL)
    return int(count)


def statuses(house: House) -> dict[str, int]:
    """How many deliveries to the address stand how."""
    sql = (
        "SELECT deliveries.status, count(*) FROM deliveries JOIN targets ON targets.id = target_id"
        " WHERE address = :email AND event <> 'verify' GROUP BY deliveries.status"
    )
    return dict(house.rows(sql, email=EMAIL))


def say_all(house: House, who: Member) -> None:
    """Send all the items, and wait until it is known who is to be told of each."""
    with ThreadPoolExecutor(8) as threads:
        list(threads.map(lambda number: who.account.say(f"Item <{number}>."), range(ITEMS)))
    until(lambda: sum(statuses(house).values()) == ITEMS, "all to be spread", 120)


def see_it_tried(house: House) -> None:
    """Let what waits be due, and wait until that was in vain."""
    before = attempts(house)
    let_time_pass(house, EMAIL, LONG_MS)
    until(lambda: attempts(house) > before, "a try in vain")
    assert statuses(house) == {"WAITING": ITEMS}


def are_told(house: House, least: int) -> bool:
    return statuses(house).get("DELIVERED", 0) >= least


def counted(office: PostOffice) -> list[int]:
    """How many items each letter is about, by its subject."""
    subjects = [str(each.message["Subject"]) for each in office.to(EMAIL)]
    return [int(re.sub(r"\D", "", subject) or 1) for subject in subjects]


def test_f9_after_every_trouble_all_is_told_in_few_letters_and_once(
    bea: Mailing, port: int
) -> None:
    house, member = bea
    with open_at(port) as office:
        subscribe(member, office, EMAIL)
    say_all(house, member)
    for trouble in troubles(port):
        with trouble:
            see_it_tried(house)

    with open_at(port) as office:
        for number in range(1, LETTERS + 1):
            let_time_pass(house, EMAIL, LONG_MS)  # a full digest is all that an hour gets
            least = min(ITEMS, number * MOST_IN_DIGEST)
            until(partial(are_told, house, least), "a digest", 120)

    assert statuses(house) == {"DELIVERED": ITEMS}
    assert sum(counted(office)) == ITEMS
    assert len(office.to(EMAIL)) <= MOST_AN_HOUR
    shown = [n for each in office.to(EMAIL) for n in re.findall(r"Item <(\d+)>", each.text)]
    assert len(shown) == len(set(shown))


def test_f9_a_mail_server_that_says_nothing_holds_up_nobody_else(bea: Mailing, port: int) -> None:
    house, member = bea
    with open_at(port) as office:
        subscribe(member, office, "more-" + EMAIL)
    with strange(port, sleep_long), receiving() as receiver:
        hook(member.account, receiver)
        before = attempts(house)
        member.account.say("For both")
        until(lambda: receiver.messages == ["For both"], "the webhook to be told")
        # The letter is still on its way; it is given up after ten seconds.
        assert attempts(house) == before
