"""Commands about feedback for people with a key: find it, look at it, follow it, send it."""

import json
import sys
from collections.abc import Iterator
from itertools import islice
from typing import Annotated

import typer

from miniback.commands import (
    exactly,
    feedback_changes,
    feedback_files,
    feedback_imports,
    feedback_tail,
    filters,
)
from miniback.commands.calling import ToProject, Url, calling, project_id
from miniback.commands.exactly import Item, Items
from miniback.commands.filters import (
    Assignee,
    FromSource,
    InProject,
    More,
    Search,
    Since,
    Tag,
    Until,
    WithStatus,
)
from miniback.commands.showing import (
    Column,
    bar,
    is_terminal,
    moment,
    paragraphs,
    printable,
    say_list,
    say_rows,
)
from miniback_client import Client
from miniback_client.calls import feedback

SHOWN = 50
COLUMNS = (
    Column("id"),
    Column("came in"),
    Column("status"),
    Column("project", is_extra=True),
    Column("message", is_long=True),
)

app = typer.Typer()
feedback_app = typer.Typer(
    help="Find feedback and work through it, with an API key (MINIBACK_URL, MINIBACK_API_KEY).",
    no_args_is_help=True,
)
app.add_typer(feedback_app, name="feedback")

AsJson = Annotated[bool, typer.Option("--json", help="Print what the API answers, as JSON.")]
AsList = Annotated[bool, typer.Option("--json", help="Print a JSON list of what the API answers.")]
Limit = Annotated[
    int | None,
    typer.Option(
        "--limit", "-n", min=0, help=f"At most so many; 0 for all. {SHOWN} on a terminal."
    ),
]


@feedback_app.command(
    "list",
    epilog="miniback feedback list --status NEW --since 7d --search checkout\n\n"
    "miniback feedback list --project shop --json | jq '.[].message'\n\n"
    "miniback feedback list --tag spam --ids | miniback feedback delete - --yes",
)
def list_feedback(  # noqa: PLR0913, PLR0917 - the options of a command are its arguments
    project: InProject = "",
    status: WithStatus = None,
    source: FromSource = None,
    search: Search = "",
    since: Since = "",
    until: Until = "",
    tag: Tag = "",
    assignee: Assignee = "",
    more: More = None,
    limit: Limit = None,
    ids: Annotated[bool, typer.Option("--ids", help="Print ids alone, a line each.")] = False,
    as_json: AsList = False,
    url: Url = "",
) -> None:
    """List feedback, the newest first: a table on a terminal, lines with tabs between elsewhere."""
    items = Items(
        **filters.chosen(project, status, source, search, since, until, tag, assignee, more)
    )
    is_table = is_terminal() and not as_json and not ids
    most = limit if limit is not None else SHOWN if is_table else 0
    with calling(url) as calls:
        found = islice(_watched(calls, items), most or None)
        _print(found, ids=ids, as_json=as_json)
    if is_table and limit is None and (items.total or 0) > most:
        typer.echo(f"The newest {most} of {items.total}; --limit 0 shows all", err=True)


@feedback_app.command("show", epilog="miniback feedback show feedback_0ola7i7o2006nogdijoqfi2j")
def show_feedback(
    feedback_id: Annotated[str, typer.Argument(metavar="ID", help="The item's id.")],
    as_json: AsJson = False,
    url: Url = "",
) -> None:
    """Show all of an item: message, context, tags, assignee, notes, images (5 API calls).

    With --json it is the item alone (one call).
    """
    with calling(url) as calls:
        item = exactly.item(calls, feedback_id)
        if as_json:
            typer.echo(item.json)
        else:
            typer.echo("\n".join(_whole(calls, item)))


@feedback_app.command(
    "send",
    epilog='miniback feedback send "Checkout hangs" --project shop --context url=/checkout\n\n'
    "git log -1 | miniback feedback send - --project releases",
)
def send_feedback(
    message: Annotated[str, typer.Argument(help="The words; - reads them from standard input.")],
    project: ToProject,
    context: Annotated[
        list[str] | None, typer.Option("--context", help="NAME=VALUE to go along; repeatable.")
    ] = None,
    once: Annotated[
        str,
        typer.Option(
            "--once", help="A key by which it is stored once in 24 hours.", show_default=False
        ),
    ] = "",
    as_json: AsJson = False,
    url: Url = "",
) -> None:
    """Send feedback and print its id. On FREE, name the project by its id."""
    told = dict(each.partition("=")[::2] for each in context or [])
    with calling(url) as calls:
        said = sys.stdin.read().rstrip("\n") if message == "-" else message
        place = project_id(calls, project)
        call = feedback.submit(place, said, context=told, idempotency_key=once or None)
        sent = exactly.one(calls, call)
    typer.echo(sent if as_json else json.loads(sent)["id"])


for each in (feedback_changes.app, feedback_tail.app, feedback_files.app, feedback_imports.app):
    feedback_app.add_typer(each)


def _print(found: Iterator[Item], *, ids: bool, as_json: bool) -> None:
    if as_json:
        say_list(each.json for each in found)
    elif ids:
        for each in found:
            typer.echo(each.id)
    else:
        say_rows(COLUMNS, (_row(each) for each in found))


def _watched(calls: Client, items: Items) -> Iterator[Item]:
    """Give items one after the other, with a bar where they go to a file or a program."""
    if is_terminal():
        yield from exactly.each(calls, items)
        return
    with bar("Feedback") as shown:
        for each in exactly.each(calls, items):
            shown.expect(items.total)
            shown.advance()
            yield each


def _row(item: Item) -> tuple[str, ...]:
    shown = item.shown
    return (
        shown.id,
        moment(shown.created_at),
        shown.status,
        shown.project.slug,
        shown.message,
    )


def _whole(calls: Client, item: Item) -> Iterator[str]:
    shown = item.shown
    person = calls.feedback.assignee(item.id)
    images = calls.feedback.attachments(item.id)
    about = {
        "Feedback": shown.id,
        "Project": f"{shown.project.name} ({shown.project.slug})",
        "Status": shown.status,
        "Source": shown.source,
        "Came in": moment(shown.created_at),
        "Changed": moment(shown.updated_at),
        "Tags": ", ".join(calls.feedback.tags(item.id)),
        "Assignee": person.email if person else "",
        "Images": ", ".join(f"{each.id} ({each.size} bytes)" for each in images),
    }
    yield from (f"{name:<10}{printable(value)}" for name, value in about.items() if value)
    yield "\n" + paragraphs(shown.message, "  ")
    if shown.context:
        yield "\nContext"
        yield paragraphs(json.dumps(shown.context, indent=2, ensure_ascii=False), "  ")
    for note in calls.feedback.notes(item.id):
        author = note.author.email if note.author else "by key"
        yield f"\nNote, {moment(note.created_at)}, {printable(author)}"
        yield paragraphs(note.content, "  ")
