"""A disk that fails and recovers: writes say 503, reads go on, and nothing is lost (F3 to F5)."""

import contextlib
import json
import os
import resource
import subprocess
import time
from collections import Counter
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import NamedTuple

import pytest

from miniback import plans, projects
from tests.faults import load
from tests.faults.disk import EIO, ENOSPC, EROFS, Disk, Number
from tests.faults.load import Post
from tests.house import Account, House, awaited, running, until
from tests.visitor import owner_of

IS_SOAK = bool(os.environ.get("MINIBACK_SOAK"))
FAULTS = 500 if IS_SOAK else 20
POSTS = 1_000 if IS_SOAK else 60
CLIENTS = 8
# What a file may grow to where its limit stands for a full disk: less than the log has by then.
SMALL_BYTES = 4_096
Fault = Callable[[], contextlib.AbstractContextManager[None]]


class Scene(NamedTuple):
    """A server, and a way to break its disk for as long as a context lasts."""

    house: House
    break_disk: Fault


@pytest.fixture
def on_a_disk(a_disk: Disk, new_house: Callable[..., House]) -> Iterator[tuple[House, Disk]]:
    """A running server whose disk fails when it is told to."""
    with running(new_house("sqlite", environment=a_disk.environment)) as house:
        yield house, a_disk


def test_f3_a_sync_that_fails_is_answered_503_and_nothing_is_lost(
    on_a_disk: tuple[House, Disk],
) -> None:
    house, disk = on_a_disk
    bob = house.account(plans.PRO)
    with load.pressing(house, bob, CLIENTS) as given:
        until(lambda: any(post.status == 201 for post in given), "a first answer")
        while (faults := disk[Number.SYNC_FAULTS]) < FAULTS:
            disk[Number.SYNC_ERROR] = EIO
            until(partial(_has_failed, disk, faults + 5), "some failures")
            disk.mend()
            assert _recovered_within(bob, given, 1)

    assert {call.status for post in given for call in post.calls} == {201, 503}
    assert _most_a_second(house.log) <= 2
    assert load.finished(house, bob, given) == []


@pytest.fixture(params=["refused", "limited", "full"])
def scene(request: pytest.FixtureRequest) -> Scene:
    """A server on a disk that can be made full: in three ways, as far as they can be had here."""
    made: Scene = request.getfixturevalue(f"_{request.param}")
    return made


@pytest.fixture
def _refused(on_a_disk: tuple[House, Disk]) -> Scene:
    """Every write to the database is refused for lack of space."""
    house, disk = on_a_disk
    return Scene(house, lambda: _writes_fail(disk, ENOSPC))


@pytest.fixture
def _limited(new_house: Callable[..., House]) -> Iterator[Scene]:
    """No file of the server may grow, which gives another error; needs nothing but a kernel."""
    with running(new_house("sqlite")) as house:
        yield Scene(house, lambda: _files_are_limited(house))


@pytest.fixture
def _full(tmp_path: Path) -> Iterator[Scene]:
    """A small disk that really is full."""
    disk = tmp_path / "small"
    disk.mkdir()
    command = ["mount", "-t", "tmpfs", "-o", "size=128m", "tmpfs", str(disk)]
    if os.geteuid() or subprocess.run(command, check=False, capture_output=True).returncode:
        pytest.skip("needs the right to mount a disk of its own")
    try:
        with running(House(tmp_path, f"sqlite:///{disk}/miniback.db")) as house:
            yield Scene(house, lambda: _filled(disk))
    finally:
        subprocess.run(["umount", "-l", str(disk)], check=True)


@contextlib.contextmanager
def _writes_fail(disk: Disk, error: int) -> Iterator[None]:
    disk[Number.WRITE_ERROR] = error
    yield
    disk.mend()


@contextlib.contextmanager
def _files_are_limited(house: House) -> Iterator[None]:
    assert house.process
    _, most = resource.prlimit(house.process.pid, resource.RLIMIT_FSIZE)
    resource.prlimit(house.process.pid, resource.RLIMIT_FSIZE, (SMALL_BYTES, most))
    yield
    resource.prlimit(house.process.pid, resource.RLIMIT_FSIZE, (most, most))


@contextlib.contextmanager
def _filled(disk: Path) -> Iterator[None]:
    ballast = disk / "ballast"
    with ballast.open("wb", buffering=0) as file, contextlib.suppress(OSError):
        while file.write(bytes(4_096)):
            pass
    yield
    ballast.unlink()


