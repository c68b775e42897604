"""Reading: one snapshot each, beside the writer, and not for longer than two seconds."""

import asyncio
from collections.abc import Callable
from typing import Any

import pytest

from miniback.db import Database, Engine, Tx
from miniback.errors import NotFound, Unavailable
from tests.db.conftest import Run
from tests.db.notes import committed, note, noted

# Each counts, or sleeps, for much longer than a read may take.
ENDLESS = {
    "sqlite": "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < :most)"
    " SELECT count(*) FROM n",
    "postgres": "SELECT pg_sleep(:most)",
}


def count_for_ever(tx: Tx, database: str) -> None:
    tx.all(ENDLESS[database], most=10_000_000_000 if database == "sqlite" else 100)


def test_a_read_sees_one_snapshot_whatever_is_written_beside_it(
    with_database: Run[Any], engine: Engine
) -> None:
    def look_twice(tx: Tx, write: Callable[[], str]) -> list[list[str]]:
        before = noted(tx)
        write()
        return [before, noted(tx)]

    async def use(database: Database) -> list[list[str]]:
        loop = asyncio.get_running_loop()
        await database.write(note, "a")
        return await database.read(
            look_twice,
            lambda: asyncio.run_coroutine_threadsafe(database.write(note, "b"), loop).result(10),
        )

    assert with_database(use) == [["a"], ["a"]]
    assert committed(engine) == ["a", "b"]


def test_a_read_that_takes_too_long_is_cut_and_the_next_one_is_served(
    with_database: Run[Any], database: str
) -> None:
    async def use(opened: Database) -> list[list[str]]:
        await opened.write(note, "a")
        with pytest.raises(Unavailable, match="Temporarily unavailable, please retry"):
            await opened.read(count_for_ever, database)
        # As many as there are readers, so that the one that was cut is among them.
        return await asyncio.gather(*(opened.read(noted) for _ in range(16)))

    assert with_database(use) == [["a"]] * 16


def test_many_long_reads_hold_up_neither_look_ups_nor_writes(
    with_database: Run[Any], database: str
) -> None:
    async def use(opened: Database) -> list[str]:
        reads = [asyncio.ensure_future(opened.read(count_for_ever, database)) for _ in range(2)]
        await asyncio.sleep(0)
        await opened.write(note, "a")
        seen = await opened.look_up(noted)
        assert not any(each.done() for each in reads)
        await asyncio.gather(*reads, return_exceptions=True)
        return seen

    assert with_database(use) == ["a"]


@pytest.mark.parametrize("way", ["read", "look_up"])
def test_a_read_cannot_write(with_database: Run[Any], engine: Engine, way: str) -> None:
    async def use(database: Database) -> None:
        with pytest.raises(Exception, match=r"(?i)read.?only|unavailable"):
            await getattr(database, way)(note, "a")
        assert await database.write(note, "b") == "b"

    with_database(use)
    assert committed(engine) == ["b"]


@pytest.mark.parametrize("way", ["read", "look_up"])
def test_a_refusal_and_a_fault_in_a_read_reach_the_caller(
    with_database: Run[Any], way: str
) -> None:
    def fail(tx: Tx, error: Exception) -> None:
        raise error

    async def use(database: Database) -> list[str]:
        for error in (NotFound("gone"), ZeroDivisionError()):
            with pytest.raises(type(error)):
                await getattr(database, way)(fail, error)
        seen: list[str] = await getattr(database, way)(noted)
        return seen

    assert with_database(use) == []


@pytest.mark.parametrize("way", ["read", "look_up"])
def test_a_read_sees_what_was_written_before_it(with_database: Run[Any], way: str) -> None:
    async def use(database: Database) -> None:
        for number in range(50):
            await database.write(note, f"{number:02}")
            assert len(await getattr(database, way)(noted)) == number + 1

    with_database(use)
