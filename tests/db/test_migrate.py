"""Migrations: each once, in order, and never by two at the same time."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from importlib import resources

import pytest

from miniback import db
from miniback.errors import Misconfigured
from tests.house import House


@pytest.fixture
def fresh(database: str, new_house: Callable[..., House]) -> House:
    """A house over an empty database."""
    return new_house(database)


def test_every_migration_runs_once_and_in_order(fresh: House) -> None:
    engine = db.engine_for(fresh.database_url)

    done = db.migrate(engine)

    assert done == sorted(done)
    assert done[0].startswith("0001_")
    assert [name for (name,) in fresh.rows("SELECT name FROM migrations ORDER BY name")] == done
    assert db.migrate(engine) == []


def test_the_two_databases_get_the_same_tables_from_the_same_numbers(fresh: House) -> None:
    folder = resources.files("miniback.db") / "migrations"
    numbers = {each.name[:4] for each in folder.iterdir() if each.name.endswith(".sql")}

    done = db.migrate(db.engine_for(fresh.database_url))

    assert {name[:4] for name in done} == numbers


def test_processes_that_migrate_at_once_do_not_clash(fresh: House) -> None:
    with ThreadPoolExecutor(3) as pool:
        done = list(pool.map(lambda _: fresh.run("migrate"), range(3)))

    assert [(each.returncode, each.stderr) for each in done] == [(0, "")] * 3
    assert sorted(each.stdout == "Nothing to do\n" for each in done) == [False, True, True]


def test_a_database_of_a_newer_version_is_refused_with_a_sentence(fresh: House) -> None:
    db.migrate(db.engine_for(fresh.database_url))
    fresh.change("INSERT INTO migrations (name) VALUES ('9999_flying.sql')")

    with pytest.raises(Misconfigured, match=r"newer version of Miniback \(9999_flying\.sql\)"):
        db.migrate(db.engine_for(fresh.database_url))
    done = fresh.run("serve", "--port", "0")
    assert (done.returncode, done.stdout) == (78, "")
    assert "newer version of Miniback" in done.stderr
    assert "Traceback" not in done.stderr


def test_what_cannot_be_migrated_stays_as_it_was(fresh: House) -> None:
    fresh.change("CREATE TABLE tallies (in_the_way TEXT)")

    done = fresh.run("migrate")

    assert done.returncode in (1, 78)
    with pytest.raises(Exception, match="accounts"):
        fresh.rows("SELECT * FROM accounts")
    fresh.change("DROP TABLE tallies")
    assert fresh.run("migrate").returncode == 0
