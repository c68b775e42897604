"""Loss of power: what was answered had been synced to the disk before (F2)."""

import os
import random
import re
import shutil
from collections.abc import Callable
from pathlib import Path

import apsw
import pytest

from miniback import plans
from tests.faults import load
from tests.faults.disk import Disk, Number, Platter
from tests.faults.load import Post
from tests.house import Account, House, awaited, running

IS_SOAK = bool(os.environ.get("MINIBACK_SOAK"))
POSTS = 4_000 if IS_SOAK else 300
MOMENTS = 200 if IS_SOAK else 12
TRACED = 1_000
CONNECTIONS = 8
strace = pytest.mark.skipif(
    not IS_SOAK or not shutil.which("strace"), reason="runs in `make soak`, where strace is found"
)


class Outage:
    """What had been answered by a moment, and how long the journal was then."""

    def __init__(self, house: House, account: Account, base: bytes) -> None:
        self.house, self.account = house, account
        self.base, self.journal = base, b""
        self.moments: list[tuple[int, set[str]]] = []

    def missing(self, moments: list[int], chance: random.Random) -> list[set[str]]:
        """Cut the power at each moment, open what is left, and return what is not there."""
        platter = Platter(self.base, self.journal)
        found = []
        for moment in sorted(moments):
            size, answered = self.moments[moment]
            platter.forward(size)
            found.append(answered - self._left(platter, chance))
        return found

    def _left(self, platter: Platter, chance: random.Random) -> set[str]:
        part = chance.choice((0.0, 0.5, 0.9))
        file, log = platter.without_power(lambda: chance.random() < part)
        folder = self.house.folder
        left = House(folder, f"sqlite:///{folder}/left.db")
        (folder / "left.db-shm").unlink(missing_ok=True)
        (folder / "left.db").write_bytes(file)
        (folder / "left.db-wal").write_bytes(log)
        assert left.rows("PRAGMA integrity_check") == [("ok",)]
        return {marker for marker, _ in load.stored(left, self.account)}


@pytest.fixture
def outage(a_disk: Disk, new_house: Callable[..., House]) -> Callable[[bool], Outage]:
    """Make a run whose power can be cut afterwards, at any moment of it."""

    def make(is_deaf: bool) -> Outage:
        house = new_house("sqlite")
        with running(house):
            bob = house.account(plans.PRO)
        base = (house.folder / "miniback.db").read_bytes()
        house.environment = a_disk.journaled
        a_disk[Number.IS_DEAF] = is_deaf
        with running(house):
            run = Outage(house, bob, base)
            awaited(_submit(run, a_disk.journal))
        run.journal = a_disk.journal.read_bytes()
        return run

    return make


async def _submit(run: Outage, journal: Path) -> None:
    """Submit with a few in flight at a time, and note now and then what has been answered."""
    answered: set[str] = set()
    for _ in range(POSTS // CONNECTIONS):
        given = load.posts(CONNECTIONS)

        def note(given: list[Post] = given) -> None:
            answered.update(post.marker for post in given if post.status == 201)
            run.moments.append((journal.stat().st_size, set(answered)))

        await load.send(run.house, run.account, given, CONNECTIONS, note)


def test_f2_what_was_answered_is_there_after_the_power_has_gone(
    outage: Callable[[bool], Outage],
) -> None:
    run, chance = outage(False), random.Random(5)
    moments = chance.sample(range(len(run.moments)), MOMENTS)

    assert run.missing(moments, chance) == [set()] * MOMENTS


def test_f2_a_disk_that_only_says_that_it_has_synced_is_found_out(
    outage: Callable[[bool], Outage],
) -> None:
    run = outage(True)

    # Answers that are not there, or a file that is none any more.
    with pytest.raises((AssertionError, apsw.CorruptError)):
        assert run.missing([len(run.moments) - 1], random.Random(6)) == [set()]


@strace
@pytest.mark.parametrize("is_deaf", [False, True], ids=["a disk", "no disk"])
def test_f2_the_kernel_sees_a_sync_before_every_answer(
    new_house: Callable[..., House], tmp_path: Path, is_deaf: bool
) -> None:
    trace = tmp_path / "trace"
    house = new_house("sqlite")
    house.prefix = ("strace", "-D", "-f", "-qq", "-y", "-s", "40", "-o", str(trace))
    house.prefix += ("-e", "trace=fdatasync,pwrite64,read,write,writev,sendto,recvfrom")
    if is_deaf:  # the call never reaches the kernel; strace marks its made-up answer
        house.prefix += ("-e", "inject=fdatasync:retval=0")
    with running(house):
        bob = house.account(plans.PRO)
        for number in range(TRACED):
            bob.say(f"Item {number}")
    covered, answers = _covered(trace.read_text())

    assert answers == TRACED
    assert covered == (0 if is_deaf else TRACED)


def _covered(trace: str) -> tuple[int, int]:
    """Count the answers, and those between whose request and them the log was synced."""
    covered = answers = 0
    is_written = is_synced = False
    for line in trace.splitlines():
        if '"POST /api/projects/' in line:
            is_written = is_synced = False
        elif re.search(r"pwrite64\(\d+<[^>]*-wal>", line):
            is_written, is_synced = True, False
        elif re.search(r"fdatasync\(\d+<[^>]*-wal>\) += 0$", line):
            is_synced = is_written
        elif '"HTTP/1.1 201' in line:
            answers += 1
            covered += is_synced
    return covered, answers
