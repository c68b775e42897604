"""The command line: what each command says, where it says it, and how it ends."""

import json
import os
import re
import stat
from collections.abc import Callable, Iterator
from pathlib import Path
from subprocess import CompletedProcess

import httpx2
import pytest
from typer.testing import CliRunner

from miniback import __version__, plans
from miniback.__main__ import app
from tests.house import PATIENCE_S, Account, House, running

FAILED, USAGE, REFUSED, MISCONFIGURED = 1, 2, 3, 78
# tests/cli/test_help.py looks at the commands; these are what they are grouped by.
GROUPS = ("account", "key", "export", "feedback", "projects", "keys", "webhooks")
PASSWORD = "correct horse"
KEY = re.compile(r"mbk_[0-9A-Za-z]{36}")

every_group = pytest.mark.parametrize("command", GROUPS)


@pytest.fixture
def fresh(database: str, new_house: Callable[..., House]) -> House:
    """A house over an empty database that no server has seen."""
    return new_house(database)


@pytest.fixture
def own(new_house: Callable[..., House]) -> House:
    """An empty house over SQLite."""
    return new_house("sqlite")


@pytest.fixture(scope="module")
def served(new_house: Callable[..., House]) -> Iterator[House]:
    """A running server over SQLite that several tests share."""
    with running(new_house("sqlite")) as house:
        yield house


def create(house: House, email: str, *more: str) -> CompletedProcess[str]:
    return house.run("account", "create", "--email", email, "--password", PASSWORD, *more)


@every_group
def test_every_group_explains_itself(command: str) -> None:
    done = CliRunner().invoke(app, [*command.split(), "--help"])

    assert (done.exit_code, done.stderr) == (0, "")
    assert f" {command} " in done.stdout


@pytest.mark.parametrize(
    "arguments",
    [
        ["nonsense"],
        ["serve", "--port", "70000"],
        ["serve", "--workers", "0"],
        ["account", "create"],
        ["account", "set-plan", "--plan", "PRO"],
        ["key", "create"],
        ["key", "create", "--project", "x", "--overlap", "-1"],
        ["migrate", "--nonsense"],
        ["export", "feedback", "--account", "x"],
        ["export", "feedback", "--account", "x", "--output", "-", "--format", "pdf"],
        ["export", "feedback", "--account", "x", "--output", "-", "--filter", "colour=red"],
    ],
    ids=" ".join,
)
def test_a_wrong_use_exits_2(arguments: list[str]) -> None:
    done = CliRunner().invoke(app, arguments)

    assert (done.exit_code, done.stdout) == (USAGE, "")
    assert "Usage:" in done.stderr


def test_a_process_ends_with_the_code_of_its_command(own: House) -> None:
    assert own.run("--version").stdout == f"{__version__}\n"
    assert own.run("nonsense").returncode == USAGE


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["key", "create", "--project", "nobody"], "no project 'nobody'"),
        (["account", "set-plan", "--account", "nobody", "--plan", "PRO"], "no account 'nobody'"),
        (["account", "set-plan", "--account", "nobody", "--plan", "GOLD"], "nobody|GOLD"),
        (["account", "create", "--email", "x", "--password", PASSWORD], "not an email address"),
        (["account", "create", "--email", "x@x.test", "--password", "short"], "8 to 1000"),
        (
            ["account", "create", "--email", "x@x.test", "--password", PASSWORD, "--plan", "GOLD"],
            "no plan 'GOLD'",
        ),
        (
            ["account", "create", "--email", "x@x.test", "--password", PASSWORD, "--project", " "],
            "name",
        ),
    ],
    ids=["key", "account", "plan", "email", "password", "first plan", "project"],
)
def test_a_refusal_exits_3_with_a_sentence(own: House, arguments: list[str], sentence: str) -> None:
    own.run("migrate")

    done = own.run(*arguments)

    assert (done.returncode, done.stdout) == (REFUSED, "")
    assert re.search(sentence, done.stderr)
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize(
    "arguments",
    [
        ["key", "create", "--project", "my-website"],
        ["account", "set-plan", "--account", "a@example.test", "--plan", "PRO"],
    ],
    ids=["key", "plan"],
)
def test_a_command_in_the_wrong_folder_makes_no_database(own: House, arguments: list[str]) -> None:
    done = own.run(*arguments)

    assert done.returncode == MISCONFIGURED
    assert "There is no database at" in done.stderr
    assert not (own.folder / "miniback.db").exists()


