"""Numbered SQL files, each run once, in order, all that are new in one transaction."""

import functools
from collections.abc import Callable, Sequence
from importlib import resources

from miniback.db.engine import Engine, Session
from miniback.db.shards import spread_new
from miniback.db.transaction import Tx
from miniback.errors import Misconfigured

# Told the names of what is about to be run.
Before = Callable[[Sequence[str]], None]
_LEDGER = "CREATE TABLE IF NOT EXISTS migrations (name TEXT PRIMARY KEY)"


def migrate(engine: Engine, before: Before | None = None) -> list[str]:
    """Bring the database up to this version and return the names of what was run.

    `before` is told what is about to be run on a database that was there already, while no other
    process migrates. Raises Misconfigured where a newer version of the program has been at work.
    """
    session = engine.connect(writes=True)
    try:
        session.begin_write()
        new = apply(engine, session, before)
        session.commit()
        return new
    except Exception as error:
        if engine.failure(error):
            raise Misconfigured(f"The database could not be migrated: {error}") from error
        raise
    finally:
        session.rollback()
        session.close()


def seen_migrations(tx: Tx) -> set[str]:
    """Return the names of the migrations that the database has seen."""
    return {name for (name,) in tx.all("SELECT name FROM migrations")}


def missing(tx: Tx, engine: Engine) -> list[str]:
    """Return the migrations of this version that the database has not seen."""
    return sorted(known_migrations(engine) - seen_migrations(tx))


def touch(tx: Tx) -> None:
    """Write to a row that matters to nobody, so that the disk is really asked."""
    tx.run("UPDATE migrations SET name = name WHERE name = (SELECT min(name) FROM migrations)")


def apply(
    engine: Engine,
    session: Session,
    before: Before | None = None,
    only: Sequence[str] | None = None,
) -> list[str]:
    """Run what is new within the session's transaction; with `only` no more than those."""
    engine.lock_migrations(session)
    session.run(_LEDGER)
    scripts = _scripts(engine.name)
    done = seen_migrations(session)
    if newer := done - scripts.keys():
        raise Misconfigured(
            f"The database was made by a newer version of Miniback ({max(newer)}); run that one"
        )
    new = sorted((scripts.keys() if only is None else set(only)) - done)
    if before and done and new:
        before(new)
    for name in new:
        engine.run_script(session, scripts[name])
        session.run("INSERT INTO migrations (name) VALUES (:name)", name=name)
    if new:
        spread_new(engine, session)
    return new


def known_migrations(engine: Engine) -> set[str]:
    """Return the names of all migrations that this version knows."""
    return set(_scripts(engine.name))


@functools.cache
def _scripts(engine_name: str) -> dict[str, str]:
    """Return the files for one engine: the shared ones and its own, `NNNN_name.engine.sql`."""
    folder = resources.files("miniback.db") / "migrations"
    return {
        each.name: each.read_text(encoding="utf-8")
        for each in folder.iterdir()
        if each.name.split(".")[1:] in (["sql"], [engine_name, "sql"])
    }
