"""The write path: one commit for many, and trouble that stays with those who made it."""

import asyncio
import threading
from collections.abc import Awaitable, Callable, Sequence
from typing import Any

import pytest

from miniback import db
from miniback.db import Database, Engine, Tx
from miniback.errors import Conflict, Unavailable
from tests.db.conftest import Run
from tests.db.notes import committed, note, noted
from tests.house import PATIENCE_S, awaited


class SurpriseError(Exception):
    """A fault of ours."""


def refuse(tx: Tx, word: str) -> None:
    note(tx, word)
    raise Conflict(word)


def stumble(tx: Tx, word: str) -> None:
    note(tx, word)
    raise SurpriseError(word)


def note_all(tx: Tx, words: Sequence[str], sizes: list[int]) -> list[str | Exception]:
    """Write a batch of notes; a word in capitals is refused, and `bad` is a fault."""
    sizes.append(len(words))
    for word in words:
        if word == "bad":
            raise SurpriseError(word)
    return [Conflict(word) if word.isupper() else note(tx, word) for word in words]


async def gather(database: Database, *writes: Callable[[], Awaitable[Any]]) -> list[Any]:
    """Let writes wait behind one that takes its time, so that they come in one batch."""
    begun, may_end = threading.Event(), threading.Event()

    def hold_up(_: Tx) -> None:
        begun.set()
        may_end.wait(PATIENCE_S)

    first = asyncio.ensure_future(database.write(hold_up))
    await asyncio.to_thread(begun.wait, PATIENCE_S)
    others = asyncio.gather(*[write() for write in writes], return_exceptions=True)
    await asyncio.sleep(0)
    may_end.set()
    await first
    return list(await others)


def test_a_write_returns_what_its_change_returns_once_it_is_committed(
    with_database: Run[Any], engine: Engine
) -> None:
    async def use(database: Database) -> list[str]:
        assert await database.write(note, "a") == "a"
        return await asyncio.to_thread(committed, engine)

    assert with_database(use) == ["a"]


@pytest.mark.parametrize(("fail", "error"), [(refuse, Conflict), (stumble, SurpriseError)])
def test_a_job_that_fails_spares_the_others_of_its_batch(
    with_database: Run[Any], engine: Engine, fail: Any, error: type[Exception]
) -> None:
    outcomes = with_database(
        lambda database: gather(
            database,
            lambda: database.write(note, "a"),
            lambda: database.write(fail, "b"),
            lambda: database.write(note, "c"),
        )
    )

    assert [outcomes[0], type(outcomes[1]), outcomes[2]] == ["a", error, "c"]
    assert committed(engine) == ["a", "c"]


def test_those_who_wait_for_the_same_batch_change_are_taken_as_one(
    with_database: Run[Any], engine: Engine
) -> None:
    sizes: list[int] = []
    words = ["a", "B", "c"]
    outcomes = with_database(
        lambda database: gather(
            database, *(lambda word=word: database.batch(note_all, word, sizes) for word in words)
        )
    )

    assert sizes == [3]
    assert [outcomes[0], type(outcomes[1]), outcomes[2]] == ["a", Conflict, "c"]
    assert committed(engine) == ["a", "c"]


def test_a_batch_that_fails_is_tried_again_one_by_one(
    with_database: Run[Any], engine: Engine
) -> None:
    sizes: list[int] = []
    words = ["a", "bad", "c"]
    outcomes = with_database(
        lambda database: gather(
            database,
            lambda: database.write(note, "0"),
            *(lambda word=word: database.batch(note_all, word, sizes) for word in words),
        )
    )

    assert sizes == [3, 1, 1, 1]
    assert [outcome for outcome in outcomes if isinstance(outcome, str)] == ["0", "a", "c"]
    assert isinstance(outcomes[2], SurpriseError)
    assert committed(engine) == ["0", "a", "c"]


