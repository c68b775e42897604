"""What is handed out: built without the internet, whole, of one version, with types."""

import json
import os
import re
import shutil
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from email import message_from_bytes
from pathlib import Path
from typing import assert_type

import pytest

from miniback_client import Client
from miniback_client.models import Feedback, FeedbackSummary, Page
from tests.house import Account, House

DATABASES = ("sqlite",)
CLIENTS = Path(__file__).parents[2] / "clients"
PYTHON = CLIENTS / "python"
JS = CLIENTS / "js"


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("client")
    sources = folder / "sources"
    shutil.copytree(PYTHON, sources, ignore=shutil.ignore_patterns("__pycache__"))
    subprocess.run(
        [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder)],
        cwd=sources,
        check=True,
        capture_output=True,
    )
    (wheel,) = folder.glob("*.whl")
    return wheel


def test_the_wheel_holds_the_client_and_needs_httpx2_alone(wheel: Path) -> None:
    inside = zipfile.ZipFile(wheel)
    names = set(inside.namelist())
    (about,) = [name for name in names if name.endswith("METADATA")]
    metadata = message_from_bytes(inside.read(about))
    sources = PYTHON / "src"
    files = [each for each in sources.rglob("*") if each.is_file() and each.suffix != ".pyc"]

    assert {name for name in names if ".dist-info" not in name} == {
        str(each.relative_to(sources)) for each in files
    }
    assert "miniback_client/py.typed" in names
    assert any(name.endswith("licenses/LICENSE") for name in names)
    assert metadata["Name"] == "miniback-client"
    assert [re.split("[<>]", each)[0] for each in metadata.get_all("Requires-Dist", [])] == [
        "httpx2"
    ]


def test_the_wheel_is_imported_by_itself(wheel: Path, tmp_path: Path) -> None:
    code = "import miniback_client; print(miniback_client.__file__)"
    done = subprocess.run(
        [sys.executable, "-c", code],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(wheel)},
        capture_output=True,
        text=True,
        check=True,
    )

    assert str(wheel) in done.stdout


def test_the_client_imports_nothing_of_the_server() -> None:
    texts = [each.read_text() for each in (PYTHON / "src").rglob("*.py")]

    assert [text for text in texts if re.search(r"^(from|import) miniback[. ]", text, re.M)] == []


def test_the_package_for_javascript_has_all_that_it_names() -> None:
    package = json.loads((JS / "package.json").read_text())
    entry = package["exports"]["."]
    exported = re.findall(r"^export \{\n(.*?)\n\};", (JS / "index.js").read_text(), re.M | re.S)

    assert "dependencies" not in package
    assert [each for each in (*entry.values(), *package["files"]) if not (JS / each).exists()] == []
    assert {"Client", "verifyWebhook", "NotFound"} <= set(re.findall(r"\w+", exported[0]))
    assert "class Client" in (JS / entry["types"]).read_text()


def test_all_tell_the_same_version() -> None:
    package = json.loads((JS / "package.json").read_text())["version"]
    told = [
        *re.findall(r'^version = "(.+)"', (PYTHON / "pyproject.toml").read_text(), re.M),
        *(
            found
            for text in agents()
            for found in re.findall(r"miniback-client-\w+/([\d.]+)", text)
        ),
    ]

    assert told == [package] * 4


def agents() -> Iterator[str]:
    yield (PYTHON / "src" / "miniback_client" / "transport.py").read_text()
    yield (JS / "src" / "carrier.ts").read_text()
    yield (JS / "index.js").read_text()


def test_what_comes_back_has_its_type(serving: House, bob: Account) -> None:
    with Client(serving.base_url, bob.key) as client:
        sent = assert_type(client.feedback.submit(bob.project_id, "A word"), FeedbackSummary)
        page = assert_type(client.feedback.page(bob.project_id), Page[FeedbackSummary])
        (found,) = client.feedback.search(status="NEW")
        item = assert_type(found, Feedback)

    assert list(page) == [sent]
    assert (item.id, item.created_at) == (sent.id, sent.created_at)
    assert item.created_at.tzinfo
