"""Is it up, can it write, what does it do: for supervisors, balancers and monitors."""

import asyncio
import hmac
import shutil
from typing import Any, NamedTuple

from miniback import backups, clock, db, heard, metrics, outbox
from miniback.clock import SECOND_MS
from miniback.db import Database, Standing, Tx
from miniback.errors import NotFound, Unauthenticated, Unavailable
from miniback.http.requests import Request
from miniback.http.responses import Kind, Response, data
from miniback.http.routing import resource
from miniback.settings import Settings

PATIENCE_S = 2.0
# Enough for some hours of a busy site, so that somebody has time to do something about it.
LITTLE_SPACE_BYTES = 256 << 20
# Events are taken up within a second; after so long nobody seems to take them up.
LATE_S = 300
_TEXT = Kind(
    (b"content-type", metrics.CONTENT_TYPE),
    ((b"cache-control", b"no-store"), (b"x-content-type-options", b"nosniff")),
)
_UP = "Whether the database can be read"
_BEARER = "Bearer "


class Life:
    """Whether this process is about to end, which it says before it takes no more requests."""

    is_ending = False


class State(NamedTuple):
    """What is found out about the database: how old what waits is, and what it has not seen."""

    waiting_s: float
    missing: list[str]


async def get_health(_request: Request) -> Response:
    """GET /healthz: the process answers."""
    return data({"status": "ok"})


async def get_readiness(request: Request) -> Response:
    """GET /readyz: a write transaction goes through the queue to the disk and back.

    What is only worth a look, as little space or events that nobody takes up, is told and leaves
    it ready: another server would be no better off.
    """
    if request.state["life"].is_ending:
        raise Unavailable(message="Not ready: the server is about to end")
    database = request.db
    try:
        async with asyncio.timeout(PATIENCE_S):
            state = await database.write(_touch, database)
    except (TimeoutError, Unavailable) as error:
        raise Unavailable(message="Not ready: the database cannot be written") from error
    if state.missing:
        raise Unavailable(message="Not ready: the database is of an older version")
    free = free_bytes(request.state["settings"])
    checks = {
        "database": "ok",
        "migrations": "ok",
        "disk": "ok" if free is None or free > LITTLE_SPACE_BYTES else "low",
        "outbox": "ok" if state.waiting_s < LATE_S else "late",
    }
    if database.replica:
        checks["replica"] = database.replica.standing
    return data({"status": "ready", "checks": checks})


async def get_metrics(request: Request) -> Response:
    """GET /metrics: counts and times, for whoever brings the token; nothing without one."""
    token: str = request.state["settings"].metrics_token
    if not token:
        raise NotFound("Not found")
    given = request.header(b"authorization")
    if not hmac.compare_digest(given.encode(), (_BEARER + token).encode()):
        raise Unauthenticated("The metrics need MINIBACK_METRICS_TOKEN as a bearer token")
    return Response(200, metrics.page(await _figures(request.state)), kind=_TEXT)


def free_bytes(settings: Settings) -> int | None:
    """Return the space that is left for the data folder; None where there is no such folder."""
    try:
        return shutil.disk_usage(settings.data_dir).free
    except OSError:
        return None


def _touch(tx: Tx, database: Database) -> State:
    db.touch(tx)
    return State(_waiting_s(tx), db.missing(tx, database.engine))


def _waiting_s(tx: Tx) -> float:
    since = [each for each in (outbox.oldest_due(tx), heard.oldest(tx)) if each is not None]
    return (clock.now() - min(since)) / SECOND_MS if since else 0.0


async def _figures(state: dict[str, Any]) -> dict[str, tuple[str, float]]:
    """Look up what is counted nowhere: a help and a value by name."""
    database: Database = state["db"]
    try:
        figures = await database.look_through(_in_the_database)
    except Unavailable:
        figures = {"database_up": (_UP, 0)}
    settings: Settings = state["settings"]
    if (free := free_bytes(settings)) is not None:
        figures["disk_free_bytes"] = ("Space that is left for the data folder", free)
    if replica := database.replica:
        is_used = float(replica.standing is Standing.OK)
        figures["replica_up"] = ("Whether this process reads from the replica", is_used)
        if replica.lag_s is not None:
            figures["replica_lag_seconds"] = ("How far the replica is behind", replica.lag_s)
    if (size := _log_bytes(database)) is not None:
        figures["wal_bytes"] = ("How long SQLite's log is", size)
    return figures


def _in_the_database(tx: Tx) -> dict[str, tuple[str, float]]:
    figures = {
        "database_up": (_UP, 1.0),
        "outbox_age_seconds": ("How long the oldest event waits", _waiting_s(tx)),
    }
    if backup := backups.last(tx):
        age_s = (clock.now() - backup.began_at) / SECOND_MS
        figures["backup_age_seconds"] = ("Since when the last good backup is", age_s)
    return figures


def _log_bytes(database: Database) -> int | None:
    """Return the size of SQLite's write-ahead log; None where there is none."""
    if (path := database.engine.path) is None:
        return None
    try:
        return path.with_name(path.name + "-wal").stat().st_size
    except OSError:
        return None


routes = [
    resource("/healthz", GET=get_health),
    resource("/readyz", GET=get_readiness),
    resource("/metrics", GET=get_metrics),
]
