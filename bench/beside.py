"""POSTs beside others: at the public door as the widget sends them, and the usual way."""

import contextlib
import sys
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import msgspec

import calls
import servers
from lines import Line, against, fault
from load import Post
from posts import Poster, beside_echo
from session import Opening, Session
from turns import LONG_TURN_S, Served

_USUAL = str(Path(__file__).parent / "usual.py")
# As usual.py has it.
_USUAL_POST = Post("mbk_usual", "/api/projects/usual/feedback")
# So that one client may send all of it.
_ENV = {"MINIBACK_VISITOR_LIMIT": "100000", "MINIBACK_PROJECT_LIMIT": "100000"}


def widget(session: Session) -> list[Line]:
    """What visitors send, everything that the door looks at included, against echo."""
    loads = beside_echo(session, "widget", {"widget": partial(_visited, session)})
    return [against("widget", loads["widget"], loads["echo"])]


def usual(session: Session) -> list[Line]:
    """POST by key against a commit a request through an async ORM."""
    openings: dict[str, Opening] = {
        "usual": partial(_usual, session),
        "ours": Poster(session, session.few()).opened,
    }
    loads = session.alternate("usual", openings, turn_s=LONG_TURN_S)
    line = against("usual", loads["ours"], loads["usual"])
    # Some answers of the usual way take longer than wrk waits; its rate tells of that already.
    return [msgspec.structs.replace(line, fault=fault(loads["ours"]))]


@contextlib.contextmanager
def _visited(session: Session) -> Iterator[Served]:
    """Run a server with a project to whose door anybody may come, warmed up."""
    base = session.few()
    door = base.facts.big
    path = f"/api/projects/{door.project_id}"
    with session.fresh(base, _ENV) as (_, server):
        slug = calls.get(server.url, door.key, path)["data"]["slug"]
        calls.put(server.url, door.key, path + "/settings", {"proof": "off"})
        yield session.warm(server, Post("", "/api/feedback", slug=slug))


@contextlib.contextmanager
def _usual(session: Session) -> Iterator[Served]:
    """Run the other way on a database of its own, warmed up."""
    file = session.scratch / "usual.db"
    for old in session.scratch.glob("usual.db*"):
        old.unlink()
    command = [sys.executable, _USUAL, "--file", str(file)]
    with servers.other(command, session.scratch / "usual.log") as server:
        yield session.warm(server, _USUAL_POST)
