"""POSTs while somebody listens: a receiver that is dead, and a thousand webhooks that wait."""

import contextlib
import time
from collections.abc import Iterator
from functools import partial

import calls
import servers
from lines import Line, against
from load import Post
from session import Session
from stores import Store
from turns import Served

WAITING = 1_000
# The rows allow for no more than a twentieth, and two processes alike differ by a fiftieth.
TIMES = 2
PATIENCE_S = 60.0
# Nobody listens on this port, so every attempt is refused.
_DEAD = "http://127.0.0.1:9/hook"
_ENV = {"MINIBACK_ALLOW_PRIVATE_TARGETS": "on"}


def heard(session: Session) -> list[Line]:
    """POST with nobody listening, with a dead receiver, and with a thousand deliveries waiting."""
    openings = {
        "none": partial(_prepared, session, "none", 0, 0),
        "dead": partial(_prepared, session, "dead", 1, 0),
        "waiting": partial(_prepared, session, "waiting", 1, WAITING),
    }
    loads = session.alternate("heard", openings, TIMES)
    return [
        against("heard-dead", loads["dead"], loads["none"]),
        against("heard-waiting", loads["waiting"], loads["none"]),
    ]


@contextlib.contextmanager
def _prepared(session: Session, name: str, webhooks: int, waiting: int) -> Iterator[Served]:
    """Run a server on a fresh copy with so many webhooks and deliveries that wait."""
    base = session.few()
    door = base.facts.big
    path = f"/api/projects/{door.project_id}/feedback"
    shot = Post(door.key, path)
    with session.fresh(base, _ENV, name) as (store, server):
        for _ in range(webhooks):
            hook = {"url": _DEAD, "events": ["feedback.created"]}
            calls.post(server.url, door.key, "/api/webhooks", hook)
        for number in range(waiting):
            calls.post(server.url, door.key, path, {"message": f"Waits {number}"})
        _await_deliveries(store, waiting)
        yield session.warm(server, shot)


def _await_deliveries(store: Store, count: int) -> None:
    """Wait until so many deliveries are there, none of which can be made."""
    end = time.monotonic() + PATIENCE_S
    while store.count("deliveries") < count:
        if time.monotonic() > end:
            raise servers.ServerError(f"{count:,} deliveries did not come about")
        time.sleep(0.1)
