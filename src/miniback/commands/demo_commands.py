"""The command to try Miniback by: a server that is gone without a trace at its end."""

import os
import secrets
import signal
import sys
import tempfile
import threading
import webbrowser
from typing import Annotated

import typer

from miniback import accounts, clock, db, logs, seed, settings
from miniback.app import plan_table
from miniback.commands.options import migrated
from miniback.serve import serve
from miniback.settings import PREFIX, Settings

# This machine alone: everybody who came could read the password where it is printed.
_HOST = "127.0.0.1"
_PROJECT = "storefront"
# One of these says where a browser shows itself; elsewhere Python would take one that fills the
# terminal, over the very lines that this command prints.
_SCREENS = ("BROWSER", "DISPLAY", "WAYLAND_DISPLAY")

app = typer.Typer()


@app.command()
def demo(
    port: Annotated[int, typer.Option(min=0, max=65535, help="0 takes any free port.")] = 0,
    opens: Annotated[
        bool, typer.Option("--open/--no-open", help="Open the demo page in a browser.")
    ] = True,
) -> None:
    """Try Miniback on this machine, with made-up feedback; Ctrl-C ends it and removes everything.

    No MINIBACK_* variable is heeded, and no data of yours touched.
    """
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: sys.exit(0))
    signal.signal(signal.SIGHUP, lambda *_: signal.raise_signal(signal.SIGTERM))
    with tempfile.TemporaryDirectory(prefix="miniback-demo-") as folder:
        chosen = _only({"DATA_DIR": folder, "LOG_LEVEL": "error"})
        logs.configure(chosen.log_level)
        password = secrets.token_urlsafe(9)
        email = _filled(chosen, password)

        def greet(address: str) -> None:
            page = f"{address}/demo/{_PROJECT}"
            typer.echo(f"A page with the widget  {page}")
            typer.echo(f"The inbox               {address}/inbox")
            typer.echo(f"Sign in as              {email}")
            typer.echo(f"Password                {password}")
            if opens:
                _open(page)

        serve(chosen, _HOST, port, 1, greet=greet)


def _only(variables: dict[str, str]) -> Settings:
    """Have this process know these settings and no others, whatever its environment holds."""
    for name in [name for name in os.environ if name.startswith(PREFIX)]:
        del os.environ[name]
    os.environ.update({PREFIX + name: value for name, value in variables.items()})
    return settings.read(os.environ)


def _filled(chosen: Settings, password: str) -> str:
    """Fill a new database with the demo, and return who may sign in."""
    at = clock.now() // clock.HOUR_MS * clock.HOUR_MS
    password_hash = accounts.hash_password(password)
    engine = migrated(chosen, make=True)
    return db.run(engine, seed.fill, plan_table(chosen), password_hash, at).owner


def _open(page: str) -> None:
    """Open a page where there is a screen; in a thread, since some browsers hold up who calls."""
    if sys.platform == "darwin" or any(os.environ.get(name) for name in _SCREENS):
        threading.Thread(target=webbrowser.open, args=[page], daemon=True).start()
