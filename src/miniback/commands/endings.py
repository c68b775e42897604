"""How commands end: the exit codes, and the one sentence on stderr."""

import sys
from typing import NoReturn

import typer

FAILED, USAGE, REFUSED, MISCONFIGURED = 1, 2, 3, 78


def fail(message: str, code: int) -> NoReturn:
    """Say what is wrong on stderr, and end."""
    typer.echo(message, err=True)
    sys.exit(code)
