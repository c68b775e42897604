"""Proving the rollups against the items, and mending them: a stretch of quarters at a time.

A stretch is small enough to let other writes pass in between, and counts are compared while nobody
changes them, so what is found is a difference and not a moment.
"""

from collections import Counter
from collections.abc import Sequence
from typing import NamedTuple, TypeVar

import msgspec

from miniback import ids, projects
from miniback.db import Entry, Tx
from miniback.feedback import facets, moves, rollup_store, rollups, store
from miniback.feedback.figures import QUARTER_MS
from miniback.feedback.listing import ITEM
from miniback.feedback.models import Item, Shelf
from miniback.feedback.moves import State
from miniback.feedback.rollups import A_DAY, A_QUARTER, DIMENSIONS, Arrival, Told

ITEMS_AT_ONCE = 500
Key = TypeVar("Key", Arrival, Told)


class Stretch(NamedTuple):
    """Some quarters of a project, within one day of UTC."""

    account_id: str
    project_id: str
    first: int
    end: int

    @property
    def oldest(self) -> int:
        """The position of the first item that may lie in it."""
        return ids.lowest_position(self.first * QUARTER_MS)

    @property
    def newest(self) -> int:
        """The position of the last one."""
        return ids.lowest_position(self.end * QUARTER_MS) - 1


class Recounted(NamedTuple):
    """How many counts of a stretch were wrong, and the quarter at which to go on."""

    wrong: int
    following: int


def check_some(tx: Tx, account_id: str, project_id: str, quarter: int) -> Recounted | None:
    """Compare the next stretch that holds anything, from a quarter on; None where none does."""
    stretch = _next(tx, account_id, project_id, quarter)
    if stretch is None:
        return None
    arrivals, told = _differences(tx, stretch)
    by_day = _differences_by_day(tx, stretch)
    return Recounted(len(arrivals) + len(told) + len(by_day), stretch.end)


def rebuild_some(tx: Tx, account_id: str, project_id: str, quarter: int) -> Recounted | None:
    """Do the same, and mend what is wrong."""
    for table in ("arrivals", "rollup_additions"):
        tx.hold_table(table)
    stretch = _next(tx, account_id, project_id, quarter)
    if stretch is None:
        return None
    arrivals, told = _differences(tx, stretch)
    rollups.correct(tx, arrivals, told)
    by_day = _differences_by_day(tx, stretch)
    rollups.correct(tx, Counter(), by_day)
    return Recounted(len(arrivals) + len(told) + len(by_day), stretch.end)


def read_some(tx: Tx, account_id: str, project_id: str, quarter: int) -> Recounted | None:
    """Read the facets of items that came before facets were read, and index them by those.

    In a transaction of its own, since whoever changes such an item waits for the counts last.
    """
    stretch = _next(tx, account_id, project_id, quarter)
    if stretch is None:
        return None
    silent = [each.position for each in _items(tx, stretch) if not each.facets]
    read = _with_facets(tx, account_id, store.hold_all(tx, account_id, silent)) if silent else []
    if read:
        tx.unindex([Entry(account_id, old.item.position, old.tokens) for old, _ in read])
        tx.index([Entry(account_id, new.item.position, new.tokens) for _, new in read])
        store.update_facets(tx, account_id, {new.item.position: new.item.facets for _, new in read})
    return Recounted(len(read), stretch.end)


def _with_facets(tx: Tx, account_id: str, items: Sequence[Item]) -> list[tuple[State, State]]:
    """Return those that tell anything as they are and as they are with what they tell."""
    return [
        (state, state._replace(item=state.item._replace(facets=told)))
        for state in moves.states(tx, account_id, [(item, Shelf.LIVE) for item in items])
        if not state.item.facets and (told := facets.of_context(_context(state.item)))
    ]


