"""Two servers on one PostgreSQL behind nginx, each restarted in turn: no call fails (F18)."""

import contextlib
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.faults.cluster import cluster_in, house_on
from tests.faults.crowd import Crowd, check, crowding
from tests.faults.test_postgres import ended
from tests.house import House, running
from tests.nginx import NGINX, in_front

IS_SOAK = bool(os.environ.get("MINIBACK_SOAK"))
CALLS = 100_000
# As docs/operations.md has it: with max_fails, nginx could take both for down in a quick turn.
SERVER = "server 127.0.0.1:{port} max_fails=0;"


def restart_in_turn(houses: list[House], crowd: Crowd) -> int:
    """Restart one after the other until enough has been asked; return how often."""
    restarts = 0
    while len(crowd.calls) < CALLS:
        house = houses[restarts % 2]
        ended(house)
        house.start()
        for _ in range(20):
            crowd.is_served()
        restarts += 1
    return restarts


@contextlib.contextmanager
def two_servers(folder: Path, *, have_replica: bool) -> Iterator[list[House]]:
    """Run two servers on one database, until the end of the block."""
    with contextlib.ExitStack() as stack:
        primary = stack.enter_context(cluster_in(folder / "primary"))
        environment = {}
        if have_replica:
            replica = stack.enter_context(cluster_in(folder / "replica", primary))
            environment = {"MINIBACK_REPLICA_URL": replica.of("rolling")}
        first = house_on(primary, folder / "first", "rolling", environment=environment)
        second = House(folder / "second", first.database_url, environment)
        yield [stack.enter_context(running(house)) for house in (first, second)]


@pytest.mark.skipif(not (IS_SOAK and NGINX), reason="a long run, which needs nginx")
@pytest.mark.parametrize("have_replica", [False, True])
def test_f18_no_call_fails_while_two_servers_are_restarted_in_turn(
    tmp_path: Path, have_replica: bool, record_property: Any
) -> None:
    with two_servers(tmp_path, have_replica=have_replica) as houses:
        first = houses[0]
        servers = " ".join([SERVER.format(port=house.port) for house in houses])
        with in_front(tmp_path, servers) as port, crowding(first.account(), port) as crowd:
            restarts = restart_in_turn(houses, crowd)

        record_property("restarts", restarts)
        record_property("answers", dict(crowd.statuses))
        check(first, crowd)
        assert set(crowd.statuses) == {201}
