"""Numbered SQL files, each run once, in order, all that are new in one transaction."""

import functools
from importlib import resources

from miniback.db.engine import Engine, Session
from miniback.db.transaction import Tx
from miniback.errors import Misconfigured

_LEDGER = "CREATE TABLE IF NOT EXISTS migrations (name TEXT PRIMARY KEY)"


def migrate(engine: Engine) -> list[str]:
    """Bring the database up to this version and return the names of what was run.

    Raises Misconfigured where a newer version of the program has been at work.
    """
    session = engine.connect(writes=True)
    try:
        session.begin_write()
        new = _apply(engine, session)
        session.commit()
        return new
    except Exception as error:
        if engine.failure(error):
            raise Misconfigured(f"The database could not be migrated: {error}") from error
        raise
    finally:
        session.rollback()
        session.close()


def missing(tx: Tx, engine: Engine) -> list[str]:
    """Return the migrations of this version that the database has not seen."""
    done = {name for (name,) in tx.all("SELECT name FROM migrations")}
    return sorted(_scripts(engine.name).keys() - done)


def _apply(engine: Engine, session: Session) -> list[str]:
    engine.lock_migrations(session)
    session.run(_LEDGER)
    scripts = _scripts(engine.name)
    done = {name for (name,) in session.all("SELECT name FROM migrations")}
    if newer := done - scripts.keys():
        raise Misconfigured(
            f"The database was made by a newer version of Miniback ({max(newer)}); run that one"
        )
    new = sorted(scripts.keys() - done)
    for name in new:
        engine.run_script(session, scripts[name])
        session.run("INSERT INTO migrations (name) VALUES (:name)", name=name)
    return new


@functools.cache
def _scripts(engine_name: str) -> dict[str, str]:
    """Return the files for one engine: the shared ones and its own, `NNNN_name.engine.sql`."""
    folder = resources.files("miniback.db") / "migrations"
    return {
        each.name: each.read_text(encoding="utf-8")
        for each in folder.iterdir()
        if each.name.split(".")[1:] in (["sql"], [engine_name, "sql"])
    }
