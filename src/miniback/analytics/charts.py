"""The analytics as pictures: where bars stand, what each says and which items it leads to."""

from datetime import date
from typing import NamedTuple

from miniback.analytics.asked import Asked
from miniback.analytics.figures import Arrived, Counts, Told
from miniback.feedback import Source, Status

WIDTH, HEIGHT = 720, 160
# Of the heat map: the side of an hour's square, and how many shades there are.
CELL, SHADES = 24, 5
# A list shows so many bars; its table has the rest.
MOST_BARS = 10
_ROW = 40
_LONGEST_LABEL = 44
# Texts of the catalogue, as are weekdays.
_LABELS = {"WIDGET": "Widget", "API": "API"}
_DEVICES = ("Desktop", "Phone", "Tablet")
WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")


class Segment(NamedTuple):
    """A part of a column: the items of a status, from the top in the chart's own units."""

    status: str
    y: float
    height: float


class Column(NamedTuple):
    """A day: its counts, its bar, and the list of its items."""

    day: date
    counts: Counts
    x: float
    width: float
    segments: list[Segment]
    link: str


class Bar(NamedTuple):
    """A value: its items, its bar in per cent of the longest, and the list of its items.

    `label` is cut to what has room; where `is_ours` it is a text of the catalogue.
    """

    value: str
    label: str
    is_ours: bool
    items: int
    percent: float
    y: int
    link: str


class Ranking(NamedTuple):
    """Values, most items first; `items` counts those that tell any, `different` the values."""

    bars: list[Bar]
    items: int
    different: int

    @property
    def drawn(self) -> list[Bar]:
        """The bars that are drawn."""
        return self.bars[:MOST_BARS]

    @property
    def height(self) -> int:
        """How high the picture is, in pixels."""
        return _ROW * len(self.drawn)


class Cell(NamedTuple):
    """An hour of the week; shade 0 for nothing, then 1 to SHADES."""

    weekday: str
    hour: int
    items: int
    shade: int
    x: int
    y: int


def columns(asked: Asked, arrived: Arrived) -> list[Column]:
    """Draw a column a day, its statuses one on the other."""
    most = max((each.received for each in arrived.days), default=0)
    step = WIDTH / len(arrived.days)
    gap = min(4.0, step / 5)
    return [
        Column(
            day,
            counts,
            round(number * step + gap / 2, 2),
            round(step - gap, 2),
            _segments(counts, most),
            asked.items_of(day),
        )
        for number, (day, counts) in enumerate(
            zip(asked.range.days, arrived.days, strict=True),
        )
    ]


def sources(asked: Asked, total: Counts) -> Ranking:
    """Draw where items came in."""
    counted = [(Source.WIDGET.value, total.widget), (Source.API.value, total.api)]
    told = Told([each for each in counted if each[1]], total.received, 0)
    return ranking(asked, "source", told)


def ranking(asked: Asked, name: str, told: Told) -> Ranking:
    """Draw what most items tell of one thing; ratings from the best to the worst."""
    values = told.values
    if name == "rating":
        counts = dict(values)
        values = [(each, counts.get(each, 0)) for each in "54321"] if counts else []
    most = max((items for _, items in values), default=0)
    bars = [
        Bar(
            value,
            _short(_LABELS.get(value, value)),
            value in _LABELS or (name == "device" and value in _DEVICES),
            items,
            round(100 * items / most, 1) if most else 0,
            _ROW * number,
            asked.items_that(name, value),
        )
        for number, (value, items) in enumerate(values)
    ]
    return Ranking(bars, told.items, told.different)


def week(table: list[list[int]]) -> list[list[Cell]]:
    """Draw a square an hour of the week, a row a day."""
    most = max(max(row) for row in table)
    return [
        [
            Cell(name, hour, items, _shade(items, most), CELL * hour, CELL * number)
            for hour, items in enumerate(table[number])
        ]
        for number, name in enumerate(WEEKDAYS)
    ]


def _segments(counts: Counts, most: int) -> list[Segment]:
    """Return the parts of a column from the bottom up: what is done with, then what is open."""
    parts = (
        (Status.RESOLVED, counts.resolved),
        (Status.REVIEWED, counts.reviewed),
        (Status.NEW, counts.new),
    )
    found, floor = [], float(HEIGHT)
    for status, items in parts:
        if items:
            height = HEIGHT * items / most
            floor -= height
            found.append(Segment(status.value, round(floor, 2), round(height, 2)))
    return found


def _shade(items: int, most: int) -> int:
    return -(-items * SHADES // most) if most else 0


def _short(text: str) -> str:
    return text if len(text) <= _LONGEST_LABEL else text[: _LONGEST_LABEL - 1] + "…"
