"""The command that follows feedback as it comes in, by asking the API again and again."""

import time
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Annotated

import typer

from miniback.commands import exactly, filters
from miniback.commands.calling import PATIENCE_S, Url, calling, told
from miniback.commands.exactly import Item, Items
from miniback.commands.filters import (
    Assignee,
    FromSource,
    InProject,
    More,
    Search,
    Tag,
    WithStatus,
)
from miniback.commands.showing import is_terminal, moment, paragraphs, printable
from miniback_client import Client, NetworkError, QuotaExceeded, RateLimited, ServerError
from miniback_client.calls.feedback import Filters

# How often is asked where the plan counts no calls, and where it does.
FREELY_S, SPARINGLY_S = 5, 60
# Several processes commit side by side, so that an item may show after a younger one.
OVERLAP = timedelta(seconds=10)
LAST = 5

app = typer.Typer()

Last = Annotated[
    int, typer.Option("--last", "-n", min=0, help="Begin with so many that are there.")
]
Every = Annotated[
    int,
    typer.Option(
        "--every",
        min=0,
        help=f"Seconds between two looks; 0 means {FREELY_S}, or {SPARINGLY_S} where the plan"
        " counts calls: each look is one.",
    ),
]
AsLines = Annotated[
    bool, typer.Option("--json", help="Print each item as the API answers it, a line each.")
]


@app.command(
    "tail",
    epilog="miniback feedback tail --project shop --status NEW\n\n"
    "miniback feedback tail --last 0 --json >> feedback.jsonl",
)
def follow_feedback(  # noqa: PLR0913, PLR0917 - the options of a command are its arguments
    project: InProject = "",
    status: WithStatus = None,
    source: FromSource = None,
    search: Search = "",
    tag: Tag = "",
    assignee: Assignee = "",
    more: More = None,
    last: Last = LAST,
    every_s: Every = 0,
    as_json: AsLines = False,
    url: Url = "",
) -> None:
    """Print feedback as it comes in, the oldest first, until Ctrl-C.

    A server that is away is asked again until it is back. To be told without asking, use webhooks.
    """
    narrowed = filters.chosen(project, status, source, search, "", "", tag, assignee, more)
    try:
        with calling(url, PATIENCE_S) as calls:
            following = Following(calls, narrowed, every_s)
            for each in following.items(last):
                typer.echo(each.json if as_json else _line(each))
    except KeyboardInterrupt:
        raise typer.Exit from None


class Following:
    """Looks again and again for what is new; what was given is known by its id."""

    def __init__(self, calls: Client, narrowed: Filters, every_s: int) -> None:
        self._calls = calls
        self._narrowed = narrowed
        self._every_s = every_s
        self._newest: datetime | None = None
        # When those came in that a look may find again.
        self._known: dict[str, datetime] = {}

    def items(self, last: int) -> Iterator[Item]:
        """Give the last few that there are, and then each that comes, without an end."""
        begun = self._begun(last)
        self._note(begun)
        yield from reversed(begun[:last])
        self._tell_pace()
        while True:
            time.sleep(self._pace_s)
            found = self._look()
            self._note(found)
            yield from found

    def _begun(self, last: int) -> list[Item]:
        """Return the last few, and all that the next look may find again, the newest first."""
        found: list[Item] = []
        for each in exactly.each(self._calls, Items(**self._narrowed)):
            is_old = found and each.created_at < found[0].created_at - OVERLAP
            if is_old and len(found) >= last:
                break
            found.append(each)
        return found

    def _look(self) -> list[Item]:
        """Ask once for what is new, the oldest first; nothing while the server is away."""
        narrowed = self._narrowed.copy()
        if self._newest:
            narrowed["start"] = self._newest - OVERLAP
        try:
            found = list(exactly.each(self._calls, Items(**narrowed)))
        except QuotaExceeded:
            raise
        except (NetworkError, ServerError, RateLimited) as error:
            typer.echo(f"{told(error)}; trying again", err=True)
            return []
        return [each for each in reversed(found) if each.id not in self._known]

    def _note(self, items: list[Item]) -> None:
        self._known |= {each.id: each.created_at for each in items}
        self._newest = max(self._known.values(), default=None)
        if self._newest:
            since = self._newest - OVERLAP
            self._known = {key: at for key, at in self._known.items() if at >= since}

    @property
    def _pace_s(self) -> int:
        return self._every_s or (SPARINGLY_S if self._calls.limits else FREELY_S)

    def _tell_pace(self) -> None:
        left = self._calls.limits.get("api-calls")
        if left:
            typer.echo(
                f"Looking every {self._pace_s} s; each look is one of {left.remaining} API calls"
                " that are left this month",
                err=True,
            )


def _line(item: Item) -> str:
    """Write an item: as a paragraph for people, on one line for programs."""
    shown = item.shown
    if not is_terminal():
        parts = (shown.id, moment(shown.created_at), shown.status, shown.project.slug)
        return "\t".join([*parts, printable(shown.message)])
    at = shown.created_at.astimezone().strftime("%H:%M:%S")
    title = f"{at}  {shown.project.slug}  {shown.status}  {shown.id}"
    return f"{printable(title)}\n{paragraphs(shown.message, '  ')}\n"
