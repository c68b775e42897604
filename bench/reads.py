"""Reads: the first page of a project and one item by its id."""

import contextlib
from collections.abc import Callable
from functools import partial

from bases import Base
from generate import Door
from lines import Line, against
from load import Get, Load
from servers import Server
from session import Session

# Limits that count every call exactly and never refuse one.
COUNTING = '{"STARTER": {"calls": 100000000, "items": 100000000}}'
Shots = Callable[[Door], Get]
Loads = dict[str, list[Load]]


def page_of(door: Door) -> Get:
    """Get the first page of 50, with its total."""
    return Get(door.key, [f"/api/projects/{door.project_id}/feedback?limit=50"])


def items_of(door: Door) -> Get:
    """Get items by id, one after the other."""
    return Get(door.key, [f"/api/feedback/{item}" for item in door.items])


def page(session: Session) -> list[Line]:
    """First page, PRO: against echo, and large against small."""
    loads = _measured(session, "page", page_of)
    large = loads.get("many", loads["few"])
    lines = [against("page", large, loads["echo"])]
    if "many" in loads:
        lines.append(against("page-growth", loads["many"], loads["few"]))
    return lines


def item(session: Session) -> list[Line]:
    """One item, PRO, against echo."""
    loads = _measured(session, "item", items_of)
    return [against("item", loads.get("many", loads["few"]), loads["echo"])]


def counted(session: Session) -> list[Line]:
    """Page and item on a plan with a limit."""
    base = session.few()
    with session.serving(base, COUNTING) as server:
        door = base.facts.counted
        runs = {
            "echo": session.echo,
            "page": _reader(session, server, page_of(door)),
            "item": _reader(session, server, items_of(door)),
        }
        loads = session.interleave("counted", runs)
    return [
        against("counted-page", loads["page"], loads["echo"]),
        against("counted-item", loads["item"], loads["echo"]),
    ]


def _measured(session: Session, case: str, shots: Shots) -> Loads:
    """Measure one read on each base, beside echo."""
    with contextlib.ExitStack() as stack:
        runs = {"echo": session.echo}
        for name, base in _sizes(session).items():
            server = stack.enter_context(session.serving(base))
            runs[name] = _reader(session, server, shots(base.facts.big))
        return session.interleave(case, runs)


def _sizes(session: Session) -> dict[str, Base]:
    """Return the bases to read from."""
    sizes = {"few": session.few()}
    return sizes | {"many": session.many()} if session.has_many else sizes


def _reader(session: Session, server: Server, shot: Get) -> Callable[[], Load]:
    """Warm up, and return the run to repeat."""
    session.warm_up(server, shot)
    return partial(session.send, server, shot)