def test_a_commit_that_fails_is_told_to_each_in_it_and_the_writer_goes_on(
    with_database: Run[Any], engine: Engine
) -> None:
    _only_fails_at_the_commit(engine)

    async def use(database: Database) -> list[Any]:
        outcomes = await gather(
            database,
            lambda: database.write(note, "a"),
            lambda: database.write(_break_promise),
            lambda: database.write(note, "c"),
        )
        assert await database.write(note, "d") == "d"
        return outcomes

    a, broken, c = with_database(use)
    assert isinstance(broken, Exception)
    # On PostgreSQL changes that have nothing in common do not share a commit.
    assert isinstance(a, Exception) == isinstance(c, Exception) == engine.commits_together
    assert committed(engine) == (["d"] if engine.commits_together else ["a", "c", "d"])


def test_closing_finishes_what_is_queued(engine: Engine) -> None:
    async def use() -> list[str]:
        database = Database(engine)
        writes = [asyncio.ensure_future(database.write(note, f"{n:03}")) for n in range(600)]
        await asyncio.sleep(0)
        await asyncio.to_thread(database.close)
        return await asyncio.gather(*writes)

    assert awaited(use()) == committed(engine) == [f"{n:03}" for n in range(600)]


def test_a_write_after_the_end_is_refused(engine: Engine) -> None:
    async def use() -> None:
        database = Database(engine)
        database.close()
        with pytest.raises(Unavailable):
            await database.write(note, "late")

    awaited(use())
    assert committed(engine) == []


def test_a_caller_who_has_gone_away_does_not_disturb_the_others(
    with_database: Run[Any], engine: Engine
) -> None:
    async def use(database: Database) -> str:
        impatient = asyncio.ensure_future(database.write(note, "a"))
        await asyncio.sleep(0)
        impatient.cancel()
        return await database.write(note, "b")

    assert with_database(use) == "b"
    assert committed(engine) == ["a", "b"]


def test_writes_are_carried_out_in_the_order_of_their_arrival(with_database: Run[Any]) -> None:
    async def use(database: Database) -> list[list[str]]:
        def write_and_look(tx: Tx, word: str) -> list[str]:
            note(tx, word)
            return noted(tx)

        return await asyncio.gather(*(database.write(write_and_look, w) for w in "abc"))

    assert with_database(use) == [["a"], ["a", "b"], ["a", "b", "c"]]


def test_two_writers_on_one_database_lose_nothing(engine: Engine) -> None:
    async def use() -> None:
        databases = [Database(engine), Database(engine)]
        writes = [each.write(_count_up) for _ in range(200) for each in databases]
        await asyncio.gather(databases[0].write(note, "sum"))
        await asyncio.gather(*writes)
        for each in databases:
            each.close()

    awaited(use())
    assert db.run(engine, lambda tx: tx.one("SELECT number FROM scraps")) == (401,)


def test_a_command_that_fails_leaves_nothing_behind(engine: Engine) -> None:
    with pytest.raises(SurpriseError):
        db.run(engine, stumble, "a")

    assert committed(engine) == []


def _count_up(tx: Tx) -> None:
    tx.run("UPDATE scraps SET number = number + 1")


def _only_fails_at_the_commit(engine: Engine) -> None:
    """Make a constraint that is checked at the very end of a transaction."""
    for sql in (
        "DROP TABLE IF EXISTS promises",
        "DROP TABLE IF EXISTS things",
        "CREATE TABLE things (id BIGINT PRIMARY KEY)",
        "CREATE TABLE promises (id BIGINT REFERENCES things (id) DEFERRABLE INITIALLY DEFERRED)",
    ):
        db.run(engine, _execute, sql)


def _execute(tx: Tx, sql: str) -> None:
    tx.run(sql)


def _break_promise(tx: Tx) -> None:
    tx.run("INSERT INTO promises (id) VALUES (404)")


def test_busy_is_who_has_many_at_a_time_and_our_own_work_makes_nobody_busy(
    with_database: Run[Any],
) -> None:
    async def work(database: Database) -> list[bool]:
        def sent(weight: int) -> list[Callable[[], Awaitable[Any]]]:
            return [lambda: database.batch(note_all, "sent", [], weight=weight)] * 20

        told = [database.is_busy]
        for weight, count in ((4, 2), (0, 20), (4, 20), (0, 20)):
            await gather(database, *sent(weight)[:count])
            told.append(database.is_busy)
        return told

    assert with_database(work) == [False, False, False, True, False]
