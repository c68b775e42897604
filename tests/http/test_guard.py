"""Bodies that are turned away before anything reads them (contract sections 1 and 5)."""

from collections.abc import Iterator
from concurrent.futures import Future

import httpx2
import pytest

from tests.house import Account, House, until
from tests.http.sockets import Caller, calling

LARGEST = 160 * 1024
TOO_LARGE = {"error": "Request body is larger than 163840 bytes"}
TOO_SLOW = {"error": "Request body took too long"}


def test_a_body_that_drips_is_cut_off(dripping: tuple[Caller, "Future[object]"]) -> None:
    caller, end = dripping

    end.result()

    status, headers, body = caller.answer()
    assert (status, body, headers["connection"]) == (408, TOO_SLOW, "close")
    assert (headers["cache-control"], bool(headers["x-request-id"])) == ("no-store", True)


@pytest.mark.parametrize("length", [str(LARGEST + 1), "999999999999", "9" * 19])
def test_a_body_that_is_said_to_be_too_large_is_refused_unread(
    house: House, bob: Account, length: str
) -> None:
    head = f"POST {bob.feedback_path} HTTP/1.1\nhost: test\ncontent-length: {length}"

    with calling(house, head) as caller:
        until(caller.is_ended, "the server to refuse")

        assert caller.answer()[::2] == (413, TOO_LARGE)


def padded(size: int) -> bytes:
    return b'{"message": "A"}'.ljust(size)


def in_chunks(body: bytes) -> Iterator[bytes]:
    for start in range(0, len(body), 10_000):
        yield body[start : start + 10_000]


def test_a_body_of_exactly_160_kib_is_taken(bob: Account) -> None:
    assert bob.post(bob.feedback_path, content=padded(LARGEST)).status_code == 201


def test_a_body_in_chunks_of_exactly_160_kib_is_taken(bob: Account) -> None:
    answer = bob.post(bob.feedback_path, content=in_chunks(padded(LARGEST)))

    assert answer.status_code == 201


def test_a_body_in_chunks_is_counted_as_it_comes(bob: Account) -> None:
    answer = bob.post(bob.feedback_path, content=in_chunks(padded(LARGEST + 1)))

    assert (answer.status_code, answer.json()) == (413, TOO_LARGE)


def test_a_body_that_is_too_large_leaves_no_feedback(bob: Account) -> None:
    bob.post(bob.feedback_path, content=padded(LARGEST + 1))

    assert bob.get(bob.feedback_path).json()["pagination"]["total"] == 0


def post(bob: Account, name: str, value: str) -> httpx2.Response:
    """Post feedback with one header."""
    return bob.post(bob.feedback_path, content=b'{"message": "A"}', headers={name: value})


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("content-type", "multipart/form-data; boundary=x"),
        ("content-type", "Multipart/Mixed"),
        ("content-encoding", "gzip"),
        ("content-encoding", "BR"),
        ("content-encoding", "identity, gzip"),
        ("content-type", "application/json; charset=latin-1"),
        ("content-type", "application/json; charset=utf-16"),
        ("content-type", 'application/json; Charset="ISO-8859-1"'),
    ],
)
def test_a_form_that_is_not_read_is_unsupported(bob: Account, name: str, value: str) -> None:
    answer = post(bob, name, value)

    assert answer.status_code == 415
    assert isinstance(answer.json()["error"], str)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("content-type", "application/json"),
        ("content-type", "application/x-www-form-urlencoded"),
        ("content-type", "text/plain; charset=UTF-8"),
        ("content-type", 'application/json; charset="utf-8"'),
        ("content-type", "nonsense"),
        ("content-encoding", "identity"),
    ],
)
def test_any_other_form_is_read_as_json(bob: Account, name: str, value: str) -> None:
    assert post(bob, name, value).status_code == 201
