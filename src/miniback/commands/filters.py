"""The filters of commands about feedback: those that the API has."""

import re
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import Annotated, Any, cast

import typer

from miniback.commands.calling import complete_project
from miniback_client.calls.feedback import Filters

_AGO = re.compile(r"(\d{1,6})([mhdw])")
_UNITS = {"m": "minutes", "h": "hours", "d": "days", "w": "weeks"}
# Filters that are asked for less often.
MORE = ("path", "browser", "device", "language", "rating")


class Status(StrEnum):
    """How far an item has been dealt with."""

    NEW = "NEW"
    REVIEWED = "REVIEWED"
    RESOLVED = "RESOLVED"


class Source(StrEnum):
    """Where an item came in."""

    WIDGET = "WIDGET"
    API = "API"


InProject = Annotated[
    str,
    typer.Option(
        "--project",
        "-p",
        help="Only this project, by id or slug.",
        autocompletion=complete_project,
        show_default=False,
    ),
]
WithStatus = Annotated[
    Status | None, typer.Option("--status", "-s", case_sensitive=False, help="Only this status.")
]
FromSource = Annotated[
    Source | None, typer.Option("--source", case_sensitive=False, help="Only from there.")
]
Search = Annotated[
    str, typer.Option("--search", "-q", help="Only what has these words.", show_default=False)
]
Since = Annotated[
    str,
    typer.Option(
        "--since",
        "--start",
        help="From this date or moment on, or the last 30m, 12h, 7d, 2w.",
        show_default=False,
    ),
]
Until = Annotated[
    str,
    typer.Option(
        "--until",
        "--end",
        help="Up to this date or moment, included, or so long ago.",
        show_default=False,
    ),
]
Tag = Annotated[
    str, typer.Option("--tag", "-t", help="Only what has this tag.", show_default=False)
]
Assignee = Annotated[
    str,
    typer.Option(
        "--assignee", help="Only what this member sees to, by id or address.", show_default=False
    ),
]
More = Annotated[
    list[str] | None,
    typer.Option("--filter", help=f"NAME=VALUE, repeatable; there are {', '.join(MORE)}."),
]


def chosen(  # noqa: PLR0913, PLR0917 - in the order of the options
    project: str,
    status: Status | None,
    source: Source | None,
    search: str,
    start: str,
    end: str,
    tag: str,
    assignee: str,
    more: list[str] | None,
) -> Filters:
    """Return what the API is asked for; what is empty filters nothing."""
    named: dict[str, Any] = {
        "project": project,
        "status": status,
        "source": source,
        "search": search,
        "start": start,
        "end": end,
        "tag": tag,
        "assignee": assignee,
    }
    given = {name: value for name, value in {**named, **_more(more or [])}.items() if value}
    for name in given.keys() & {"start", "end"}:
        given[name] = _moment(given[name])
    return cast("Filters", given)  # the API checks the values


def _more(pairs: list[str]) -> dict[str, str]:
    named = dict(each.partition("=")[::2] for each in pairs)
    if wrong := named.keys() - set(MORE):
        raise typer.BadParameter(
            f"There is no filter {', '.join(sorted(wrong))}; there are {', '.join(MORE)}"
        )
    return named


def _moment(text: str) -> str | datetime:
    """Read how long ago a time was; anything else is for the server to read."""
    if not (found := _AGO.fullmatch(text.strip().lower())):
        return text
    try:
        return datetime.now(UTC) - timedelta(**{_UNITS[found[2]]: int(found[1])})
    except OverflowError as error:
        raise typer.BadParameter(f"{text} ago there was no time yet") from error
