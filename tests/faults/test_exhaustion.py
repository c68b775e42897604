"""Too many connections, files and bytes for one process: it says no, and comes back (F22)."""

import contextlib
import os
import resource
import socket
from collections.abc import Callable, Iterator

import httpx2

from miniback import plans
from tests.faults import load
from tests.house import Account, House, awaited, running, until

IS_SOAK = bool(os.environ.get("MINIBACK_SOAK"))
CONNECTIONS = 1_000 if IS_SOAK else 150
FILES = 64
MEMORY_BYTES = 400 * 1024 * 1024
LARGE_POSTS = 2_000 if IS_SOAK else 600
CLIENTS = 8


@contextlib.contextmanager
def limited(house: House, kind: int, most: int) -> Iterator[None]:
    """Hold a running server to a limit for as long as this lasts."""
    assert house.process
    before = resource.prlimit(house.process.pid, kind)
    resource.prlimit(house.process.pid, kind, (most, before[1]))
    yield
    resource.prlimit(house.process.pid, kind, before)


@contextlib.contextmanager
def crowd(house: House, count: int) -> Iterator[list[socket.socket]]:
    """Have many connect who say nothing, as far as they are let in."""
    with contextlib.ExitStack() as stack:
        connections = []
        for _ in range(count):
            with contextlib.suppress(OSError):
                one = socket.create_connection(("127.0.0.1", house.port), timeout=0.2)
                connections.append(stack.enter_context(one))
        yield connections


def test_f22_a_crowd_beyond_the_files_it_may_open_leaves_nothing_behind(
    new_house: Callable[..., House],
) -> None:
    with running(new_house("sqlite")) as house:
        bob = house.account(plans.PRO)
        with load.pressing(house, bob, CLIENTS) as given:
            with limited(house, resource.RLIMIT_NOFILE, FILES), crowd(house, CONNECTIONS):
                until(lambda: len(given) > CLIENTS, "some to be taken")
            until(lambda: _takes(bob, given), "the server to come back")

        _was_sound(house, bob, given)


def test_f22_more_than_its_memory_holds_leaves_nothing_behind(
    new_house: Callable[..., House],
) -> None:
    with running(new_house("sqlite")) as house:
        bob, given = house.account(plans.PRO), load.posts(LARGE_POSTS)
        for post in given:
            post.more = " x" * 4_900
        assert load.submit(bob, given[0]) == 201
        with limited(house, resource.RLIMIT_AS, MEMORY_BYTES):
            awaited(load.send(house, bob, given, CONNECTIONS))
        until(lambda: _takes(bob, given), "the server to come back")

        _was_sound(house, bob, given)


def _was_sound(house: House, account: Account, given: list[load.Post]) -> None:
    """See that nobody was told of a fault of ours, and that all is as it was said to be."""
    assert {call.status for post in given for call in post.calls} <= {201, 503, None}
    assert load.finished(house, account, given) == []
    assert "request_failed" not in house.log


def _takes(account: Account, given: list[load.Post]) -> bool:
    (post,) = load.posts(1)
    given.append(post)
    with contextlib.suppress(httpx2.TransportError):
        return load.submit(account, post) == 201
    return False
