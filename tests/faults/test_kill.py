"""kill -9 under load: what was answered is there, and a retry with its key changes nothing."""

import asyncio
import os
import random
import socket
from collections import Counter
from collections.abc import Callable, Iterator

import pytest

from miniback import plans
from tests.faults import load
from tests.faults.load import Post
from tests.house import Account, House, awaited, running, until

CYCLES = 100 if os.environ.get("MINIBACK_SOAK") else 10
POSTS = 1_000
CONNECTIONS = 100


@pytest.fixture(scope="module")
def rough(database: str, new_house: Callable[..., House]) -> Iterator[House]:
    """A server that is killed again and again, always over the same database."""
    house = new_house(database).start()
    yield house
    assert house.stop() == 0


@pytest.mark.parametrize("cycle", range(CYCLES))
def test_what_was_answered_survives_kill_9_and_is_there_once(rough: House, cycle: int) -> None:
    rough.workers = 3 if cycle % 5 == 4 else 1  # from the restart on
    bob, posts = _crash(rough, random.Random(cycle))
    answered = {(post.marker, post.item_id) for post in posts if post.status == 201}
    assert answered <= set(load.stored(rough, bob))

    awaited(load.send(rough, bob, posts, CONNECTIONS))

    assert Counter(post.status for post in posts) == {201: POSTS}
    assert load.findings(rough, bob, posts) == []


def test_the_file_is_sound_after_a_kill(new_house: Callable[..., House]) -> None:
    house = new_house("sqlite").start()
    _crash(house, random.Random(2_000))

    assert house.rows("PRAGMA integrity_check") == [("ok",)]
    house.change("INSERT INTO feedback_search (feedback_search) VALUES ('integrity-check')")
    assert house.stop() == 0


def _crash(house: House, chance: random.Random) -> tuple[Account, list[Post]]:
    """Kill a server with a thousand submissions in flight, and start it again by nothing else."""
    bob, posts = house.account(plans.PRO), load.posts(POSTS)
    awaited(_send_and_kill(house, bob, posts, chance))
    house.start()
    return bob, posts


async def _send_and_kill(
    house: House, account: Account, posts: list[Post], chance: random.Random
) -> None:
    countdown = iter(range(chance.randrange(1, POSTS), 0, -1))
    delay_s = chance.uniform(0, 0.01)

    def count() -> None:
        if next(countdown, None) == 1:
            asyncio.get_running_loop().call_later(delay_s, house.kill)

    await load.send(house, account, posts, CONNECTIONS, count)
    assert house.process
    if house.process.poll() is None:
        house.kill()


def test_workers_end_when_the_process_that_started_them_is_killed(
    new_house: Callable[..., House], database: str
) -> None:
    with running(new_house(database, workers=2)) as house:
        assert house.process
        house.process.kill()
        house.process.wait()

        until(lambda: not _connects(house), "the workers to let go of the port")


def _connects(house: House) -> bool:
    try:
        socket.create_connection(("127.0.0.1", house.port), timeout=1).close()
    except OSError:
        return False
    return True
