"""Every table has its place for the day on which the database is spread over several nodes."""

import re
from collections.abc import Callable
from importlib import resources
from pathlib import Path

import pytest

from miniback import db
from miniback.db import DISTRIBUTED, REFERENCE
from tests.house import House

_UNIQUE = """
    SELECT tablename, indexname, indexdef FROM pg_indexes
     WHERE schemaname = 'public' AND indexdef LIKE 'CREATE UNIQUE%' ORDER BY indexname
"""


@pytest.fixture(scope="module")
def migrated(database: str, new_house: Callable[..., House]) -> House:
    """A house over a database of this version that no server has seen."""
    house = new_house(database)
    db.migrate(db.engine_for(house.database_url))
    return house


@pytest.fixture(scope="module")
def on_a_server(new_house: Callable[..., House]) -> House:
    """The same on PostgreSQL."""
    house = new_house("postgres")
    db.migrate(db.engine_for(house.database_url))
    return house


def tables(house: House) -> set[str]:
    """Return the names of all our tables; the search index of SQLite is one to us."""
    engine = db.engine_for(house.database_url)
    names: set[str] = house.tx(lambda tx: set(db.contents_of(engine, tx, counted=False).rows))
    if engine.path is None:
        return names
    return {n for n in names if not n.startswith(("feedback_search_", "sqlite_"))} | {
        "feedback_search"
    }


def test_every_table_has_a_place_and_no_place_is_without_a_table(migrated: House) -> None:
    assert tables(migrated) == {*DISTRIBUTED, *REFERENCE}
    assert not set(DISTRIBUTED) & set(REFERENCE)


def test_the_account_begins_the_primary_key_of_what_lies_beside_it(on_a_server: House) -> None:
    keys = on_a_server.rows(
        "SELECT conrelid::regclass::text, attname FROM pg_constraint"
        "  JOIN pg_attribute ON attrelid = conrelid AND attnum = conkey[1] WHERE contype = 'p'"
    )

    firsts = {table: column for table, column in keys if table in DISTRIBUTED}
    assert firsts == DISTRIBUTED


def test_what_is_unique_is_so_within_an_account(on_a_server: House) -> None:
    wide = [
        index
        for table, index, definition in on_a_server.rows(_UNIQUE)
        if table in DISTRIBUTED
        and not re.search(rf"\(([^)]*\W)?{DISTRIBUTED[table]}\b", definition)
    ]

    assert wide == []


def test_no_key_no_counter_and_no_partition_is_in_the_way(on_a_server: House) -> None:
    """Citus takes these under conditions only; a table that needs one has to meet them."""
    assert on_a_server.rows("SELECT conname FROM pg_constraint WHERE contype = 'f'") == []
    assert on_a_server.rows("SELECT relname FROM pg_class WHERE relkind IN ('S', 'p')") == []


def test_triggers_only_refuse(on_a_server: House) -> None:
    """Spread tables take a trigger only where it writes nowhere else."""
    triggers = on_a_server.rows(
        "SELECT tgrelid::regclass::text, prosrc FROM pg_trigger"
        "  JOIN pg_proc ON pg_proc.oid = tgfoid WHERE NOT tgisinternal"
    )

    assert {table for table, _ in triggers} == {"audit_log", "audit_heads"}
    assert {" ".join(source.split()) for _, source in triggers} == {
        "BEGIN RAISE EXCEPTION 'The audit log is only added to'; END"
    }


def test_the_account_has_one_type_everywhere(on_a_server: House) -> None:
    """Tables lie beside each other only where they are spread by columns of one type."""
    columns = on_a_server.rows(
        "SELECT table_name, column_name, domain_name FROM information_schema.columns"
        " WHERE table_schema = 'public'"
    )

    types = {kind for table, column, kind in columns if DISTRIBUTED.get(table) == column}
    assert types == {"key_text"}


def test_no_statement_is_of_a_kind_that_only_one_shard_can_answer() -> None:
    """Rows are locked by `hold_rows` alone, which asks account by account where that is needed."""
    refused = re.compile(
        r"\bFOR (UPDATE|SHARE|NO KEY|KEY SHARE)\b|\bWITH RECURSIVE\b|\bTABLESAMPLE\b"
        r"|\bGROUPING SETS\b|\bSET account_id ="
    )
    sources = Path(db.__file__).parent.parent.rglob("*.py")

    using = {path.name for path in sources if refused.search(path.read_text())}
    assert using == {"postgres.py"}


def test_a_migration_adds_a_column_without_a_constraint() -> None:
    """Citus refuses that of a spread table; the constraint is a statement of its own.

    Those up to 0013 came before tables could be spread.
    """
    folder = resources.files("miniback.db") / "migrations"
    later = [
        each
        for each in folder.iterdir()
        if each.name[:4] > "0013" and not each.name.endswith(".sqlite.sql")
    ]
    constrained = re.compile(r"ADD COLUMN[^;]*\b(CHECK|UNIQUE|PRIMARY|REFERENCES)\b")

    assert [each.name for each in later if constrained.search(each.read_text())] == []
