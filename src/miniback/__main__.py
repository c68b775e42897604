"""The command line: every command, and what each outcome's exit code is."""

import sys
from functools import cache
from typing import Annotated, Any, NoReturn

import typer
from typer.core import TyperGroup
from typer.main import get_group

from miniback import __version__, lean, logs
from miniback.commands.endings import FAILED, MISCONFIGURED, REFUSED, fail
from miniback.errors import Misconfigured, Refusal, Unavailable

# What each command's module is called, by whom it is for. A start waits for its own imports alone:
# those of all together take longer than the server needs to answer.
PANELS = {
    "With an API key, against any server": {
        "feedback": "feedback",
        "projects": "project",
        "keys": "project",
        "webhooks": "webhook",
        "mcp": "mcp",
    },
    "On the server's own machine": {
        "serve": "server",
        "demo": "demo",
        "worker": "server",
        "migrate": "server",
        "seed": "server",
        "openapi": "server",
        "settings": "server",
        "account": "account",
        "key": "account",
        "analytics": "analytics",
        "import": "import",
        "export": "export",
        "submitter": "submitter",
        "backup": "backup",
        "restore": "backup",
        "doctor": "doctor",
        "audit": "audit",
        "database": "database",
    },
}
MODULES = {name: module for panel in PANELS.values() for name, module in panel.items()}


class Commands(TyperGroup):
    """All commands, each imported when it is called for."""

    def __init__(self, **given: Any) -> None:
        super().__init__(**given)
        # By their names alone a mistyped one is told what was meant.
        self.commands = dict.fromkeys(MODULES)  # type: ignore[assignment]  # loaded below

    def get_command(self, _: Any, cmd_name: str) -> Any:
        """Import a command; None where there is none of that name."""
        return _loaded(cmd_name) if cmd_name in MODULES else None


app = typer.Typer(
    cls=Commands,
    help="Collect feedback and work through it. Settings are MINIBACK_* variables.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)


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


@cache
def _loaded(name: str) -> Any:
    module = lean.load(f"miniback.commands.{MODULES[name]}_commands")
    command = get_group(module.app).commands[name]
    (command.rich_help_panel,) = [title for title, names in PANELS.items() if name in names]  # type: ignore[attr-defined]  # typer's own kinds all have it
    return command


if __name__ == "__main__":
    main()
