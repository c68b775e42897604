"""Calling a server by its API: where it is, by which key, and how a command ends on a refusal."""

import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Annotated, NoReturn
from urllib.parse import urlsplit

import httpx2
import msgspec
import typer

from miniback import settings
from miniback.commands.endings import FAILED, REFUSED, USAGE, fail
from miniback.commands.showing import printable
from miniback.errors import Misconfigured
from miniback_client import (
    ApiError,
    Client,
    MinibackError,
    NotFound,
    RateLimited,
    ServerError,
)

URL, KEY = "MINIBACK_URL", "MINIBACK_API_KEY"
# Somebody waits for a command; a script that wants more patience runs it again.
PATIENCE_S = 5.0
COMPLETION_TIMEOUT_S = 2.0
PROJECT_ID = "proj_"

Url = Annotated[
    str, typer.Option("--url", help=f"The server's address; else {URL}.", show_default=False)
]


@contextmanager
def calling(url: str, patience_s: float = PATIENCE_S) -> Iterator[Client]:
    """Give a client, and end with a sentence and the exit code of whatever a call fails with."""
    with client(url, patience_s) as calls:
        try:
            yield calls
        except MinibackError as error:
            end(error)
        except (msgspec.DecodeError, json.JSONDecodeError):
            fail(f"What answers there is not Miniback; is {URL} right?", FAILED)
        except ValueError as error:  # an empty id, or text that is no UTF-8
            fail(printable(str(error)), USAGE)


def client(url: str, patience_s: float, timeout_s: float = 30.0) -> Client:
    """Make a client for the server and by the key that the environment names.

    The key is never an argument: those are shown to everybody on the machine.
    """
    address = url or settings.variable(os.environ, URL)
    if not address:
        raise Misconfigured(
            f"Set {URL} (or --url) to the server's address, such as https://feedback.example.com"
        )
    _check(address)
    key = settings.variable(os.environ, KEY)
    if not key:
        raise Misconfigured(
            f"Set {KEY}, or {KEY}_FILE to a file that holds it; keys are made on a project's page"
            ' "API access"'
        )
    try:
        return Client(address, key, timeout_s=timeout_s, patience_s=patience_s)
    except ValueError as error:
        raise Misconfigured(f"{KEY}: {error}") from error


def end(error: MinibackError) -> NoReturn:
    """End with what a call failed with."""
    fail(told(error), code_of(error))


def code_of(error: MinibackError) -> int:
    """Return the exit code: whether the server refused, or could not be asked."""
    is_refused = isinstance(error, ApiError) and not isinstance(error, ServerError)
    return REFUSED if is_refused else FAILED


def told(error: MinibackError) -> str:
    """Say what went wrong in a sentence that is safe to print."""
    if not isinstance(error, ApiError):
        return printable(f"The server cannot be reached: {error}")
    text = f"{error.message} ({error.status})"
    if isinstance(error, ServerError) and error.request_id:
        text += f", request {error.request_id}"
    if isinstance(error, RateLimited) and error.retry_after:
        text += f"; again in {error.retry_after} seconds"
    return printable(text)


def project_id(calls: Client, name: str) -> str:
    """Return the id of a project that is named by its id or its slug."""
    if name.startswith(PROJECT_ID):
        return name
    found = [each.id for each in calls.projects.list() if each.slug == name]
    if not found:
        raise NotFound(404, f"There is no project {name!r}")
    return found[0]


def complete_project(incomplete: str) -> list[tuple[str, str]]:
    """Offer slugs of projects to the shell; none where the server cannot be asked at once."""
    try:
        with client("", 0, COMPLETION_TIMEOUT_S) as calls:
            found = calls.projects.list()
    except (MinibackError, Misconfigured, ValueError, LookupError):
        return []
    return [(each.slug, printable(each.name)) for each in found if each.slug.startswith(incomplete)]


def _check(address: str) -> None:
    try:
        url = urlsplit(address)
        httpx2.URL(address)
    except (ValueError, httpx2.InvalidURL) as error:
        raise Misconfigured(f"{URL} (or --url): {error}") from error
    if url.scheme not in ("http", "https") or not url.hostname or url.query or url.fragment:
        raise Misconfigured(
            f"{URL} (or --url) must be an http(s) address, such as https://feedback.example.com"
        )


Project = Annotated[
    str,
    typer.Argument(help="The project's id or slug.", autocompletion=complete_project),
]
ToProject = Annotated[
    str,
    typer.Option(
        "--project", "-p", help="The project's id or slug.", autocompletion=complete_project
    ),
]