def test_a_refused_account_leaves_nothing_behind(own: House) -> None:
    create(own, "x@example.test", "--project", " ")

    assert own.row("SELECT count(*) FROM users") == (0,)
    assert own.row("SELECT count(*) FROM accounts") == (0,)


def test_a_fault_exits_1_and_prints_no_account(own: House) -> None:
    own.run("migrate")
    own.change("CREATE TRIGGER full BEFORE INSERT ON projects BEGIN SELECT RAISE(ABORT, 'no'); END")

    done = create(own, "x@example.test")

    assert (done.returncode, done.stdout) == (FAILED, "")
    assert own.row("SELECT count(*) FROM accounts") == (0,)


def test_an_account_is_printed_as_one_json_object_and_nothing_else(fresh: House) -> None:
    done = create(fresh, "Alice@Example.test", "--plan", "PRO", "--project", "Zoë's Café", "--json")

    assert (done.returncode, done.stderr) == (0, "")
    made = json.loads(done.stdout)
    assert made == {
        "account": {"id": made["account"]["id"], "plan": "PRO"},
        "project": {"id": made["project"]["id"], "name": "Zoë's Café", "slug": "zoe-s-cafe"},
        "apiKey": made["apiKey"],
    }
    assert KEY.fullmatch(made["apiKey"])
    assert made["project"]["id"].startswith("proj_")


def test_an_address_has_one_account(fresh: House) -> None:
    create(fresh, "alice@example.test")

    again = create(fresh, "ALICE@example.test")

    assert (again.returncode, again.stdout) == (REFUSED, "")
    assert "alice@example.test" in again.stderr
    assert fresh.row("SELECT count(*) FROM accounts") == (1,)


def test_new_accounts_start_on_the_plan_of_the_operator(own: House) -> None:
    own.environment["MINIBACK_DEFAULT_PLAN"] = "STARTER"

    done = create(own, "alice@example.test", "--json")

    assert json.loads(done.stdout)["account"]["plan"] == "STARTER"


def test_a_password_is_stored_as_argon2id_alone(fresh: House) -> None:
    create(fresh, "alice@example.test")

    (stored,) = fresh.row("SELECT password_hash FROM users")
    assert stored.startswith("$argon2id$")
    assert PASSWORD not in stored


def test_a_key_is_stored_as_a_hash_alone(own: House) -> None:
    key = json.loads(create(own, "alice@example.test", "--json").stdout)["apiKey"]

    files = [path.read_bytes() for path in own.folder.iterdir() if path.is_file()]
    assert files
    assert not any(key.encode() in content for content in files)


def test_a_new_key_replaces_the_old_one(served: House) -> None:
    made = json.loads(create(served, "new@example.test", "--plan", "PRO", "--json").stdout)
    done = served.run("key", "create", "--project", made["project"]["slug"], "--json")

    new = json.loads(done.stdout)
    assert new == {"projectId": made["project"]["id"], "apiKey": new["apiKey"]}
    assert _status(served, new["apiKey"]) == 200
    assert _status(served, made["apiKey"]) == 403


def test_an_old_key_lives_on_for_an_overlap(served: House) -> None:
    made = json.loads(create(served, "old@example.test", "--plan", "PRO", "--json").stdout)
    done = served.run("key", "create", "--project", made["project"]["id"], "--overlap", "60")

    assert _status(served, made["apiKey"]) == 200
    (new,) = KEY.findall(done.stdout)
    assert _status(served, new) == 200


def test_a_change_of_plan_counts_at_once_in_a_running_server(served: House) -> None:
    made = json.loads(create(served, "grown@example.test", "--json").stdout)
    assert _status(served, made["apiKey"]) == 401

    done = served.run("account", "set-plan", "--email", "GROWN@example.test", "--plan", "PRO")

    assert done.returncode == 0
    assert _status(served, made["apiKey"]) == 200


