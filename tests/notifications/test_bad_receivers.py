"""Receivers that fail, hang, lie and attack: nobody else waits, nothing is forgotten (F8, T28)."""

import gzip
import socket
import struct
import time
from collections.abc import Callable

import pytest

from miniback import clock
from miniback.notifications.schedule import GIVEN_UP_AFTER_MS, WAITS_MS, pause_ms, wait_ms
from tests.house import Account, House, until
from tests.notifications.receivers import OK, Answer, answer, deliveries, hook, receiving


def sleep_long(connection: socket.socket) -> None:
    """Answer nothing until the other side hangs up."""
    connection.settimeout(60)
    connection.recv(1)


def drip(connection: socket.socket) -> None:
    """Send an answer byte by byte, for ever."""
    connection.sendall(b"HTTP/1.1 200 OK\r\ncontent-length: 100000\r\n\r\n")
    while True:
        connection.sendall(b"x")
        time.sleep(0.2)  # it is a receiver that is slow, not a test that waits


def reset(connection: socket.socket) -> None:
    """Break the connection off."""
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    connection.close()


def endless(connection: socket.socket) -> None:
    """Send a body without an end."""
    connection.sendall(b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n")
    while True:
        connection.sendall(b"10000\r\n" + b"x" * 65_536 + b"\r\n")


def endless_headers(connection: socket.socket) -> None:
    """Send headers without an end."""
    connection.sendall(b"HTTP/1.1 200 OK\r\n")
    while True:
        connection.sendall(b"x-more: " + b"x" * 8_000 + b"\r\n")


BOMB = gzip.compress(b"\0" * 10_000_000)
BAD: dict[str, Answer] = {
    "500": answer(500, b"broken"),
    "503": answer(503),
    "400": answer(400),
    "404": answer(404),
    "301": answer(301, b"", "location: https://example.com/"),
    "302 to this machine": answer(302, b"", "location: http://127.0.0.1:1/"),
    "429": answer(429, b"", "retry-after: 1"),
    "sleeps": sleep_long,
    "drips": drip,
    "resets": reset,
    "endless headers": endless_headers,
    "no HTTP": b"SSH-2.0-OpenSSH_9.2\r\n\r\n",
    "nonsense": b"\0\xff\0\xff\r\n\r\n",
    "a length that lies": b"HTTP/1.1 200 OK\r\ncontent-length: 9\r\nconnection: close\r\n\r\nok",
    "two lengths": b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\ncontent-length: 3\r\n\r\nok",
}


def hurry(house: House, who: Account) -> None:
    """Let what is to be tried again be due now."""
    house.change("UPDATE deliveries SET due_at = 1 WHERE account_id = :id", id=who.id)
    house.change(
        "UPDATE targets SET due_at = 1, failures = 0 WHERE account_id = :id AND leased_until = 0",
        id=who.id,
    )


@pytest.mark.parametrize("kind", BAD)
def test_f8_what_fails_is_logged_and_tried_again_until_it_arrives(
    telling: House, ada: Account, kind: str
) -> None:
    with receiving(BAD[kind], OK) as receiver:
        made = hook(ada, receiver)
        ada.say("Worth a second try")
        until(lambda: deliveries(ada, made["id"]) and deliveries(ada, made["id"])[0]["attempts"])
        (waiting,) = deliveries(ada, made["id"])
        assert waiting["status"] == "WAITING"

        def arrived() -> bool:
            hurry(telling, ada)
            return bool(deliveries(ada, made["id"])[0]["status"] == "DELIVERED")

        until(arrived, "the second try")

    assert {got.header("webhook-id") for got in receiver.got} == {waiting["id"]}
    assert len({got.body for got in receiver.got}) == 1
    first, *_ = deliveries(ada, made["id"])[0]["attempts"]
    assert first["status"] == (int(kind[:3]) if kind[:3].isdigit() else None)
    assert "\0" not in first["answer"]


@pytest.mark.parametrize(
    ("body", "headers"),
    [
        (b"x" * 5_000_000, []),
        (BOMB, ["content-encoding: gzip"]),
        (b"\0\0\0", []),
        (b"\xff\xfe", ["content-type: text/html; charset=none"]),
    ],
    ids=["large", "bomb", "nul", "bytes"],
)
def test_t28_a_strange_body_of_a_good_answer_is_cut_and_kept_as_text(
    ada: Account, body: bytes, headers: list[str]
) -> None:
    with receiving(answer(200, body, *headers)) as receiver:
        made = hook(ada, receiver)
        ada.say("Taken")
        until(lambda: [e for e in deliveries(ada, made["id"]) if e["status"] == "DELIVERED"])

    (attempt,) = deliveries(ada, made["id"])[0]["attempts"]
    assert attempt["status"] == 200
    assert len(attempt["answer"]) <= 1_000
    assert "\0" not in attempt["answer"]


def test_t28_an_endless_answer_is_read_no_further_than_it_is_wanted(ada: Account) -> None:
    with receiving(endless) as receiver:
        made = hook(ada, receiver)
        ada.say("Taken")
        until(lambda: [e for e in deliveries(ada, made["id"]) if e["status"] == "DELIVERED"])

    assert len(deliveries(ada, made["id"])[0]["attempts"][0]["answer"]) <= 1_000


def test_t28_no_redirect_is_followed(ada: Account) -> None:
    with receiving() as inside:
        location = f"location: {inside.url}"
        with receiving(answer(302, b"", location), answer(307, b"", location)) as receiver:
            made = hook(ada, receiver)
            ada.say("Not led astray")
            until(
                lambda: deliveries(ada, made["id"]) and deliveries(ada, made["id"])[0]["attempts"]
            )

        assert inside.connections == 0


def test_f8_a_receiver_without_tls_at_an_https_address_is_logged_as_such(
    telling: House, ada: Account
) -> None:
    with receiving() as receiver:
        made = hook(ada, receiver, url=receiver.url.replace("http:", "https:"))
        ada.say("Not without encryption")
        until(lambda: deliveries(ada, made["id"]) and deliveries(ada, made["id"])[0]["attempts"])

    (attempt,) = deliveries(ada, made["id"])[0]["attempts"]
    assert attempt["status"] is None
    assert "ssl" in attempt["answer"].lower()


def test_f8_410_disables_a_webhook_at_once_and_says_so(ada: Account) -> None:
    with receiving(answer(410)) as receiver:
        made = hook(ada, receiver)
        ada.say("Nobody is there any more")
        path = f"/api/webhooks/{made['id']}"
        until(lambda: ada.get(path).json()["data"]["status"] == "DISABLED", "it to be disabled")
        ada.say("Not even tried")

    assert "410" in ada.get(path).json()["data"]["disabledReason"]
    assert len(receiver.got) == 1


def test_f8_failing_for_days_disables_a_webhook(telling: House, ada: Account) -> None:
    with receiving(answer(500)) as receiver:
        made = hook(ada, receiver)
        ada.say("For days")
        until(lambda: receiver.got, "the first try")
        long_ago = int(time.time() * 1_000) - GIVEN_UP_AFTER_MS - 1_000
        path = f"/api/webhooks/{made['id']}"

        def given_up() -> bool:
            telling.change(
                "UPDATE targets SET failing_since = :at WHERE id = :id AND failing_since > :at",
                id=made["id"],
                at=long_ago,
            )
            hurry(telling, ada)
            return bool(ada.get(path).json()["data"]["status"] == "DISABLED")

        until(given_up, "it to be given up")


def test_f8_a_dead_receiver_delays_nobody_else(ada: Account) -> None:
    with receiving(sleep_long) as dead, receiving() as good:
        hook(ada, dead)
        hook(ada, good)
        for number in range(20):
            ada.say(f"Item {number}")

        until(lambda: len(good.got) == 20, "all good deliveries")
        assert good.messages == [f"Item {number}" for number in range(20)]
        # One at a time is on its way to the dead one.
        assert len(dead.got) <= 2


def test_f8_one_event_that_fails_holds_up_no_later_one(telling: House, ada: Account) -> None:
    with receiving(answer(500), OK) as receiver:
        hook(ada, receiver)
        ada.say("Fails at first")
        until(lambda: receiver.got, "the first try")
        ada.say("A later one")
        telling.change(
            "UPDATE targets SET due_at = 1 WHERE account_id = :id AND leased_until = 0", id=ada.id
        )

        until(lambda: set(receiver.messages) == {"Fails at first", "A later one"}, "both")


def test_f8_what_comes_in_does_not_cut_a_failing_receiver_s_rest_short(
    telling: House, ada: Account
) -> None:
    target = "SELECT due_at FROM targets WHERE account_id = :id AND leased_until = 0"
    fresh = "SELECT id FROM deliveries WHERE account_id = :id AND attempts = 0"
    with receiving(answer(500)) as receiver:
        hook(ada, receiver)
        ada.say("Fails")
        until(lambda: telling.rows(f"{target} AND failures = 1", id=ada.id), "the first failure")
        # As after the third in a row, which is followed by a rest of two minutes.
        telling.change(
            "UPDATE targets SET failures = 3, due_at = 9000000000000 WHERE account_id = :id",
            id=ada.id,
        )
        ada.say("Comes meanwhile")
        until(lambda: telling.rows(fresh, id=ada.id), "what has come to be spread")

        ((due_at,),) = telling.rows(target, id=ada.id)
        assert clock.now() + pause_ms(3) / 2 < due_at < 9_000_000_000_000


def test_f8_waits_grow_over_three_days_and_are_spread() -> None:
    waits = [wait_ms(attempts) or 0 for attempts in range(1, len(WAITS_MS) + 1)]

    assert all(0.79 * own <= wait <= 1.21 * own for wait, own in zip(waits, WAITS_MS, strict=True))
    assert sorted(WAITS_MS) == list(WAITS_MS)
    assert WAITS_MS[0] == 5_000
    assert 2.8 <= sum(WAITS_MS) / 86_400_000 <= 3.2
    assert wait_ms(len(WAITS_MS) + 1) is None
    assert len({wait_ms(3) for _ in range(20)}) > 1
    assert pause_ms(1) == 5_000
    assert pause_ms(1_000) == 15 * 60_000


@pytest.mark.parametrize(
    ("asked", "least", "most"),
    [
        ("120", 120_000, 120_000),
        ("1000000000000", 86_400_000, 86_400_000),
        ("-5", 4_000, 6_000),
        ("soon", 4_000, 6_000),
        ("", 4_000, 6_000),
        ("Fri, 31 Dec 1999 23:59:59 GMT", 4_000, 6_000),
        ("Fri, 31 Dec 2100 23:59:59 GMT", 86_400_000, 86_400_000),
    ],
)
def test_t28_retry_after_is_heeded_within_bounds(asked: str, least: int, most: int) -> None:
    assert least <= (wait_ms(1, asked) or 0) <= most


def test_f8_a_worker_that_is_killed_repeats_by_the_same_name(
    database: str, new_house: Callable[..., House]
) -> None:
    house = new_house(database, environment={"MINIBACK_ALLOW_PRIVATE_TARGETS": "on"})
    with receiving(sleep_long, OK) as receiver:
        house.start()
        try:
            ada = house.account()
            hook(ada, receiver)
            ada.say("On its way when it was killed")
            until(lambda: receiver.got, "the delivery to be on its way")
            house.kill()
            # Its lease would run out by itself, in a minute.
            house.change("UPDATE targets SET leased_until = 0")
            house.start()
            until(lambda: len(receiver.got) == 2, "the delivery to be repeated")
        finally:
            house.stop()

    first, again = receiver.got
    assert first.header("webhook-id") == again.header("webhook-id")
    assert first.body == again.body
