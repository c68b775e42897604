"""The head of a request has a limit in bytes and in time, before any guard could see it."""

import contextlib
import socket

import pytest

from tests.house import Account, House, until


def test_a_head_that_never_ends_is_cut_off_at_64_kib(house: House) -> None:
    with socket.create_connection(("127.0.0.1", house.port)) as connection:
        connection.sendall(b"GET /healthz HTTP/1.1\r\nhost: test\r\n")
        with contextlib.suppress(ConnectionError):
            for _ in range(40):
                connection.sendall(b"x-long: " + b"x" * 4_000 + b"\r\n")

            assert connection.recv(12) == b"HTTP/1.1 431"


def test_a_head_within_the_limit_is_read_however_it_is_cut(house: House) -> None:
    request = b"GET /healthz HTTP/1.1\r\nhost: test\r\nx-long: " + b"x" * 30_000 + b"\r\n\r\n"
    with socket.create_connection(("127.0.0.1", house.port)) as connection:
        for at in range(0, len(request), 1_000):
            connection.sendall(request[at : at + 1_000])

        assert connection.recv(12) == b"HTTP/1.1 200"


def test_a_head_that_stops_half_way_is_given_up(house: House) -> None:
    with socket.create_connection(("127.0.0.1", house.port)) as connection:
        connection.sendall(b"GET /healthz HTTP/1.1\r\nhost:")
        connection.setblocking(False)
        received = b""

        def ended() -> bool:
            nonlocal received
            with contextlib.suppress(BlockingIOError):
                part = connection.recv(65536)
                received += part
                return not part
            return False

        until(ended, "the server to give up")
    assert received.startswith(b"HTTP/1.1 408")
    assert b"Request head took too long" in received


@pytest.mark.parametrize("offer", ["h2c", "websocket", "anything"])
def test_an_offer_of_another_protocol_costs_no_body(bob: Account, offer: str) -> None:
    headers = {"upgrade": offer, "connection": "upgrade, http2-settings", "http2-settings": "AAM"}

    answer = bob.post(bob.feedback_path, json={"message": "By an eager client"}, headers=headers)

    assert answer.status_code == 201, answer.text


@pytest.mark.parametrize("hosts", [b"", b"host: a.test\r\nhost: b.test\r\n"])
def test_a_request_of_no_host_or_several_is_400(house: House, hosts: bytes) -> None:
    with socket.create_connection(("127.0.0.1", house.port)) as connection:
        connection.sendall(b"GET /healthz HTTP/1.1\r\n" + hosts + b"\r\n")

        assert connection.recv(12) == b"HTTP/1.1 400"


def test_http_1_0_needs_no_host(house: House) -> None:
    with socket.create_connection(("127.0.0.1", house.port)) as connection:
        connection.sendall(b"GET /healthz HTTP/1.0\r\n\r\n")

        assert connection.recv(12) == b"HTTP/1.1 200"
