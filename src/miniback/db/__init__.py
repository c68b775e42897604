"""The database: run a function in a transaction, and get its result once it is safe on disk."""

from miniback.db.asking import Marks, at_primary, forget_asker
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
from miniback.db.opening import engine_for, network_file_system, only_server, replica_for
from miniback.db.replica import Standing, standing
from miniback.db.shards import check_shards, distribute
from miniback.db.sqlite_copies import sync
from miniback.db.tenancy import DISTRIBUTED, REFERENCE, Spread
from miniback.db.transaction import Again, Asked, Entry, Query, Row, Tx

__all__ = [
    "DISTRIBUTED",
    "REFERENCE",
    "Again",
    "Asked",
    "Contents",
    "Database",
    "Engine",
    "Entry",
    "Marks",
    "Pause",
    "Query",
    "Row",
    "Spread",
    "Standing",
    "Tx",
    "at_primary",
    "check_copy",
    "check_shards",
    "compact",
    "contents_of",
    "copy_out",
    "copy_suffix",
    "distribute",
    "engine_for",
    "examine",
    "forget_asker",
    "known_migrations",
    "migrate",
    "missing",
    "network_file_system",
    "nobody_serves",
    "only_server",
    "put_copy_back",
    "replica_for",
    "run",
    "run_each",
    "seen_migrations",
    "size",
    "standing",
    "sync",
    "touch",
]