def test_f4_a_full_disk_takes_no_writes_goes_on_reading_and_recovers(scene: Scene) -> None:
    house, reader = scene.house, Reader(scene.house)
    bob, given = house.account(plans.PRO), load.posts(1)
    assert load.submit(bob, given[0]) == 201
    with scene.break_disk():
        until(lambda: _is_refused(bob, given), "the disk to be full")
        given += (during := load.posts(POSTS))
        awaited(load.send(house, bob, during, CLIENTS))
        reader.reads_all()
        reader.writes_nothing()
    assert _recovered_within(bob, given, 2)
    given += (after := load.posts(POSTS))
    awaited(load.send(house, bob, after, CLIENTS))

    assert {post.status for post in after} == {201}
    assert {call.status for post in given for call in post.calls} == {201, 503}
    assert _most_a_second(house.log) <= 2
    assert "Traceback" not in house.log
    assert load.finished(house, bob, given) == []


def test_f5_a_disk_that_turns_read_only_is_read_from(on_a_disk: tuple[House, Disk]) -> None:
    house, disk = on_a_disk
    reader = Reader(house)
    with _writes_fail(disk, EROFS):
        reader.reads_all()
        reader.writes_nothing()

    assert reader.account.say()
    assert "Traceback" not in house.log


def test_f4_work_that_a_full_disk_held_up_is_done_once_there_is_space(
    on_a_disk: tuple[House, Disk],
) -> None:
    house, disk = on_a_disk
    bob = house.account(plans.PRO)
    for _ in range(3):
        bob.say()
    with _writes_fail(disk, ENOSPC):
        house.tx(projects.delete, bob.id, bob.project_id)
        until(lambda: "work_postponed" in house.log, "the work to be put off")
        assert _items(house, bob) == 3

    until(lambda: _items(house, bob) == 0, "the project's feedback to be cleared away")
    assert "Traceback" not in house.log


class Reader:
    """Somebody who reads while the disk does not work."""

    def __init__(self, house: House) -> None:
        self.account = house.account(plans.PRO)
        self.owner = owner_of(house, self.account)
        self.item = f"/api/feedback/{self.account.say('To be read')['id']}"

    def reads_all(self) -> None:
        """Read by key, by session and as nobody."""
        reads = [
            self.account.get(path)
            for path in (self.item, "/api/feedback?search=read", "/api/projects", "/api/usage")
        ]
        reads += [self.account.get(f"/api/exports/feedback.{end}") for end in ("csv", "xlsx")]
        reads += [self.owner.get(path) for path in ("/inbox", "/projects", "/analytics")]
        reads += [self.account.client.get(path) for path in ("/healthz", "/login")]
        assert {each.status_code for each in reads} == {200}
        assert "To be read" in self.owner.get("/inbox").text

    def writes_nothing(self) -> None:
        """Try to write in as many ways; each is told to come again."""
        writes = [
            self.account.post(self.account.feedback_path, json={"message": "A"}),
            self.account.put(self.item, json={"status": "RESOLVED"}),
            self.account.delete(self.item),
            self.account.get("/readyz"),
        ]
        assert {each.status_code for each in writes} == {503}
        assert all(int(each.headers["retry-after"]) >= 1 for each in writes)


def _has_failed(disk: Disk, times: int) -> bool:
    return disk[Number.SYNC_FAULTS] >= times


def _is_refused(account: Account, given: list[Post]) -> bool:
    (post,) = load.posts(1)
    given.append(post)
    return load.submit(account, post) == 503


def _recovered_within(account: Account, given: list[Post], seconds: float) -> bool:
    """Tell whether a submission was taken soon enough; how soon counts in the long run alone."""
    since = time.monotonic()
    until(lambda: not _is_refused(account, given), "a submission to be taken")
    return not IS_SOAK or time.monotonic() - since <= seconds


def _items(house: House, account: Account) -> int:
    (count,) = house.row("SELECT count(*) FROM feedback WHERE account_id = :id", id=account.id)
    return int(count)


def _most_a_second(log: str) -> int:
    """How often the same trouble was told within one second."""
    lines = [json.loads(line) for line in log.splitlines()]
    troubles = [
        (line["event"], line["reason"], line["timestamp"][:19])
        for line in lines
        if "reason" in line
    ]
    return max(Counter(troubles).values(), default=0)
