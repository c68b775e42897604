"""POSTs while somebody listens: a receiver that is dead, and a thousand webhooks that wait."""

import time
from collections.abc import Callable

import calls
import servers
from lines import Line, against
from load import Load, Post
from session import Session
from stores import Store

WAITING = 1_000
PATIENCE_S = 60.0
# Nobody listens on this port, so every attempt is refused.
_DEAD = "http://127.0.0.1:9/hook"
_ENV = {"MINIBACK_ALLOW_PRIVATE_TARGETS": "on"}


def heard(session: Session) -> list[Line]:
    """POST with nobody listening, with a dead receiver, and with a thousand deliveries waiting."""
    runs = {
        "none": _poster(session, 0, 0),
        "dead": _poster(session, 1, 0),
        "waiting": _poster(session, 1, WAITING),
    }
    loads = session.interleave("heard", runs)
    return [
        against("heard-dead", loads["dead"], loads["none"]),
        against("heard-waiting", loads["waiting"], loads["none"]),
    ]


def _poster(session: Session, webhooks: int, waiting: int) -> Callable[[], Load]:
    """Return the run of one kind, each on a fresh copy with a fresh server."""
    base = session.few()
    door = base.facts.big
    path = f"/api/projects/{door.project_id}/feedback"
    shot = Post(door.key, path)

    def run() -> Load:
        with session.fresh(base, _ENV) as (store, server):
            for _ in range(webhooks):
                hook = {"url": _DEAD, "events": ["feedback.created"]}
                calls.post(server.url, door.key, "/api/webhooks", hook)
            for number in range(waiting):
                calls.post(server.url, door.key, path, {"message": f"Waits {number}"})
            _await_deliveries(store, waiting)
            session.warm_up(server, shot)
            return session.send(server, shot)

    return run


def _await_deliveries(store: Store, count: int) -> None:
    """Wait until so many deliveries are there, none of which can be made."""
    end = time.monotonic() + PATIENCE_S
    while store.count("deliveries") < count:
        if time.monotonic() > end:
            raise servers.ServerError(f"{count:,} deliveries did not come about")
        time.sleep(0.1)
