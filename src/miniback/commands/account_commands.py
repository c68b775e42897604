"""Commands about accounts: make one, put it on another plan, make a project's key."""

from typing import Annotated, Any

import typer

from miniback import accounts, db, notifications, plans, projects
from miniback.app import plan_table
from miniback.audit import BY_COMMAND, Way
from miniback.commands.options import AccountName, AsJson, chosen_settings, migrated, say_json
from miniback.db import Tx
from miniback.plans import Allowance, Plans

app = typer.Typer()
account_app = typer.Typer(help="Make accounts and change their plans.", no_args_is_help=True)
key_app = typer.Typer(help="Make API keys.", no_args_is_help=True)
app.add_typer(account_app, name="account")
app.add_typer(key_app, name="key")


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
    chosen = chosen_settings()
    address = accounts.checked_email(email)
    password_hash = accounts.hash_password(accounts.checked_password(password))
    engine = migrated(chosen, make=True)
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
        say_json(made)
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
    chosen = chosen_settings()
    changed = db.run(migrated(chosen), _set_plan, plan_table(chosen), account, plan.upper())
    if as_json:
        say_json(changed)
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
    key, project_id = db.run(migrated(chosen_settings()), _create_key, project, overlap)
    if as_json:
        say_json({"projectId": project_id, "apiKey": key})
        return
    typer.echo(f"API key   {key}\nThe key is shown this once; keep it in a safe place.")


def _create_account(
    tx: Tx, table: Plans, email: str, password_hash: str, plan: str, project_name: str
) -> dict[str, Any]:
    chosen = plans.named(table, plan).name
    account = accounts.create(tx, email, password_hash, chosen, way=Way.CLI)
    allowance = Allowance(account.id, table[plan], account.anchor)
    project = projects.create(tx, allowance, projects.checked_name(project_name), None, BY_COMMAND)
    key, _ = projects.issue_key(tx, account.id, project.id, 0, BY_COMMAND)
    return {
        "account": {"id": account.id, "plan": account.plan},
        "project": {"id": project.id, "name": project.name, "slug": project.slug},
        "apiKey": key,
    }


def _set_plan(tx: Tx, table: Plans, name: str, plan: str) -> dict[str, Any]:
    account = accounts.named(tx, name)
    paused = notifications.change_plan(tx, account.id, plans.named(table, plan), BY_COMMAND)
    return {
        "account": {"id": account.id, "plan": plan},
        "pausedProjects": [
            {"id": project.id, "name": project.name, "slug": project.slug} for project in paused
        ],
    }


def _create_key(tx: Tx, name: str, overlap_s: int) -> tuple[str, str]:
    account_id, project_id = projects.place_of(tx, name)
    key, _ = projects.issue_key(tx, account_id, project_id, overlap_s, BY_COMMAND)
    return key, project_id
