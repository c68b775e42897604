"""The result: a table to read and a file to compare."""

import datetime
from collections.abc import Sequence
from pathlib import Path

import msgspec

import machine
from lines import Line
from load import Loads
from session import Options

RESULTS = Path(__file__).parent / "results"
STEADY = 1.5
_HEAD = ("row", "measured", "ratio", "lowest to highest", "goal", "aim", "holds")


class Result(msgspec.Struct, frozen=True):
    """One call of the benchmark."""

    taken_at: str
    machine: dict[str, str | int | bool]
    options: Options
    lines: Sequence[dict[str, str | float | bool | None]]
    failed: dict[str, str]
    loads: Loads


def show(lines: Sequence[Line]) -> str:
    """Return the table, aligned for a terminal."""
    rows = [_HEAD, *(_row(line) for line in lines)]
    widths = [max(len(row[column]) for row in rows) for column in range(len(_HEAD))]
    shown = [
        "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True))
        for row in rows
    ]
    return "\n".join(row.rstrip() for row in [shown[0], "-" * len(shown[0]), *shown[1:]])


def markdown(lines: Sequence[Line]) -> str:
    """Return the table for docs/performance.md."""
    head = [
        "| row | what | measured | ratio | lowest to highest | goal | holds |",
        "|" + " --- |" * 7,
    ]
    rows = []
    for line in lines:
        name, measured, value, spread, bound, _, verdict = _row(line)
        cells = (f"`{name}`", line.goal.what, measured, value, spread, bound, verdict)
        rows.append("| " + " | ".join(cells) + " |")
    return "\n".join([*head, *rows])


def unsteady(loads: Loads) -> str | None:
    """Return a warning where the yardstick itself swung too far for ratios to mean much."""
    rates = [load.rate for name, runs in loads.items() if name.endswith("/echo") for load in runs]
    if not rates or max(rates) < STEADY * min(rates):
        return None
    swing = f"echo ran between {min(rates):,.0f} and {max(rates):,.0f}/s"
    return f"The machine was not calm ({swing}): take these ratios for a hint and run again."


def save(options: Options, lines: Sequence[Line], failed: dict[str, str], loads: Loads) -> Path:
    """Write the result twice: under its time, and as the latest."""
    RESULTS.mkdir(exist_ok=True)
    now = datetime.datetime.now(datetime.UTC).strftime("%Y-%m-%dT%H-%M-%SZ")
    result = Result(now, machine.facts(), options, [_saved(line) for line in lines], failed, loads)
    content = msgspec.json.format(msgspec.json.encode(result)) + b"\n"
    for name in (f"{now}.json", "latest.json"):
        (RESULTS / name).write_bytes(content)
    return RESULTS / f"{now}.json"


def _row(line: Line) -> tuple[str, ...]:
    """Return a line as cells."""
    goal = line.goal
    spread = f"{goal.shown(line.lowest)} to {goal.shown(line.highest)}"
    verdict = "yes" if line.holds else "NO"
    measured = f"{line.measured} ({line.fault})" if line.fault else line.measured
    value = goal.shown(line.value)
    return (line.name, measured, value, spread, goal.bounded(), goal.shown(goal.aim), verdict)


def _saved(line: Line) -> dict[str, str | float | bool | None]:
    """Return a line as JSON, with its goal."""
    goal = line.goal
    return msgspec.structs.asdict(line) | {
        "what": goal.what,
        "goal": goal.bounded(),
        "aim": goal.aim,
        "holds": line.holds,
    }
