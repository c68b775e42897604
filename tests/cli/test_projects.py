"""C2: projects and keys, as the API has them."""

import json
import re
from collections.abc import Callable

import pytest

from tests.cli.conftest import Caller
from tests.feedback.batch import new_project
from tests.house import Account

Call = Callable[..., str]
KEY = re.compile(r"mbk_[0-9A-Za-z]{36}")


def data(who: Account, path: str) -> object:
    found: object = who.get(path).json()["data"]
    return found


def status(who: Account, key: str) -> int:
    return who.client.get("/api/projects", headers={"x-api-key": key}).status_code


def test_c2_projects_as_json_equal_the_api(call: Call, bob: Account) -> None:
    new_project(bob, "Another")
    base = f"/api/projects/{bob.project_id}"

    assert json.loads(call("projects", "list", "--json")) == data(bob, "/api/projects")
    assert json.loads(call("projects", "show", bob.slug, "--json")) == data(bob, base)
    assert json.loads(call("projects", "settings", bob.slug)) == data(bob, base + "/settings")
    key = json.loads(call("keys", "show", bob.project_id, "--json"))
    assert key["maskedKey"] == data(bob, base + "/api-key")["maskedKey"]  # type: ignore[index]


def test_projects_are_listed_and_shown_in_plain_lines(call: Call, bob: Account) -> None:
    (line,) = call("projects", "list").splitlines()

    assert line.split("\t")[:3] == [bob.project_id, bob.slug, "ACTIVE"]
    assert f"Slug      {bob.slug}\n" in call("projects", "show", bob.slug)
    assert "Key       mbk_" in call("keys", "show", bob.slug)


def test_a_project_is_made_changed_and_deleted(call: Call, bob: Account) -> None:
    made = call("projects", "create", "My shop").strip()
    slug = data(bob, f"/api/projects/{made}")["slug"]  # type: ignore[index]

    changed = json.loads(
        call("projects", "update", slug, "--name", "Shop", "--status", "paused", "--json")
    )
    assert (changed["id"], changed["name"], changed["status"]) == (made, "Shop", "PAUSED")
    assert changed == data(bob, f"/api/projects/{made}")
    call("projects", "delete", made, "--yes")
    assert bob.get(f"/api/projects/{made}").status_code == 404


@pytest.mark.parametrize("options", [[], ["--quiet"], ["--json"]], ids=["plain", "quiet", "json"])
def test_a_new_key_is_printed_once_and_the_old_one_ends(
    cli: Caller, bob: Account, options: list[str]
) -> None:
    done = cli.run("keys", "rotate", bob.slug, *options)

    (key,) = KEY.findall(done.stdout)
    assert (status(bob, key), status(bob, bob.key)) == (200, 403)
    if options == ["--quiet"]:
        assert done.stdout == key + "\n"
    assert key not in done.stderr
    assert ("The old one has ended" in done.stderr) == (not options)


def test_an_old_key_may_live_on_for_a_while(call: Call, cli: Caller, bob: Account) -> None:
    done = cli.run("keys", "rotate", bob.slug, "--overlap", "60")

    assert "ends in 60 seconds" in done.stderr
    assert status(bob, bob.key) == 200
