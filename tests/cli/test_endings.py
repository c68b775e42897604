"""C2: exit codes, where the key comes from, and where it never goes."""

import os
from pathlib import Path
from typing import Any

import pytest

from tests.cli.conftest import FAILED, MISCONFIGURED, REFUSED, USAGE, Caller
from tests.house import Account, House, free_port, running
from tests.notifications.receivers import answer, receiving

HTML = b"<!doctype html><title>Something else</title>"


@pytest.mark.parametrize(
    "arguments",
    [
        "feedback list --status OPEN",
        "feedback list --limit -1",
        "feedback list --filter colour=red",
        "feedback show",
        "feedback set feedback_x",
        "feedback delete feedback_x",
        "feedback export -o feedback.pdf",
        "feedback export -o feedback.zip --status NEW",
        "feedback export --format jsonl --bom",
        "feedback import nothing.jsonl --project x",
        "feedback import - --project x",
        "projects update x",
        "projects delete x",
        "webhooks delete x",
    ],
)
def test_c2_a_wrong_use_exits_2(cli: Caller, tmp_path: Path, arguments: str) -> None:
    done = cli.run(*arguments.split())

    assert (done.returncode, done.stdout) == (USAGE, "")
    assert "Usage:" in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        ("feedback list --project nobody", "Project not found (404)"),
        ("feedback list --since yesterday", "(400)"),
        ("feedback show feedback_nothing", "Feedback not found (404)"),
        (
            "feedback set feedback_nothing --status NEW",
            "feedback_nothing: Feedback not found (404)",
        ),
        (
            "feedback send words --project proj_nothing",
            "Invalid API key or project not found (403)",
        ),
        ("feedback export -o nobody.csv --project nobody", "Project not found (404)"),
        ("projects show nobody", "There is no project 'nobody' (404)"),
        ("projects create Shop --slug my-website", "Slug is already taken (409)"),
        ("keys rotate proj_nothing", "Project not found (404)"),
        ("webhooks test target_nothing", "(404)"),
    ],
)
def test_c2_a_refusal_exits_3_with_the_servers_sentence(
    cli: Caller, bob: Account, tmp_path: Path, arguments: str, sentence: str
) -> None:
    bob.post("/api/projects", json={"name": "Taken", "slug": "my-website"})

    done = cli.run(*arguments.split(), folder=tmp_path)

    assert (done.returncode, done.stdout) == (REFUSED, "")
    assert sentence in done.stderr
    assert len(done.stderr.splitlines()) == 1
    assert list(tmp_path.iterdir()) == []


def test_c2_a_key_of_free_sends_and_is_told_the_plan_for_all_else(
    house: House, alice: Account
) -> None:
    cli = Caller(house, alice)
    sent = cli.run("feedback", "send", "From free", "--project", alice.project_id)
    listed = cli.run("feedback", "list")

    assert (sent.returncode, sent.stdout.startswith("feedback_")) == (0, True)
    assert listed.returncode == REFUSED
    assert "GET requests are available on paid plans only" in listed.stderr


def test_c2_a_server_that_is_away_exits_1(cli: Caller) -> None:
    done = cli.run("feedback", "list", "--url", f"http://127.0.0.1:{free_port()}")

    assert (done.returncode, done.stdout) == (FAILED, "")
    assert done.stderr.startswith("The server cannot be reached: ")


def test_c2_a_failure_of_the_server_exits_1(cli: Caller) -> None:
    broken = answer(500, b'{"error": "Internal server error"}', "x-request-id: req_7")
    with receiving(broken) as receiver:
        done = cli.run("projects", "list", "--url", f"http://127.0.0.1:{receiver.port}")

    assert (done.returncode, done.stdout) == (FAILED, "")
    assert done.stderr == "Internal server error (500), request req_7\n"


@pytest.mark.parametrize("more", [[], ["--json"]], ids=["table", "json"])
def test_something_else_that_answers_is_no_miniback(cli: Caller, more: list[str]) -> None:
    with receiving(answer(200, HTML)) as receiver:
        url = f"http://127.0.0.1:{receiver.port}"
        done = cli.run("feedback", "list", *more, "--url", url)

    assert (done.returncode, done.stdout.strip("[]\n")) == (FAILED, "")
    assert "What answers there is not Miniback" in done.stderr


@pytest.mark.parametrize(
    ("variables", "name"),
    [
        ({"MINIBACK_URL": ""}, "MINIBACK_URL"),
        ({"MINIBACK_URL": "feedback.example.com"}, "MINIBACK_URL"),
        ({"MINIBACK_URL": "http://["}, "MINIBACK_URL"),
        ({"MINIBACK_URL": "https://example.com/?a=b"}, "MINIBACK_URL"),
        ({"MINIBACK_API_KEY": ""}, "MINIBACK_API_KEY"),
        ({"MINIBACK_API_KEY": "mbk_\u00e9"}, "MINIBACK_API_KEY"),
        ({"MINIBACK_API_KEY_FILE": "/dev/null"}, "MINIBACK_API_KEY and MINIBACK_API_KEY_FILE"),
        ({"MINIBACK_API_KEY": "", "MINIBACK_API_KEY_FILE": "/nowhere"}, "MINIBACK_API_KEY_FILE"),
    ],
)
def test_c2_a_wrong_setting_exits_78_and_is_named(
    cli: Caller, variables: dict[str, Any], name: str
) -> None:
    done = cli.run("feedback", "list", **variables)

    assert (done.returncode, done.stdout) == (MISCONFIGURED, "")
    assert name in done.stderr
    assert len(done.stderr.splitlines()) == 1


def test_the_key_may_lie_in_a_file(cli: Caller, bob: Account, tmp_path: Path) -> None:
    item = bob.say()
    file = tmp_path / "key"
    file.write_text(bob.key + "\n")

    done = cli.run("feedback", "list", MINIBACK_API_KEY="", MINIBACK_API_KEY_FILE=str(file))

    assert item["id"] in done.stdout


def test_the_address_of_an_argument_goes_first(cli: Caller, house: House, bob: Account) -> None:
    item = bob.say()

    done = cli.run("feedback", "list", "--url", house.base_url + "/", MINIBACK_URL="http://[")

    assert item["id"] in done.stdout


@pytest.mark.parametrize("arguments", ["feedback list", "keys show my-website", "projects list"])
def test_no_command_prints_the_key_it_uses(cli: Caller, arguments: str) -> None:
    for url in (cli.house.base_url, f"http://127.0.0.1:{free_port()}"):
        done = cli.run(*arguments.split(), "--url", url)

        assert cli.account.key not in done.stdout + done.stderr


def test_a_server_takes_no_offence_at_what_callers_set(own_house: House) -> None:
    own_house.environment |= {"MINIBACK_URL": "http://127.0.0.1:1", "MINIBACK_API_KEY": "mbk_x"}
    with running(own_house):
        assert "is not a Miniback setting" not in own_house.log


def test_who_reads_no_further_ends_a_list_quietly(cli: Caller, bob: Account) -> None:
    for number in range(5):
        bob.say(f"{number} " + "long " * 1_900)
    reading, writing = os.pipe()
    process = cli.start("feedback", "list", into=writing)
    os.close(writing)
    os.read(reading, 100)
    os.close(reading)
    _, complaint = process.communicate()

    assert complaint == ""
