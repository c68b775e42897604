"""POSTs beside others: at the public door as the widget sends them, and the usual way."""

import sys
from collections.abc import Callable
from pathlib import Path

import msgspec

import calls
import servers
from lines import Line, against, fault
from load import Load, Post
from posts import Poster
from session import Session

_USUAL = str(Path(__file__).parent / "usual.py")
# As usual.py has it.
_USUAL_POST = Post("mbk_usual", "/api/projects/usual/feedback")
# So that one client may send all of it.
_ENV = {"MINIBACK_VISITOR_LIMIT": "100000", "MINIBACK_PROJECT_LIMIT": "100000"}


def widget(session: Session) -> list[Line]:
    """What visitors send, everything that the door looks at included, against echo."""
    loads = session.interleave("widget", {"echo": session.echo, "widget": _visitor(session)})
    return [against("widget", loads["widget"], loads["echo"])]


def usual(session: Session) -> list[Line]:
    """POST by key against a commit a request through an async ORM."""
    runs: dict[str, Callable[[], Load]] = {
        "usual": _usual(session),
        "ours": Poster(session, session.few()),
    }
    loads = session.interleave("usual", runs)
    line = against("usual", loads["ours"], loads["usual"])
    # Some answers of the usual way take longer than wrk waits; its rate tells of that already.
    return [msgspec.structs.replace(line, fault=fault(loads["ours"]))]


def _visitor(session: Session) -> Callable[[], Load]:
    base = session.few()
    door = base.facts.big

    def run() -> Load:
        with session.fresh(base, _ENV) as (_, server):
            path = f"/api/projects/{door.project_id}"
            slug = calls.get(server.url, door.key, path)["data"]["slug"]
            calls.put(server.url, door.key, path + "/settings", {"proof": "off"})
            shot = Post("", "/api/feedback", slug=slug)
            session.warm_up(server, shot)
            return session.send(server, shot)

    return run


def _usual(session: Session) -> Callable[[], Load]:
    file = session.scratch / "usual.db"

    def run() -> Load:
        for old in session.scratch.glob("usual.db*"):
            old.unlink()
        command = [sys.executable, _USUAL, "--file", str(file)]
        with servers.other(command, session.scratch / "usual.log") as server:
            session.warm_up(server, _USUAL_POST)
            return session.send(server, _USUAL_POST)

    return run
