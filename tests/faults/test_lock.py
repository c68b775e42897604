"""Another process that locks the database, and one that reads for long (F6)."""

import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path

import pytest

from miniback import plans
from tests.faults import load
from tests.faults.load import Post
from tests.house import Account, House, running, until

IS_SOAK = bool(os.environ.get("MINIBACK_SOAK"))
SHORT_S, LONG_S = (3.0, 30.0) if IS_SOAK else (1.0, 7.0)
LOCKS = 10 if IS_SOAK else 1
READ_S = 60.0 if IS_SOAK else 2.0
CLIENTS = 16
LARGEST_LOG_BYTES = 64 * 1024 * 1024
# Another program with a library of its own; it says so when it has what it wants.
OTHER = """
import sys
import apsw
connection = apsw.Connection(sys.argv[1])
connection.set_busy_timeout(60_000)
connection.execute(sys.argv[2]).fetchall()
if len(sys.argv) > 3:
    rows = connection.execute(sys.argv[3])
    next(rows)
print("here", flush=True)
sys.stdin.read()
"""


@pytest.fixture(scope="module")
def house(new_house: Callable[..., House]) -> Iterator[House]:
    with running(new_house("sqlite")) as house:
        yield house


@contextmanager
def other_program(house: House, *statements: str) -> Iterator[None]:
    """Have another process run statements, and keep what it has got for as long as this lasts."""
    path = house.database_url.removeprefix("sqlite:///")
    command = [sys.executable, "-c", OTHER, path, *statements]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        assert process.stdout
        assert process.stdin
        assert process.stdout.readline() == b"here\n"
        yield
        process.stdin.close()


def _reads_for(account: Account, seconds: float) -> None:
    """Read again and again for some time, which is what passes here."""
    since = time.monotonic()
    while time.monotonic() - since < seconds:
        assert account.get("/api/projects").status_code == 200
        time.sleep(0.05)


def test_f6_a_lock_of_seconds_is_waited_for(house: House) -> None:
    bob, reader = house.account(plans.PRO), house.account(plans.PRO)
    with load.pressing(house, bob, CLIENTS) as given:
        for _ in range(LOCKS):
            with other_program(house, "BEGIN EXCLUSIVE"):
                _reads_for(reader, SHORT_S)
            until(partial(_goes_on, given, len(given)), "writes to go on")

    assert {call.status for post in given for call in post.calls} == {201}
    assert load.finished(house, bob, given) == []


def test_f6_under_a_long_lock_writes_say_503_and_then_go_on(house: House) -> None:
    bob, reader = house.account(plans.PRO), house.account(plans.PRO)
    with load.pressing(house, bob, CLIENTS) as given:
        with other_program(house, "BEGIN EXCLUSIVE"):
            _reads_for(reader, LONG_S)
        since, before = time.monotonic(), len(given)
        until(partial(_goes_on, given, before), "writes to go on")
        took_s = time.monotonic() - since

    assert {call.status for post in given for call in post.calls} == {201, 503}
    assert took_s <= 1 or not IS_SOAK
    assert load.finished(house, bob, given) == []


def test_f6_the_log_shrinks_again_behind_a_long_reader(house: House) -> None:
    bob, reader = house.account(plans.PRO), house.account(plans.PRO)
    bob.say()
    log = Path(house.database_url.removeprefix("sqlite:///") + "-wal")
    with load.pressing(house, reader, CLIENTS) as given:
        with other_program(house, "BEGIN", "SELECT id FROM feedback"):
            _reads_for(bob, READ_S)
            if IS_SOAK:
                assert log.stat().st_size > LARGEST_LOG_BYTES
                assert "log_held" in house.log
        until(partial(_goes_on, given, len(given)), "writes to go on")
        until(lambda: log.stat().st_size <= LARGEST_LOG_BYTES, "the log to shrink")

    assert {call.status for post in given for call in post.calls} == {201}
    assert load.finished(house, reader, given) == []


def test_f6_a_long_export_does_not_hold_the_log(house: House) -> None:
    bob, reader = house.account(plans.PRO), house.account(plans.PRO)
    for number in range(2_000 if IS_SOAK else 300):
        reader.say(f"{number} " + "x" * 9_000)
    log = Path(house.database_url.removeprefix("sqlite:///") + "-wal")
    ask, sizes = reader.client.stream, []
    with (
        load.pressing(house, bob, CLIENTS) as given,
        ask("GET", "/api/exports/feedback.csv", headers={"x-api-key": reader.key}) as export,
    ):
        for _ in export.iter_bytes(100_000 if IS_SOAK else 1_000_000):
            sizes.append(log.stat().st_size)
            time.sleep(0.3)

    assert max(sizes) <= LARGEST_LOG_BYTES
    assert load.finished(house, bob, given) == []


def _goes_on(given: list[Post], before: int) -> bool:
    return len(given) > before + CLIENTS
