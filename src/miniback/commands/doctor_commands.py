"""Commands that find out what is wrong, and say what to change."""

import asyncio
from collections.abc import Iterable
from typing import Annotated

import typer

from miniback import accounts, doctor
from miniback.commands.endings import FAILED, fail
from miniback.commands.options import AsJson, chosen_settings, say_json
from miniback.doctor import Finding, Verdict

app = typer.Typer()
doctor_app = typer.Typer(help="Find out what is wrong, and what to change.")
app.add_typer(doctor_app, name="doctor")


@doctor_app.callback(invoke_without_command=True)
def doctor_all(context: typer.Context, as_json: AsJson = False) -> None:
    """Look at everything that the server needs; exit code 1 where something is wrong."""
    if context.invoked_subcommand is None:
        _tell(doctor.examine(chosen_settings()), as_json)


@doctor_app.command("mail")
def doctor_mail(
    to: Annotated[str, typer.Option(help="Send a letter to this address, too.")] = "",
) -> None:
    """Talk to the mail server, show the dialogue, and say what to change."""
    for line in doctor.mail(chosen_settings(), accounts.checked_email(to) if to else ""):
        typer.echo(f"{line.who:>8}  {line.text}")
        if line.advice:
            fail(line.advice, FAILED)


@doctor_app.command("page")
def doctor_page(
    url: Annotated[str, typer.Argument(help="A page that is to show the widget.")],
    project: Annotated[str, typer.Option(help="The project's slug or id.")],
    as_json: AsJson = False,
) -> None:
    """Read a customer's page, and say whether it would let the widget through."""
    _tell(asyncio.run(doctor.page(chosen_settings(), url, project)), as_json)


def _tell(findings: Iterable[Finding], as_json: bool) -> None:
    """Show each finding as it comes, and end with 1 where one is wrong."""
    found = []
    for each in findings:
        found.append(each)
        if not as_json:
            typer.echo(f"{each.verdict:<8} {each.about:<13} {each.text}")
            if each.advice:
                typer.echo(f"{'':<22} > {each.advice}")
    is_well = all(each.verdict is not Verdict.WRONG for each in found)
    if as_json:
        say_json({"ok": is_well, "findings": [each._asdict() for each in found]})
    if not is_well:
        raise typer.Exit(FAILED)
