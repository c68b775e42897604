"""Search in a large database: one connection, so that a latency is the service time."""

import statistics
from collections.abc import Sequence
from functools import partial

import calls
import words
from generate import Door
from lines import Line, fault, single
from load import Get, Load
from reads import items_of
from servers import Server
from session import Session


def search(session: Session) -> list[Line]:
    """Search a small account's projects for a rare and a common word, against one item."""
    base = session.many()
    door = base.facts.few
    with session.serving(base) as server:
        shots = {
            "item": items_of(door),
            "rare": _searching(door, words.RARE),
            "common": _searching(door, words.COMMON),
        }
        for shot in shots.values():
            session.warm_up(server, shot)
        runs = {name: partial(session.send, server, shot, 1) for name, shot in shots.items()}
        loads = session.interleave("search", runs)
        totals = {name: _total(server, shots[name]) for name in ("rare", "common")}
    return [
        _line(f"search-{name}", loads[name], loads["item"], totals[name])
        for name in ("rare", "common")
    ]


def _searching(door: Door, word: str) -> Get:
    """Get the first page of a search."""
    return Get(door.key, [f"/api/feedback?search={word}"])


def _total(server: Server, shot: Get) -> int:
    """Return how many items a search finds."""
    total: int = calls.get(server.url, shot.key, shot.paths[0])["pagination"]["total"]
    return total


def _line(name: str, found: Sequence[Load], item: Sequence[Load], total: int) -> Line:
    """Set the p99 of a search against the mean of one item."""
    tail = statistics.median(load.p99_us for load in found)
    mean = statistics.median(load.mean_us for load in item)
    times = [mine.p99_us / its.mean_us for mine, its in zip(found, item, strict=True)]
    wrong = fault([*found, *item]) or ("" if total else "nothing was found")
    shown = f"p99 {tail / 1000:.2f} ms, {total:,} found; item {mean / 1000:.3f} ms"
    return single(name, shown, times, wrong)
