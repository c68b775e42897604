"""C2: `export` equals the API's exports; `import` sends each item of a file once."""

import json
import socket
from collections.abc import Callable
from pathlib import Path
from zipfile import is_zipfile

import pytest

from miniback import plans
from tests.cli.conftest import FAILED, REFUSED, USAGE, Caller
from tests.feedback.batch import fill
from tests.house import Account, House, running
from tests.notifications.receivers import receiving

Call = Callable[..., str]
HALF = (
    b"HTTP/1.1 200 OK\r\ncontent-type: text/csv\r\ntransfer-encoding: chunked\r\n\r\n"
    b"8\r\nid,creat\r\n"
)
LINES = """\
{"message": "First", "context": {"url": "/a", "n": 1.5}, "status": "RESOLVED"}

{"message": "Second", "email": "ada@example.com"}
{"message": "First", "context": {"url": "/a", "n": 1.5}}
"""
TABLE = """\
message,plan,context,status
First,pro,"{""url"": ""/a""}",NEW
"Second
on two lines",,,
"""


def messages(who: Account) -> list[str]:
    """All messages, the oldest first."""
    found = who.get("/api/feedback", params={"pageSize": 100}).json()["data"]
    return [each["message"] for each in found][::-1]


def newest(who: Account) -> dict[str, object]:
    context: dict[str, object] = who.get("/api/feedback").json()["data"][0]["context"]
    return context


@pytest.mark.parametrize("kind", ["csv", "jsonl"])
def test_c2_an_export_equals_the_api(
    call: Call, house: House, bob: Account, tmp_path: Path, kind: str
) -> None:
    fill(house, bob, [f"Wörds {number}" for number in range(120)])
    of_the_api = bob.get(f"/api/exports/feedback.{kind}").text

    call("feedback", "export", "-o", f"feedback.{kind}", folder=tmp_path)

    assert (tmp_path / f"feedback.{kind}").read_bytes().decode() == of_the_api
    assert [each.name for each in tmp_path.iterdir()] == [f"feedback.{kind}"]


def test_an_export_goes_through_a_pipe_and_is_narrowed(call: Call, bob: Account) -> None:
    bob.say("One thing")
    item = bob.say("Another thing")

    (line,) = call("feedback", "export", "--format", "jsonl", "--search", "another").splitlines()

    assert json.loads(line)["id"] == item["id"]


def test_an_archive_and_a_workbook_are_files(call: Call, bob: Account, tmp_path: Path) -> None:
    bob.say()

    call("feedback", "export", "-o", str(tmp_path / "all.zip"), "--project", bob.slug)
    call("feedback", "export", "-o", str(tmp_path / "book"), "--format", "xlsx")

    assert is_zipfile(tmp_path / "all.zip")
    assert is_zipfile(tmp_path / "book")


def test_a_workbook_is_not_for_a_terminal(cli: Caller) -> None:
    assert "not for a terminal" in cli.on_terminal("feedback", "export", "--format", "xlsx")


def test_a_file_is_replaced_only_where_that_is_said(cli: Caller, tmp_path: Path) -> None:
    file = tmp_path / "feedback.csv"
    file.write_text("mine")

    refused = cli.run("feedback", "export", "-o", str(file))
    assert (refused.returncode, file.read_text()) == (USAGE, "mine")
    assert "--force replaces it" in refused.stderr.replace("\n", " ")
    assert cli.run("feedback", "export", "-o", str(file), "--force").returncode == 0
    assert file.read_text().startswith("id,")


def test_half_a_file_is_no_file(cli: Caller, tmp_path: Path) -> None:
    def break_off(connection: socket.socket) -> None:
        connection.sendall(HALF)

    file = tmp_path / "feedback.csv"
    file.write_text("mine")
    with receiving(break_off) as receiver:
        url = f"http://127.0.0.1:{receiver.port}"
        done = cli.run("feedback", "export", "-o", str(file), "--force", "--url", url)

    assert done.returncode == FAILED
    assert [each.read_text() for each in tmp_path.iterdir()] == ["mine"]
    assert len(receiver.got) == 1


def test_a_file_that_cannot_be_written_exits_1(cli: Caller) -> None:
    done = cli.run("feedback", "export", "-o", "/nowhere/feedback.csv")

    assert done.returncode == FAILED
    assert "/nowhere/feedback.csv cannot be written" in done.stderr


def test_progress_shows_on_a_terminal_alone(cli: Caller, bob: Account, tmp_path: Path) -> None:
    bob.say()

    assert "Export" in cli.on_terminal("feedback", "export", "-o", str(tmp_path / "a.csv"))
    assert cli.run("feedback", "export", "-o", str(tmp_path / "b.csv")).stderr == ""


@pytest.mark.parametrize(
    ("name", "content", "expected"),
    [
        ("lines.jsonl", LINES, ["First", "Second", "First"]),
        ("table.csv", TABLE, ["First", "Second\non two lines"]),
        ("table.csv", "\ufeff" + TABLE, ["First", "Second\non two lines"]),
        ("list.json", '[{"message": "First"}, {"message": "Second"}]', ["First", "Second"]),
        ("answer.json", '{"data": [{"message": "First"}]}', ["First"]),
    ],
)
def test_c2_a_file_is_sent_once_however_often_it_is_run(
    call: Call, bob: Account, tmp_path: Path, name: str, content: str, expected: list[str]
) -> None:
    (tmp_path / name).write_text(content)
    arguments = ["feedback", "import", name, "--project", bob.slug]

    said = [call(*arguments, folder=tmp_path) for _ in range(2)]

    count = len(expected)
    assert said[0] == f"{count} stored, 0 were there already\n"
    assert said[1] == f"0 stored, {count} were there already\n"
    assert messages(bob) == expected


