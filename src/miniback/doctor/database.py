"""The database: that it opens, is whole, of this version, safe in its settings; its backups."""

from collections.abc import Iterator

from miniback import backups, clock, db, ids
from miniback.backups import Backup, State
from miniback.db import Contents, Engine, Standing, Tx
from miniback.doctor.findings import Finding, Verdict, ok, warning, wrong
from miniback.errors import Invalid, Misconfigured, Refusal
from miniback.settings import Settings

_LONGEST_EXAMINED_S = 600.0
_OLD_MS = 7 * clock.DAY_MS
# Clocks of machines that keep them right are closer than this.
_FUTURE_MS = 5 * clock.SECOND_MS
_BACK_UP = "Run miniback backup, or set MINIBACK_BACKUP_EVERY_HOURS"


def database(chosen: Settings) -> Iterator[Finding]:
    """Look at the database, and leave it as it is; an examination of all of it takes its time."""
    try:
        engine = db.engine_for(chosen.database, make=False)
        for finding in _whole(engine):
            yield finding
            if finding.verdict is Verdict.WRONG:
                return
        names = db.run(engine, _names)
    except (Misconfigured, Refusal) as error:
        yield wrong("database", str(error), "Mend this first: the rest needs the database")
        return
    yield ok("database", f"{engine.place} can be read and written")
    yield _level(names, db.known_migrations(engine))
    yield from _versions(engine)
    yield from _replica(engine, chosen)
    if names == db.known_migrations(engine):
        yield from db.run(engine, lambda tx: [_clock(tx), _backups(tx, chosen)])


def _whole(engine: Engine) -> Iterator[Finding]:
    if engine.path is None:
        return
    if loss := backups.lost(engine):
        yield wrong("database", loss, "Bring the last backup back: miniback restore")
        return
    try:
        db.examine(engine, _nothing, _LONGEST_EXAMINED_S)
    except Invalid as damage:
        yield wrong("database", str(damage), "Bring the last backup back: miniback restore")
        return
    yield ok("database", "SQLite finds the file whole")
    if strange := db.network_file_system(engine.path):
        yield warning(
            "database",
            f"The file lies on {strange}, a file system of the network",
            "SQLite's locks do not hold on many of these: move it to a disk of this machine, or use"
            " PostgreSQL",
        )


def _nothing(_tx: Tx, _contents: Contents) -> None:
    """Look at nothing more."""


def _names(tx: Tx) -> set[str]:
    """Return which migrations were run, and show that one can write."""
    db.touch(tx)
    return db.seen_migrations(tx)


def _level(names: set[str], known: set[str]) -> Finding:
    if newer := names - known:
        return wrong(
            "version",
            f"The database was made by a newer version ({max(newer)})",
            "Run that version, or restore the backup that it made before its migration",
        )
    if missing := known - names:
        return warning(
            "version",
            f"{len(missing)} migrations are still to be run",
            "Start the server of this version, or run miniback migrate",
        )
    return ok("version", f"All {len(names)} migrations were run")


def _versions(engine: Engine) -> Iterator[Finding]:
    if engine.path is not None:
        (version,) = db.run(engine, lambda tx: tx.all("SELECT sqlite_version()"))[0]
        yield ok("database", f"SQLite {version}, which has the cure of the WAL-reset bug")
        return
    names = ("server_version", "fsync", "full_page_writes", "synchronous_commit")
    told: dict[str, str] = dict(
        db.run(
            engine,
            lambda tx: tx.all(
                "SELECT name, reset_val FROM pg_settings WHERE name IN (:names[])",
                names=list(names),
            ),
        )
    )
    yield ok("database", f"PostgreSQL {told['server_version']}")
    for name in names[1:]:
        if told[name] == "off" and name == "synchronous_commit":
            yield ok("database", "synchronous_commit is off there; Miniback turns it on for itself")
        elif told[name] == "off":
            yield wrong(
                "database",
                f"{name} is off: a power cut may destroy the whole database",
                f"Set {name} = on in postgresql.conf",
            )


def _replica(engine: Engine, chosen: Settings) -> Iterator[Finding]:
    replica = db.replica_for(chosen.replica_url)
    if replica is None:
        return
    try:
        standing = db.standing(engine, replica)
    except (Misconfigured, Refusal) as error:
        yield warning("replica", str(error), "Start it: until then the primary answers all reads")
        return
    if standing is Standing.OTHER:
        yield wrong(
            "replica",
            f"{replica.place} is no replica of {engine.place}",
            "Let MINIBACK_REPLICA_URL name a streaming replica of that server, and this database",
        )
    elif standing is Standing.BEHIND:
        yield warning(
            "replica",
            "It does not come after: what was written is missing there after five seconds",
            "See pg_stat_replication at the primary, and whether replay is paused",
        )
    else:
        yield ok("replica", f"{replica.place} follows")


def _clock(tx: Tx) -> Finding:
    row = tx.one("SELECT max(position) FROM feedback")
    if row is None or row[0] is None:
        return ok("clock", f"It is {clock.iso(clock.now())}; nothing to compare it with yet")
    ahead = ids.position_time(row[0]) - clock.now()
    if ahead > _FUTURE_MS:
        return wrong(
            "clock",
            f"The newest item is {ahead // clock.SECOND_MS} seconds in the future",
            "This machine's clock is slow, or another's was fast: let NTP keep all of them",
        )
    return ok("clock", "No item is of the future")


def _backups(tx: Tx, chosen: Settings) -> Finding:
    state, last = backups.state(tx, backups.interval_ms(chosen)), backups.last(tx)
    if state is State.FAILED:
        newest = next(each for each in backups.recent(tx, 2) if each.ended_at is not None)
        return wrong("backups", f"The last one failed: {newest.failure}", "See backup.md")
    if last is None:
        return warning("backups", "None has been made yet", _BACK_UP)
    told = f"The last good one is {_age(last)} old: {last.path}"
    if state is State.OLD or clock.now() - last.began_at > _OLD_MS:
        return warning("backups", told, _BACK_UP)
    return ok("backups", told)


def _age(last: Backup) -> str:
    hours = (clock.now() - last.began_at) // clock.HOUR_MS
    return f"{hours} hours" if hours else "less than an hour"
