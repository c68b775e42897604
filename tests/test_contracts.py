"""The import contracts hold, and each of them would tell if it did not."""

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.house import PATIENCE_S

ROOT = Path(__file__).parent.parent
LINTER = Path(sys.executable).with_name("lint-imports")


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """A copy of the source tree that may be broken."""
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    ignored = shutil.ignore_patterns("__pycache__")
    shutil.copytree(ROOT / "src" / "miniback", tmp_path / "miniback", ignore=ignored)
    return tmp_path


def broken(folder: Path) -> list[str]:
    """Return the names of the contracts that the linter finds broken."""
    done = subprocess.run(
        [str(LINTER), "--no-cache"],
        cwd=folder,
        env={"PYTHONPATH": str(folder), "PATH": "/usr/bin:/bin", "COLUMNS": "200"},
        capture_output=True,
        text=True,
        timeout=PATIENCE_S,
        check=False,
    )
    assert "Contracts:" in done.stdout, done.stdout + done.stderr
    names = re.findall(r"^(.+) BROKEN", done.stdout, re.MULTILINE)
    assert done.returncode == (1 if names else 0)
    return names


def add(folder: Path, module: str, statement: str) -> None:
    """Add an import to a module of the copy."""
    path = folder / "miniback" / module
    path.write_text(f"{path.read_text()}\n{statement}\n")


def test_the_house_as_it_is_keeps_every_contract(copy: Path) -> None:
    assert broken(copy) == []


@pytest.mark.parametrize(
    ("module", "statement", "contract"),
    [
        ("projects/service.py", "from miniback import feedback", "staircase"),
        ("plans/service.py", "from miniback import projects", "staircase"),
        ("db/writer.py", "from miniback import outbox", "staircase"),
        ("outbox.py", "from miniback import idempotency", "staircase"),
        ("errors.py", "from miniback import clock", "staircase"),
        ("feedback/store.py", "from miniback.feedback import service", "Inside a room"),
        ("projects/models.py", "from miniback.projects import store", "Inside a room"),
        ("http/wire.py", "from miniback.http import responses", "Inside http"),
        ("db/engine.py", "from miniback.db import writer", "Inside db"),
        ("feedback/store.py", "import psycopg", "drivers"),
        ("app.py", "import apsw", "drivers"),
        ("plans/store.py", "import starlette", "web framework"),
        ("accounts/models.py", "import uvicorn", "web framework"),
        ("db/database.py", "import starlette", "web framework"),
    ],
)
def test_a_forbidden_import_breaks_its_contract(
    copy: Path, module: str, statement: str, contract: str
) -> None:
    add(copy, module, statement)

    assert [name for name in broken(copy) if contract in name]


def test_a_new_room_must_be_given_its_place(copy: Path) -> None:
    (copy / "miniback" / "attic.py").write_text('"""A room that nobody has placed."""\n')

    assert [name for name in broken(copy) if "staircase" in name]
