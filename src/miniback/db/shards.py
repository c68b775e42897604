"""Spreading a database over several nodes by account, where it is one that can be."""

import importlib
from typing import Any

from miniback.db.engine import Engine, Session
from miniback.db.tenancy import Spread
from miniback.errors import Misconfigured


def check_shards(engine: Engine) -> None:
    """Raise Misconfigured where a database cannot be spread."""
    if engine.path is not None:
        raise Misconfigured(
            f"Only PostgreSQL with Citus spreads tables over several machines, and this is"
            f" {engine.place}; set MINIBACK_DATABASE_URL to a PostgreSQL database"
        )
    session = engine.connect(writes=False)
    try:
        if not _postgres().is_there(session):
            raise Misconfigured(
                f"{engine.place} has no Citus extension, so its tables stay on one machine; install"
                " Citus, run CREATE EXTENSION citus in this database, add the nodes with"
                " citus_add_node, then run this command again"
            )
    finally:
        session.close()


def distribute(engine: Engine) -> list[Spread]:
    """Spread every table that is not spread yet, and return those.

    Each in a transaction of its own, so that what was broken off is gone on with. Nobody else
    migrates meanwhile, and whoever wants to waits.
    """
    check_shards(engine)
    holder, session = engine.connect(writes=True), engine.connect(writes=True)
    try:
        holder.begin_write()
        engine.lock_migrations(holder)
        return [_spread(session, each) for each in _postgres().missing(session)]
    finally:
        for each in (session, holder):
            each.rollback()
            each.close()


def spread_new(engine: Engine, session: Session) -> None:
    """Spread what a migration has made, within its transaction, where all else is spread."""
    if engine.path is None:
        _postgres().spread_new(session)


def _spread(session: Session, one: Spread) -> Spread:
    session.begin_write()
    for setting in _postgres().SETTINGS:
        session.run(setting)
    _postgres().spread(session, one)
    session.commit()
    return one


def _postgres() -> Any:
    """Return the part that needs the server's driver, which a file does without."""
    return importlib.import_module("miniback.db.postgres_shards")
