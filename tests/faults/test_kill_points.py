"""kill -9 at chosen points of writing to the disk, some of them in the middle of a write (F1)."""

import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from miniback import plans
from tests.faults import load
from tests.faults.disk import Disk, Number
from tests.faults.load import Post
from tests.house import House, awaited, until

IS_SOAK = bool(os.environ.get("MINIBACK_SOAK"))
POINTS = range(1, 201) if IS_SOAK else (1, 3, 12)
SYNCS = range(1, 21) if IS_SOAK else (1,)
# Writes to the database file itself, which happen when the log is copied into it.
FILE_POINTS = range(1, 400, 20) if IS_SOAK else (2,)
CONNECTIONS = 4


@pytest.fixture(scope="module")
def mortal(
    disk_library: Path, tmp_path_factory: pytest.TempPathFactory, new_house: Callable[..., House]
) -> Iterator[tuple[House, Disk]]:
    """A server that its disk can kill."""
    disk = Disk(disk_library, tmp_path_factory.mktemp("disk"))
    house = new_house("sqlite", environment=disk.environment).start()
    yield house, disk
    assert house.stop() == 0


@pytest.mark.parametrize("is_torn", [False, True], ids=["before", "halfway"])
@pytest.mark.parametrize("point", POINTS)
def test_f1_killed_at_a_write_to_the_log(
    mortal: tuple[House, Disk], point: int, is_torn: bool
) -> None:
    house, disk = mortal
    disk[Number.IS_TORN] = is_torn
    disk[Number.KILL_AT_WRITE] = disk[Number.WRITES] + point

    _press_until_killed(house, disk, 20)


@pytest.mark.parametrize("point", SYNCS)
def test_f1_killed_before_a_sync(mortal: tuple[House, Disk], point: int) -> None:
    house, disk = mortal
    disk[Number.KILL_AT_SYNC] = disk[Number.SYNCS] + point

    _press_until_killed(house, disk, 20)


@pytest.mark.parametrize("point", FILE_POINTS)
def test_f1_killed_while_the_log_is_copied_into_the_file(
    mortal: tuple[House, Disk], point: int
) -> None:
    house, disk = mortal
    disk[Number.IS_TORN] = point % 2
    disk[Number.KILL_AT_FILE_WRITE] = disk[Number.FILE_WRITES] + point

    _press_until_killed(house, disk, 1_000)


def _press_until_killed(house: House, disk: Disk, at_once: int) -> None:
    """Submit until the server is dead, start it again, submit the rest: it must all hold."""
    bob = house.account(plans.PRO)
    given: list[Post] = []

    def is_dead() -> bool:
        given.extend(more := load.posts(at_once))
        awaited(load.send(house, bob, more, CONNECTIONS))
        assert house.process
        return house.process.poll() is not None

    until(is_dead, "the server to be killed")
    disk.mend()
    house.start()
    assert load.finished(house, bob, given) == []
