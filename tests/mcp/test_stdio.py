"""`miniback mcp`, which an assistant starts on its own machine: its words, its ends, its stdout."""

import json
import os
import subprocess
from pathlib import Path
from typing import Any

import pytest

from tests.house import MINIBACK, PATIENCE_S, Account, House, free_port
from tests.mcp.speaking import speaking, without_library

DATABASES = ("sqlite",)
MISCONFIGURED = 78
HELLO = {
    "jsonrpc": "2.0",
    "id": 1,
    "method": "initialize",
    "params": {
        "protocolVersion": "2025-06-18",
        "capabilities": {},
        "clientInfo": {"name": "test", "version": "1"},
    },
}


def started(
    lines: str = "", *options: str, **variables: str | None
) -> subprocess.CompletedProcess[str]:
    """Start the command, write lines to it, and let it end."""
    own = {name: value for name, value in os.environ.items() if not name.startswith("MINIBACK_")}
    given = {name: value for name, value in variables.items() if value is not None}
    return subprocess.run(
        [*MINIBACK, "mcp", *options],
        env={**own, **given},
        input=lines,
        capture_output=True,
        text=True,
        timeout=PATIENCE_S,
        check=False,
    )


@pytest.mark.parametrize(
    ("url", "key", "told"),
    [
        (None, "mbk_x", "MINIBACK_URL (or MINIBACK_URL_FILE) must be set"),
        ("http://127.0.0.1:1", None, "MINIBACK_API_KEY (or MINIBACK_API_KEY_FILE) must be set"),
        ("feedback.example.com", "mbk_x", "http(s) address"),
        ("http://127.0.0.1:1", "mbk_é", "no key has"),
    ],
)
def test_c4_wrong_settings_end_it_with_a_sentence(
    url: str | None, key: str | None, told: str
) -> None:
    done = started(MINIBACK_URL=url, MINIBACK_API_KEY=key)

    assert (done.returncode, done.stdout) == (MISCONFIGURED, "")
    assert told in done.stderr
    assert done.stderr.count("\n") == 1
    assert not key or key not in done.stderr


def test_c4_without_the_library_it_says_what_to_install(tmp_path: Path) -> None:
    variables = without_library(tmp_path)
    done = started(MINIBACK_URL="http://127.0.0.1:1", MINIBACK_API_KEY="mbk_x", **variables)

    assert (done.returncode, done.stdout) == (MISCONFIGURED, "")
    assert "pip install 'miniback[mcp]'" in done.stderr


def test_c4_its_stdout_is_the_protocols_and_it_ends_with_stdin(
    house: House, bob: Account, tmp_path: Path
) -> None:
    (tmp_path / "key").write_text(bob.key + "\n")
    lines = ["this is no message", json.dumps(HELLO), "{", json.dumps({**HELLO, "id": 2})]
    done = started(
        "".join(line + "\n" for line in lines),
        MINIBACK_URL=house.base_url,
        MINIBACK_API_KEY_FILE=str(tmp_path / "key"),
    )

    messages: list[dict[str, Any]] = [json.loads(line) for line in done.stdout.splitlines()]
    assert done.returncode == 0
    assert {each["jsonrpc"] for each in messages} == {"2.0"}
    (hello,) = [each for each in messages if each.get("id") == 1]
    assert hello["result"]["serverInfo"]["name"] == "miniback"
    assert bob.key[4:] not in done.stdout + done.stderr


def test_c4_a_server_that_is_away_is_told_as_a_failure_of_the_tool(house: House) -> None:
    away = House(house.folder, house.database_url, port=free_port())

    with speaking("stdio", away, "mbk_x") as assistant:
        assert "No answer came from the server" in assistant.refused("list_projects")


def test_c4_a_key_that_opens_nothing_is_told_in_the_apis_words(house: House) -> None:
    with speaking("stdio", house, "mbk_x") as assistant:
        told = assistant.refused("list_projects")

    assert told == "Invalid API key or project not found"
