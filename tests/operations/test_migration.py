"""A migration is preceded by a backup, and is whole or not there (faults F19, F20)."""

import json
import os
import random
import resource
import signal
import subprocess
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path

import pytest

from miniback import heard
from tests.house import MINIBACK, House
from tests.operations.safe import add, backed_up, filled, made_older, messages, restored

CYCLES = 20 if os.environ.get("MINIBACK_SOAK") else 1


@pytest.fixture
def older(database: str, new_house: Callable[..., House]) -> House:
    """A database that the version before has left."""
    house = filled(new_house(database))
    made_older(house)
    return house


def backups_of(house: House) -> list[Path]:
    return sorted(
        each for each in (house.folder / "backups").glob("before-*") if each.suffix != ".json"
    )


def test_a_backup_is_made_before_a_migration(older: House, database: str) -> None:
    done = older.run("migrate")

    applied = (
        *("0013_backups", "0014_indexes", f"0015_additions.{database}", "0016_marks"),
        f"0017_heard.{database}",
    )
    told = "".join([f"Applied {name}.sql\n" for name in applied])
    assert (done.returncode, done.stdout) == (0, told)
    (path,) = backups_of(older)
    assert path.name.startswith("before-0013-")
    assert older.row("SELECT reason, failure, path FROM backups") == ("MIGRATION", "", str(path))
    assert older.run("migrate").stdout == "Nothing to do\n"
    assert backups_of(older) == [path]
    # The way back: it holds what there was, as the version before had it.
    manifest = json.loads(path.with_name(path.name + ".json").read_text())
    assert "0013_backups.sql" not in manifest["migrations"]
    restored(older, path)
    assert messages(older) == ["First"]


def test_what_was_still_to_be_told_is_told(older: House) -> None:
    waiting = [("feedback.created", "feedback_1 feedback_2"), ("feedback.updated", "change_1")]
    for number, (event, subject) in enumerate([*waiting, ("insights.due", "")]):
        older.change(
            "INSERT INTO outbox (account_id, id, event, subject, due_at)"
            " VALUES ('acct_1', :id, :event, :subject, 1700000000000)",
            id=f"event_{number}",
            event=event,
            subject=subject,
        )

    assert older.run("migrate").returncode == 0

    now = "SELECT account_id, event, subjects FROM heard ORDER BY position"
    assert older.rows(now) == [("acct_1", *each) for each in waiting]
    assert older.tx(heard.oldest) == 1_700_000_000_000
    assert older.rows("SELECT event FROM outbox WHERE account_id = 'acct_1'") == [("insights.due",)]


def test_an_empty_database_is_migrated_without_one(
    database: str, new_house: Callable[..., House]
) -> None:
    house = new_house(database)
    house.folder.mkdir(exist_ok=True)

    assert house.run("migrate").returncode == 0

    assert backups_of(house) == []


def test_it_can_be_done_without(older: House) -> None:
    older.environment["MINIBACK_BACKUP_BEFORE_MIGRATION"] = "off"

    assert older.run("migrate").returncode == 0
    assert backups_of(older) == []


def _small_files(most: int) -> None:
    """Let no file grow beyond some kilobytes, as a full disk would."""
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (most, most))


def test_without_room_for_a_backup_nothing_is_migrated(older: House, database: str) -> None:
    # SQLite needs 32 kB beside the file to open it at all.
    most = 40_000 if database == "sqlite" else 4_000
    done = older.run("migrate", preexec_fn=partial(_small_files, most))

    assert done.returncode == 78
    assert "Nothing was migrated, since no backup could be made before" in done.stderr
    assert "Traceback" not in done.stderr
    assert backups_of(older) == []
    assert older.rows("SELECT name FROM migrations WHERE name >= '0013'") == []
    assert older.run("migrate").returncode == 0


def test_only_three_are_kept(older: House) -> None:
    for _ in range(4):
        older.run("migrate")
        made_older(older)

    assert len(backups_of(older)) == 3


def killed(house: House, chance: random.Random, *arguments: str) -> None:
    """Run a command and kill it at some moment of its life."""
    began = time.monotonic()
    house.run(*arguments)
    usual_s = time.monotonic() - began
    process = subprocess.Popen(
        [*MINIBACK, *arguments],
        env=house.variables,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    time.sleep(chance.uniform(usual_s / 2, usual_s))
    process.kill()
    process.wait()


@pytest.mark.parametrize("cycle", range(CYCLES))
def test_a_migration_that_is_killed_is_run_again(older: House, cycle: int) -> None:
    older.environment["MINIBACK_BACKUP_BEFORE_MIGRATION"] = "on"
    before = older.rows("SELECT id, document FROM feedback")
    killed(older, random.Random(cycle), "migrate")
    made = older.rows("SELECT name FROM migrations WHERE name >= '0013'")
    if made:
        made_older(older)

    assert older.run("migrate").returncode == 0

    assert older.rows("SELECT id, document FROM feedback") == before
    assert older.row("SELECT number FROM high_water") == (0,)
    assert [each for each in (older.folder / "backups").iterdir() if "partial" in each.name] == []


@pytest.mark.parametrize("cycle", range(CYCLES))
def test_a_backup_that_is_killed_leaves_none_that_is_half(
    database: str, new_house: Callable[..., House], cycle: int
) -> None:
    house = filled(new_house(database))
    killed(house, random.Random(cycle), "backup")

    for each in (house.folder / "backups").glob("miniback-*"):
        if each.name.endswith((".db", ".zip")):
            restored(house, each, "--replace-newer")
    backed_up(house)
    assert [each for each in (house.folder / "backups").iterdir() if "partial" in each.name] == []
    assert messages(house) == ["First"]


@pytest.mark.parametrize("cycle", range(CYCLES))
def test_a_restore_that_is_killed_leaves_the_old_or_the_new(
    database: str, new_house: Callable[..., House], cycle: int
) -> None:
    house = filled(new_house(database))
    path = backed_up(house)
    add(house, "Second")

    killed(house, random.Random(cycle), "restore", str(path), "--replace-newer")

    assert messages(house) in (["First"], ["First", "Second"])
    restored(house, path, "--replace-newer")
    assert messages(house) == ["First"]