def test_a_smaller_plan_says_which_projects_it_pauses(served: House) -> None:
    bob = served.account(plans.PRO)
    bob.post("/api/projects", json={"name": "The newest"})

    arguments = ["--account", bob.id, "--plan", "FREE", "--json"]
    changed = json.loads(served.run("account", "set-plan", *arguments).stdout)

    assert changed["account"] == {"id": bob.id, "plan": "FREE"}
    assert [project["name"] for project in changed["pausedProjects"]] == ["The newest"]


def test_commands_work_before_beside_and_after_the_server(fresh: House) -> None:
    before = create(fresh, "before@example.test", "--plan", "PRO", "--json")
    with running(fresh):
        beside = create(fresh, "beside@example.test", "--plan", "PRO", "--json")
        for done in (before, beside):
            assert _status(fresh, json.loads(done.stdout)["apiKey"]) == 200
    after = create(fresh, "after@example.test", "--json")

    assert [each.returncode for each in (before, beside, after)] == [0, 0, 0]
    assert fresh.row("SELECT count(*) FROM accounts") == (3,)


def test_migrate_has_nothing_to_do_the_second_time(fresh: House) -> None:
    first, second = fresh.run("migrate"), fresh.run("migrate")

    assert first.stdout.startswith("Applied 0001_begin")
    assert (second.returncode, second.stdout) == (0, "Nothing to do\n")


def test_the_description_of_the_api_is_printed_as_json(own: House) -> None:
    done = own.run("openapi")

    assert json.loads(done.stdout)["openapi"].startswith("3.1.")


def test_the_data_folder_is_made_for_its_owner_alone(own: House) -> None:
    folder = own.folder / "new" / "data"
    own.environment["MINIBACK_DATA_DIR"] = str(folder)
    own.database_url = ""
    old_mask = os.umask(0o022)
    try:
        own.run("migrate")
    finally:
        os.umask(old_mask)

    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert [stat.S_IMODE(path.stat().st_mode) & 0o077 for path in folder.iterdir()] == [0]


def test_a_second_server_on_a_file_exits_78_with_a_sentence(own: House) -> None:
    with running(own):
        second = own.run("serve", "--port", "0")

        assert (second.returncode, second.stdout) == (MISCONFIGURED, "")
        assert f"Another server already serves {own.folder}/miniback.db" in second.stderr
        assert httpx2.get(own.base_url + "/readyz").status_code == 200


def test_a_second_server_takes_over_once_the_first_was_killed(own: House) -> None:
    own.start().kill()

    with running(own):
        assert httpx2.get(own.base_url + "/readyz").status_code == 200


def test_a_second_server_on_a_shared_database_may_serve_too(
    new_house: Callable[..., House], tmp_path: Path
) -> None:
    one = new_house("postgres")
    with running(one), running(House(tmp_path, one.database_url)) as two:
        assert _status(two, one.account(plans.PRO).key) == 200


def test_a_port_that_is_taken_exits_78_with_a_sentence(
    own: House, new_house: Callable[..., House]
) -> None:
    with running(own):
        second = new_house("sqlite").run("serve", "--port", str(own.port))

        assert (second.returncode, second.stdout) == (MISCONFIGURED, "")
        assert f"Port {own.port}" in second.stderr
        assert "Traceback" not in second.stderr


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("DATABASE_URL", "mysql://localhost/x"),
        ("DATABASE_URL", "sqlite://relative.db"),
        ("PLANS", "{"),
        ("PLANS", '{"GOLD": {"calls": 1}}'),
        ("PLANS", '{"FREE": {"wishes": 3}}'),
        ("PLANS", '{"FREE": {"calls": -1}}'),
        ("DEFAULT_PLAN", "GOLD"),
        ("BASE_URL", "feedback.example.com"),
        ("BASE_URL", "https://"),
        ("BASE_URL", "https://example.com/?below=a"),
        ("LOG_LEVEL", "loud"),
        ("BILLING", "gold"),
        ("SMTP_URL", "mail.example.com:25"),
        ("MAIL_FROM", "nobody"),
        ("TRUSTED_PROXIES", "my-proxy"),
        ("LANGUAGE", "klingon"),
        ("API_KEY_IN_QUERY", "perhaps"),
        ("PLANS_FILE", "/nowhere/plans.json"),
    ],
)
def test_a_wrong_setting_exits_78_with_a_sentence_that_names_it(
    new_house: Callable[..., House], name: str, value: str
) -> None:
    house = new_house("sqlite", environment={f"MINIBACK_{name}": value})
    done = house.run("serve", "--port", "0")

    assert (done.returncode, done.stdout) == (MISCONFIGURED, "")
    assert f"MINIBACK_{name}" in done.stderr
    assert len(done.stderr.splitlines()) == 1


