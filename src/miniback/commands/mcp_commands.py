"""The command that an assistant starts."""

from typing import Annotated

import typer

from miniback import mcp

app = typer.Typer()


@app.command("mcp", epilog="miniback mcp --read-only")
def speak(
    read_only: Annotated[
        bool,
        typer.Option("--read-only", help="Offer those tools alone that change nothing."),
    ] = False,
) -> None:
    """Let an assistant that starts this (by MCP) work at MINIBACK_URL with MINIBACK_API_KEY."""
    mcp.speak(read_only=read_only)
