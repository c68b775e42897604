"""The database: run a function in a transaction, and get its result once it is safe on disk."""

from miniback.db.database import Database, compact, run, run_each
from miniback.db.engine import Engine
from miniback.db.migrate import migrate, missing
from miniback.db.opening import engine_for, only_server
from miniback.db.transaction import Again, Entry, Query, Row, Tx

__all__ = [
    "Again",
    "Database",
    "Engine",
    "Entry",
    "Query",
    "Row",
    "Tx",
    "compact",
    "engine_for",
    "migrate",
    "missing",
    "only_server",
    "run",
    "run_each",
]
