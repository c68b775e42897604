"""A client that goes away in the middle: its request is carried out whole or not at all."""

import os
import socket
import struct
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from miniback import plans
from tests.faults import load
from tests.faults.load import Post
from tests.house import PATIENCE_S, Account, House, running, until

# A reset in place of an orderly close: the connection lingers for no time.
RESET = struct.pack("ii", 1, 0)
NOTHING = {"rows": 0, "calls": 0, "items": 0, "tallies": 0, "found": 0}
EVERY = 1 if os.environ.get("MINIBACK_SOAK") else 7
ways = pytest.mark.parametrize("is_reset", [False, True], ids=["close", "reset"])


@pytest.fixture(scope="module")
def quiet(database: str, new_house: Callable[..., House]) -> Iterator[House]:
    """A server whose log nobody else writes to."""
    with running(new_house(database)) as house:
        yield house


@ways
def test_a_request_cut_anywhere_stores_and_counts_nothing(quiet: House, is_reset: bool) -> None:
    bob, (post,) = quiet.account(plans.PRO), load.posts(1)
    request = load.wire(bob, post)
    for size in [*range(0, len(request), EVERY), *range(len(request) - 30, len(request))]:
        _send(quiet, request[:size], is_reset=is_reset)

    # Requests are taken in their order, so once this one is answered the others are dealt with.
    last = bob.say("The last")
    assert load.figures(quiet, bob) == {**dict.fromkeys(NOTHING, 1), "found": 0}
    assert [item for _, item in load.stored(quiet, bob)] == [last["id"]]
    assert "Traceback" not in quiet.log


@ways
def test_a_body_cut_in_a_chunk_stores_nothing(quiet: House, is_reset: bool) -> None:
    bob, (post,) = quiet.account(plans.PRO), load.posts(1)
    request = _chunked(bob, post)
    for size in range(request.index(b"\r\n\r\n"), len(request)):
        _send(quiet, request[:size], is_reset=is_reset)

    last = bob.say("The last")
    assert [item for _, item in load.stored(quiet, bob)] == [last["id"]]
    assert "Traceback" not in quiet.log


@ways
def test_a_whole_request_whose_answer_nobody_hears_is_kept_once(
    quiet: House, is_reset: bool
) -> None:
    bob, posts = quiet.account(plans.PRO), load.posts(50)
    for post in posts:
        post.begin()
        _send(quiet, load.wire(bob, post), is_reset=is_reset)

    assert load.finished(quiet, bob, posts) == []
    assert "Traceback" not in quiet.log


def test_clients_that_go_away_leave_no_connection_behind(quiet: House) -> None:
    bob, (post,) = quiet.account(plans.PRO), load.posts(1)
    before = _open_files(quiet)
    for size in range(0, 300, 3):
        _send(quiet, load.wire(bob, post)[:size], is_reset=size % 2 == 0)

    until(lambda: _open_files(quiet) <= before + 2, "the connections to be let go of")


def _send(house: House, request: bytes, *, is_reset: bool) -> None:
    """Send some bytes and go away without waiting for an answer."""
    with socket.create_connection(("127.0.0.1", house.port), timeout=PATIENCE_S) as connection:
        if is_reset:
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, RESET)
        connection.sendall(request)


def _chunked(account: Account, post: Post) -> bytes:
    """Write a submission without saying how long it is."""
    head, _, content = load.wire(account, post).partition(b"\r\n\r\n")
    head = head.rpartition(b"\r\n")[0] + b"\r\ntransfer-encoding: chunked\r\n\r\n"
    chunks = (content[:20], content[20:])
    return head + b"".join([b"%x\r\n%b\r\n" % (len(each), each) for each in chunks]) + b"0\r\n\r\n"


def _open_files(house: House) -> int:
    assert house.process
    return len(list(Path(f"/proc/{house.process.pid}/fd").iterdir()))
