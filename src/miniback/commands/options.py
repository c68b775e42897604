"""What operators' commands share: the database that they work on, and how they answer."""

import os
from typing import Annotated

import msgspec
import typer

from miniback import backups, db, settings
from miniback.db import Engine
from miniback.settings import Settings

AsJson = Annotated[bool, typer.Option("--json", help="Print one JSON object and nothing else.")]
AccountName = Annotated[
    str, typer.Option("--account", "--email", help="The account's id or its owner's address.")
]


def chosen_settings() -> Settings:
    """Read the settings, and warn of variables that are none."""
    for name in settings.unknown(os.environ):
        typer.echo(f"{name} is not a Miniback setting and is ignored", err=True)
    return settings.read(os.environ)


def migrated(chosen: Settings, *, make: bool = False) -> Engine:
    """Return the database of this version; with `make` one that is not there yet is made."""
    engine = db.engine_for(chosen.database, make=make)
    backups.migrate(chosen, engine)
    return engine


def say_json(value: object) -> None:
    """Print one JSON object."""
    typer.echo(msgspec.json.encode(value).decode())
