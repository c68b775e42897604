"""C2: every command explains itself with an example, completes, and starts without the others."""

import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from typer.main import get_command
from typer.testing import CliRunner

from miniback.__main__ import MODULES, PANELS, app
from tests.cli.conftest import Caller
from tests.house import MINIBACK, Account

DOCS = Path(__file__).parents[2] / "docs" / "cli.md"
FOR_CALLERS, FOR_OPERATORS = PANELS.values()
# As it is called where it is installed, which is what shells complete.
AS_INSTALLED = "import sys; sys.argv[0] = 'miniback'; from miniback.__main__ import main; main()"


def commands() -> Iterator[tuple[str, Any]]:
    """Every command that can be called, with its whole name."""
    root: Any = get_command(app)
    for name in root.list_commands(None):
        command = root.get_command(None, name)
        below = getattr(command, "commands", {})
        if not below or command.invoke_without_command:
            yield name, command
        yield from ((f"{name} {each}", below[each]) for each in below)


COMMANDS = dict(commands())
CALLED = [name for name in COMMANDS if name.split()[0] in FOR_CALLERS]


def test_c2_all_commands_are_there() -> None:
    wanted = {f"feedback {each}" for each in ("list", "show", "tail", "set", "export", "import")}
    wanted |= {"projects list", "keys rotate", "webhooks listen", "webhooks test"}

    assert wanted <= set(CALLED)
    assert {name.split()[0] for name in COMMANDS} == set(MODULES)


@pytest.mark.parametrize("name", COMMANDS)
def test_c2_every_command_and_each_option_is_explained(name: str) -> None:
    done = CliRunner().invoke(app, [*name.split(), "--help"])

    assert (done.exit_code, done.stderr) == (0, "")
    assert f" {name} " in done.stdout
    options = [each for each in COMMANDS[name].params if "--help" not in each.opts]
    assert COMMANDS[name].help
    assert [each.name for each in options if name in CALLED and not each.help] == []


@pytest.mark.parametrize("name", CALLED)
def test_c2_every_command_for_callers_has_an_example_that_it_takes(name: str) -> None:
    examples = (COMMANDS[name].epilog or "").split("\n\n")

    assert any(f"miniback {name}" in each for each in examples)
    done = CliRunner().invoke(app, [*name.split(), "--help"])
    assert all(each in done.stdout for each in examples if len(each) < 78)


@pytest.mark.parametrize("name", COMMANDS)
def test_the_page_of_the_command_line_tells_of_every_command(name: str) -> None:
    assert re.search(rf"miniback {name}\b", DOCS.read_text())


@pytest.mark.parametrize(
    ("words", "offered"),
    [
        ("feedback l", ["list"]),
        ("feedback list --status RE", ["REVIEWED", "RESOLVED"]),
        ("feedback list --project my-web", ["SLUG"]),
        ("projects show my-web", ["SLUG"]),
        ("keys ro", ["rotate"]),
    ],
)
def test_shells_complete_commands_statuses_and_projects(
    cli: Caller, bob: Account, words: str, offered: list[str]
) -> None:
    assert _completed(cli, words) == [bob.slug if each == "SLUG" else each for each in offered]


def test_shells_are_offered_nothing_by_a_server_that_is_away(cli: Caller) -> None:
    assert _completed(cli, "projects show my-web", MINIBACK_URL="http://127.0.0.1:1") == []
    assert _completed(cli, "projects show my-web", MINIBACK_URL="") == []


@pytest.mark.parametrize(
    ("command", "unwanted"),
    [
        ("serve", ("httpx2", "miniback_client", "miniback.commands.import_commands")),
        ("feedback list", ("miniback.db", "starlette", "uvicorn", "argon2")),
        ("projects list", ("miniback.db", "starlette", "uvicorn")),
        ("mcp", ("miniback.db", "starlette", "uvicorn", "httpx2", "mcp_types")),
    ],
)
def test_a_command_imports_nothing_of_others(command: str, unwanted: tuple[str, ...]) -> None:
    done = subprocess.run(
        [sys.executable, "-X", "importtime", *MINIBACK[1:], *command.split(), "--help"],
        capture_output=True,
        text=True,
        check=True,
    )

    imported = {line.rpartition("|")[2].strip() for line in done.stderr.splitlines()}
    assert "typer" in imported
    assert imported.isdisjoint(unwanted)


def test_a_mistyped_command_is_told_what_was_meant(cli: Caller) -> None:
    assert "Did you mean 'feedback'?" in cli.run("feedbak").stderr


def _completed(cli: Caller, words: str, **variables: str) -> list[str]:
    asked = {
        "_MINIBACK_COMPLETE": "complete_bash",
        "COMP_WORDS": f"miniback {words}",
        "COMP_CWORD": str(len(words.split())),
    }
    done = subprocess.run(
        [sys.executable, "-c", AS_INSTALLED],
        env=cli.environment(**asked, **variables),
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.stderr == ""
    return done.stdout.split()
