"""What commands print: tables for people, lines for programs, and nothing that moves a terminal."""

import os
import re
import sys
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Literal, NamedTuple

import msgspec
import typer
from rich.console import Console
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    ProgressColumn,
    SpinnerColumn,
    TaskID,
    TextColumn,
)
from rich.table import Table
from rich.text import Text

# What moves the cursor, changes the terminal, or turns the direction of writing. Visitors can send
# any of it, and a terminal would obey.
_UNSAFE = re.compile("[\x00-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028\u2029\u202a-\u202e\u2066-\u2069]")
_SHORT = {"\n": "\\n", "\r": "\\r", "\t": "\\t"}
_STYLES = {"NEW": "blue", "REVIEWED": "yellow", "RESOLVED": "green", "PAUSED": "yellow"}
_ONE_BYTE = 256
_SPANS = ((60, "s"), (60, "min"), (24, "h"), (30, "d"))
_WIDE = 110


class Column(NamedTuple):
    """A column of a table; only a wide terminal has room for one that `is_extra`."""

    title: str
    is_long: bool = False
    is_extra: bool = False


class Bar(NamedTuple):
    """How far something is."""

    progress: Progress
    task: TaskID

    def advance(self, by: int = 1) -> None:
        """Go on by so much."""
        self.progress.advance(self.task, by)

    def say(self, text: str) -> None:
        """Print a line above, on stderr."""
        self.progress.console.print(text, soft_wrap=True)

    def expect(self, total: int | None) -> None:
        """Say how much it will be."""
        self.progress.update(self.task, total=total)


def is_terminal() -> bool:
    """Tell whether a person reads what a command prints."""
    return sys.stdout.isatty()


def printable(text: str, keep: str = "") -> str:
    """Write out what is not for printing, such as \\x1b; `keep` are exceptions."""
    return _UNSAFE.sub(lambda found: found[0] if found[0] in keep else _written(found[0]), text)


def paragraphs(text: str, indent: str = "") -> str:
    """Return a text of several lines, each behind an indent."""
    lines = printable(text.replace("\r\n", "\n"), keep="\n").split("\n")
    return "\n".join((indent + line).rstrip() for line in lines)


def one_line(json: bytes | str) -> str:
    """Return JSON on one line, no member and no figure of it changed, safe to print."""
    content = json.encode() if isinstance(json, str) else json
    text = msgspec.json.format(content, indent=-1).decode()
    # Only texts can have these, and there the escape means the same.
    return _UNSAFE.sub(lambda found: f"\\u{ord(found[0]):04x}", text)


def say_list(items: Iterable[str]) -> None:
    """Print JSON texts as one list, an item a line, while they come."""
    ending = "[\n"
    for item in items:
        typer.echo(ending + item, nl=False)
        ending = ",\n"
    typer.echo("[]" if ending == "[\n" else "\n]")


def say_rows(columns: Sequence[Column], rows: Iterable[Sequence[str]]) -> None:
    """Print a table on a terminal; elsewhere whole lines with tabs between, without titles."""
    if not is_terminal():
        for row in rows:
            typer.echo("\t".join(printable(cell) for cell in row))
        return
    screen = console()
    shown = [n for n, each in enumerate(columns) if not each.is_extra or screen.width >= _WIDE]
    table = Table(box=None, pad_edge=False, expand=True, header_style="bold")
    for number in shown:
        ratio = 1 if columns[number].is_long else None
        table.add_column(columns[number].title, no_wrap=True, overflow="ellipsis", ratio=ratio)
    for row in rows:
        cells = [printable(row[number]) for number in shown]
        table.add_row(*[Text(cell, _STYLES.get(cell, "")) for cell in cells])
    screen.print(table)


def moment(at: datetime | None) -> str:
    """Write a time: how long ago for people, and in full for programs."""
    if at is None:
        return "never" if is_terminal() else ""
    return ago(at) if is_terminal() else exact(at)


def exact(at: datetime) -> str:
    """Write a time as the API does."""
    return at.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def ago(at: datetime) -> str:
    """Write roughly how long ago a time was; its day where that is over a month."""
    number = max(0.0, (datetime.now(UTC) - at).total_seconds())
    for size, unit in _SPANS:
        if number < size:
            return f"{int(number)} {unit}" if unit != "s" else "now"
        number /= size
    return at.astimezone().date().isoformat()


def console(*, is_error: bool = False) -> Console:
    """Return the terminal; without any colour or weight where NO_COLOR says so."""
    system: Literal["auto"] | None = None if os.environ.get("NO_COLOR") else "auto"
    return Console(stderr=is_error, color_system=system, highlight=False, markup=False, emoji=False)


@contextmanager
def bar(title: str, total: int | None = None, *columns: ProgressColumn) -> Iterator[Bar]:
    """Show how far long work is, on a terminal and on stderr alone."""
    screen = console(is_error=True)
    # What else is printed is left where it goes: it may be a file.
    with Progress(
        SpinnerColumn(),
        TextColumn("{task.description}"),
        BarColumn(),
        *(columns or (MofNCompleteColumn(),)),
        console=screen,
        disable=not screen.is_terminal,
        transient=True,
        redirect_stdout=False,
        redirect_stderr=False,
    ) as progress:
        yield Bar(progress, progress.add_task(title, total=total))


def _written(character: str) -> str:
    number = ord(character)
    return _SHORT.get(character) or (
        f"\\x{number:02x}" if number < _ONE_BYTE else f"\\u{number:04x}"
    )
