"""The command that brings feedback here from a file."""

import time
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Annotated, BinaryIO

import typer
from rich.console import Console
from rich.progress import Progress as Bar

from miniback import accounts, db, imports, projects
from miniback.app import plan_table
from miniback.audit import BY_COMMAND
from miniback.commands.options import AccountName, AsJson, chosen_settings, migrated, say_json
from miniback.db import Engine, Tx
from miniback.errors import Invalid
from miniback.imports import Check, Format, Look, Outcome, Place, Plan, Progress, Run, Step, Target
from miniback.plans import Allowance, Plans
from miniback.work import Pace

_PROBLEMS_SHOWN = 100
_FIRST_PORTION, _LARGEST_PORTION = 100, 1_000

app = typer.Typer()


@app.command("import")
def import_file(  # noqa: PLR0913, PLR0917 - an option each
    file: Annotated[Path, typer.Argument(exists=True, dir_okay=False, readable=True)],
    account: AccountName,
    project: Annotated[
        str, typer.Option(help="The project's id or slug; an archive brings its own.")
    ] = "",
    format_: Annotated[
        str,
        typer.Option("--format", help=f"Found out without it: {', '.join(Format)}."),
    ] = "",
    mapping: Annotated[
        list[str] | None,
        typer.Option("--map", help="What a column becomes: message=Text; - leaves it out."),
    ] = None,
    date: Annotated[str, typer.Option(help="The day of rows that have none; today.")] = "",
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only say what would come.")] = False,
    as_json: AsJson = False,
) -> None:
    """Bring feedback here from an archive, a CSV or JSON file, or another program's export.

    It may be repeated, and goes on where it was interrupted: what is here is not brought twice.
    """
    chosen = chosen_settings()
    engine = migrated(chosen)
    allowance = db.run(engine, _allowance, plan_table(chosen), account)
    with file.open("rb") as opened:
        look = imports.look(opened)
        plan = _plan(look, format_, mapping or [], date)
        place = db.run(engine, _place, allowance.account_id, plan, project)
        check = _check(opened, look, place)
        progress = Progress()
        if not dry_run:
            plan = db.run(
                engine, imports.with_tags, allowance.account_id, place.plan, check.report.tags
            )
            account_id = allowance.account_id
            db.run(engine, imports.note_start, account_id, plan, BY_COMMAND)
            progress = _bring(engine, opened, look, place._replace(plan=plan), allowance, check)
            db.run(engine, imports.note_end, account_id, progress, BY_COMMAND)
    _say(look, check, progress, as_json=as_json, is_dry=dry_run)


def _allowance(tx: Tx, table: Plans, name: str) -> Allowance:
    account = accounts.named(tx, name)
    return Allowance(account.id, table[account.plan], account.anchor)


def _plan(look: Look, name: str, pairs: list[str], date: str) -> Plan:
    if name and name not in list(Format):
        raise typer.BadParameter(f"--format takes {', '.join(Format)}")
    mapping = dict(look.mapping)
    for pair in pairs:
        target, _, column = pair.partition("=")
        if target not in list(Target) or column not in look.columns:
            raise typer.BadParameter(
                f"--map {pair}: it takes one of {', '.join(Target)}, =, and a column of the file"
                f" ({', '.join(look.columns)})"
            )
        mapping = {each: of for each, of in mapping.items() if of != target or target == "-"}
        mapping[column] = Target(target)
    # Whoever maps columns means a table.
    given = Format(name) if name else Format.TABLE if pairs else look.format
    undated = imports.day(date) if date else imports.today()
    return Plan(given, mapping=mapping, undated=undated)


def _place(tx: Tx, account_id: str, plan: Plan, project: str) -> Place:
    """Find the project and the people; the account's only project needs not be named."""
    if plan.format is not Format.ARCHIVE:
        own = projects.newest(tx, account_id)
        if not project and len(own) != 1:
            raise Invalid("Name the project with --project")
        project_id = projects.id_of(tx, account_id, project) if project else own[0].id
        plan = Plan(plan.format, project_id, plan.mapping, plan.undated)
    return Place(imports.checked_plan(tx, account_id, plan), imports.emails(tx, account_id))


def _check(file: BinaryIO, look: Look, place: Place) -> Check:
    check, is_last = Check(), False
    stream = imports.steps(file, look, place)
    while not is_last:
        steps, is_last = imports.portion(stream, _LARGEST_PORTION, 0)
        check.take(steps, is_archive=place.plan.format is Format.ARCHIVE)
    return check


def _bring(
    engine: Engine, file: BinaryIO, look: Look, place: Place, allowance: Allowance, check: Check
) -> Progress:
    """Bring it in portions that let other writers pass, with a bar where somebody looks on."""
    progress = Progress()
    console = Console(stderr=True)
    with Bar(console=console, disable=not console.is_terminal) as bar:
        task = bar.add_task("Import", total=check.report.steps)
        stream = imports.steps(file, look, place)
        for progress in _portions(engine, stream, Run(allowance, place.plan)):
            bar.update(task, completed=progress.steps)
    return progress


def _portions(engine: Engine, stream: Iterator[Step], run: Run) -> Iterator[Progress]:
    """Bring portion by portion, and tell how far it is after each."""
    progress = Progress()
    pace = Pace(_FIRST_PORTION, _LARGEST_PORTION)

    def bring(tx: Tx, steps: list[Step]) -> tuple[list[Step], Outcome]:
        began = time.monotonic()
        outcome = run.carry_out(tx, steps, 0)
        pace.feel(time.monotonic() - began)
        return steps, outcome

    def changes() -> Iterator[Callable[[Tx], tuple[list[Step], Outcome]]]:
        is_last = False
        while not is_last:
            steps, is_last = imports.portion(stream, pace.portion, 0)
            yield partial(bring, steps=steps)

    for steps, outcome in db.run_each(engine, changes()):
        progress = imports.advanced(progress, steps, outcome)
        yield progress


def _say(look: Look, check: Check, progress: Progress, *, as_json: bool, is_dry: bool) -> None:
    report = check.report
    problems = [{"row": each.row, "problem": each.text} for each in check.problems]
    if as_json:
        found = {"format": look.format, "encoding": look.encoding, "rows": report.steps}
        say_json(
            {
                **found,
                "found": report.counts,
                "imported": progress.counts,
                "alreadyHere": progress.known,
                "bad": max(report.bad, progress.bad),
                "problems": problems,
                "notes": progress.notes,
                "dryRun": is_dry,
            }
        )
        return
    for each in check.problems[:_PROBLEMS_SHOWN]:
        typer.echo(f"Row {each.row}: {each.text}", err=True)
    if report.bad > _PROBLEMS_SHOWN:
        typer.echo(f"… and {report.bad - _PROBLEMS_SHOWN} more rows", err=True)
    counts = report.counts if is_dry else progress.counts
    for kind, count in counts.items():
        typer.echo(f"{'Found' if is_dry else 'Imported'} {count} {kind}")
    if not is_dry:
        typer.echo(f"{progress.known} were here already")
    typer.echo(f"{max(report.bad, progress.bad)} could not be taken")
    for note in progress.notes:
        typer.echo(note)
