"""The published API reference's samples, run as they stand there but for address, id and key."""

import json
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from miniback import plans
from tests.house import PATIENCE_S, Account, House

SAMPLES = Path(__file__).parent / "reference"
node = pytest.mark.skipif(
    shutil.which("node") is None,
    reason="NODE IS MISSING: the reference's two fetch samples were NOT run",
)
TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z")
# A browser knows where a relative address starts from; Node and `requests` must be told.
FETCH_FROM = "const far = fetch; globalThis.fetch = (path, more) => far('BASE' + path, more);\n"
ITEM = ["id", "message", "context", "status", "createdAt"]
WHOLE = ["id", "message", "context", "status", "source", "createdAt", "updatedAt", "project"]


@pytest.fixture
def dana(house: House) -> Account:
    """Somebody on PRO with three pieces of feedback, two of them dealt with."""
    dana = house.account(plans.PRO)
    context = {"url": "https://example.com/page", "userAgent": "Mozilla/5.0..."}
    for status in ("NEW", "REVIEWED", "RESOLVED"):
        item = dana.say("Great product! Love the new features.", context=context)
        dana.put(f"/api/feedback/{item['id']}", json={"status": status})
    return dana


def sample(name: str, house: House, account: Account) -> str:
    """Return a sample with the address, the id and the key that are meant."""
    text = (SAMPLES / name).read_text()
    text = text.replace("https://your-domain.com", house.base_url)
    text = re.sub(r"PROJECT_ID|proj_123", account.project_id, text)
    text, count = re.subn(
        r"YOUR_KEY|your_api_key_here|mbk_abc123\.\.\.|mbk_your_key_here",
        account.key,
        text,
    )
    assert count
    return text


def output(command: list[str]) -> Any:
    done = subprocess.run(command, capture_output=True, text=True, timeout=PATIENCE_S, check=False)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def curl(name: str, house: House, account: Account) -> Any:
    """Run a sample in a shell, silent about its progress."""
    return output(["sh", "-c", sample(name, house, account).replace("curl ", "curl -sS ", 1)])


@pytest.mark.parametrize("name", ["quick_start.sh", "list_projects.sh"])
def test_the_list_of_projects_has_the_shape_shown(house: House, dana: Account, name: str) -> None:
    answer = curl(name, house, dana)

    assert list(answer) == ["data"]
    (project,) = answer["data"]
    assert list(project) == ["id", "name", "slug", "status", "createdAt", "updatedAt"]
    assert (project["name"], project["slug"], project["status"]) == (
        "My Website",
        dana.slug,
        "ACTIVE",
    )
    assert TIME.fullmatch(project["createdAt"])
    assert TIME.fullmatch(project["updatedAt"])


@pytest.mark.parametrize("name", ["header.sh", "query.sh"])
def test_the_key_is_taken_in_a_header_and_in_the_query(
    house: House, dana: Account, name: str
) -> None:
    answer = curl(name, house, dana)

    assert answer["pagination"] == {"total": 3, "limit": 50, "offset": 0, "hasMore": False}
    assert [list(item) for item in answer["data"]] == [ITEM] * 3


def test_a_projects_feedback_has_the_shape_shown(house: House, dana: Account) -> None:
    answer = curl("list_project_feedback.sh", house, dana)

    assert list(answer) == ["data", "pagination"]
    (item,) = answer["data"]
    assert list(item) == ITEM
    assert (item["message"], item["status"]) == ("Great product! Love the new features.", "NEW")
    assert item["context"] == {"url": "https://example.com/page", "userAgent": "Mozilla/5.0..."}
    assert answer["pagination"] == {"total": 1, "limit": 10, "offset": 0, "hasMore": False}


def test_all_feedback_has_the_shape_shown(house: House, dana: Account) -> None:
    answer = curl("list_feedback.sh", house, dana)

    (item,) = answer["data"]
    assert list(item) == WHOLE
    assert item["project"] == {"id": dana.project_id, "name": "My Website", "slug": dana.slug}
    assert (answer["pagination"]["pageSize"], answer["pagination"]["total"]) == (20, 1)


def test_creating_answers_as_shown(house: House, dana: Account) -> None:
    item = curl("create_feedback.sh", house, dana)["data"]

    assert list(item) == ITEM
    assert item["message"] == "Bug found on checkout page"
    assert item["context"] == {"url": "https://example.com/checkout"}
    assert item["status"] == "NEW"
    assert TIME.fullmatch(item["createdAt"])


def test_the_free_plan_may_create_and_nothing_else(house: House, alice: Account) -> None:
    assert curl("create_feedback.sh", house, alice)["data"]["status"] == "NEW"

    assert curl("list_projects.sh", house, alice) == {
        "error": "GET requests are available on paid plans only. FREE plan users can only POST"
        " feedback. Upgrade to STARTER or PRO for full API access."
    }


@node
def test_the_dashboard_of_the_reference_gets_its_feedback(
    house: House, dana: Account, tmp_path: Path
) -> None:
    items = _in_node("dashboard.mjs", "getFeedback()", house, dana, tmp_path)

    assert [item["status"] for item in items] == ["RESOLVED", "REVIEWED", "NEW"]
    assert [list(item) for item in items] == [ITEM] * 3


@node
def test_the_form_of_the_reference_submits(house: House, dana: Account, tmp_path: Path) -> None:
    call = "submitFeedback('From a form', 'https://example.com/form')"
    item = _in_node("form.mjs", call, house, dana, tmp_path)["data"]

    assert (item["message"], item["status"]) == ("From a form", "NEW")
    assert item["context"] == {"url": "https://example.com/form"}


def test_the_statistics_of_the_reference_add_up(
    house: House, dana: Account, tmp_path: Path
) -> None:
    text = sample("statistics.py.txt", house, dana).replace("f'/api", f"f'{house.base_url}/api")
    script = tmp_path / "statistics_sample.py"
    script.write_text(text + "\n\nimport json\n\nprint(json.dumps(get_feedback_stats()))\n")

    assert output([sys.executable, str(script)]) == {"NEW": 1, "REVIEWED": 1, "RESOLVED": 1}


def _in_node(name: str, call: str, house: House, account: Account, folder: Path) -> Any:
    """Run a sample in Node and return what a call of it gives."""
    script = folder / name
    prelude = FETCH_FROM.replace("BASE", house.base_url)
    ending = f"\nconsole.log(JSON.stringify(await {call}));\n"
    script.write_text(prelude + sample(name, house, account) + ending)
    return output(["node", str(script)])
