"""Commands that back a database up and bring it back."""

from pathlib import Path
from typing import Annotated

import typer

from miniback import backups, db
from miniback.backups import BackupFailed, Made, Reason
from miniback.commands.endings import FAILED, fail
from miniback.commands.options import AsJson, chosen_settings, say_json
from miniback.db import Engine
from miniback.errors import Refusal

app = typer.Typer()


@app.command()
def backup(
    to: Annotated[
        str, typer.Option(help="A folder (in which a name is found) or a file; see the settings.")
    ] = "",
    keep: Annotated[
        int, typer.Option(min=0, help="How many backups of that folder stay; 0 for all.")
    ] = 0,
    as_json: AsJson = False,
) -> None:
    """Make a backup and check it, beside a running server too."""
    chosen = chosen_settings()
    engine = db.engine_for(chosen.database, make=False)
    where = backups.place(chosen, to)
    try:
        made = backups.make(engine, where)
    except BackupFailed as failure:
        fail(str(failure), FAILED)
    gone = backups.keep(where.folder, keep)
    _note(engine, made)
    if as_json:
        say_json(
            {
                "path": str(made.path),
                "bytes": made.manifest.bytes,
                "rows": made.entries,
                "sha256": made.manifest.sha256,
                "deleted": [str(each) for each in gone],
            }
        )
        return
    typer.echo(f"Backed up  {engine.place}")
    typer.echo(f"To         {made.path}, and {made.path.name}.json beside it")
    typer.echo(f"Checked    {made.entries:,} rows, {made.manifest.bytes:,} bytes")
    typer.echo("Keep also  the settings (MINIBACK_*), which are in no backup; all secrets are")
    for each in gone:
        typer.echo(f"Deleted    {each}")


@app.command()
def restore(
    path: Annotated[Path, typer.Argument(help="The backup; its .json must lie beside it.")],
    replace_newer: Annotated[
        bool, typer.Option("--replace-newer", help="Replace data newer than the backup, too.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Put a backup in the place of the database, with no server running; what was there is kept."""
    chosen = chosen_settings()
    engine = db.engine_for(chosen.database)
    done = backups.restore(engine, path, replaces_newer=replace_newer)
    rows = sum(done.manifest.rows.values())
    if as_json:
        say_json(
            {"place": engine.place, "madeAt": done.manifest.made_at, "rows": rows}
            | {"kept": done.kept or None}
        )
        return
    typer.echo(f"Restored  {engine.place}, as it was at {done.manifest.made_at}: {rows:,} rows")
    if done.kept:
        typer.echo(f"Kept      what was there before: {done.kept}")


def _note(engine: Engine, made: Made) -> None:
    """Have the dashboard know of it, as far as this database has a place for that."""
    if "backups" not in made.manifest.rows:
        return
    try:
        db.run(engine, backups.note, Reason.COMMAND, made)
    except Refusal as refusal:
        typer.echo(f"The backup is good, but could not be noted: {refusal}", err=True)
