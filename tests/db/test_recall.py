"""Recalling: a look-up's last result, for as long as nothing at all was committed (ADR 0005)."""

import asyncio
import subprocess
import sys
from typing import Any

import apsw
import pytest

from miniback import db
from miniback.db import Database, Engine, Tx
from tests.db.conftest import Run
from tests.db.notes import note, noted

ANOTHER_PROCESS = """
import sys
from miniback import db
from tests.db.notes import note
db.run(db.engine_for(sys.argv[1]), note, sys.argv[2])
"""


class Asked:
    """A query that knows how often it was run."""

    def __init__(self) -> None:
        self.times = 0

    def __call__(self, tx: Tx) -> tuple[str, ...]:
        self.times += 1
        return tuple(noted(tx))


def noted_elsewhere(address: str, word: str) -> None:
    subprocess.run([sys.executable, "-c", ANOTHER_PROCESS, address, word], check=True)


@pytest.fixture
def asked() -> Asked:
    return Asked()


def test_while_nothing_is_committed_sqlite_is_asked_once(
    with_database: Run[Any], asked: Asked, database: str
) -> None:
    async def use(opened: Database) -> None:
        await opened.write(note, "a")
        for _ in range(5):
            assert await opened.recall(asked) == ("a",)

    with_database(use)
    assert asked.times == (1 if database == "sqlite" else 5)


def test_a_change_by_this_process_is_seen_at_once(with_database: Run[Any], asked: Asked) -> None:
    async def use(opened: Database) -> None:
        for number in range(100):
            await opened.write(note, f"{number:02}")
            assert len(await opened.recall(asked)) == number + 1

    with_database(use)


def test_a_change_by_another_process_is_seen_at_once(
    with_database: Run[Any], asked: Asked, address: str
) -> None:
    async def use(opened: Database) -> None:
        assert await opened.recall(asked) == ()
        for number in range(3):
            await asyncio.to_thread(noted_elsewhere, address, f"{number}")
            assert len(await opened.recall(asked)) == number + 1

    with_database(use)


def test_a_change_after_the_log_began_anew_is_seen_at_once(
    with_database: Run[Any], asked: Asked, engine: Engine
) -> None:
    """The first change behind a checkpoint is as long as the one before it."""

    async def use(opened: Database) -> None:
        for number in range(10):
            db.run(engine, note, f"{number}")
            assert len(await opened.recall(asked)) == number + 1
            if engine.path is not None:
                beside = apsw.Connection(str(engine.path))
                beside.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
                beside.close()

    with_database(use)


def test_what_is_undone_changes_nothing(with_database: Run[Any], asked: Asked) -> None:
    def undone(tx: Tx) -> None:
        note(tx, "never")
        raise ZeroDivisionError

    async def use(opened: Database) -> None:
        await opened.write(note, "a")
        for _ in range(5):
            with pytest.raises(ZeroDivisionError):
                await opened.write(undone)
            assert await opened.recall(asked) == ("a",)

    with_database(use)
