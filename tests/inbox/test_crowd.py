"""Fifty people with the inbox open while feedback comes in: nobody misses any, at little cost."""

import contextlib
import os
import re
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path

import pytest

from tests.house import House, running, until
from tests.inbox.acting import position
from tests.inbox.test_live import Listener, listening
from tests.visitor import Member, owner_of

PEOPLE = 50
SUBMISSIONS = 1_200 if os.environ.get("MINIBACK_SOAK") else 100
# Short of what a connection of the server itself weighs, this is what an open page may cost.
MOST_KB_A_PERSON = 100


@pytest.fixture
def crowded(database: str, new_house: Callable[..., House]) -> House:
    """A house of this file's own, whose memory nobody else fills."""
    return new_house(database)


def memory_kb(house: House) -> int:
    """What the server's process has to itself, in KB (PSS)."""
    assert house.process
    told = Path(f"/proc/{house.process.pid}/smaps_rollup").read_text()
    found = re.search(r"^Pss:\s+(\d+) kB", told, re.MULTILINE)
    assert found
    return int(found[1])


def test_fifty_people_miss_nothing_and_weigh_little(crowded: House) -> None:
    with running(crowded) as house, contextlib.ExitStack() as stack:
        bob = house.account()
        owner = owner_of(house, bob)
        bob.say("warm up")
        _listen(stack, owner)
        before = memory_kb(house)
        pages = [_listen(stack, owner) for _ in range(PEOPLE)]
        weight = (memory_kb(house) - before) / PEOPLE
        with ThreadPoolExecutor(4) as threads:
            said = list(threads.map(lambda n: bob.say(f"word {n}")["id"], range(SUBMISSIONS)))
        wanted = {position(item) for item in said}
        for page in pages:
            until(partial(_knows, page, wanted), "a page to be told of everything")

        assert weight < MOST_KB_A_PERSON


def _knows(page: Listener, wanted: set[str]) -> bool:
    return wanted <= set(page.new)


def _listen(stack: contextlib.ExitStack, owner: Member) -> Listener:
    return stack.enter_context(listening(owner))
