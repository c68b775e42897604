"""Commands about the analytics: prove the rollups against the items, and count them anew."""

from collections.abc import Callable, Iterator
from typing import Annotated

import typer

from miniback import accounts, db, feedback, projects
from miniback.commands.endings import FAILED, fail
from miniback.commands.options import AsJson, chosen_settings, migrated, say_json
from miniback.db import Engine, Tx

app = typer.Typer()
analytics_app = typer.Typer(help="Prove and rebuild the analytics' counts.", no_args_is_help=True)
app.add_typer(analytics_app, name="analytics")

Account = Annotated[
    str, typer.Option("--account", help="An account's id or its owner's address; all without it.")
]
Some = Callable[[Tx, str, str, int], feedback.Recounted | None]


@analytics_app.command("check")
def check(account: Account = "", as_json: AsJson = False) -> None:
    """Compare the counts with the items, beside a running server; exit code 1 where any differs."""
    engine = migrated(chosen_settings())
    wrong = sum(_walked(engine, account, feedback.check_some))
    if as_json:
        say_json({"wrong": wrong})
    else:
        typer.echo(f"{wrong} counts differ from the items" if wrong else "All counts are right")
    if wrong:
        fail("Run: miniback analytics rebuild", FAILED)


@analytics_app.command("rebuild")
def rebuild(account: Account = "", as_json: AsJson = False) -> None:
    """Count the items anew, beside a running server, and say how many counts were wrong."""
    engine = migrated(chosen_settings())
    read, mended = (sum(_walked(engine, account, each)) for each in feedback.RECOUNTING.values())
    if as_json:
        say_json({"itemsRead": read, "countsMended": mended})
        return
    typer.echo(f"{read} items of before were read, {mended} counts were mended")


def _walked(engine: Engine, account: str, some: Some) -> Iterator[int]:
    """Go through all projects a stretch at a time, and give what each stretch came to."""
    for account_id in _accounts(engine, account):
        project_id = db.run(engine, projects.following, account_id, "")
        while project_id:
            quarter = 0
            while done := db.run(engine, some, account_id, project_id, quarter):
                yield done.wrong
                quarter = done.following
            project_id = db.run(engine, projects.following, account_id, project_id)


def _accounts(engine: Engine, account: str) -> Iterator[str]:
    """Give the account that is named, or one after the other."""
    if account:
        yield db.run(engine, accounts.named, account).id
        return
    following = db.run(engine, accounts.following, "")
    while following:
        yield following
        following = db.run(engine, accounts.following, following)
