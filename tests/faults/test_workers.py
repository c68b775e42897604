"""Workers that die or hang under load: the others go on, and a new one takes their place (F14)."""

import os
import random
import signal
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpx2
import pytest

from tests.faults.crowd import Crowd, check, crowding
from tests.faults.test_deliveries import ENVIRONMENT, free_targets
from tests.house import Account, House, running, until
from tests.notifications.receivers import Receiver, hook, receiving

IS_SOAK = bool(os.environ.get("MINIBACK_SOAK"))
SECONDS = 300 if IS_SOAK else 0
# The row's limit for taking over what a dead worker had in hand; the lease is a minute.
LONGEST_LEASE_S = 90.0
# At the least, however soon the time is over.
FAULTS = (signal.SIGKILL, signal.SIGSTOP)


def workers_of(house: House) -> list[int]:
    """The processes that serve."""
    assert house.process
    pid = house.process.pid
    children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    return [int(child) for child in children if "spawn_main" in _command(child)]


def _command(pid: str) -> str:
    try:
        return Path(f"/proc/{pid}/cmdline").read_text()
    except OSError:  # it has just ended
        return ""


def is_replaced(house: House, victim: int) -> bool:
    there = workers_of(house)
    return victim not in there and len(there) == house.workers


def strike(house: House, crowd: Crowd, victim: int, fault: signal.Signals) -> None:
    """Let a fault befall a worker, and wait until another is in its place and all goes on."""
    os.kill(victim, fault)
    until(lambda: is_replaced(house, victim), "another worker")
    crowd.is_served()


def strike_again_and_again(house: House, crowd: Crowd, ada: Account) -> list[str]:
    """Do that to one worker after the other; return what was said meanwhile to be told."""
    said: list[str] = []
    chance, began = random.Random(14), time.monotonic()
    while len(said) < len(FAULTS) or time.monotonic() - began < SECONDS:
        crowd.is_served()
        fault = FAULTS[len(said) % len(FAULTS)]
        said.append(f"Said before fault {len(said)}")
        until(lambda: _is_said(ada, said[-1]), "it to be taken")
        strike(house, crowd, chance.choice(workers_of(house)), fault)
    return said


def _is_said(ada: Account, message: str) -> bool:
    """Send it by one key, as often as it takes."""
    key = {"idempotency-key": message}
    try:
        answer = ada.post(ada.feedback_path, json={"message": message}, headers=key)
    except httpx2.TransportError:
        return False
    return bool(answer.status_code == 201)


def are_told(house: House, receiver: Receiver, said: list[str]) -> None:
    """Wait until all is told, what a dead worker had taken up included."""
    if not IS_SOAK:
        free_targets(house)
    until(lambda: set(said) <= set(receiver.messages), "everything to be told", LONGEST_LEASE_S)


@pytest.mark.parametrize("workers", [2, 4] if IS_SOAK else [2])
def test_f14_workers_that_die_or_hang_lose_nothing_and_are_replaced(
    database: str, new_house: Callable[..., House], workers: int, record_property: Any
) -> None:
    house = new_house(database, workers=workers, environment=ENVIRONMENT)
    with running(house), receiving() as receiver:
        ada = house.account()
        hook(ada, receiver)
        with crowding(house.account(), house) as crowd:
            said = strike_again_and_again(house, crowd, ada)
        are_told(house, receiver, said)

        record_property("answers", dict(crowd.statuses))
        assert set(crowd.statuses) <= {201, 503, None}
        check(house, crowd)


def test_f14_a_worker_that_is_stopped_does_not_hold_up_who_says_twice_that_it_is_to_end(
    new_house: Callable[..., House],
) -> None:
    with running(new_house("sqlite", workers=2)) as house:
        assert house.process
        os.kill(workers_of(house)[0], signal.SIGSTOP)
        house.process.terminate()
        until(lambda: len(workers_of(house)) == 1, "the other to end")
        house.process.terminate()

        assert house.process.wait(20) == 0
        until(lambda: is_empty(house), "every process to be gone")


def is_empty(house: House) -> bool:
    """Tell whether no process of the server's group is left."""
    assert house.process
    try:
        os.killpg(house.process.pid, 0)
    except ProcessLookupError:
        return True
    return False
