"""The lines of the result: a figure, what it was made from, and whether it holds."""

import statistics
from collections.abc import Callable, Sequence

import msgspec

from goals import GOALS, Goal
from load import Load

Reading = Callable[[Load], float]


class Line(msgspec.Struct, frozen=True):
    """One row of the table."""

    name: str
    measured: str
    value: float
    lowest: float
    highest: float
    fault: str = ""

    @property
    def goal(self) -> Goal:
        """Return what the row must reach."""
        return GOALS[self.name]

    @property
    def holds(self) -> bool:
        """Tell whether the goal is met by figures that count."""
        return not self.fault and self.goal.is_met(self.value)


def rate(load: Load) -> float:
    """Return good answers a second."""
    return load.rate


def against(name: str, row: Sequence[Load], yardstick: Sequence[Load]) -> Line:
    """Set the rate of a row against another's, round by round: the mean of the middle half."""
    rounds = [mine.rate / its.rate for mine, its in zip(row, yardstick, strict=True) if its.rate]
    value = _middle_half(rounds or [0.0])
    measured = f"{described(row)}; against {middle(yardstick, rate):,.0f}/s"
    return Line(name, measured, value, min(rounds), max(rounds), fault([*row, *yardstick]))


def tail(name: str, row: Sequence[Load]) -> Line:
    """Set p99 against p50."""
    rounds = [load.tail for load in row]
    shown = f"p50 {_ms(row, 'p50_us')}, p99 {_ms(row, 'p99_us')} ms"
    return Line(name, shown, statistics.median(rounds), min(rounds), max(rounds), fault(row))


def single(name: str, measured: str, values: Sequence[float], fault: str = "") -> Line:
    """Show the median of plain figures."""
    return Line(name, measured, statistics.median(values), min(values), max(values), fault)


def described(loads: Sequence[Load]) -> str:
    """Return the rate of some runs in words, and the latencies where there are any."""
    if not middle(loads, lambda load: load.p99_us):
        return f"{middle(loads, rate):,.0f}/s"
    latencies = f"p50 {_ms(loads, 'p50_us')}, p99 {_ms(loads, 'p99_us')} ms"
    return f"{middle(loads, rate):,.0f}/s, {latencies}"


def middle(loads: Sequence[Load], reading: Reading) -> float:
    """Return the median of a figure over the rounds."""
    return statistics.median(reading(load) for load in loads)


def fault(loads: Sequence[Load]) -> str:
    """Say what went wrong in the runs, if anything: then their rates mean nothing."""
    other, broken = sum(load.other for load in loads), sum(load.broken for load in loads)
    if other or broken:
        return f"{other:,} answers were not 2xx, {broken:,} broke off or timed out"
    return "" if all(load.ok for load in loads) else "a run had no answers"


def _middle_half(values: Sequence[float]) -> float:
    """Return the mean without the lowest and the highest quarter; of four it is the median."""
    left_out = len(values) // 4
    return statistics.mean(sorted(values)[left_out : len(values) - left_out])


def _ms(loads: Sequence[Load], figure: str) -> str:
    """Return the median of a latency in milliseconds."""
    return f"{statistics.median(getattr(load, figure) for load in loads) / 1000:.1f}"
