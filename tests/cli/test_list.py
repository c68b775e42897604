"""C2: lists equal the API's, whole and exact, and a terminal gets a table that cannot harm it."""

import json
import re
from collections.abc import Callable
from typing import Any

import pytest

from tests.cli.conftest import Caller
from tests.feedback.batch import fill, new_project
from tests.house import Account, House

Call = Callable[..., str]
CONTEXT = '{"url": "/a", "n": [1.0, 1e2, 100000000000000000001], "text": "\u009b31m \u202e"}'
# What makes a terminal set its title, clear itself, turn red, ring, or write from right to left.
ATTACK = "\x1b]0;owned\x07\x1b[2J\x1b[31mred\x9b31m\u202eright\x08\x7f"
HARMFUL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")
COLOUR = re.compile(r"\x1b\[[\d;]*m")


def exactly(text: str) -> Any:
    """Read JSON with its numbers as they are written."""
    return json.loads(text, parse_float=str, parse_int=str)


def said(who: Account, context: str = CONTEXT) -> str:
    body = f'{{"message": "W\u00f6rds", "context": {context}}}'.encode()
    item_id: str = who.post(who.feedback_path, content=body).json()["data"]["id"]
    return item_id


def test_c2_a_list_as_json_equals_the_api(call: Call, bob: Account) -> None:
    said(bob)
    bob.say("Another")

    found = call("feedback", "list", "--json")

    assert exactly(found) == exactly(bob.get("/api/feedback").text)["data"]
    assert len(found.splitlines()) == 4


def test_c2_a_list_goes_on_beyond_a_page(call: Call, house: House, bob: Account) -> None:
    sent = fill(house, bob, [f"Number {n}" for n in range(250)])

    assert [each["id"] for each in json.loads(call("feedback", "list", "--json"))] == sent[::-1]
    assert call("feedback", "list", "--ids", "--limit", "3").split() == sent[:-4:-1]


def test_c2_an_empty_list_is_an_empty_list(call: Call) -> None:
    assert json.loads(call("feedback", "list", "--json")) == []
    assert call("feedback", "list") == ""


@pytest.mark.parametrize(
    ("options", "query"),
    [
        ("--status resolved", {"status": "RESOLVED"}),
        ("--source API", {"source": "API"}),
        ("--source widget", {"source": "WIDGET"}),
        ("--search second", {"search": "second"}),
        ("--since 1h", {}),
        ("--until 1h", {"end": "2020-01-01"}),
        ("--since 2020-01-01 --until 2020-01-02", {"start": "2020-01-01", "end": "2020-01-02"}),
        ("--tag bug", {"tag": "bug"}),
        ("--assignee nobody@example.com", {"assignee": "nobody@example.com"}),
        ("--filter path=/a", {"path": "/a"}),
    ],
)
def test_c2_filters_are_those_of_the_api(
    cli: Caller, bob: Account, options: str, query: dict[str, str]
) -> None:
    _settle(bob)

    done = cli.run("feedback", "list", "--json", *options.split())

    assert json.loads(done.stdout) == bob.get("/api/feedback", params=query).json()["data"]


def test_c2_a_project_is_named_by_its_id_or_slug(call: Call, bob: Account) -> None:
    other = new_project(bob)
    bob.say("Elsewhere")
    bob.post(f"/api/projects/{other['id']}/feedback", json={"message": "Here"})

    for name in (other["id"], other["slug"]):
        (found,) = json.loads(call("feedback", "list", "--project", name, "--json"))
        assert found["message"] == "Here"


def test_c2_an_item_as_json_equals_the_api(call: Call, bob: Account) -> None:
    item_id = said(bob)

    found = call("feedback", "show", item_id, "--json")

    assert exactly(found) == exactly(bob.get(f"/api/feedback/{item_id}").text)["data"]


def test_an_item_is_shown_with_all_that_the_team_has_added(call: Call, bob: Account) -> None:
    item = bob.say("First line\nSecond line", context={"url": "/a"})
    bob.put(f"/api/feedback/{item['id']}/tags", json={"tags": ["bug"]})
    bob.put(f"/api/feedback/{item['id']}/assignee", json={"assignee": bob.email})
    bob.post(f"/api/feedback/{item['id']}/notes", json={"content": "Look into it"})

    found = call("feedback", "show", item["id"])

    for part in (item["id"], "  First line\n  Second line\n", '"url": "/a"', "bug", bob.email):
        assert part in found
    assert "Look into it" in found


def test_a_pipe_gets_plain_lines_with_tabs_between(call: Call, bob: Account) -> None:
    item = bob.say("Two\nlines\tand a tab, " + "long " * 50)

    (line,) = call("feedback", "list").splitlines()

    message = "Two\\nlines\\tand a tab, " + "long " * 50
    assert line.split("\t") == [item["id"], item["createdAt"], "NEW", bob.slug, message]


def test_a_terminal_gets_a_table_that_fits(cli: Caller, bob: Account) -> None:
    item = bob.say("Long " * 100)

    shown = COLOUR.sub("", cli.on_terminal("feedback", "list", columns=90))

    assert item["id"] in shown
    assert "…" in shown
    assert max(map(len, shown.splitlines())) <= 90


def test_a_terminal_gets_the_newest_and_is_told_of_the_rest(
    cli: Caller, house: House, bob: Account
) -> None:
    fill(house, bob, [f"Number {n}" for n in range(60)])

    shown = cli.on_terminal("feedback", "list")

    assert shown.count("feedback_") == 50
    assert "The newest 50 of 60; --limit 0 shows all" in shown
    assert cli.on_terminal("feedback", "list", "--limit", "0").count("feedback_") == 60


def test_c2_no_color_is_honoured(cli: Caller, bob: Account) -> None:
    bob.say()

    assert COLOUR.search(cli.on_terminal("feedback", "list", NO_COLOR=""))
    assert "\x1b" not in cli.on_terminal("feedback", "list", NO_COLOR="1")


@pytest.mark.parametrize(
    "command", ["list", "list --json", "show", "show --json", "tail", "tail --json"]
)
def test_no_words_of_visitors_reach_a_terminal_as_commands(
    cli: Caller, bob: Account, command: str
) -> None:
    item = bob.say(ATTACK + "\nnext", context={"url": ATTACK, "email": ATTACK})
    bob.post(f"/api/feedback/{item['id']}/notes", json={"content": ATTACK})
    first, *more = command.split()
    named = [item["id"]] if first == "show" else []

    # What follows for good is interrupted once it has shown the item.
    shown = cli.on_terminal("feedback", first, *named, *more, until=item["id"], NO_COLOR="1")

    assert item["id"] in shown
    assert not HARMFUL.search(shown)


def _settle(who: Account) -> None:
    """Items that differ by all that filters ask for."""
    new_project(who, "Another")
    first = who.say("First", context={"url": "https://example.com/a"})
    who.put(f"/api/feedback/{first['id']}", json={"status": "RESOLVED"})
    second = who.say("Second", context={"url": "https://example.com/b"})
    who.put(f"/api/feedback/{second['id']}/tags", json={"tags": ["bug"]})