def test_a_database_server_that_is_not_there_exits_78(own: House) -> None:
    own.database_url = "postgresql://127.0.0.1:1/nothing"

    done = own.run("serve", "--port", "0")

    assert (done.returncode, done.stdout) == (MISCONFIGURED, "")
    assert "cannot be reached" in done.stderr
    assert "Traceback" not in done.stderr


def test_a_setting_may_come_from_a_file(own: House, tmp_path: Path) -> None:
    address = tmp_path / "address"
    address.write_text(own.database_url + "\n")
    own.environment["MINIBACK_DATABASE_URL_FILE"] = str(address)
    own.environment["MINIBACK_DATABASE_URL"] = ""

    done = own.run("migrate")

    assert done.returncode == 0
    assert (own.folder / "miniback.db").stat().st_size > 0


def test_a_setting_given_twice_is_refused(own: House, tmp_path: Path) -> None:
    (tmp_path / "level").write_text("info")
    own.environment["MINIBACK_LOG_LEVEL"] = "debug"
    own.environment["MINIBACK_LOG_LEVEL_FILE"] = str(tmp_path / "level")

    done = own.run("migrate")

    assert done.returncode == MISCONFIGURED
    assert "MINIBACK_LOG_LEVEL and MINIBACK_LOG_LEVEL_FILE" in done.stderr


def test_a_variable_that_is_no_setting_is_named_at_the_start(own: House) -> None:
    own.environment["MINIBACK_DATABSE_URL"] = "sqlite:///typo.db"

    with running(own):
        assert "MINIBACK_DATABSE_URL is not a Miniback setting" in own.log


@pytest.mark.parametrize("workers", [1, 2])
def test_logs_are_json_lines_without_any_key(
    database: str, new_house: Callable[..., House], workers: int
) -> None:
    house = new_house(database, workers=workers, environment={"MINIBACK_LOG_LEVEL": "debug"})
    with running(house):
        bob = house.account(plans.PRO)
        _provoke(house, bob)

    lines = house.log.splitlines()
    assert [json.loads(line) for line in lines if "request_failed" in line]
    assert all(isinstance(json.loads(line), dict) for line in lines)
    assert not re.search(r"mbk_\w|wrong_key|api_key=", house.log)
    assert "mbk_" not in (house.folder / "stdout.log").read_text()


def _provoke(house: House, bob: Account) -> None:
    """Have keys in query strings meet a 400, a 403, a 404, a 405 and a 500."""
    client = house.client
    for path, status in (
        ("/api/feedback?status=WRONG", 400),
        ("/api/projects/proj_nothing", 404),
        ("/api/nothing?x=1", 404),
        ("/api/feedback?page=1", 200),
    ):
        response = client.get(f"{path}{'&' if '?' in path else '?'}api_key={bob.key}")
        assert response.status_code == status
    assert client.get("/api/projects?api_key=mbk_wrong_key").status_code == 403
    assert client.delete(f"/api/projects?api_key={bob.key}").status_code == 405
    house.change("ALTER TABLE tallies RENAME TO gone")
    failed = client.get(bob.feedback_path + f"?api_key={bob.key}")
    assert (failed.status_code, failed.json()) == (500, {"error": "Internal server error"})
    house.change("ALTER TABLE gone RENAME TO tallies")


def _status(house: House, key: str) -> int:
    response = httpx2.get(
        house.base_url + "/api/projects", headers={"x-api-key": key}, timeout=PATIENCE_S
    )
    return response.status_code
