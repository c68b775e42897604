"""A database that may not be written: the server does not start, and says which file it is (F5)."""

import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.house import House, running

# Root may write everywhere, unless this right is taken away.
AS_OTHERS = ("setpriv", "--bounding-set=-dac_override", "--inh-caps=-dac_override")
NOT_CONFIGURED = 78


@pytest.fixture(scope="module")
def prefix() -> tuple[str, ...]:
    """How a server is started to which the modes of files mean something."""
    if os.geteuid():
        return ()
    if shutil.which("setpriv") is None:
        pytest.skip("root may write everywhere, and there is no setpriv to change that")
    return AS_OTHERS


@pytest.fixture(scope="module")
def used(new_house: Callable[..., House], prefix: tuple[str, ...]) -> House:
    """A database that a server has used."""
    house = new_house("sqlite", prefix=prefix)
    with running(house):
        house.account()
    return house


@pytest.fixture
def settled(used: House) -> Iterator[House]:
    """The same, with files and a folder that can be protected."""
    yield used
    used.folder.chmod(0o700)
    for path in used.folder.glob("miniback.db*"):
        path.chmod(0o600)
    used.rows("SELECT 1")  # takes away a log that could not be


def _started(house: House) -> tuple[int, str]:
    """Try to start a server, and return its exit code and what it said."""
    ended = house.run("serve", "--port", "0")
    return ended.returncode, ended.stdout + ended.stderr


def test_f5_a_file_that_may_not_be_written_is_named(settled: House) -> None:
    file = settled.folder / "miniback.db"
    file.chmod(0o400)

    code, said = _started(settled)

    assert code == NOT_CONFIGURED
    assert str(file) in said
    assert "Traceback" not in said


def test_f5_a_folder_that_may_not_be_written_is_named(settled: House) -> None:
    settled.folder.chmod(0o500)

    code, said = _started(settled)

    assert code == NOT_CONFIGURED
    assert str(settled.folder) in said
    assert "Traceback" not in said


def test_f5_an_empty_folder_that_may_not_be_written_is_named(
    prefix: tuple[str, ...], tmp_path: Path
) -> None:
    folder = tmp_path / "data"
    folder.mkdir(mode=0o500)

    code, said = _started(House(folder, f"sqlite:///{folder}/miniback.db", prefix=prefix))

    assert code == NOT_CONFIGURED
    assert str(folder) in said
    assert "Traceback" not in said


def test_f5_a_server_whose_files_are_protected_meanwhile_goes_on(settled: House) -> None:
    with running(settled) as house:
        bob = house.account()
        item = bob.say("Before")["id"]
        for path in house.folder.glob("miniback.db*"):
            path.chmod(0o400)

        assert bob.get(f"/api/feedback/{item}").status_code == 200
        assert bob.get("/api/exports/feedback.csv").status_code == 200
        assert bob.say("It has the file open")
