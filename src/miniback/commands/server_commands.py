"""Commands about the server itself: run it, prepare its database, find out what is wrong."""

import secrets
from datetime import UTC, datetime
from typing import Annotated

import typer

from miniback import accounts, backups, clock, db, logs, seed, settings
from miniback.app import plan_table
from miniback.clock import SECOND_MS
from miniback.commands.options import AsJson, chosen_settings, migrated, say_json
from miniback.http.description import openapi
from miniback.serve import serve as run_server
from miniback.worker import work

app = typer.Typer()


@app.command()
def serve(
    host: Annotated[str, typer.Option(help="The address to listen on.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(min=0, max=65535, help="0 takes any free port.")] = 8000,
    workers: Annotated[
        int, typer.Option(min=1, max=64, help="Processes; on SQLite one is the fastest.")
    ] = 1,
    accept_data_loss: Annotated[
        bool,
        typer.Option(
            "--accept-data-loss", help="Start on a database that has lost what was written last."
        ),
    ] = False,
) -> None:
    """Run the server until SIGTERM or Ctrl-C, making and migrating its database first."""
    chosen = chosen_settings()
    logs.configure(chosen.log_level)
    run_server(chosen, host, port, workers, accepts_loss=accept_data_loss)


@app.command()
def worker() -> None:
    """Tell people of what happens until SIGTERM or Ctrl-C, where no server does (see docs)."""
    chosen = chosen_settings()
    logs.configure(chosen.log_level)
    work(chosen)


@app.command()
def migrate(
    distribute: Annotated[
        bool,
        typer.Option(
            "--distribute", help="Spread the accounts over the nodes of a Citus cluster, too."
        ),
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Bring the database up to this version, as serve does by itself."""
    chosen = chosen_settings()
    engine = db.engine_for(chosen.database)
    if distribute:
        db.check_shards(engine)
    names = backups.migrate(chosen, engine)
    spread = db.distribute(engine) if distribute else []
    if as_json:
        say_json({"applied": names, "distributed": [each._asdict() for each in spread]})
        return
    told = [f"Applied {name}" for name in names]
    told += [f"Spread {table} {_spread_how(column)}" for table, column in spread]
    typer.echo("\n".join(told) or "Nothing to do")


def _spread_how(column: str) -> str:
    return f"by {column}" if column else "whole to every node"


@app.command("seed")
def fill_with_demo(
    demo: Annotated[
        bool, typer.Option("--demo", help="2 people, 4 projects, 640 items of feedback.")
    ] = False,
    password: Annotated[
        str, typer.Option(help="For both people; made up and printed where it is left out.")
    ] = "",
    at: Annotated[
        str, typer.Option(help="The moment up to which it has all happened; now without it.")
    ] = "",
    as_json: AsJson = False,
) -> None:
    """Fill an empty database with something to look at; the same for the same moment."""
    if not demo:
        raise typer.BadParameter("Say what to fill it with: --demo")
    chosen = chosen_settings()
    moment = _moment(at) if at else clock.now() // clock.HOUR_MS * clock.HOUR_MS
    word = password or secrets.token_urlsafe(12)
    password_hash = accounts.hash_password(accounts.checked_password(word))
    engine = migrated(chosen, make=True)
    people = db.run(engine, seed.fill, plan_table(chosen), password_hash, moment)
    if as_json:
        say_json({**people._asdict(), "password": word})
        return
    typer.echo(f"Database  {engine.place}")
    typer.echo(f"People    {people.owner} (owner) and {people.member} (member)")
    typer.echo(f"Password  {word}")


@app.command("openapi")
def print_openapi() -> None:
    """Print the description of the API as JSON (OpenAPI 3.1)."""
    typer.echo(openapi().decode())


@app.command("settings")
def print_settings(
    markdown: Annotated[
        bool, typer.Option("--markdown", help="As the table of the documentation.")
    ] = False,
) -> None:
    """Print a file of every setting with its meaning, to start one of your own from."""
    typer.echo(settings.table() if markdown else settings.variables(), nl=False)


def _moment(text: str) -> int:
    """Read a moment as the API writes it, in UTC where it names no offset."""
    try:
        moment = datetime.fromisoformat(text)
    except ValueError as error:
        raise typer.BadParameter("--at takes a moment such as 2026-11-03T12:00:00Z") from error
    return int((moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp()) * SECOND_MS
