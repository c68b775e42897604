"""The code of the reference runs as it stands there, but for names of what does not exist (DO1)."""

import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from miniback import plans
from tests.clients.conftest import METRICS_TOKEN
from tests.clients.test_calls import PNG
from tests.docs.reading import GROUPS, fences
from tests.docs.things import ids_of, named
from tests.house import Account, House, carried_out, running

ROOT = Path(__file__).parents[2]
SOURCES = (ROOT / "src", ROOT / "clients" / "python" / "src")
CLIENT_FOR_JAVASCRIPT = ROOT / "clients" / "js" / "index.js"
ENVIRONMENT = {"MINIBACK_METRICS_TOKEN": METRICS_TOKEN, "MINIBACK_DELIVERIES": "off"}
LANGUAGES = {"sh": "curl", "python": "Python", "js": "JavaScript"}


@pytest.fixture(scope="module")
def place(new_house: Callable[..., House]) -> Iterator[House]:
    with running(new_house("sqlite", environment=ENVIRONMENT)) as house:
        yield house


@pytest.fixture(scope="module")
def shown(place: House) -> dict[str, list[tuple[str, str]]]:
    """The code of each call, by what the call is called: each a language and its text."""
    found = {}
    for path in GROUPS:
        for part in place.client.get(f"{path}.md").text.split("\n## ")[1:]:
            title, _, text = part.partition("\n")
            found[title] = fences(text.partition("### Request")[2].partition("### Answer")[0])
    return found


def test_do3_every_call_is_shown_in_curl_and_in_both_clients(
    shown: dict[str, list[tuple[str, str]]],
) -> None:
    for title, samples in shown.items():
        languages = {language for language, _ in samples}
        assert languages == ({"sh"} if "preflight" in title.lower() else set(LANGUAGES)), title


@pytest.mark.parametrize("language", LANGUAGES)
def test_do1_the_code_of_every_call_runs(
    place: House, shown: dict[str, list[tuple[str, str]]], tmp_path: Path, language: str
) -> None:
    if language == "js" and not shutil.which("node"):
        pytest.skip("needs Node")
    for title, samples in shown.items():
        for each in [text for kind, text in samples if kind == language]:
            account = place.account(plans.PRO)
            text = named(each, account, ids_of(place, account))
            folder = tmp_path / account.slug
            folder.mkdir()
            (folder / "screenshot.png").write_bytes(PNG)
            ran = run(place, account, folder, language, text)
            assert ran.returncode == 0, f"{title}\n{each}\n{ran.stdout}{ran.stderr}"


def run(
    house: House, account: Account, folder: Path, language: str, text: str
) -> subprocess.CompletedProcess[str]:
    own = {
        "MINIBACK_URL": house.base_url,
        "MINIBACK_API_KEY": account.key,
        "MINIBACK_METRICS_TOKEN": METRICS_TOKEN,
        "PYTHONPATH": os.pathsep.join(map(str, SOURCES)),
    }
    commands = {
        "sh": ["sh", "-c", as_here(text)],
        "python": [sys.executable, "-c", text],
        "js": ["node", "--input-type=module", "-e", from_here(text)],
    }
    return carried_out(commands[language], cwd=folder, env={**os.environ, **own})


def as_here(text: str) -> str:
    """The command of this checkout, and a curl that fails where the server refuses."""
    if text.startswith("miniback "):
        return f"{sys.executable} -m {text}"
    return text.replace("curl ", "curl -sS --fail-with-body ", 1)


def from_here(text: str) -> str:
    """The client as it is installed by nobody here."""
    return text.replace('"miniback-client"', f'"{CLIENT_FOR_JAVASCRIPT}"')
