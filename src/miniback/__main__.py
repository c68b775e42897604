"""The command line: run the server, make accounts, keep the database up to date, fill it."""

import os
import secrets
import sys
from datetime import UTC, datetime
from typing import Annotated, Any, NoReturn

import msgspec
import typer

from miniback import (
    __version__,
    accounts,
    clock,
    db,
    doctor,
    logs,
    notifications,
    plans,
    projects,
    seed,
    settings,
)
from miniback.app import plan_table
from miniback.clock import SECOND_MS
from miniback.db import Engine, Tx
from miniback.errors import Misconfigured, Refusal, Unavailable
from miniback.http.description import openapi
from miniback.plans import Allowance, Plans
from miniback.serve import serve as run_server
from miniback.settings import Settings
from miniback.worker import work

FAILED, REFUSED, MISCONFIGURED = 1, 3, 78
_HOUR_MS = 3_600 * SECOND_MS

app = typer.Typer(
    help="Collect feedback and work through it. Settings are MINIBACK_* variables.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)
account_app = typer.Typer(help="Make accounts and change their plans.", no_args_is_help=True)
key_app = typer.Typer(help="Make API keys.", no_args_is_help=True)
doctor_app = typer.Typer(help="Find out why something does not work.", no_args_is_help=True)
app.add_typer(account_app, name="account")
app.add_typer(doctor_app, name="doctor")
app.add_typer(key_app, name="key")

AsJson = Annotated[bool, typer.Option("--json", help="Print one JSON object and nothing else.")]
AccountName = Annotated[
    str, typer.Option("--account", "--email", help="The account's id or its owner's address.")
]


def main() -> NoReturn:
    """Run a command; exit codes: 0, 1 failed, 2 usage, 3 refused, 78 configuration."""
    try:
        app()
    except Unavailable as error:
        _fail(str(error), FAILED)
    except Refusal as refusal:
        _fail(str(refusal), REFUSED)
    except Misconfigured as error:
        _fail(str(error), MISCONFIGURED)
    sys.exit(0)


@app.callback(invoke_without_command=True)
def version(
    show: Annotated[bool, typer.Option("--version", help="Print the version and exit.")] = False,
) -> None:
    """Collect feedback and work through it. Settings are MINIBACK_* variables."""
    if show:
        typer.echo(__version__)
        raise typer.Exit


@app.command()
def serve(
    host: Annotated[str, typer.Option(help="The address to listen on.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(min=0, max=65535, help="0 takes any free port.")] = 8000,
    workers: Annotated[
        int, typer.Option(min=1, max=64, help="Processes; on SQLite one is the fastest.")
    ] = 1,
) -> None:
    """Run the server until SIGTERM or Ctrl-C, making and migrating its database first."""
    chosen = _settings()
    logs.configure(chosen.log_level)
    run_server(chosen, host, port, workers)


@app.command()
def worker() -> None:
    """Tell people of what happens until SIGTERM or Ctrl-C, where no server does (see docs)."""
    chosen = _settings()
    logs.configure(chosen.log_level)
    work(chosen)


@doctor_app.command("mail")
def doctor_mail(
    to: Annotated[str, typer.Option(help="Send a letter to this address, too.")] = "",
) -> None:
    """Talk to the mail server, show the dialogue, and say what to change."""
    for line in doctor.mail(_settings(), accounts.checked_email(to) if to else ""):
        typer.echo(f"{line.who:>8}  {line.text}")
        if line.advice:
            _fail(line.advice, FAILED)


@app.command()
def migrate() -> None:
    """Bring the database up to this version, as serve does by itself."""
    names = db.migrate(db.engine_for(_settings().database))
    typer.echo("\n".join(f"Applied {name}" for name in names) or "Nothing to do")


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
    chosen = _settings()
    moment = _moment(at) if at else clock.now() // _HOUR_MS * _HOUR_MS
    word = password or secrets.token_urlsafe(12)
    password_hash = accounts.hash_password(accounts.checked_password(word))
    engine = _migrated(chosen, make=True)
    people = db.run(engine, seed.fill, plan_table(chosen), password_hash, moment)
    if as_json:
        typer.echo(msgspec.json.encode({**people._asdict(), "password": word}).decode())
        return
    typer.echo(f"Database  {engine.place}")
    typer.echo(f"People    {people.owner} (owner) and {people.member} (member)")
    typer.echo(f"Password  {word}")


@app.command("openapi")
def print_openapi() -> None:
    """Print the description of the API as JSON (OpenAPI 3.1)."""
    typer.echo(openapi().decode())


@account_app.command("create")
def create_account(
    email: Annotated[str, typer.Option(help="The owner's email address, checked for form only.")],
    password: Annotated[
        str,
        typer.Option(
            prompt=True,
            confirmation_prompt=True,
            hide_input=True,
            help="8 characters or more; asked for where it is left out.",
        ),
    ],
    plan: Annotated[
        str, typer.Option(help="FREE, STARTER or PRO; without it MINIBACK_DEFAULT_PLAN, or FREE.")
    ] = "",
    project: Annotated[str, typer.Option(help="The name of a first project.")] = "My Website",
    as_json: AsJson = False,
) -> None:
    """Make an account with its owner, a first project and the project's API key."""
    chosen = _settings()
    address = accounts.checked_email(email)
    password_hash = accounts.hash_password(accounts.checked_password(password))
    engine = _migrated(chosen, make=True)
    made = db.run(
        engine,
        _create_account,
        plan_table(chosen),
        address,
        password_hash,
        plan.upper() or chosen.default_plan,
        project,
    )
    if as_json:
        typer.echo(msgspec.json.encode(made).decode())
        return
    typer.echo(f"Database  {engine.place}")
    typer.echo(f"Account   {made['account']['id']} on {made['account']['plan']}")
    typer.echo(f"Project   {made['project']['id']} ({made['project']['slug']})")
    typer.echo(f"API key   {made['apiKey']}\nThe key is shown this once; keep it in a safe place.")


@account_app.command("set-plan")
def set_plan(
    account: AccountName,
    plan: Annotated[str, typer.Option(help="FREE, STARTER or PRO.")],
    as_json: AsJson = False,
) -> None:
    """Put an account on another plan; a smaller one pauses the newest projects beyond its limit."""
    chosen = _settings()
    changed = db.run(_migrated(chosen), _set_plan, plan_table(chosen), account, plan.upper())
    if as_json:
        typer.echo(msgspec.json.encode(changed).decode())
        return
    typer.echo(f"Account {changed['account']['id']} is on {changed['account']['plan']}")
    for project in changed["pausedProjects"]:
        typer.echo(f"Paused {project['name']} ({project['slug']})")


@key_app.command("create")
def create_key(
    project: Annotated[str, typer.Option(help="The project's id or slug.")],
    overlap: Annotated[
        int, typer.Option(min=0, max=604_800, help="Seconds the old key lives on.")
    ] = 0,
    as_json: AsJson = False,
) -> None:
    """Make a project's new API key; the old one stops."""
    key, project_id = db.run(_migrated(_settings()), _create_key, project, overlap)
    if as_json:
        typer.echo(msgspec.json.encode({"projectId": project_id, "apiKey": key}).decode())
        return
    typer.echo(f"API key   {key}\nThe key is shown this once; keep it in a safe place.")


def _moment(text: str) -> int:
    """Read a moment as the API writes it, in UTC where it names no offset."""
    try:
        moment = datetime.fromisoformat(text)
    except ValueError as error:
        raise typer.BadParameter("--at takes a moment such as 2026-11-03T12:00:00Z") from error
    return int((moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp()) * SECOND_MS


def _settings() -> Settings:
    for name in settings.unknown(os.environ):
        typer.echo(f"{name} is not a Miniback setting and is ignored", err=True)
    return settings.read(os.environ)


def _migrated(chosen: Settings, *, make: bool = False) -> Engine:
    engine = db.engine_for(chosen.database, make=make)
    db.migrate(engine)
    return engine


def _create_account(
    tx: Tx, table: Plans, email: str, password_hash: str, plan: str, project_name: str
) -> dict[str, Any]:
    account = accounts.create(tx, email, password_hash, plans.named(table, plan).name)
    allowance = Allowance(account.id, table[plan], account.anchor)
    project = projects.create(tx, allowance, projects.checked_name(project_name), None)
    key, _ = projects.issue_key(tx, account.id, project.id, 0)
    return {
        "account": {"id": account.id, "plan": account.plan},
        "project": {"id": project.id, "name": project.name, "slug": project.slug},
        "apiKey": key,
    }


def _set_plan(tx: Tx, table: Plans, name: str, plan: str) -> dict[str, Any]:
    account = accounts.named(tx, name)
    paused = notifications.change_plan(tx, account.id, plans.named(table, plan))
    return {
        "account": {"id": account.id, "plan": plan},
        "pausedProjects": [
            {"id": project.id, "name": project.name, "slug": project.slug} for project in paused
        ],
    }


def _create_key(tx: Tx, name: str, overlap_s: int) -> tuple[str, str]:
    account_id, project_id = projects.place_of(tx, name)
    key, _ = projects.issue_key(tx, account_id, project_id, overlap_s)
    return key, project_id


def _fail(message: str, code: int) -> NoReturn:
    typer.echo(message, err=True)
    sys.exit(code)


if __name__ == "__main__":
    main()
