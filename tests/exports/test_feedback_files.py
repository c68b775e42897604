"""Feedback as JSON Lines and as a workbook, by the API and by the command: twins of the CSV."""

import csv
import io
import json
from collections.abc import Callable
from pathlib import Path

import pytest

from miniback import exports, plans
from miniback.exports import spreadsheet
from miniback.exports.portions import Portion
from miniback.feedback import Item, Shown
from tests.exports.reading import json_lines, sheets, workbook_rows
from tests.feedback.batch import fill
from tests.house import Account, House
from tests.inbox.acting import act, assign, listed, tag
from tests.plans.figures import used
from tests.visitor import Member, owner_of

FORMULAS = ["=1+1", "+1", "@SUM(1)", "-2", "\t=1", "a\n=1"]
QUERIES = ["", "status=NEW", "search=apple", "tag=ripe", "assignee={email}", "end=2020-01-01"]
IDS: dict[str, Callable[[bytes], list[str]]] = {
    "csv": lambda content: [row["id"] for row in csv.DictReader(io.StringIO(content.decode()))],
    "jsonl": lambda content: [item["id"] for item in json_lines(content)],
    "xlsx": lambda content: [row["id"] for row in workbook_rows(content)],
}

every_kind = pytest.mark.parametrize("kind", IDS)


@pytest.fixture
def bea(house: House, bob: Account) -> Member:
    """The owner of Bob's account, signed in."""
    return owner_of(house, bob)


def exported(who: Account, kind: str, query: str = "") -> bytes:
    answer = who.get(f"/api/exports/feedback.{kind}?{query}")
    assert answer.status_code == 200, answer.text
    content: bytes = answer.content
    return content


@every_kind
def test_the_api_and_the_inbox_give_the_rows_that_the_list_has(
    bob: Account, bea: Member, kind: str
) -> None:
    items = [bob.say(text)["id"] for text in ("apple", "pear", "apple pie", "plum")]
    tag(bob, items[0], "ripe")
    assign(bob, items[2], bob.email)
    act(bea, "SPAM", items[3])

    for query in [each.format(email=bob.email) for each in QUERIES]:
        assert IDS[kind](exported(bob, kind, query)) == listed(bob, query)
        assert IDS[kind](bea.get(f"/inbox/export.{kind}?{query}").content) == listed(bob, query)
    assert IDS[kind](bea.get(f"/inbox/export.{kind}?shelf=SPAM").content) == [items[3]]


@every_kind
def test_640_rows_and_the_ends_of_portions_lose_nothing(
    house: House, bob: Account, kind: str
) -> None:
    ids = fill(house, bob, [f"Item {number}" for number in range(640)])

    assert IDS[kind](exported(bob, kind)) == ids[::-1]


def test_a_line_is_the_items_object_with_tags_and_assignee(bob: Account) -> None:
    context = '{"n": [1.10, 1e2,\n 123456789012345678901]}'
    body = f'{{"message": "Grüße\\n你好", "context": {context}}}'
    sent = bob.post(bob.feedback_path, content=body, headers={"content-type": "application/json"})
    item = sent.json()["data"]["id"]
    tag(bob, item, "Äpfel", "bug")
    assign(bob, item, bob.email)
    plain = bob.say("plain")["id"]

    first, second = exported(bob, "jsonl").splitlines()

    person = bob.get(f"/api/feedback/{item}/assignee").json()["data"]["assignee"]
    whole = bob.get(f"/api/feedback/{item}").json()["data"]
    assert json.loads(second) == {**whole, "tags": ["bug", "Äpfel"], "assignee": person}
    assert context.replace("\n", " ").encode() in second
    plain_item = bob.get(f"/api/feedback/{plain}").json()["data"]
    assert json.loads(first) == {**plain_item, "tags": [], "assignee": None}


