"""Reads: the first page of a project and one item by its id."""

import contextlib
from collections.abc import Callable, Iterator
from functools import partial

from bases import Base
from generate import Door
from lines import Line, against
from load import Get, Loads
from session import Opening, Session
from turns import Served

# Limits that count every call exactly and never refuse one.
COUNTING = '{"STARTER": {"calls": 100000000, "items": 100000000}}'
Shots = Callable[[Door], Get]


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
    door = base.facts.counted
    openings: dict[str, Opening] = {
        "echo": session.yardstick,
        "page": partial(_serving, session, base, page_of(door), COUNTING, "page"),
        "item": partial(_serving, session, base, items_of(door), COUNTING, "item"),
    }
    loads = session.alternate("counted", openings)
    return [
        against("counted-page", loads["page"], loads["echo"]),
        against("counted-item", loads["item"], loads["echo"]),
    ]


def _measured(session: Session, case: str, shots: Shots) -> Loads:
    """Measure one read on each base, beside echo."""
    openings: dict[str, Opening] = {"echo": session.yardstick}
    for name, base in _sizes(session).items():
        openings[name] = partial(_serving, session, base, shots(base.facts.big))
    return session.alternate(case, openings)


@contextlib.contextmanager
def _serving(
    session: Session, base: Base, shot: Get, plans: str = "", name: str = "serving"
) -> Iterator[Served]:
    """Run a server on a copy of a base, warmed up."""
    with session.serving(base, plans, name) as server:
        yield session.warm(server, shot)


def _sizes(session: Session) -> dict[str, Base]:
    """Return the bases to read from."""
    sizes = {"few": session.few()}
    return sizes | {"many": session.many()} if session.has_many else sizes
