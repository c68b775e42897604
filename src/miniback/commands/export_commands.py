"""Commands that write what an account has to a file: its feedback, or an archive of it all."""

import asyncio
import sys
from collections.abc import AsyncGenerator, Callable
from pathlib import Path
from typing import Annotated, BinaryIO, TypeVar

import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from miniback import accounts, db, exports, feedback
from miniback.audit import BY_COMMAND
from miniback.commands.endings import FAILED, fail
from miniback.commands.options import AccountName, chosen_settings, migrated
from miniback.db import Database, Engine, Tx
from miniback.exports import Format, Scope, Told
from miniback.feedback import Search, Slice

STDOUT = "-"
T = TypeVar("T")
File = Callable[[Database, Told], AsyncGenerator[bytes, None]]

app = typer.Typer()
export_app = typer.Typer(help="Write what an account has to a file.", no_args_is_help=True)
app.add_typer(export_app, name="export")

Output = Annotated[
    str, typer.Option(help="The file to write, replaced if it is there; - is the standard output.")
]


@export_app.command("feedback")
def export_feedback(  # noqa: PLR0913, PLR0917 - the options of a command are its arguments
    account: AccountName,
    output: Output,
    kind: Annotated[Format, typer.Option("--format", help="The kind of file.")] = Format.CSV,
    project: Annotated[str, typer.Option(help="Only this project, by id or slug.")] = "",
    status: Annotated[str, typer.Option(help="NEW, REVIEWED or RESOLVED.")] = "",
    source: Annotated[str, typer.Option(help="WIDGET or API.")] = "",
    search: Annotated[str, typer.Option(help="Only what has these words.")] = "",
    start: Annotated[str, typer.Option(help="From this date or moment on.")] = "",
    end: Annotated[str, typer.Option(help="Up to this date or moment, included.")] = "",
    tag: Annotated[str, typer.Option(help="Only what has this tag.")] = "",
    assignee: Annotated[str, typer.Option(help="Only what this person sees to.")] = "",
    more: Annotated[
        list[str] | None,
        typer.Option("--filter", help="Any filter of the list, as path=/cart; repeatable."),
    ] = None,
    bom: Annotated[bool, typer.Option("--bom", help="Begin CSV with a mark of UTF-8.")] = False,
) -> None:
    """Write an account's feedback as a table (CSV, XLSX) or as JSON, a line an item."""
    given = {
        "project": project,
        "status": status,
        "source": source,
        "search": search,
        "start": start,
        "end": end,
        "tag": tag,
        "assignee": assignee,
    }
    filters = feedback.read_filters({**given, **_named(more or [])}.get)
    engine = migrated(chosen_settings())
    chosen, total = _read(engine, _chosen, account, filters)
    note = exports.Note(BY_COMMAND, list(filters))
    db.run(engine, exports.note_feedback, chosen.filter.account_id, kind.value, note)
    writer = exports.writer_for(kind, has_mark=bom)
    _write(engine, output, total, lambda db, told: exports.feedback_file(db, chosen, writer, told))


@export_app.command("archive")
def export_archive(
    account: AccountName,
    output: Output,
    project: Annotated[str, typer.Option(help="Only this project, by id or slug.")] = "",
) -> None:
    """Write an archive of an account, or of one project, that another server can take in."""
    engine = migrated(chosen_settings())
    scope, total = _read(engine, _scope, account, project)
    db.run(engine, exports.note_archive, scope, BY_COMMAND)
    _write(engine, output, total, lambda db, told: exports.archive_file(db, scope, told))


def _named(filters: list[str]) -> dict[str, str]:
    """Read filters that are given as NAME=VALUE."""
    named = dict(each.partition("=")[::2] for each in filters)
    if wrong := named.keys() - set(feedback.FILTERS):
        known = ", ".join(feedback.FILTERS)
        raise typer.BadParameter(
            f"There is no filter {', '.join(sorted(wrong))}; there are {known}"
        )
    return named


def _chosen(tx: Tx, account: str, fields: dict[str, str]) -> tuple[Search, int]:
    account_id = accounts.named(tx, account).id
    chosen = feedback.chosen(tx, account_id, fields)
    return chosen, feedback.page(tx, chosen.filter, chosen.words, Slice("position", 1, 0)).total


def _scope(tx: Tx, account: str, project: str) -> tuple[Scope, int]:
    account_id = accounts.named(tx, account).id
    scope = exports.scope_of(tx, account_id, project)
    tallies = [feedback.tallied(tx, account_id, scope.project_id, s) for s in feedback.Shelf]
    return scope, sum(sum(each.values()) for each in tallies)


def _read(engine: Engine, query: Callable[..., T], *given: object) -> T:
    """Run a query beside whatever server is at work."""

    async def read() -> T:
        database = Database(engine)
        try:
            return await database.read(query, *given)
        finally:
            database.close()

    return asyncio.run(read())


def _write(engine: Engine, output: str, total: int, file: File) -> None:
    """Write a file, and say on a terminal how far it is; half a file never has its name."""
    with _progress() as progress:
        task = progress.add_task("Exporting", total=total)
        done = _to_file if output != STDOUT else _to_stdout
        asyncio.run(done(engine, output, file, lambda items: progress.advance(task, items)))


async def _to_file(engine: Engine, output: str, file: File, told: Told) -> None:
    path = Path(output)
    half = path.with_name(path.name + ".part")
    try:
        with half.open("wb") as sink:
            await _pour(engine, sink, file, told)
        half.replace(path)
    except OSError as error:
        fail(f"{output} cannot be written: {error.strerror}", FAILED)
    finally:
        half.unlink(missing_ok=True)


async def _to_stdout(engine: Engine, _output: str, file: File, told: Told) -> None:
    await _pour(engine, sys.stdout.buffer, file, told)
    sys.stdout.buffer.flush()


async def _pour(engine: Engine, sink: BinaryIO, file: File, told: Told) -> None:
    database = Database(engine)
    try:
        async for piece in file(database, told):
            sink.write(piece)
    finally:
        database.close()


def _progress() -> Progress:
    """Return a bar on stderr, where nobody but a person at a terminal sees it."""
    console = Console(stderr=True)
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn())
    return Progress(
        *columns, TimeRemainingColumn(), console=console, disable=not console.is_terminal
    )
