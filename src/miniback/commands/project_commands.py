"""Commands about projects and their keys, for people with a key."""

import json
from enum import StrEnum
from typing import Annotated, Any

import typer

from miniback.commands import exactly
from miniback.commands.calling import Project, Url, calling, project_id
from miniback.commands.feedback_changes import confirm
from miniback.commands.showing import Column, moment, printable, say_list, say_rows
from miniback_client import Client
from miniback_client.calls import projects
from miniback_client.reading import UNSET

COLUMNS = (
    Column("id"),
    Column("slug"),
    Column("status"),
    Column("made"),
    Column("name", is_long=True),
)

app = typer.Typer()
project_app = typer.Typer(
    help="Projects, with an API key (MINIBACK_URL, MINIBACK_API_KEY).", no_args_is_help=True
)
key_app = typer.Typer(
    help="A project's API key, by an API key. Without one: miniback key.", no_args_is_help=True
)
app.add_typer(project_app, name="projects")
app.add_typer(key_app, name="keys")

AsJson = Annotated[bool, typer.Option("--json", help="Print what the API answers, as JSON.")]


class ProjectStatus(StrEnum):
    """Whether a project takes feedback."""

    ACTIVE = "ACTIVE"
    PAUSED = "PAUSED"


@project_app.command("list", epilog="miniback projects list --json")
def list_projects(
    as_json: Annotated[
        bool, typer.Option("--json", help="Print a JSON list of what the API answers.")
    ] = False,
    url: Url = "",
) -> None:
    """List the account's projects, the newest first."""
    with calling(url) as calls:
        if as_json:
            say_list(exactly.several(calls, projects.all_projects()))
            return
        found = calls.projects.list()
    say_rows(
        COLUMNS,
        ((each.id, each.slug, each.status, moment(each.created_at), each.name) for each in found),
    )


@project_app.command("show", epilog="miniback projects show shop")
def show_project(project: Project, as_json: AsJson = False, url: Url = "") -> None:
    """Show a project."""
    with calling(url) as calls:
        place = project_id(calls, project)
        if as_json:
            typer.echo(exactly.one(calls, projects.get(place)))
            return
        found = calls.projects.get(place)
    _say(
        {
            "Project": found.id,
            "Name": found.name,
            "Slug": found.slug,
            "Status": found.status,
            "Made": moment(found.created_at),
            "Changed": moment(found.updated_at),
        }
    )


@project_app.command("create", epilog='miniback projects create "My shop" --slug shop')
def create_project(
    name: Annotated[str, typer.Argument(help="What people call it.")],
    slug: Annotated[
        str, typer.Option("--slug", help="Else made from the name.", show_default=False)
    ] = "",
    as_json: AsJson = False,
    url: Url = "",
) -> None:
    """Make a project and print its id. Its key is made by: miniback keys rotate."""
    with calling(url) as calls:
        _one(calls, projects.create(name, slug=slug or None), as_json=as_json)


@project_app.command("update", epilog="miniback projects update shop --status PAUSED")
def update_project(
    project: Project,
    name: Annotated[str | None, typer.Option("--name", help="Another name.")] = None,
    slug: Annotated[
        str | None, typer.Option("--slug", help="Another slug; the old one goes on working.")
    ] = None,
    status: Annotated[
        ProjectStatus | None,
        typer.Option("--status", case_sensitive=False, help="PAUSED takes no feedback."),
    ] = None,
    as_json: AsJson = False,
    url: Url = "",
) -> None:
    """Change a project's name, slug or status, and print its id."""
    given: dict[str, Any] = {"name": name, "slug": slug, "status": status}
    if not any(value is not None for value in given.values()):
        raise typer.BadParameter("Say what to change: --name, --slug or --status")
    changes = {key: UNSET if value is None else value for key, value in given.items()}
    with calling(url) as calls:
        place = project_id(calls, project)
        _one(calls, projects.update(place, **changes), as_json=as_json)


@project_app.command("delete", epilog="miniback projects delete shop")
def delete_project(
    project: Project,
    is_sure: Annotated[bool, typer.Option("--yes", "-y", help="Do not ask.")] = False,
    as_json: AsJson = False,
    url: Url = "",
) -> None:
    """Delete a project with all its feedback and its key, for good."""
    if not is_sure:
        confirm(f"Delete {printable(project)} with all its feedback, for good?")
    with calling(url) as calls:
        _one(calls, projects.delete(project_id(calls, project)), as_json=as_json)


@project_app.command("settings", epilog="miniback projects settings shop | jq .allowedDomains")
def show_settings(project: Project, url: Url = "") -> None:
    """Print a project's settings as the API answers them, as JSON."""
    with calling(url) as calls:
        typer.echo(exactly.one(calls, projects.settings(project_id(calls, project))))


@key_app.command("show", epilog="miniback keys show shop")
def show_key(project: Project, as_json: AsJson = False, url: Url = "") -> None:
    """Show when a project's key was made and last used; the key itself is stored nowhere."""
    with calling(url) as calls:
        place = project_id(calls, project)
        if as_json:
            typer.echo(exactly.one(calls, projects.api_key(place)))
            return
        key = calls.projects.api_key(place)
    if key.masked_key is None:
        typer.echo("It has no key; make one by: miniback keys rotate")
        return
    _say(
        {
            "Key": key.masked_key,
            "Made": moment(key.created_at),
            "Last used": moment(key.last_used_at),
        }
    )


@key_app.command(
    "rotate",
    epilog="miniback keys rotate shop --overlap 86400\n\n"
    "miniback keys rotate shop --quiet > key.txt",
)
def rotate_key(
    project: Project,
    overlap: Annotated[
        int, typer.Option("--overlap", min=0, max=604_800, help="Seconds the old key lives on.")
    ] = 0,
    quiet: Annotated[bool, typer.Option("--quiet", help="Print the key alone.")] = False,
    as_json: AsJson = False,
    url: Url = "",
) -> None:
    """Make a project's new API key and print it, this once; the old one ends.

    If the old one is that of MINIBACK_API_KEY, put the new one there.
    """
    with calling(url) as calls:
        place = project_id(calls, project)
        if as_json:
            typer.echo(exactly.one(calls, projects.rotate_api_key(place, overlap_seconds=overlap)))
            return
        key = calls.projects.rotate_api_key(place, overlap_seconds=overlap).api_key
    typer.echo(key if quiet else f"API key   {key}")
    if not quiet:
        ending = f"ends in {overlap} seconds" if overlap else "has ended"
        typer.echo(
            f"The key is shown this once; keep it in a safe place. The old one {ending}.", err=True
        )


def _one(calls: Client, call: Any, *, as_json: bool) -> None:
    """Carry a call out and print its answer, or the id in it."""
    answer = exactly.one(calls, call)
    typer.echo(answer if as_json else printable(json.loads(answer)["id"]))


def _say(about: dict[str, str]) -> None:
    for name, value in about.items():
        typer.echo(f"{name:<10}{printable(value)}")
