"""Every block of code in the clients' pages runs as it stands."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from miniback_client import Client
from tests.house import Account, House

DATABASES = ("sqlite",)
ROOT = Path(__file__).parents[2]
PAGES = ("clients/python/README.md", "clients/js/README.md", "docs/clients.md", "README.md")
PYTHON_SOURCES = ROOT / "clients" / "python" / "src"
JS_PACKAGE = ROOT / "clients" / "js"


def blocks(language: str, word: str) -> list[str]:
    """The blocks of a language that are about the clients."""
    pages = [(ROOT / page).read_text() for page in PAGES]
    found = [each for page in pages for each in re.findall(rf"```{language}\n(.*?)```", page, re.S)]
    return [each for each in found if word in each]


PYTHON = blocks("python", "miniback_client")
JAVASCRIPT = blocks("js", "miniback-client")


def ran(
    command: list[str], folder: Path, serving: House, bob: Account
) -> subprocess.CompletedProcess[str]:
    bob.say("Something new about checkout")
    mine = {"MINIBACK_URL": serving.base_url, "MINIBACK_API_KEY": bob.key}
    environment = {**os.environ, **mine, "PYTHONPATH": str(PYTHON_SOURCES)}
    return subprocess.run(
        command, cwd=folder, env=environment, capture_output=True, text=True, check=False
    )


def test_there_are_blocks() -> None:
    assert len(PYTHON) >= 7
    assert len(JAVASCRIPT) >= 5


@pytest.mark.parametrize("block", PYTHON, ids=range(len(PYTHON)))
def test_a_block_of_python_runs(serving: House, bob: Account, tmp_path: Path, block: str) -> None:
    done = ran([sys.executable, "-W", "error", "-c", block], tmp_path, serving, bob)

    assert (done.returncode, done.stderr) == (0, "")


@pytest.mark.parametrize("block", JAVASCRIPT, ids=range(len(JAVASCRIPT)))
@pytest.mark.skipif(not shutil.which("node"), reason="needs Node")
def test_a_block_of_javascript_runs(
    serving: House, bob: Account, tmp_path: Path, block: str
) -> None:
    modules = tmp_path / "node_modules"
    modules.mkdir()
    (modules / "miniback-client").symlink_to(JS_PACKAGE)
    (tmp_path / "block.mjs").write_text(block)
    done = ran(["node", "block.mjs"], tmp_path, serving, bob)

    assert (done.returncode, done.stderr) == (0, "")


def test_the_readme_s_block_does_what_it_says(serving: House, bob: Account, tmp_path: Path) -> None:
    (block,) = [each for each in PYTHON if 'search="checkout"' in each]
    ran([sys.executable, "-c", block], tmp_path, serving, bob)

    with Client(serving.base_url, bob.key) as client:
        assert [item.status for item in client.feedback.search()] == ["REVIEWED"]
