"""Rollups: what came in and what it told, moved in the transaction that moves the items (ADR 0015).

Only items in sight are counted, at the time at which they came in. Times to resolve are counted by
steps of about a tenth, since a median needs each of them.

What a batch of new items tells is written down in one place first, and added to the counts a moment
later, together with that of other batches (ADR 0026). Who reads counts reads both.
"""

import bisect
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from miniback import clock, ids
from miniback.db import Row, Tx
from miniback.feedback import facets, rollup_store
from miniback.feedback.figures import QUARTER_MS
from miniback.feedback.models import Item, Status

A_QUARTER, A_DAY = 1, 96
TOOK = "took"
DIMENSIONS = (*facets.NAMES, TOOK)
_COLUMN = {
    (status.value, source): f"{status.value}_{source}".lower()
    for status in Status
    for source in ("WIDGET", "API")
}
_LONGEST_STEP_S = 10 * 366 * 86_400
# What of it is counted: whose, which quarter of an hour, and a value of a dimension.
_Place = tuple[str, str, int, str, str]


class Arrival(NamedTuple):
    """A count of arrivals: which row, and which of its columns."""

    account_id: str
    project_id: str
    quarter: int
    column: str


class Told(NamedTuple):
    """A count of what was told: which row."""

    account_id: str
    project_id: str
    dimension: str
    grain: int
    stretch: int
    value: str


class Likeness(NamedTuple):
    """All that decides which counts an item moves; a batch has few different ones.

    `took` is the step of the time to resolve, '' for most, of which nobody knows it yet.
    """

    account_id: str
    project_id: str
    quarter: int
    status: str
    source: str
    facets: str
    took: str = ""


class Move(NamedTuple):
    """An item that comes into sight (1) or leaves it (-1), as it is or was then."""

    account_id: str
    item: Item
    by: int


def arrive(tx: Tx, batch: int, items: Iterable[Likeness]) -> None:
    """Count a batch of new items; `batch` is the position of one of them."""
    arrivals, values = _gathered(Counter(items))
    _add_arrivals(tx, arrivals)
    if values:
        rollup_store.add_later(tx, [_addition(batch, *each) for each in values.items()])


def fold(tx: Tx, limit: int) -> int:
    """Add up to so many of the additions that wait to the counts; return how many it were."""
    return _add(tx, rollup_store.take_additions(tx, limit))


def move(tx: Tx, moves: Iterable[Move]) -> None:
    """Move the counts along with items."""
    alike: Counter[Likeness] = Counter()
    for account_id, item, by in moves:
        alike[_likeness(account_id, item)] += by
    correct(tx, *_counts(alike))


def counted(account_id: str, items: Iterable[Item]) -> tuple[Counter[Arrival], Counter[Told]]:
    """Return all counts that come of items in sight."""
    return _counts(Counter([_likeness(account_id, item) for item in items]))


def correct(tx: Tx, arrivals: Counter[Arrival], told: Counter[Told]) -> None:
    """Add differences, which may be negative; in one order everywhere, against deadlocks."""
    _add_arrivals(tx, arrivals)
    changed = [{**each._asdict(), "items": by} for each, by in sorted(told.items()) if by]
    if changed:
        rollup_store.add_rollups(tx, changed)


def forget(tx: Tx, account_id: str, items: Iterable[Item]) -> None:
    """Delete the counts that items had a part in and that nothing is left of, values and all."""
    _, told = counted(account_id, items)
    if told:
        # What waits may be of these items, and would bring their values back.
        _add(tx, rollup_store.take_additions_of(tx, account_id))
        rollup_store.delete_empty(tx, [each._asdict() for each in sorted(told)])


def step(took_ms: int) -> int:
    """Return the seconds at which the step of a duration begins: 0, 1, 2 … 10, 11, 12, 13, 14 …"""
    return _STEPS[bisect.bisect_right(_STEPS, max(0, took_ms) // clock.SECOND_MS) - 1]


def _steps() -> list[int]:
    """Return where the steps begin, in seconds, each about a tenth after the one before."""
    steps = [0, 1]
    while steps[-1] < _LONGEST_STEP_S:
        steps.append(max(steps[-1] + 1, steps[-1] * 11 // 10))
    return steps


_STEPS = _steps()


def _likeness(account_id: str, item: Item) -> Likeness:
    came_at = ids.position_time(item.position)
    took = str(step(item.updated_at - came_at)) if item.status == Status.RESOLVED else ""
    quarter = came_at // QUARTER_MS
    return Likeness(
        account_id, item.project_id, quarter, item.status, item.source, item.facets, took
    )


def _counts(alike: Counter[Likeness]) -> tuple[Counter[Arrival], Counter[Told]]:
    arrivals, values = _gathered(alike)
    return arrivals, _by_grain(values)


def _gathered(alike: Counter[Likeness]) -> tuple[Counter[Arrival], dict[_Place, int]]:
    """Return what came, and how often each value was told in each quarter."""
    arrivals: Counter[Arrival] = Counter()
    values: dict[_Place, int] = {}
    for (account_id, project_id, quarter, status, source, told, took), by in alike.items():
        arrivals[Arrival(account_id, project_id, quarter, _COLUMN[status, source])] += by
        named = facets.values(told)
        for dimension, value in (*named, (TOOK, took)) if took else named:
            place = (account_id, project_id, quarter, dimension, value)
            values[place] = values.get(place, 0) + by
    return arrivals, values


def _by_grain(values: Mapping[_Place, int]) -> Counter[Told]:
    """Sum up what was told in quarters by all stretches that are counted."""
    told: Counter[Told] = Counter()
    for (account_id, project_id, quarter, dimension, value), by in values.items():
        for grain in (A_QUARTER, A_DAY):
            stretch = quarter // grain
            told[Told(account_id, project_id, dimension, grain, stretch, value)] += by
    return told


def _add(tx: Tx, additions: Sequence[Row]) -> int:
    """Add what was taken from the additions to the counts; return how many rows it were."""
    values: dict[_Place, int] = {}
    for account_id, project_id, quarter, dimension, value, items in additions:
        place = (account_id, project_id, quarter, dimension, value)
        values[place] = values.get(place, 0) + items
    correct(tx, Counter(), _by_grain(values))
    return len(additions)


def _addition(batch: int, place: _Place, count: int) -> dict[str, str | int]:
    account_id, project_id, quarter, dimension, value = place
    return {
        "account_id": account_id,
        "project_id": project_id,
        "batch": batch,
        "quarter": quarter,
        "dimension": dimension,
        "value": value,
        "items": count,
    }


def _add_arrivals(tx: Tx, arrivals: Counter[Arrival]) -> None:
    rows: dict[tuple[str, str, int], dict[str, str | int]] = {}
    for (account_id, project_id, quarter, column), by in sorted(arrivals.items()):
        if by:
            row = rows.setdefault((account_id, project_id, quarter), {})
            row[column] = by
    if rows:
        rollup_store.add_arrivals(tx, [_arrivals_row(*key, row) for key, row in rows.items()])


def _arrivals_row(
    account_id: str, project_id: str, quarter: int, counts: dict[str, str | int]
) -> dict[str, str | int]:
    place: dict[str, str | int] = {
        "account_id": account_id,
        "project_id": project_id,
        "quarter": quarter,
    }
    return place | dict.fromkeys(rollup_store.COLUMNS, 0) | counts
