"""A replica that is away, behind, frozen or none: the primary answers, and it is told once."""

import json
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from tests.faults.cluster import Cluster
from tests.house import Account, House, until
from tests.inbox.acting import listed
from tests.operations.test_doctor import examined
from tests.scale.nodes import Nodes, figures, nodes_on, reads, standing


@pytest.fixture
def own(primary: Cluster, replica: Cluster, tmp_path: Path) -> Iterator[Nodes]:
    """A server of the test's own."""
    primary.run("DROP DATABASE IF EXISTS own WITH (FORCE)")
    with nodes_on(primary, replica, tmp_path, "own", count=1) as nodes:
        yield nodes


@pytest.fixture
def ada(own: Nodes) -> Account:
    account = own.houses[0].account()
    account.say()
    own.come_after()
    return account


def told(house: House, event: str) -> list[str]:
    """How the replica stood each time that an event was logged."""
    lines = [json.loads(line) for line in house.log.splitlines() if f'"{event}"' in line]
    assert all(line.get("reason") or line.get("place") for line in lines)
    return [line.get("standing", "") for line in lines]


def test_one_that_is_killed_is_done_without_and_used_again_when_it_is_back(
    own: Nodes, ada: Account
) -> None:
    (house,) = own.houses
    assert figures(house)["miniback_replica_up",] == 1
    own.replica.stop()
    try:
        for number in range(20):
            item = ada.say(f"Word {number}")["id"]
            assert listed(ada)[0] == item
        until(lambda: standing(house) == "away", "it to be missed")
        assert figures(house)["miniback_replica_up",] == 0
        assert examined(house)[1]["replica"][0] == "warning"
    finally:
        own.replica.start()
    own.come_after()
    before = reads(house, "replica")

    assert listed(ada)[0] == item
    assert reads(house, "replica") > before
    assert told(house, "replica_not_used") == ["away"] * len(told(house, "replica_used")[1:])
    assert examined(house)[1]["replica"][0] == "ok"


def test_one_that_is_frozen_is_done_without(own: Nodes, ada: Account) -> None:
    (house,) = own.houses
    with own.replica.frozen():
        assert ada.get("/api/feedback").status_code == 200
        until(lambda: standing(house) == "away", "it to be missed")
        assert ada.get("/api/feedback").status_code == 200


def test_one_that_is_far_behind_is_done_without(own: Nodes, ada: Account) -> None:
    (house,) = own.houses
    stranger = house.account()
    with own.paused():
        item = ada.say("Not replayed")["id"]
        until(lambda: standing(house) == "behind", "it to be too far behind")
        assert listed(ada)[0] == item
        assert listed(stranger) == []
        assert figures(house)["miniback_replica_lag_seconds",] > 5
    own.come_after()

    assert told(house, "replica_not_used") == ["behind"]


def test_what_is_no_replica_of_the_database_is_never_read_from(
    primary: Cluster, replica: Cluster, tmp_path: Path
) -> None:
    itself = {"MINIBACK_REPLICA_URL": primary.of("none")}
    with nodes_on(
        primary, replica, tmp_path, "none", count=1, until_it_is="other", more=itself
    ) as nodes:
        (house,) = nodes.houses
        bob = house.account()
        assert listed(bob) == []
        item = bob.say()["id"]
        assert listed(bob) == [item]
        assert reads(house, "replica") == 0
        assert told(house, "replica_not_used") == ["other"]
        for wrong in (primary.of("none"), replica.of("postgres")):
            house.environment["MINIBACK_REPLICA_URL"] = wrong
            code, found = examined(house)
            assert (code, found["replica"][0]) == (1, "wrong")


def test_both_of_two_processes_read_from_it(
    primary: Cluster, replica: Cluster, tmp_path: Path
) -> None:
    with nodes_on(primary, replica, tmp_path, "pair", count=1, workers=2) as nodes:
        (house,) = nodes.houses
        bob = house.account()
        nodes.come_after()
        before = reads(house, "replica")
        answered: set[str] = set()

        def ask(_: int) -> None:
            answer = bob.get(f"{bob.feedback_path}?limit=1", headers={"connection": "close"})
            # The first half of a request's id is its process's own.
            answered.add(answer.headers["x-request-id"][:12])

        def have_both_answered() -> bool:
            list(threads.map(ask, range(8)))
            return len(answered) == 2

        # At once, since of those that come one by one the same process may take each.
        with ThreadPoolExecutor(8) as threads:
            until(have_both_answered, "both processes to answer")
        until(lambda: reads(house, "replica") >= before + 2, "both to have counted")


def test_without_one_no_change_is_counted(house: House, bob: Account) -> None:
    item = bob.say()["id"]
    assert bob.delete(f"/api/feedback/{item}").is_success

    counted = house.row("SELECT sum(mark) FROM api_keys WHERE account_id = :id", id=bob.id)
    assert counted == (0,)


@pytest.mark.parametrize(
    ("environment", "sentence"),
    [
        ({}, "MINIBACK_REPLICA_URL names a replica of a PostgreSQL database, which"),
        ({"MINIBACK_DATABASE_URL": "postgresql://x/y"}, "must be a postgresql:// address"),
    ],
)
def test_a_setting_that_makes_no_sense_stops_the_start(
    tmp_path: Path, environment: dict[str, str], sentence: str
) -> None:
    address = "mysql://x/y" if environment else "postgresql://replica.test/x"
    house = House(tmp_path, "", {**environment, "MINIBACK_REPLICA_URL": address})

    done = house.run("serve")

    assert done.returncode == 78
    assert "MINIBACK_REPLICA_URL" in done.stderr
    assert sentence in done.stderr


def test_its_address_may_come_from_a_file(tmp_path: Path) -> None:
    (tmp_path / "secret").write_text("postgresql://replica.test/x\n")
    house = House(tmp_path, "", {"MINIBACK_REPLICA_URL_FILE": str(tmp_path / "secret")})

    assert "which MINIBACK_DATABASE_URL does not name" in house.run("serve").stderr
