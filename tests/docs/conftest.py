"""A server for each page, over an account such as its reader has."""

import json
import shutil
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.docs.blocks import ROOT
from tests.house import House, running
from tests.visitor import PASSWORD

OWNER = "you@example.com"
PYTHON_CLIENT = ROOT / "clients" / "python" / "src"
JS_CLIENT = ROOT / "clients" / "js"
# What is there before a page begins: words of people who are asked for again on some of them.
MESSAGES = (
    ("The search finds nothing", {"url": "https://example.com/search"}),
    (
        "Where is my order?",
        {"url": "https://example.com/orders", "email": "ada@example.com", "userId": "user-7"},
    ),
    ("Something new about checkout", {"url": "https://example.com/checkout"}),
)


@dataclass(frozen=True)
class Reader:
    """What the reader of a page has: a server, and the folder in which they try its blocks."""

    house: House
    folder: Path
    output: Path
    environment: dict[str, str]


@pytest.fixture(scope="session")
def begun(new_house: Callable[..., House]) -> tuple[Path, dict[str, str]]:
    """A database with an account, a project and some feedback; what its reader exports."""
    house = new_house("sqlite")
    made = house.run(
        *("account", "create", "--json", "--email", OWNER, "--plan", "PRO"),
        *("--password", PASSWORD),
    )
    assert made.returncode == 0, made.stderr
    told = json.loads(made.stdout)
    exported = {"MINIBACK_API_KEY": told["apiKey"], "PROJECT_ID": told["project"]["id"]}
    with running(house):
        for message, context in MESSAGES:
            answer = house.client.post(
                f"/api/projects/{exported['PROJECT_ID']}/feedback",
                headers={"x-api-key": exported["MINIBACK_API_KEY"]},
                json={"message": message, "context": context},
            )
            assert answer.status_code == 201, answer.text
    return house.folder / "miniback.db", exported


@pytest.fixture
def reader(
    begun: tuple[Path, dict[str, str]], new_house: Callable[..., House], tmp_path: Path
) -> Iterator[Reader]:
    database, exported = begun
    # Nothing is sent to the receivers that pages name.
    house = new_house("sqlite", environment={"MINIBACK_DELIVERIES": "off"})
    for file in database.parent.glob(database.name + "*"):
        shutil.copy(file, house.folder)
    folder, output = tmp_path / "scratch", tmp_path / "output"
    for name, lines in (("strict", "fail-with-body\n"), ("lenient", "")):
        (output / name).mkdir(parents=True)
        (output / name / ".curlrc").write_text("silent\nshow-error\n" + lines)
    _put_clients_into(folder)
    with running(house):
        yield Reader(house, folder, output, _environment(house, exported))


def _put_clients_into(folder: Path) -> None:
    modules = folder / "node_modules"
    modules.mkdir(parents=True)
    (modules / "miniback-client").symlink_to(JS_CLIENT)


def _environment(house: House, exported: dict[str, str]) -> dict[str, str]:
    """What the shell of a reader has: the commands, the clients, and what pages ask to export."""
    own = dict(house.variables)
    # The database lies where it does without a word: in the data folder.
    del own["MINIBACK_DATABASE_URL"]
    path = f"{Path(sys.executable).parent}:{own['PATH']}"
    modules = f"{PYTHON_CLIENT}:{own.get('PYTHONPATH', '')}".rstrip(":")
    # Whoever migrates has two servers; here the one is both.
    old = {"OLD_URL": house.base_url, "OLD_API_KEY": exported["MINIBACK_API_KEY"]}
    more = {"PATH": path, "PYTHONPATH": modules, "MINIBACK_URL": house.base_url}
    return {**own, **exported, **old, **more}
