"""What a supervisor, a balancer and a monitor ask, and that a backup is a whole server (C5)."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from prometheus_client.parser import text_string_to_metric_families

from miniback import plans
from tests.faults.cluster import Cluster, cluster_in, house_on
from tests.house import Account, House, running, until
from tests.operations.safe import backed_up, restored

TOKEN = "a-token-of-a-monitor"


@pytest.fixture
def cluster(tmp_path: Path) -> Iterator[Cluster]:
    with cluster_in(tmp_path / "cluster") as cluster:
        yield cluster


def status(house: House, path: str) -> int:
    return house.client.get(path).status_code


def tables(house: House) -> dict[str, int]:
    """How many rows each table has."""
    is_postgres = house.database_url.startswith("postgres")
    names = house.rows(
        "SELECT tablename FROM pg_tables WHERE schemaname = 'public'"
        if is_postgres
        else "SELECT name FROM sqlite_master WHERE type = 'table' AND sql NOT LIKE '%VIRTUAL%'"
    )
    return {name: house.row(f"SELECT count(*) FROM {name}")[0] for (name,) in names}


def test_c5_without_its_database_a_server_lives_and_is_not_ready(
    cluster: Cluster, tmp_path: Path
) -> None:
    with running(house_on(cluster, tmp_path / "house", "gone")) as house:
        assert (status(house, "/healthz"), status(house, "/readyz")) == (200, 200)

        cluster.stop()
        until(lambda: status(house, "/readyz") == 503, "a server that is not ready")
        assert status(house, "/healthz") == 200

        cluster.start()
        until(lambda: status(house, "/readyz") == 200, "a server that is ready again")


def test_c5_what_a_monitor_reads_can_be_read_as_prometheus_does(
    database: str, new_house: Callable[..., House]
) -> None:
    environment = {"MINIBACK_METRICS_TOKEN": TOKEN}
    with running(new_house(database, environment=environment)) as house:
        house.account().say()
        assert status(house, "/metrics") == 401
        answer = house.client.get("/metrics", headers={"authorization": f"Bearer {TOKEN}"})

        families = {each.name for each in text_string_to_metric_families(answer.text)}
        assert {"miniback_request_seconds", "miniback_feedback", "miniback_database_up"} <= families


def test_c5_a_backup_in_an_empty_folder_is_the_whole_server_with_its_keys(
    database: str, new_house: Callable[..., House]
) -> None:
    with running(new_house(database)) as house:
        bob = house.account(plans.PRO)
        for number in range(25):
            bob.say(f"Word {number}")
        path = backed_up(house)
    before = tables(house)

    other = new_house(database)
    restored(other, path)

    kept = {name: rows for name, rows in before.items() if name != "backups"}
    assert before["feedback"] == 25
    after = tables(other)
    assert {name: after[name] for name in kept} == kept
    with running(other):
        there = Account(**{**vars(bob), "client": other.client})
        assert there.get("/api/feedback").json()["pagination"]["total"] == 25
        assert there.say("And on")["message"] == "And on"