def test_what_goes_along_is_the_context(call: Call, bob: Account) -> None:
    arguments = ["feedback", "import", "-", "--project", bob.project_id, "--format"]
    call(*arguments, "csv", stdin=TABLE.partition('"Second')[0])
    assert newest(bob) == {"plan": "pro", "url": "/a"}

    call(*arguments, "jsonl", stdin=LINES.splitlines()[0])
    assert newest(bob) == {"url": "/a", "n": 1.5}


def test_a_file_that_has_grown_sends_what_is_new(call: Call, bob: Account) -> None:
    arguments = ["feedback", "import", "-", "--project", bob.slug, "--format", "jsonl"]
    call(*arguments, stdin=LINES)

    said = call(*arguments, stdin='{"message": "New on top"}\n' + LINES)

    assert said == "1 stored, 3 were there already\n"


def test_our_own_export_comes_back(call: Call, bob: Account) -> None:
    bob.say("Round trip", context={"url": "/a", "deep": {"n": [1, None]}})
    exported = call("feedback", "export", "--format", "jsonl")

    call("feedback", "import", "-", "--format", "jsonl", "--project", bob.slug, stdin=exported)

    assert messages(bob) == ["Round trip"] * 2
    assert newest(bob) == {"url": "/a", "deep": {"n": [1, None]}}


BAD = """\
{"message": "Good"}
{"message": "  "}
no json
[1]
{"message": "Context", "context": [1]}
{"message": "TOO LONG"}
{"message": "Half \\ud800"}
{"message": "No number", "n": NaN}
{"message": "Good, too"}
""".replace("TOO LONG", "x" * 10_001)


def test_bad_lines_are_named_and_the_others_sent(cli: Caller, bob: Account) -> None:
    done = cli.run(
        *("feedback", "import", "-", "--project", bob.slug, "--format", "jsonl", "--json"),
        stdin=BAD,
    )

    assert done.returncode == REFUSED
    told = json.loads(done.stdout)
    assert [each["line"] for each in told["problems"]] == [2, 3, 4, 5, 6, 7, 8]
    assert [line.split(":")[0] for line in done.stderr.splitlines()] == [
        f"Line {number}" for number in range(2, 9)
    ]
    assert (told["stored"], told["bad"]) == (2, 7)
    assert messages(bob) == ["Good", "Good, too"]


@pytest.mark.parametrize(
    ("kind", "content", "complaint"),
    [
        ("csv", b"text,plan\nFirst,pro\n", "its first line names no column message"),
        ("csv", b'message\n"First\n', "from here on the file cannot be read"),
        ("csv", b"message,plan\nFirst\n", "more or fewer cells"),
        ("json", b"{", "from here on the file cannot be read"),
        ("json", b'{"a": 1}', "it is no list of items"),
        ("jsonl", b'{"message": "\xff"}\n', "from here on the file cannot be read"),
        ("jsonl", b"[" * 100_000, "nested too deeply"),
    ],
)
def test_a_file_that_cannot_be_read_is_told(
    cli: Caller, bob: Account, tmp_path: Path, kind: str, content: bytes, complaint: str
) -> None:
    file = tmp_path / f"file.{kind}"
    file.write_bytes(content)

    done = cli.run("feedback", "import", str(file), "--project", bob.slug)

    assert done.returncode == REFUSED
    assert complaint in done.stderr
    assert "Traceback" not in done.stderr
    assert messages(bob) == []


def test_a_dry_run_needs_no_server_and_sends_nothing(cli: Caller, bob: Account) -> None:
    arguments = ("feedback", "import", "-", "--project", bob.slug, "--format", "jsonl", "--dry-run")

    done = cli.run(*arguments, stdin=LINES, MINIBACK_URL="", MINIBACK_API_KEY="")

    assert (done.returncode, done.stdout) == (0, "3 can be sent\n")
    assert messages(bob) == []


def test_where_the_plan_is_used_up_it_ends_and_goes_on_later(own_house: House) -> None:
    own_house.environment["MINIBACK_PLANS"] = '{"FREE": {"items": 2}}'
    with running(own_house):
        alice = own_house.account(plans.FREE)
        cli = Caller(own_house, alice)
        arguments = ("feedback", "import", "-", "--project", alice.project_id, "--format", "jsonl")
        done = cli.run(*arguments, stdin=LINES)
        own_house.tx(
            lambda tx: tx.run("UPDATE accounts SET plan = 'PRO' WHERE id = :id", id=alice.id)
        )
        again = cli.run(*arguments, stdin=LINES)

    assert (done.returncode, done.stdout) == (REFUSED, "2 stored, 0 were there already\n")
    assert "Monthly limit of 2 feedback items reached" in done.stderr
    assert again.stdout == "1 stored, 2 were there already\n"
