"""`miniback migrate --distribute`, against a stand-in for Citus that keeps its documented rules."""

import json
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from subprocess import CompletedProcess

import psycopg
import pytest

from miniback import plans, projects
from miniback.db import DISTRIBUTED, REFERENCE
from tests.db import citus
from tests.house import House, running, until

DATABASES = ("postgres",)
MISCONFIGURED = 78
STATE = "SELECT count(*), count(DISTINCT colocationid) FROM citus_stand_in.pg_dist_partition"


@pytest.fixture
def cluster(database: str, new_house: Callable[..., House]) -> House:
    """A house over an empty database with the stand-in."""
    house = new_house(database)
    house.folder.mkdir(exist_ok=True)
    citus.install(house)
    return house


def distributed(house: House) -> CompletedProcess[str]:
    return house.run("migrate", "--distribute", "--json")


def test_every_table_is_spread_once(cluster: House) -> None:
    first, second = distributed(cluster), distributed(cluster)

    assert (first.returncode, second.returncode) == (0, 0), first.stderr
    told = json.loads(first.stdout)
    assert told["applied"][0].startswith("0001_begin")
    assert {each["table"]: each["column"] for each in told["distributed"]} == {
        **DISTRIBUTED,
        **dict.fromkeys(REFERENCE, ""),
    }
    assert json.loads(second.stdout) == {"applied": [], "distributed": []}
    # One group for what lies beside the accounts, and that of what is on every node.
    assert cluster.row(STATE) == (len(DISTRIBUTED) + len(REFERENCE), 2)


def test_it_says_what_it_did_in_words(cluster: House) -> None:
    cluster.run("migrate")

    lines = cluster.run("migrate", "--distribute").stdout.splitlines()

    assert lines[0] == "Spread accounts by id"
    assert "Spread feedback by account_id" in lines
    assert lines[-1] == "Spread migrations whole to every node"
    assert cluster.run("migrate", "--distribute").stdout == "Nothing to do\n"


def test_nothing_stays_behind_and_triggers_stay_awake(cluster: House) -> None:
    distributed(cluster)

    emptied = [table for call, table in citus.calls(cluster) if call == "truncate_local_data"]
    assert sorted(emptied) == sorted([*DISTRIBUTED, *REFERENCE])
    asleep = "SELECT tgname FROM pg_trigger WHERE tgenabled = 'D'"
    assert cluster.rows(asleep) == []


def test_what_was_broken_off_goes_on(cluster: House) -> None:
    cluster.run("migrate")
    cluster.change("CREATE UNIQUE INDEX in_the_way ON projects (name)")

    broken = cluster.run("migrate", "--distribute")

    assert (broken.returncode, broken.stdout) == (MISCONFIGURED, "")
    assert "The table projects could not be spread: cannot create constraint" in broken.stderr
    assert "run miniback migrate --distribute again" in broken.stderr
    cluster.change("DROP INDEX in_the_way")
    rest = [each["table"] for each in json.loads(distributed(cluster).stdout)["distributed"]]
    assert rest[0] == "projects"
    assert "accounts" not in rest


def test_several_at_once_share_the_work(cluster: House) -> None:
    with ThreadPoolExecutor(3) as pool:
        done = list(pool.map(lambda _: distributed(cluster), range(3)))

    assert [(each.returncode, each.stderr) for each in done] == [(0, "")] * 3
    told = [each for one in done for each in json.loads(one.stdout)["distributed"]]
    assert len(told) == len(DISTRIBUTED) + len(REFERENCE)


def test_it_waits_for_whoever_migrates(cluster: House) -> None:
    cluster.run("migrate")
    with psycopg.connect(cluster.database_url) as other, ThreadPoolExecutor(1) as pool:
        other.execute("SELECT pg_advisory_xact_lock(5137004211)")
        done = pool.submit(distributed, cluster)
        waits = "SELECT 1 FROM pg_locks WHERE locktype = 'advisory' AND NOT granted"
        until(lambda: cluster.rows(waits), "the command to wait")
        # Longer than a table is waited for.
        until(lambda: cluster.rows(waits + OLD), "the command to have waited")
        assert citus.calls(cluster) == []
        other.rollback()
        assert done.result().returncode == 0


