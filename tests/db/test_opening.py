"""Choosing an engine by its address, the library's version, and the lock of the one that serves."""

import os
import stat
from collections.abc import Callable
from pathlib import Path

import pytest

from miniback import db
from miniback.db.sqlite_log import check_version
from miniback.errors import Misconfigured
from tests.house import House


@pytest.mark.parametrize("version", ["3.51.3", "3.51.10", "3.52.0", "4.0.0", "3.50.7", "3.44.6"])
def test_a_library_with_the_cure_is_taken(version: str) -> None:
    check_version(version)


@pytest.mark.parametrize(
    "version", ["3.51.2", "3.51.0", "3.50.6", "3.49.9", "3.45.0", "3.44.5", "3.43.99", "3.7.0"]
)
def test_a_library_that_can_corrupt_the_file_is_refused(version: str) -> None:
    with pytest.raises(Misconfigured, match=f"SQLite {version} can corrupt"):
        check_version(version)


def test_an_absolute_address_names_its_file(tmp_path: Path) -> None:
    db.migrate(db.engine_for(f"sqlite:///{tmp_path}/a/b/feedback.db"))

    assert (tmp_path / "a" / "b" / "feedback.db").stat().st_size > 0


def test_a_relative_address_is_taken_from_where_one_stands(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    db.migrate(db.engine_for("sqlite:///data/feedback.db"))

    assert (tmp_path / "data" / "feedback.db").stat().st_size > 0


def test_a_new_database_is_readable_by_its_owner_alone(tmp_path: Path) -> None:
    old_mask = os.umask(0)
    try:
        db.migrate(db.engine_for(f"sqlite:///{tmp_path}/new/feedback.db"))
    finally:
        os.umask(old_mask)

    made = [tmp_path / "new", *(tmp_path / "new").iterdir()]
    assert [path for path in made if stat.S_IMODE(path.stat().st_mode) & 0o077] == []


def test_a_file_that_is_no_database_is_refused_with_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "feedback.db").write_text("Dear diary, " * 1_000)

    with pytest.raises(Misconfigured, match=r"feedback\.db"):
        db.migrate(db.engine_for(f"sqlite:///{tmp_path}/feedback.db"))


def test_a_folder_that_cannot_be_made_is_refused_with_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "file").touch()

    with pytest.raises(Misconfigured, match=r"feedback\.db cannot be made"):
        db.engine_for(f"sqlite:///{tmp_path}/file/feedback.db")


def test_a_file_is_served_by_one_at_a_time(tmp_path: Path) -> None:
    engine = db.engine_for(f"sqlite:///{tmp_path}/feedback.db")
    with (
        db.only_server(engine),
        pytest.raises(Misconfigured, match="Another server already serves"),
        db.only_server(engine),
    ):
        raise AssertionError("Two hold the lock")

    with db.only_server(engine):
        pass


def test_a_database_server_may_be_served_by_many(new_house: Callable[..., House]) -> None:
    engine = db.engine_for(new_house("postgres").database_url)

    with db.only_server(engine), db.only_server(engine):
        assert engine.name == "postgres"


def test_a_server_that_is_not_there_is_told_in_a_sentence() -> None:
    with pytest.raises(Misconfigured, match="cannot be reached"):
        db.migrate(db.engine_for("postgresql://127.0.0.1:1/nothing"))
