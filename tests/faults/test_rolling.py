"""Two servers on one PostgreSQL behind nginx, each restarted in turn: no call fails (F18)."""

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.faults.crowd import Crowd, check, crowding
from tests.faults.test_postgres import ended
from tests.house import House, running
from tests.nginx import NGINX, in_front

IS_SOAK = bool(os.environ.get("MINIBACK_SOAK"))
CALLS = 100_000
# As somebody writes it who has read the manual: nothing is said of when to ask the other server.
SERVER = "server 127.0.0.1:{port} max_fails=1 fail_timeout=1s;"


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


@pytest.mark.skipif(not (IS_SOAK and NGINX), reason="a long run, which needs nginx")
@pytest.mark.parametrize("database", ["postgres"], indirect=True)
def test_f18_no_call_fails_while_two_servers_are_restarted_in_turn(
    database: str, new_house: Callable[..., House], tmp_path: Path, record_property: Any
) -> None:
    first = new_house(database)
    second = House(tmp_path / "second", first.database_url)
    with running(first), running(second):
        servers = " ".join([SERVER.format(port=house.port) for house in (first, second)])
        with in_front(tmp_path, servers) as port, crowding(first.account(), port) as crowd:
            restarts = restart_in_turn([first, second], crowd)

        record_property("restarts", restarts)
        record_property("answers", dict(crowd.statuses))
        check(first, crowd)
        assert set(crowd.statuses) == {201}
