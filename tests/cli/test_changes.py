"""C2: what `set` and `delete` do equals what the API does."""

import json
from collections.abc import Callable

import pytest

from tests.cli.conftest import REFUSED, Caller
from tests.house import Account

Call = Callable[..., str]


def team(who: Account, item_id: str) -> tuple[list[str], str | None, list[str]]:
    """Tags, assignee and notes of an item."""
    base = f"/api/feedback/{item_id}"
    tags, assignee, notes = (
        who.get(f"{base}/{part}").json()["data"] for part in ("tags", "assignee", "notes")
    )
    person = assignee["assignee"]
    return tags["tags"], person and person["email"], [each["content"] for each in notes]


def status(who: Account, item_id: str) -> str:
    found: str = who.get(f"/api/feedback/{item_id}").json()["data"]["status"]
    return found


def test_c2_what_is_set_is_set_and_printed_as_the_api_has_it(call: Call, bob: Account) -> None:
    item_id = bob.say()["id"]

    found = call("feedback", "set", item_id, "--status", "resolved", "--json")

    assert json.loads(found) == bob.get(f"/api/feedback/{item_id}").json()["data"]
    assert json.loads(found)["status"] == "RESOLVED"


def test_everything_may_be_set_at_once_and_taken_back(call: Call, bob: Account) -> None:
    item_id = bob.say()["id"]
    given = ["--tag", "bug", "--tag", "ui", "--assignee", bob.email, "--note", "Look into it"]

    said = call("feedback", "set", item_id, "--status", "REVIEWED", *given)

    assert said == f"{item_id}\ttags bug, ui; assignee {bob.email}; note added; REVIEWED\n"
    assert team(bob, item_id) == (["bug", "ui"], bob.email, ["Look into it"])
    call("feedback", "set", item_id, "--add-tag", "shop", "--remove-tag", "bug", "--assignee", "")
    assert team(bob, item_id)[:2] == (["shop", "ui"], None)
    call("feedback", "set", item_id, "--tag", "")
    assert team(bob, item_id)[0] == []


def test_what_a_list_prints_may_be_set(call: Call, bob: Account) -> None:
    items = [bob.say(f"Number {number}\n-")["id"] for number in range(3)]
    listed = call("feedback", "list")

    call("feedback", "set", "-", "--status", "RESOLVED", stdin=listed)

    assert [status(bob, each) for each in items] == ["RESOLVED"] * 3


def test_what_is_missing_is_named_and_the_rest_is_set(cli: Caller, bob: Account) -> None:
    items = [bob.say()["id"], "feedback_nothing", bob.say()["id"]]

    done = cli.run("feedback", "set", *items, "--status", "RESOLVED")

    assert done.returncode == REFUSED
    assert done.stderr == "feedback_nothing: Feedback not found (404)\n"
    assert [line.split("\t")[0] for line in done.stdout.splitlines()] == [items[0], items[2]]
    assert status(bob, items[2]) == "RESOLVED"


def test_an_assignee_who_is_no_member_ends_it(cli: Caller, bob: Account) -> None:
    done = cli.run("feedback", "set", bob.say()["id"], "--assignee", "nobody@example.com")

    assert (done.returncode, done.stdout) == (REFUSED, "")
    assert "(400)" in done.stderr


def test_mallory_sets_nothing_of_bobs(cli: Caller, bob: Account) -> None:
    item_id = bob.say()["id"]
    mallory = Caller(cli.house, cli.house.account())

    for command in (["set", item_id, "--status", "RESOLVED"], ["delete", item_id, "--yes"]):
        assert mallory.run("feedback", *command).returncode == REFUSED
    assert status(bob, item_id) == "NEW"


@pytest.mark.parametrize("as_json", [False, True])
def test_what_is_deleted_is_gone(call: Call, bob: Account, as_json: bool) -> None:
    item_id = bob.say()["id"]

    said = call("feedback", "delete", "-", "--yes", *["--json"][:as_json], stdin=item_id)

    assert bob.get(f"/api/feedback/{item_id}").status_code == 404
    assert (
        json.loads(said) == {"id": item_id, "deleted": True} if as_json else said.strip() == item_id
    )


def test_nothing_is_deleted_unless_somebody_says_so(cli: Caller, bob: Account) -> None:
    item_id = bob.say()["id"]

    done = cli.run("feedback", "delete", item_id, stdin="y\n")

    assert "--yes" in done.stderr
    assert bob.get(f"/api/feedback/{item_id}").status_code == 200
