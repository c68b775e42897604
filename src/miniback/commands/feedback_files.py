"""The command that writes feedback to a file by key: what the API exports, while it comes."""

import sys
from collections.abc import Callable, Iterable
from dataclasses import replace
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any, BinaryIO

import typer
from rich.progress import DownloadColumn, TransferSpeedColumn

from miniback.commands import filters
from miniback.commands.calling import Url, calling
from miniback.commands.endings import FAILED, fail
from miniback.commands.filters import (
    Assignee,
    FromSource,
    InProject,
    More,
    Search,
    Since,
    Tag,
    Until,
    WithStatus,
)
from miniback.commands.showing import Bar, bar, is_terminal
from miniback_client.call import Call
from miniback_client.calls import exports

STDOUT = "-"

app = typer.Typer()

Output = Annotated[
    str, typer.Option("--output", "-o", help="The file to write; - is the standard output.")
]
Force = Annotated[bool, typer.Option("--force", help="Replace the file if it is there.")]


class Kind(StrEnum):
    """A kind of file."""

    CSV = "csv"
    JSONL = "jsonl"
    XLSX = "xlsx"
    ZIP = "zip"


KindOfFile = Annotated[
    Kind | None,
    typer.Option(
        "--format",
        "-f",
        help="The kind of file; else by its name, else csv. A zip is an archive for another"
        " server.",
    ),
]
CALLS: dict[Kind, Callable[..., Call[Path]]] = {
    Kind.CSV: exports.csv,
    Kind.JSONL: exports.jsonl,
    Kind.XLSX: exports.xlsx,
    Kind.ZIP: exports.archive,
}
TEXTS = (Kind.CSV, Kind.JSONL)


@app.command(
    "export",
    epilog="miniback feedback export -o feedback.csv --since 30d\n\n"
    "miniback feedback export --format jsonl --status NEW | jq .message\n\n"
    "miniback feedback export -o everything.zip",
)
def export_feedback(  # noqa: PLR0913, PLR0917 - the options of a command are its arguments
    output: Output = STDOUT,
    kind: KindOfFile = None,
    project: InProject = "",
    status: WithStatus = None,
    source: FromSource = None,
    search: Search = "",
    since: Since = "",
    until: Until = "",
    tag: Tag = "",
    assignee: Assignee = "",
    more: More = None,
    bom: Annotated[bool, typer.Option("--bom", help="Begin CSV with a mark of UTF-8.")] = False,
    force: Force = False,
    url: Url = "",
) -> None:
    """Write feedback to a file (one API call): CSV, JSON lines, a workbook, or an archive.

    For whoever runs the server, "miniback export" does it without a key.
    """
    chosen = kind or _by_name(output)
    narrowed = filters.chosen(project, status, source, search, since, until, tag, assignee, more)
    _check(chosen, output, narrowed.keys(), has_mark=bom)
    given: dict[str, Any] = {**narrowed, "bom": True} if bom else {**narrowed}
    call = CALLS[chosen](output, **given)
    if output == STDOUT:
        _pour(call, sys.stdout.buffer, url)
        sys.stdout.buffer.flush()
    else:
        _write(call, Path(output), url, may_replace=force)


class _Counted:
    """A file that tells how much has been written to it."""

    def __init__(self, file: BinaryIO, shown: Bar) -> None:
        self._file = file
        self._shown = shown

    def write(self, piece: bytes) -> None:
        """Write, and say so."""
        self._file.write(piece)
        self._shown.advance(len(piece))


def _check(kind: Kind, output: str, narrowed: Iterable[str], *, has_mark: bool) -> None:
    if kind is Kind.ZIP and set(narrowed) - {"project"}:
        raise typer.BadParameter("An archive is of everything, or of one --project")
    if has_mark and kind is not Kind.CSV:
        raise typer.BadParameter("--bom is for CSV alone")
    if output == STDOUT and kind not in TEXTS and is_terminal():
        raise typer.BadParameter(f"A {kind} file is not for a terminal; name one with --output")


def _by_name(output: str) -> Kind:
    suffix = Path(output).suffix.lower().removeprefix(".")
    if output == STDOUT or not suffix:
        return Kind.CSV
    if suffix not in list(Kind):
        raise typer.BadParameter(f"Say with --format what kind of file {output} is")
    return Kind(suffix)


def _write(call: Call[Path], path: Path, url: str, *, may_replace: bool) -> None:
    """Write to a file beside, which gets the name when it is whole."""
    if path.exists() and not may_replace:
        raise typer.BadParameter(f"{path} is there already; --force replaces it")
    half = path.with_name(path.name + ".part")
    try:
        with half.open("wb") as file:
            _pour(call, file, url)
        half.replace(path)
    except OSError as error:
        fail(f"{path} cannot be written: {error.strerror}", FAILED)
    finally:
        half.unlink(missing_ok=True)


def _pour(call: Call[Path], file: BinaryIO, url: str) -> None:
    """Write an answer while it comes; what was written stays, so it is asked for once."""
    with (
        calling(url) as calls,
        bar("Export", None, DownloadColumn(), TransferSpeedColumn()) as shown,
    ):
        calls.carrier.carry_out(replace(call, into=_Counted(file, shown), is_repeatable=False))
