"""The database: run a function in a transaction, and get its result once it is safe on disk."""

from miniback.db.copies import (
    Contents,
    check_copy,
    contents_of,
    copy_out,
    copy_suffix,
    examine,
    nobody_serves,
    put_copy_back,
    size,
)
from miniback.db.database import Database, compact, run, run_each
from miniback.db.engine import Engine, Pause
from miniback.db.migrate import known_migrations, migrate, missing, seen_migrations, touch
from miniback.db.opening import engine_for, network_file_system, only_server
from miniback.db.shards import check_shards, distribute
from miniback.db.sqlite_copies import sync
from miniback.db.tenancy import DISTRIBUTED, REFERENCE, Spread
from miniback.db.transaction import Again, Entry, Query, Row, Tx

__all__ = [
    "DISTRIBUTED",
    "REFERENCE",
    "Again",
    "Contents",
    "Database",
    "Engine",
    "Entry",
    "Pause",
    "Query",
    "Row",
    "Spread",
    "Tx",
    "check_copy",
    "check_shards",
    "compact",
    "contents_of",
    "copy_out",
    "copy_suffix",
    "distribute",
    "engine_for",
    "examine",
    "known_migrations",
    "migrate",
    "missing",
    "network_file_system",
    "nobody_serves",
    "only_server",
    "put_copy_back",
    "run",
    "run_each",
    "seen_migrations",
    "size",
    "sync",
    "touch",
]
