"""What the product takes: memory, and time to start."""

import statistics
import time

import machine
import servers
from lines import Line, single
from load import Load, Post
from servers import Server
from session import Session
from stores import Sqlite

STARTS = 5
CALM_S = 1.0
LONGEST_S = 3_600


def memory(session: Session) -> list[Line]:
    """PSS of the server, idle and after many POSTs."""
    base = session.few()
    door = base.facts.big
    shot = Post(door.key, f"/api/projects/{door.project_id}/feedback")
    with session.serving(base) as server:
        time.sleep(CALM_S)
        idle = machine.pss_mb(server.pid)
        first = _post_many(session, server, shot, session.options.posts // 10)
        before = machine.own_mb(server.pid)
        posted = first + _post_many(session, server, shot, session.options.posts - first)
        loaded, after = machine.pss_mb(server.pid), machine.own_mb(server.pid)
    grown = f"{before:.1f} MB after {first:,}, {after:.1f} MB after {posted:,}"
    return [
        single("memory-idle", "after the start", [idle]),
        single("memory-loaded", f"after {posted:,}", [loaded]),
        single("memory-growth", grown, [after / before]),
    ]


def start(session: Session) -> list[Line]:
    """Time from the start on an empty folder to the first 2xx."""
    times = [_started_in_s(session) for _ in range(STARTS)]
    return [single("start", f"median of {STARTS}: {statistics.median(times):.2f} s", times)]


def _post_many(session: Session, server: Server, shot: Post, count: int) -> int:
    """Post until as many are in as were asked for; return how many."""
    end = time.monotonic() + LONGEST_S
    posted = 0
    while posted < count and time.monotonic() < end:
        run: Load = session.send(server, shot)
        posted += run.ok
        if not run.ok:
            break
    return posted


def _started_in_s(session: Session) -> float:
    """Start on an empty folder once and return the seconds it took."""
    folder = session.scratch / "empty"
    folder.mkdir()
    store = Sqlite(folder)
    began = time.perf_counter()
    server = servers.started(store.env, session.scratch)
    try:
        server.wait(pause_s=0.002)
        return time.perf_counter() - began
    finally:
        server.stop()
        store.drop()
