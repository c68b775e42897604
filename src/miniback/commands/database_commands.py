"""Commands about the database's files."""

import typer

from miniback import db
from miniback.commands.options import chosen_settings, migrated

app = typer.Typer()
database_app = typer.Typer(help="Look after the database's files.", no_args_is_help=True)
app.add_typer(database_app, name="database")


@database_app.command("vacuum")
def vacuum() -> None:
    """Write the database anew, so that nothing that was deleted is left in its files.

    Nothing can be written meanwhile, and the disk must have room for it twice.
    """
    engine = migrated(chosen_settings())
    db.compact(engine)
    typer.echo(f"Written anew: {engine.place}")