def test_every_cell_of_a_workbook_is_the_text_that_was_sent(bob: Account) -> None:
    odd = [
        "<b>&amp;\"'</b>",
        "\x00"[1:] + "bell\x07",
        "_x0041_ _x_",
        "cr\r\nlf",
        "]]>",
        "\ufffe 🙂 ﷽",
    ]
    for text in [*FORMULAS, *odd]:
        bob.say(text, context={"name": text, "email": text, "rank": 7})

    rows = workbook_rows(exported(bob, "xlsx"))[::-1]

    # Two characters of a line's end are one in XML unless they are escaped.
    assert [row["message"] for row in rows] == [*FORMULAS, *odd]
    assert [row["name"] for row in rows] == [*FORMULAS, *odd]
    assert [json.loads(row["context"])["rank"] for row in rows] == [7] * len(rows)


def test_what_a_sheet_has_no_room_for_follows_on_another(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(spreadsheet, "MOST_ROWS", 4)
    document = '{"id":"feedback_%d","message":"m","context":{}'
    shown = [
        Shown(Item(n, document % n, "NEW", "API", "", 0, "proj_1", ""), "Name", "slug")
        for n in range(7)
    ]
    book = exports.writer_for(exports.Format.XLSX)
    portion = Portion(shown, None, {}, {}, {})

    content = book.begin() + book.add(portion) + book.end()

    found = sheets(content)
    assert list(found) == ["Feedback", "Feedback 2", "Feedback 3"]
    assert [rows[0][0] for rows in found.values()] == ["id"] * 3
    cells = [row[0] for rows in found.values() for row in rows[1:]]
    assert cells == [f"feedback_{n}" for n in range(7)]


@every_kind
def test_a_file_is_one_call_and_nothing_of_anothers(
    house: House, carol: Account, mallory: Account, kind: str
) -> None:
    item = mallory.say("apple")["id"]
    mine = carol.say("apple")["id"]
    before = used(house, carol)[0]

    answer = carol.get(f"/api/exports/feedback.{kind}?search=apple")

    assert item.encode() not in answer.content
    assert IDS[kind](answer.content) == [mine]
    assert used(house, carol)[0] == before + 1
    assert "ratelimit" in answer.headers
    assert answer.headers["cache-control"] == "no-store"
    assert answer.headers["content-disposition"].endswith(f'"miniback-feedback.{kind}"')
    assert carol.get(f"/api/exports/feedback.{kind}?project={mallory.slug}").status_code == 404
    assert carol.get(f"/api/exports/feedback.{kind}?status=DONE").status_code == 400
    assert carol.call("HEAD", f"/api/exports/feedback.{kind}").content == b""


@every_kind
def test_free_exports_by_session_and_not_by_key(house: House, alice: Account, kind: str) -> None:
    item = alice.say()["id"]
    path = f"/api/exports/feedback.{kind}"

    assert IDS[kind](owner_of(house, alice).get(path).content) == [item]
    assert alice.get(path).status_code == 401
    assert house.account(plans.PRO).get(path).status_code == 200


@every_kind
def test_the_command_writes_what_the_api_gives(
    house: House, bob: Account, tmp_path: Path, kind: str
) -> None:
    for text in ("apple", "pear", "apple pie"):
        bob.say(text)
    file = tmp_path / "out"
    arguments = ["export", "feedback", "--account", bob.email, "--format", kind]

    more = ["--search", "apple", "--filter", "status=NEW"]
    done = house.run(*arguments, *more, "--output", str(file))

    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    assert file.read_bytes() == exported(bob, kind, "search=apple")
    assert [each.name for each in tmp_path.iterdir()] == ["out"]


def test_the_command_gives_a_mark_and_a_sentence(
    house: House, bob: Account, tmp_path: Path
) -> None:
    bob.say()
    arguments = ["export", "feedback", "--account", bob.id]

    done = house.run(*arguments, "--output", "-", "--bom")
    nowhere = house.run(*arguments, "--output", str(tmp_path / "no" / "out.csv"))
    wrong = house.run(*arguments, "--output", str(tmp_path / "out"), "--project", "nobodys")

    assert done.stdout.encode() == exported(bob, "csv", "bom=1").replace(b"\r\n", b"\n")
    assert (nowhere.returncode, "cannot be written" in nowhere.stderr) == (1, True)
    assert (wrong.returncode, wrong.stderr) == (3, "Project not found\n")
    assert list(tmp_path.iterdir()) == []