def locking(house: House) -> list[str]:
    """Hold projects of two accounts, and return what each statement that locks was told."""
    house.change("ALTER DATABASE {} SET log_statement = 'all'".replace("{}", name_of(house)))
    house.tx(projects.hold, [("acct_1", "proj_1"), ("acct_2", "proj_2")])
    (folder,) = house.row("SELECT current_setting('data_directory')")
    lines = (Path(folder) / "log").read_text(errors="replace").splitlines()
    ours = [n for n, line in enumerate(lines) if "FOR KEY SHARE" in line]
    return [
        lines[n + 1].partition("arameters: ")[2] for n in ours if "acct_1" in lines[ours[0] + 1]
    ]


def name_of(house: House) -> str:
    (name,) = house.row("SELECT current_database()")
    return str(name)


def test_rows_of_several_accounts_are_locked_account_by_account(cluster: House) -> None:
    distributed(cluster)

    told = locking(cluster)

    assert [each.count("acct_") for each in told] == [1, 1]


OLD = " AND waitstart < clock_timestamp() - interval '3.5 s'"


def test_what_a_later_migration_makes_is_spread_with_it(cluster: House) -> None:
    distributed(cluster)
    # As if the version before had not known one table of each kind.
    cluster.change("DROP TABLE backups, high_water")
    cluster.change(
        "DELETE FROM citus_stand_in.pg_dist_partition WHERE NOT EXISTS ("
        "SELECT 1 FROM pg_class WHERE oid = logicalrelid)"
    )
    cluster.change("DELETE FROM migrations WHERE name = '0013_backups.sql'")
    cluster.environment["MINIBACK_BACKUP_BEFORE_MIGRATION"] = "off"

    done = cluster.run("migrate")

    assert done.stdout == "Applied 0013_backups.sql\n", done.stderr
    assert citus.calls(cluster)[-4::2] == [
        ("create_reference_table", "backups"),
        ("create_reference_table", "high_water"),
    ]
    assert cluster.row(STATE) == (len(DISTRIBUTED) + len(REFERENCE), 2)


def test_a_migration_spreads_nothing_that_nobody_asked_for(cluster: House) -> None:
    cluster.run("migrate")

    assert citus.calls(cluster) == []


def test_a_table_that_is_spread_otherwise_is_named(cluster: House) -> None:
    cluster.run("migrate")
    cluster.rows("SELECT create_reference_table('members')")

    done = cluster.run("migrate", "--distribute")

    assert (done.returncode, done.stdout) == (MISCONFIGURED, "")
    assert "undistribute_table('members')" in done.stderr


@pytest.mark.parametrize(
    ("kind", "sentence"),
    [
        ("sqlite", "set MINIBACK_DATABASE_URL to a PostgreSQL database"),
        ("postgres", "run CREATE EXTENSION citus in this database"),
    ],
)
def test_without_citus_it_says_what_to_do_and_does_nothing(
    kind: str, sentence: str, new_house: Callable[..., House]
) -> None:
    house = new_house(kind)
    house.folder.mkdir(exist_ok=True)

    done = house.run("migrate", "--distribute")

    assert (done.returncode, done.stdout) == (MISCONFIGURED, "")
    assert sentence in done.stderr
    assert "Traceback" not in done.stderr
    with pytest.raises(Exception, match="migrations"):
        house.rows("SELECT name FROM migrations")


def test_a_server_works_on_a_spread_database(cluster: House) -> None:
    distributed(cluster)

    with running(cluster):
        account = cluster.account(plans.PRO)
        item = account.say("Elephants")
        found = account.get("/api/feedback?search=elephants").json()["data"]

    assert [each["id"] for each in found] == [item["id"]]
