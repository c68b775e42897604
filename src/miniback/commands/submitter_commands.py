"""Commands about one person's data: find it, hand it out, erase it."""

import asyncio
from pathlib import Path
from typing import Annotated, Any

import typer

from miniback import accounts, clock, db, feedback, privacy
from miniback.app import plan_table
from miniback.commands.endings import fail
from miniback.commands.options import AsJson, chosen_settings, migrated, say_json
from miniback.db import Database, Engine, Tx
from miniback.feedback import BY_COMMAND
from miniback.plans import Allowance, Plans
from miniback.privacy import Person, Sent

_PORTION = 100
_USAGE = 2

Email = Annotated[str, typer.Option("--email", help="The address that came with the feedback.")]
# Apart from the shared option: there --email is the owner, here it is the person.
Account = Annotated[str, typer.Option("--account", help="The account's id or its owner's address.")]
UserId = Annotated[
    str, typer.Option("--user-id", help="The user's id, as the site says or vouches for it.")
]

app = typer.Typer()
submitter_app = typer.Typer(
    help="Find, hand out or erase what one person has sent.", no_args_is_help=True
)
app.add_typer(submitter_app, name="submitter")


@submitter_app.command("find")
def find(
    account: Account, email: Email = "", user_id: UserId = "", as_json: AsJson = False
) -> None:
    """Show what one person has sent to an account, on any shelf and in the bin."""
    person, engine = _person(email, user_id), migrated(chosen_settings())
    sent = db.run(engine, _found, account, person)
    shown = _shown(sent)
    if as_json:
        say_json(shown)
        return
    for project in shown["projects"]:
        typer.echo(f"{project['items']:>8}  {project['name']} ({project['slug']})")
    for item in sent.found.newest:
        line = " ".join(feedback.message_of(item.document).split())[:60]
        typer.echo(f"{item.created_at}  {item.shelf:<4}  {item.id}  {line}")
    typer.echo(f"{shown['items']} items")
    if not sent.found.is_whole:
        typer.echo("Older items are still being looked through; there may be more.", err=True)


@submitter_app.command("export")
def export(
    account: Account,
    output: Annotated[Path, typer.Option(help="The ZIP file to write; it must not exist.")],
    email: Email = "",
    user_id: UserId = "",
    as_json: AsJson = False,
) -> None:
    """Write all that one person has sent into a ZIP file."""
    person, engine = _person(email, user_id), migrated(chosen_settings())
    account_id, total = db.run(engine, _noted, account, person)
    try:
        with output.open("xb") as file:
            asyncio.run(_write(engine, account_id, person, file.write))
    except OSError as error:
        fail(f"{output} cannot be written: {error.strerror}", _USAGE)
    if as_json:
        say_json({"file": str(output), "items": total})
        return
    typer.echo(f"{total} items in {output}")


@submitter_app.command("erase")
def erase(
    account: Account,
    email: Email = "",
    user_id: UserId = "",
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,
    as_json: AsJson = False,
) -> None:
    """Erase for good all that one person has sent, with images, notes and history."""
    chosen, person = chosen_settings(), _person(email, user_id)
    engine = migrated(chosen)
    sent = db.run(engine, _found, account, person)
    if not yes:
        typer.confirm(f"Erase {sent.found.total} items for good?", abort=True, err=True)
    allowance, erasure_id = db.run(engine, _begun, plan_table(chosen), account, person)
    progress = db.run(engine, feedback.go_on_erasing, allowance, erasure_id, _PORTION)
    done = progress.done
    while not progress.is_over:
        progress = db.run(engine, feedback.go_on_erasing, allowance, erasure_id, _PORTION)
        # A worker of the server may have brought it to its end meanwhile.
        done = max(done, progress.done)
    if as_json:
        say_json({"erased": done})
        return
    typer.echo(f"{done} items erased")


def _person(email: str, user_id: str) -> Person:
    """Return whom a command is about, by exactly one of the two."""
    if bool(email) == bool(user_id):
        raise typer.BadParameter("Say whom it is about: --email or --user-id")
    if email:
        return Person(email.strip(), feedback.by_email(email))
    return Person(user_id.strip(), feedback.by_id(user_id))


def _found(tx: Tx, account: str, person: Person) -> Sent:
    return privacy.find(tx, accounts.named(tx, account).id, person)


def _noted(tx: Tx, account: str, person: Person) -> tuple[str, int]:
    account_id = accounts.named(tx, account).id
    return account_id, privacy.note_export(tx, account_id, person, BY_COMMAND)


def _begun(tx: Tx, table: Plans, name: str, person: Person) -> tuple[Allowance, str]:
    account = accounts.named(tx, name)
    erasure_id = privacy.begin_erasing(tx, account.id, person, BY_COMMAND)
    return Allowance(account.id, table[account.plan], account.anchor), erasure_id


def _shown(sent: Sent) -> dict[str, Any]:
    """Lay out what was found, for programs."""
    return {
        "items": sent.found.total,
        "isExact": sent.found.is_exact,
        "isWhole": sent.found.is_whole,
        "projects": [
            {"id": project_id, "name": name, "slug": slug, "items": count}
            for project_id, count in sent.found.counts.items()
            for name, slug in [sent.projects.get(project_id, ("", ""))]
        ],
        "newest": [
            {"id": item.id, "projectId": item.project_id, "shelf": item.shelf,
             "createdAt": item.created_at, "updatedAt": clock.iso(item.updated_at)}
            for item in sent.found.newest
        ],
    }  # fmt: skip


async def _write(engine: Engine, account_id: str, person: Person, write: Any) -> None:
    database = Database(engine)
    try:
        async for piece in privacy.bundle(database, account_id, person):
            write(piece)
    finally:
        database.close()
