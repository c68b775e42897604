"""The command line: every command, and what each outcome's exit code is."""

import sys
from typing import Annotated, NoReturn

import typer

from miniback import __version__, logs
from miniback.commands import (
    account_commands,
    analytics_commands,
    audit_commands,
    backup_commands,
    database_commands,
    doctor_commands,
    export_commands,
    import_commands,
    mcp_commands,
    server_commands,
    submitter_commands,
)
from miniback.commands.options import FAILED, MISCONFIGURED, REFUSED, fail
from miniback.errors import Misconfigured, Refusal, Unavailable

app = typer.Typer(
    help="Collect feedback and work through it. Settings are MINIBACK_* variables.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)
# A room's commands each; without a name of their own they stand beside one another.
for each in (
    server_commands.app,
    account_commands.app,
    analytics_commands.app,
    import_commands.app,
    export_commands.app,
    submitter_commands.app,
    backup_commands.app,
    doctor_commands.app,
    audit_commands.app,
    database_commands.app,
    mcp_commands.app,
):
    app.add_typer(each)


def main() -> NoReturn:
    """Run a command; exit codes: 0, 1 failed, 2 usage, 3 refused, 78 configuration."""
    logs.configure("info")  # on stderr, so that what a command says stands alone on stdout
    try:
        app()
    except Unavailable as error:
        fail(str(error), FAILED)
    except Refusal as refusal:
        fail(str(refusal), REFUSED)
    except Misconfigured as error:
        fail(str(error), MISCONFIGURED)
    sys.exit(0)


@app.callback(invoke_without_command=True)
def version(
    show: Annotated[bool, typer.Option("--version", help="Print the version and exit.")] = False,
) -> None:
    """Collect feedback and work through it. Settings are MINIBACK_* variables."""
    if show:
        typer.echo(__version__)
        raise typer.Exit


if __name__ == "__main__":
    main()
