"""A database that has lost what was written last is not served in silence (fault F7)."""

import os
import random
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from miniback import plans
from tests.house import House, running, until
from tests.operations.safe import backed_up, messages, restored

DATABASES = ("sqlite",)
CYCLES = 100 if os.environ.get("MINIBACK_SOAK") else 6
LOST = "has lost what was written last"


def number(house: House) -> int:
    """How far the file beside the database says that it had come."""
    path = house.folder / "miniback.db.mark"
    return int(path.read_text().split()[0]) if path.exists() and path.stat().st_size else 0


@pytest.fixture(scope="module")
def killed(new_house: Callable[..., House]) -> House:
    """The files that a server has left which was killed a while after it had written much."""
    house = new_house("sqlite")
    with running(house):
        bob = house.account(plans.PRO)
        for count in range(20):
            bob.say(f"Word {count}")
        seen = number(house)
        until(lambda: number(house) > seen, "the number to be written down")
        seen = number(house)
        bob.say("The last that is told of")
        until(lambda: number(house) > seen, "the number to be written down once more")
        house.kill()
        house.stop()
    return house


@pytest.fixture
def files(killed: House, tmp_path: Path) -> House:
    """A copy of them, to be damaged."""
    for each in ("miniback.db", "miniback.db-wal", "miniback.db.mark"):
        shutil.copy(killed.folder / each, tmp_path)
    return House(tmp_path, f"sqlite:///{tmp_path}/miniback.db")


def start(house: House, *arguments: str) -> tuple[int, str]:
    """Try to start a server that is expected to end by itself."""
    done = house.run("serve", "--port", "0", *arguments)
    return done.returncode, done.stderr


def damage(house: House, chance: random.Random) -> str:
    """Do something to the log, and say what."""
    log = house.folder / "miniback.db-wal"
    content = bytearray(log.read_bytes())
    kind = chance.choice(["flip", "flip", "cut", "gone", "head", "zeros"])
    if kind == "flip":
        content[chance.randrange(32, len(content))] ^= 1 << chance.randrange(8)
    elif kind == "head":
        content[:32] = bytes(32)
    elif kind == "zeros":
        at = chance.randrange(32, len(content) - 4096)
        content[at : at + 4096] = bytes(4096)
    elif kind == "cut":
        del content[chance.randrange(len(content)) :]
    log.write_bytes(b"" if kind == "gone" else content)
    return kind


@pytest.mark.parametrize("cycle", range(CYCLES))
def test_a_damaged_log_is_reported_and_never_served_in_silence(files: House, cycle: int) -> None:
    whole = messages_beside(files)
    content = (files.folder / "miniback.db-wal").read_bytes()
    kind = damage(files, random.Random(cycle))
    damaged = (files.folder / "miniback.db-wal").read_bytes()
    left = messages_beside(files)
    if left == whole:  # what was hit are bytes that nobody reads any more
        assert kind != "gone"
        assert damaged != content
        return

    code, told = start(files)

    assert (code, LOST in told or "damaged" in told) == (78, True)
    assert "miniback restore" in told
    assert "Traceback" not in told
    assert start(files) == (code, told)
    assert (files.folder / "miniback.db-wal").read_bytes() == damaged


def messages_beside(house: House) -> list[str]:
    """What a copy of the files holds: to look at them would change them."""
    copy = House(house.folder / "copy", f"sqlite:///{house.folder}/copy/miniback.db")
    shutil.rmtree(copy.folder, ignore_errors=True)
    copy.folder.mkdir()
    for each in house.folder.glob("miniback.db*"):
        shutil.copy(each, copy.folder)
    try:
        return messages(copy)
    except Exception:  # noqa: BLE001 - not even the table is left
        return []


def test_files_that_are_whole_are_served(files: House) -> None:
    with running(files):
        assert messages(files)[-1] == "The last that is told of"


def test_who_accepts_the_loss_goes_on(files: House) -> None:
    (files.folder / "miniback.db-wal").write_bytes(b"")
    assert start(files)[0] == 78

    files.folder.joinpath("miniback.db.mark").rename(files.folder / "mark.before")
    with running(files):
        files.account(plans.PRO).say("A new life")
    assert messages(files) == ["A new life"]


def test_accepting_is_said_at_the_start(files: House) -> None:
    (files.folder / "miniback.db-wal").write_bytes(b"")

    code, told = start(files, "--accept-data-loss", "--host", "192.0.2.1")

    # It got as far as looking for its address, which nobody has here.
    assert (code, LOST in told) == (78, False)
    assert not (files.folder / "miniback.db.mark").exists() or "192.0.2.1" in told


def test_an_older_file_in_its_place_is_reported(new_house: Callable[..., House]) -> None:
    house = new_house("sqlite")
    with running(house):
        house.account(plans.PRO).say("Old")
    older = (house.folder / "miniback.db").read_bytes()
    seen = number(house)
    with running(house):
        house.account(plans.PRO).say("New")
    assert number(house) > seen
    path = backed_up(house)
    (house.folder / "miniback.db").write_bytes(older)

    code, told = start(house)
    assert (code, LOST in told) == (78, True)

    restored(house, path)
    with running(house):
        assert messages(house) == ["Old", "New"]


def test_a_damaged_file_is_reported(files: House) -> None:
    with running(files):
        pass
    path = files.folder / "miniback.db"
    content = bytearray(path.read_bytes())
    content[4096 * 3 : -4096] = os.urandom(len(content) - 4096 * 4)
    path.write_bytes(content)

    code, told = start(files)

    assert (code, "damaged" in told) == (78, True)
    assert "Traceback" not in told


def test_an_idle_server_writes_nothing(new_house: Callable[..., House]) -> None:
    with running(new_house("sqlite")) as house:
        seen = until(lambda: number(house), "the first number")
        house.account(plans.PRO).say()
        until(lambda: number(house) > seen, "the number to rise")
        still = until(lambda: _settled(house), "the number to stand still")
        assert still


def _settled(house: House) -> bool:
    before = house.row("SELECT number FROM high_water")
    house.client.get("/healthz")
    return bool(before == (number(house),))
