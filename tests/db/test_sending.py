"""What nobody waits for at once: what goes wrong with it still belongs to who sent it (ADR 35)."""

import asyncio
from collections.abc import Sequence
from typing import Any

import pytest

from miniback import db
from miniback.db import Database, Engine, Tx
from tests.db.conftest import Run
from tests.db.notes import committed, note
from tests.db.test_writer import gather

MANY = "INSERT INTO scraps (word, number) VALUES (:word, :number)"
# Neither database knows what these would be put into.
WRONG = "INSERT INTO scrabs (word, number) VALUES (:word, :number)"
COUNT = "SELECT count(*) FROM scraps"


def put(tx: Tx, word: str, sql: str = MANY) -> str:
    tx.put_many(sql, [{"word": word, "number": number} for number in (1, 2)])
    return word


def put_all(tx: Tx, words: Sequence[str]) -> list[str]:
    return [put(tx, word, WRONG if word == "bad" else MANY) for word in words]


def test_what_is_put_is_there_after_the_commit(with_database: Run[Any], engine: Engine) -> None:
    assert with_database(lambda database: database.write(put, "a")) == "a"
    assert committed(engine) == ["a", "a"]


def test_what_fails_later_on_spares_the_others(with_database: Run[Any], engine: Engine) -> None:
    outcomes = with_database(
        lambda database: gather(
            database,
            lambda: database.write(put, "a"),
            lambda: database.write(put, "b", WRONG),
            lambda: database.write(note, "c"),
        )
    )

    assert [outcomes[0], outcomes[2]] == ["a", "c"]
    assert isinstance(outcomes[1], Exception)
    assert committed(engine) == ["a", "a", "c"]


def test_a_list_that_fails_later_on_is_tried_one_by_one(
    with_database: Run[Any], engine: Engine
) -> None:
    words = ["a", "bad", "c"]
    outcomes = with_database(
        lambda database: gather(
            database, *[lambda word=word: database.batch(put_all, word) for word in words]
        )
    )

    assert [outcomes[0], outcomes[2]] == ["a", "c"]
    assert isinstance(outcomes[1], Exception)
    assert committed(engine) == ["a", "a", "c", "c"]


@pytest.mark.parametrize("fails", [False, True])
def test_more_than_a_socket_takes_is_put_at_once(
    with_database: Run[Any], engine: Engine, *, fails: bool
) -> None:
    def put_much(tx: Tx) -> None:
        for _ in range(20):
            rows = [{"word": "x" * 100_000, "number": number} for number in range(5)]
            tx.put_many(MANY, rows)
        if fails:
            tx.put_many(WRONG, rows)

    async def use(database: Database) -> list[Any]:
        return list(await asyncio.gather(database.write(put_much), return_exceptions=True))

    (outcome,) = with_database(use)

    assert (outcome is None) == (not fails)
    assert len(committed(engine)) == (0 if fails else 100)


def test_what_was_asked_first_is_read_after_what_was_asked_later(
    with_database: Run[Any], engine: Engine
) -> None:
    def ask(tx: Tx) -> list[int]:
        before = tx.ask(COUNT)
        put(tx, "a")
        between = tx.ask(COUNT)
        put(tx, "b")
        after = tx.all(COUNT)
        return [count for rows in (after, between(), before()) for (count,) in rows]

    assert with_database(lambda database: database.write(ask)) == [4, 2, 0]
    assert db.run(engine, ask) == [8, 6, 4]


def test_what_is_asked_in_vain_fails_with_who_asked(
    with_database: Run[Any], engine: Engine
) -> None:
    def ask_all(tx: Tx, words: Sequence[str]) -> list[str]:
        if "bad" in words:
            tx.ask("SELECT 1 FROM scrabs")
        return put_all(tx, [f"{word}!" for word in words])

    outcomes = with_database(
        lambda database: gather(
            database, *[lambda word=word: database.batch(ask_all, word) for word in ("a", "bad")]
        )
    )

    assert outcomes[0] == "a!"
    assert isinstance(outcomes[1], Exception)
    assert committed(engine) == ["a!", "a!"]