def _next(tx: Tx, account_id: str, project_id: str, quarter: int) -> Stretch | None:
    """Find the next quarters with items or counts in them: up to a day, of not too many items."""
    first = _first(tx, account_id, project_id, quarter)
    if first is None:
        return None
    end = (first // A_DAY + 1) * A_DAY
    stretch = Stretch(account_id, project_id, first, end)
    while stretch.end > first + 1 and _size(tx, stretch) > ITEMS_AT_ONCE:
        stretch = stretch._replace(end=first + (stretch.end - first) // 2)
    return stretch


def _first(tx: Tx, account_id: str, project_id: str, quarter: int) -> int | None:
    values = {"account_id": account_id, "project_id": project_id}
    item = tx.one(
        "SELECT min(position) FROM feedback WHERE account_id = :account_id"
        "   AND project_id = :project_id AND shelf = 'LIVE' AND position >= :oldest",
        oldest=ids.lowest_position(quarter * QUARTER_MS),
        **values,
    )
    count = tx.one(
        "SELECT min(quarter) FROM arrivals WHERE account_id = :account_id"
        "   AND project_id = :project_id AND quarter >= :quarter",
        quarter=quarter,
        **values,
    )
    found = [ids.position_time(item[0]) // QUARTER_MS] if item and item[0] is not None else []
    found += [count[0]] if count and count[0] is not None else []
    return min(found, default=None)


def _size(tx: Tx, stretch: Stretch) -> int:
    row = tx.one(
        "SELECT count(*) FROM feedback WHERE account_id = :account_id"
        "   AND project_id = :project_id AND shelf = 'LIVE'"
        "   AND position BETWEEN :oldest AND :newest",
        account_id=stretch.account_id,
        project_id=stretch.project_id,
        oldest=stretch.oldest,
        newest=stretch.newest,
    )
    return int(row[0]) if row else 0


def _items(tx: Tx, stretch: Stretch) -> list[Item]:
    rows = tx.all(
        "SELECT " + ITEM + " FROM feedback WHERE account_id = :account_id"  # noqa: S608 - constants
        "   AND project_id = :project_id AND shelf = 'LIVE'"
        "   AND position BETWEEN :oldest AND :newest",
        account_id=stretch.account_id,
        project_id=stretch.project_id,
        oldest=stretch.oldest,
        newest=stretch.newest,
    )
    return [Item(*row) for row in rows]


def _differences(tx: Tx, stretch: Stretch) -> tuple[Counter[Arrival], Counter[Told]]:
    """Return by how much the counts of quarters must move to be those of the items."""
    account_id, project_id, first, end = stretch
    arrivals, told = rollups.counted(account_id, _items(tx, stretch))
    told = Counter({each: by for each, by in told.items() if each.grain == A_QUARTER})
    for quarter, *counts in rollup_store.arrivals_of(tx, account_id, project_id, first, end):
        for column, count in zip(rollup_store.COLUMNS, counts, strict=True):
            arrivals[Arrival(account_id, project_id, quarter, column)] -= count
    for *row, items in rollup_store.rollups_of(
        tx, account_id, project_id, DIMENSIONS, (A_QUARTER, first, end)
    ):
        told[Told(account_id, project_id, *row)] -= items
    for dimension, quarter, value, items in rollup_store.additions_of(
        tx, account_id, project_id, first, end
    ):
        told[Told(account_id, project_id, dimension, A_QUARTER, quarter, value)] -= items
    return _wrong(arrivals), _wrong(told)


def _differences_by_day(tx: Tx, stretch: Stretch) -> Counter[Told]:
    """Return by how much the counts of a day must move to be the sums of its quarters'.

    They are looked at where a day ends; before, its other quarters may still be wrong.
    """
    account_id, project_id, first, end = stretch
    if end % A_DAY:
        return Counter()
    day, told = first // A_DAY, Counter[Told]()
    for dimension, _, _, value, items in rollup_store.rollups_of(
        tx, account_id, project_id, DIMENSIONS, (A_QUARTER, day * A_DAY, end)
    ):
        told[Told(account_id, project_id, dimension, A_DAY, day, value)] += items
    for *row, items in rollup_store.rollups_of(
        tx, account_id, project_id, DIMENSIONS, (A_DAY, day, day + 1)
    ):
        told[Told(account_id, project_id, *row)] -= items
    return _wrong(told)


def _wrong(counts: Counter[Key]) -> Counter[Key]:
    return Counter({each: by for each, by in counts.items() if by})


def _context(item: Item) -> dict[str, object]:
    context: dict[str, object] = msgspec.json.decode(item.document + "}")["context"]
    return context


def go_on(tx: Tx, account_id: str, progress: str) -> str:
    """Recount a portion of a whole account; take '' for the beginning and return it at the end.

    Progress is a step, a project and a quarter, the parts of one text.
    """
    step, project_id, quarter = progress.split() if progress else (next(iter(STEPS)), "", "0")
    if not project_id:
        return _begin(tx, account_id, step, "")
    done = STEPS[step](tx, account_id, project_id, int(quarter))
    if done:
        return f"{step} {project_id} {done.following}"
    return _begin(tx, account_id, step, project_id)


def _begin(tx: Tx, account_id: str, step: str, after: str) -> str:
    """Go to a step's first project after one, or to the next step's first."""
    following = projects.following(tx, account_id, after)
    if following:
        return f"{step} {following} 0"
    later = list(STEPS)[list(STEPS).index(step) + 1 :]
    return _begin(tx, account_id, later[0], "") if later else ""


# What recounting does with each project, in this order.
STEPS = {"read": read_some, "rebuild": rebuild_some}
