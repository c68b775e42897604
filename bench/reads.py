"""Reads: the first page of a project and one item by its id."""

import contextlib
from collections.abc import Callable, Iterator
from functools import partial

from bases import Base
from generate import Door
from lines import Line, against
from load import Get, Loads
from session import Session
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
    loads = session.alternate("counted", partial(_counting, session))
    return [
        against("counted-page", loads["page"], loads["echo"]),
        against("counted-item", loads["item"], loads["echo"]),
    ]


@contextlib.contextmanager
def _counting(session: Session) -> Iterator[dict[str, Served]]:
    base = session.few()
    door = base.facts.counted
    with (
        session.yardstick() as echo,
        session.serving(base, COUNTING, "page") as pages,
        session.serving(base, COUNTING, "item") as items,
    ):
        yield {
            "echo": echo,
            "page": session.warm(pages, page_of(door)),
            "item": session.warm(items, items_of(door)),
        }


def _measured(session: Session, case: str, shots: Shots) -> Loads:
    """Measure one read on each base, beside echo."""
    return session.alternate(case, partial(_reading, session, shots))


@contextlib.contextmanager
def _reading(session: Session, shots: Shots) -> Iterator[dict[str, Served]]:
    with contextlib.ExitStack() as stack:
        served = {"echo": stack.enter_context(session.yardstick())}
        for name, base in _sizes(session).items():
            server = stack.enter_context(session.serving(base))
            served[name] = session.warm(server, shots(base.facts.big))
        yield served


def _sizes(session: Session) -> dict[str, Base]:
    """Return the bases to read from."""
    sizes = {"few": session.few()}
    return sizes | {"many": session.many()} if session.has_many else sizes
