"""A connection that PostgreSQL cuts: what cannot have been done is done again, and nothing else."""

from collections.abc import Iterator, Sequence
from typing import Any

import pytest

from miniback import db
from miniback.db import Database, Engine, Tx
from miniback.errors import Unavailable
from tests.db.conftest import Run
from tests.db.notes import committed, note

DATABASES = ("postgres",)


@pytest.fixture
def breaks_at_commits(engine: Engine) -> Iterator[None]:
    """Let the server cut the connection of whoever commits a scrap."""

    def prepare(tx: Tx) -> None:
        tx.run(
            "CREATE OR REPLACE FUNCTION cut() RETURNS trigger LANGUAGE plpgsql AS"
            " $$ BEGIN PERFORM pg_terminate_backend(pg_backend_pid()); RETURN NULL; END $$"
        )
        tx.run(
            "CREATE CONSTRAINT TRIGGER cutting AFTER INSERT ON scraps"
            " DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION cut()"
        )

    db.run(engine, prepare)
    yield
    db.run(engine, lambda tx: tx.run("DROP TRIGGER cutting ON scraps"))


def test_a_write_over_a_connection_that_was_cut_goes_over_a_new_one(
    with_database: Run[Any], engine: Engine
) -> None:
    async def use(database: Database) -> str:
        db.run(
            engine,
            lambda tx: tx.all(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                " WHERE datname = current_database() AND pid <> pg_backend_pid()"
            ),
        )
        return await database.write(note, "a")

    assert with_database(use) == "a"
    assert committed(engine) == ["a"]


@pytest.mark.usefixtures("breaks_at_commits")
def test_what_is_cut_while_it_is_committed_is_not_done_again(
    with_database: Run[Any], engine: Engine
) -> None:
    tries = []

    def put_all(tx: Tx, words: Sequence[str]) -> list[str]:
        tries.append(words)
        tx.put_many(
            "INSERT INTO scraps (word, number) VALUES (:word, 1)",
            [{"word": each} for each in words],
        )
        return list(words)

    with pytest.raises(Unavailable):
        with_database(lambda database: database.batch(put_all, "a"))

    assert len(tries) == 1
    assert committed(engine) == []
