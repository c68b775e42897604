"""SIGTERM and Ctrl-C: what has arrived is answered, what was not answered is not stored."""

import asyncio
import itertools
import os
import random
import signal
import socket
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import NamedTuple

import pytest

from miniback import plans
from tests.faults import load
from tests.faults.load import Post
from tests.house import PATIENCE_S, Account, House, awaited, until

CYCLES = 100 if os.environ.get("MINIBACK_SOAK") else 2
CONNECTIONS = 60
processes = pytest.mark.parametrize("workers", [1, 3])
ends = pytest.mark.parametrize("end", [signal.SIGTERM, signal.SIGINT], ids=["term", "ctrl-c"])
moments = pytest.mark.parametrize(
    ("workers", "seed"),
    [*((1, seed) for seed in range(CYCLES)), *((3, seed) for seed in range(CYCLES // 2))],
)


class Scene(NamedTuple):
    """A running server and somebody who submits."""

    house: House
    bob: Account


@pytest.fixture
def workers() -> int:
    """How many processes the server has, where a test does not say."""
    return 1


@pytest.fixture
def scene(database: str, workers: int, new_house: Callable[..., House]) -> Iterator[Scene]:
    house = new_house(database, workers=workers).start()
    yield Scene(house, house.account(plans.PRO))
    if house.process and house.process.poll() is None:
        house.kill()


@ends
@processes
def test_every_request_that_has_arrived_is_answered(scene: Scene, end: int) -> None:
    posts = load.posts(CONNECTIONS)

    awaited(_send_then_end(scene, posts, end))

    assert [post.status for post in posts] == [201] * CONNECTIONS
    assert _ended(scene.house) == 0
    assert len(load.stored(*scene)) == CONNECTIONS


@moments
def test_nothing_is_stored_that_was_not_answered(scene: Scene, seed: int) -> None:
    crowd = Crowd(scene, random.Random(seed).randrange(1, 2_000))

    awaited(crowd.stay())

    answered = [(post.marker, post.item_id) for post in crowd.posts if post.status]
    assert sorted(load.stored(*scene)) == sorted(answered)
    assert {post.status for post in crowd.posts} <= {201, None}
    assert _ended(scene.house) == 0
    assert "Traceback" not in scene.house.log


@moments
def test_every_request_on_a_connection_just_made_is_answered(scene: Scene, seed: int) -> None:
    crowd = Crowd(scene, random.Random(100 + seed).randrange(1, 1_000))

    awaited(crowd.come_and_go())

    assert [post for post in crowd.posts if post.status != 201] == []
    assert len(load.stored(*scene)) == len(crowd.posts)
    assert _ended(scene.house) == 0


@processes
def test_a_body_that_is_on_its_way_is_taken_while_newcomers_are_refused(scene: Scene) -> None:
    (post,) = load.posts(1)
    request = load.wire(scene.bob, post)
    with _connected(scene.house) as connection:
        connection.sendall(request[:-10])
        _end(scene.house)
        _refuses_connections(scene.house)
        connection.sendall(request[-10:])

        assert connection.recv(12) == b"HTTP/1.1 201"
    assert _ended(scene.house) == 0
    assert [marker for marker, _ in load.stored(*scene)] == [post.marker]


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_a_body_that_never_comes_does_not_hold_up_the_end(scene: Scene) -> None:
    with _connected(scene.house) as connection:
        connection.sendall(load.wire(scene.bob, load.posts(1)[0])[:-10])
        _end(scene.house)

        assert _ended(scene.house) == 0
    assert load.stored(*scene) == []


@processes
@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_f18_who_says_it_twice_does_not_wait_for_anybody(scene: Scene) -> None:
    with _connected(scene.house) as connection:
        connection.sendall(load.wire(scene.bob, load.posts(1)[0])[:-10])
        _end(scene.house)
        _refuses_connections(scene.house)
        began = time.monotonic()
        _end(scene.house)
        _ended(scene.house)

    # Who says it once waits ten seconds for that body.
    assert time.monotonic() - began < 8
    assert load.stored(*scene) == []


@pytest.mark.parametrize(("workers", "end"), [(1, signal.SIGTERM), (3, signal.SIGINT)])
def test_an_idle_server_ends_at_once_with_code_0(scene: Scene, end: int) -> None:
    with _connected(scene.house) as idle:
        _end(scene.house, end)

        assert _ended(scene.house) == 0
        assert idle.recv(1) == b""
    assert "Traceback" not in scene.house.log


async def _send_then_end(scene: Scene, posts: list[Post], end: int) -> None:
    """Send on connections that are in use, and end the server when all has been sent."""
    firsts = load.posts(len(posts))
    streams = [
        await asyncio.open_connection("127.0.0.1", scene.house.port, limit=2**16) for _ in posts
    ]
    for (reader, writer), first in zip(streams, firsts, strict=True):
        writer.write(b"GET /healthz HTTP/1.1\r\nhost: test\r\n\r\n")
        await load.receive(reader, first)
    for (_, writer), post in zip(streams, posts, strict=True):
        writer.write(load.wire(scene.bob, post))
        await writer.drain()
    _end(scene.house, end)
    await asyncio.gather(
        *(load.receive(reader, post) for (reader, _), post in zip(streams, posts, strict=True))
    )
    await asyncio.gather(*(load.hang_up(writer) for _, writer in streams))


@dataclass
class Crowd:
    """Many who submit without a pause; after so many answers the server is told to end."""

    scene: Scene
    answers_left: int
    posts: list[Post] = field(default_factory=list)

    async def stay(self) -> None:
        """Go on, each on a connection that lasts, until the server closes it."""
        await asyncio.gather(*(self._visit(sys.maxsize) for _ in range(CONNECTIONS)))

    async def come_and_go(self) -> None:
        """Take a fresh connection each time, and come no more once the server is to end."""
        await asyncio.gather(*(self._come_and_go() for _ in range(CONNECTIONS)))

    async def _come_and_go(self) -> None:
        while self.answers_left > 0:
            await self._visit(1)

    async def _visit(self, most: int) -> None:
        reader, writer = await asyncio.open_connection("127.0.0.1", self.scene.house.port)
        # Who has come too late keeps quiet: all else was sent before the end.
        for post in itertools.islice(map(Post, load.markers), most if self.answers_left > 0 else 0):
            self.posts.append(post)
            writer.write(load.wire(self.scene.bob, post))
            if not await load.receive(reader, post):
                break
            self.answers_left -= 1
            if self.answers_left == 0:
                _end(self.scene.house)
        await load.hang_up(writer)


def _end(house: House, end: int = signal.SIGTERM) -> None:
    assert house.process
    if end == signal.SIGINT:  # a terminal sends it to all that it has started
        os.killpg(house.process.pid, end)
    else:
        house.process.send_signal(end)


def _ended(house: House) -> int:
    """Wait for a server's end and return its exit code."""
    assert house.process
    return house.process.wait(PATIENCE_S)


def _connected(house: House) -> socket.socket:
    return socket.create_connection(("127.0.0.1", house.port), timeout=PATIENCE_S)


def _refuses_connections(house: House) -> None:
    """Wait until the end has begun."""

    def refused() -> bool:
        try:
            _connected(house).close()
        except OSError:
            return True
        return False

    until(refused, "the server to take no more connections")
