"""An open database of each kind with a table to play with, used through the door of `db` alone."""

from collections.abc import Awaitable, Callable
from typing import Any, TypeVar

import pytest

from miniback import db
from miniback.db import Database, Engine
from tests.house import House, awaited

T = TypeVar("T")
Run = Callable[[Callable[[Database], Awaitable[T]]], T]


@pytest.fixture(scope="module")
def address(database: str, new_house: Callable[..., House]) -> str:
    """The address of a migrated database that no server has open."""
    url: str = new_house(database).database_url
    db.migrate(db.engine_for(url))
    db.run(db.engine_for(url), lambda tx: tx.run("CREATE TABLE scraps (word TEXT, number BIGINT)"))
    return url


@pytest.fixture
def engine(address: str) -> Engine:
    engine = db.engine_for(address)
    db.run(engine, lambda tx: tx.run("DELETE FROM scraps"))
    return engine


@pytest.fixture
def with_database(engine: Engine) -> Run[Any]:
    """Run a coroutine over an open database, and close it behind."""

    async def run(use: Callable[[Database], Awaitable[T]]) -> T:
        database = Database(engine)
        try:
            return await use(database)
        finally:
            database.close()

    return lambda use: awaited(run(use))
