"""Every table says whose its rows are, and no unique key but a listed one holds across accounts."""

import re
from collections.abc import Callable

import pytest

from miniback import db
from miniback.db import Engine
from miniback.db.tenancy import DISTRIBUTED, REFERENCE
from tests.house import House

# What only one of the two databases keeps in a table that a migration has made.
_MADE_BY_SQLITE = ("sqlite_", "feedback_search_")
_OF_ONE = {"sqlite": {"feedback_search"}, "postgres": set[str]()}


@pytest.fixture(scope="module")
def engine(database: str, new_house: Callable[..., House]) -> Engine:
    engine = db.engine_for(new_house(database).database_url)
    db.migrate(engine)
    return engine


def test_every_table_is_listed_once(database: str, engine: Engine) -> None:
    listed = [*DISTRIBUTED, *REFERENCE]
    there = set(db.run(engine, lambda tx: db.contents_of(engine, tx)).rows)

    made = {name for name in there if not name.startswith(_MADE_BY_SQLITE)}
    assert made == set(listed) - _OF_ONE[database]
    assert len(set(listed)) == len(listed)


def test_unique_keys_of_an_accounts_rows_begin_with_the_account(
    database: str, engine: Engine
) -> None:
    keys = {table: key for table, key in _unique_keys(engine) if table in DISTRIBUTED}
    # In SQLite an item is its position, which no two accounts share.
    known = {"feedback": ["position"]} if database == "sqlite" else {}

    assert len(keys) > 30
    strays = {t: key for t, key in keys.items() if key[0] != DISTRIBUTED[t]}
    assert strays == known


def _unique_keys(engine: Engine) -> list[tuple[str, list[str]]]:
    """Return each unique key: its table and its columns in order."""
    if engine.name == "postgres":
        rows = db.run(engine, lambda tx: tx.all(_POSTGRES))
        return [
            (table, re.findall(r"\w+", found[1]))
            for table, how in rows
            if (found := re.search(r"USING btree \((.*?)\)", how))
        ]
    rows = db.run(engine, lambda tx: tx.all(_SQLITE))
    return [(table, columns.split(",")) for table, columns in rows]


_POSTGRES = """
    SELECT tablename, indexdef FROM pg_indexes
     WHERE schemaname = current_schema() AND indexdef LIKE 'CREATE UNIQUE%'
"""
_SQLITE = """
    SELECT tables.name, (SELECT group_concat(name, ',') FROM pragma_index_info(indexes.name))
      FROM sqlite_schema AS tables, pragma_index_list(tables.name) AS indexes
     WHERE tables.type = 'table' AND indexes."unique" = 1
     UNION ALL
    SELECT tables.name, columns.name
      FROM sqlite_schema AS tables, pragma_table_info(tables.name) AS columns
     WHERE tables.type = 'table' AND columns.type = 'INTEGER' AND columns.pk = 1
"""
