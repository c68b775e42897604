"""PostgreSQL that crashes, freezes, or is far away: 503 meanwhile, and nothing is lost (F16)."""

import contextlib
import os
import signal
import time
from collections.abc import Iterator
from typing import Any

import httpx2
import pytest

from tests.faults.chaos import Chaos, between
from tests.faults.cluster import Cluster, cluster_in, house_on
from tests.faults.crowd import Crowd, check, crowding
from tests.house import NO_TLS, PATIENCE_S, Account, House, running, until

IS_SOAK = bool(os.environ.get("MINIBACK_SOAK"))
RESTARTS = 50 if IS_SOAK else 2
ENDED_SESSIONS = 300 if IS_SOAK else 15
BROKEN_ROUNDS = 30 if IS_SOAK else 2
SILENT_ROUNDS = 10 if IS_SOAK else 1
# One that writes, eight that read and two for exports, in each process.
MOST_SESSIONS = 11
# The row says two seconds after the database accepts; a busy machine is given more.
LONGEST_RETURN_S = 2.0 if IS_SOAK else 15.0
# A read of four seconds, a write of eight, and what a busy machine adds.
LONGEST_ANSWER_S = 15.0 if IS_SOAK else 25.0


@pytest.fixture(scope="module")
def cluster(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cluster]:
    with cluster_in(tmp_path_factory.mktemp("cluster")) as cluster:
        yield cluster


@pytest.fixture(scope="module")
def house(cluster: Cluster, tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    """A server that is connected to the cluster itself."""
    with running(house_on(cluster, tmp_path_factory.mktemp("house"), "near")) as house:
        yield house


@pytest.fixture(scope="module")
def chaos(cluster: Cluster) -> Iterator[Chaos]:
    with between(cluster.socket) as chaos:
        yield chaos


@pytest.fixture(scope="module")
def far(
    cluster: Cluster, chaos: Chaos, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[House]:
    """A server with the proxy between itself and the cluster."""
    proxy = f"127.0.0.1:{chaos.port}"
    with running(house_on(cluster, tmp_path_factory.mktemp("house"), "far", proxy)) as house:
        yield house


def status(house: House, path: str, **headers: str) -> int:
    """What a call of its own is answered."""
    url = house.base_url + path
    return httpx2.get(url, headers=headers, timeout=30, verify=NO_TLS).status_code


def says_so(house: House, reader: Account) -> None:
    """Wait until the server says itself that it cannot write, and who reads is told so."""

    def is_said() -> bool:
        read = status(house, reader.feedback_path, **{"x-api-key": reader.key})
        assert read in (200, 503)
        return status(house, "/readyz") == 503 == read

    until(is_said, "the server to say that it is not ready")


def all_are_refused(crowd: Crowd) -> None:
    """Wait until as many have been told as there are: nobody is left to wait for good."""
    before = crowd.statuses[503]
    until(lambda: crowd.statuses[503] >= before + crowd.clients, "everybody to be told")


def see_it_held(house: House, crowd: Crowd, cluster: Cluster) -> None:
    """All errors were 503, no answer was left out, and no session is left over."""
    assert set(crowd.statuses) <= {201, 503}
    check(house, crowd)
    until(lambda: cluster.sessions(name_of(house)) <= MOST_SESSIONS, "abandoned sessions to end")
    since_start = house.log.rpartition('"event": "started"')[2]
    assert "Traceback" not in since_start


def name_of(house: House) -> str:
    return house.database_url.partition("?")[0].rpartition("/")[2]


def test_f16_postgres_that_crashes_under_load_loses_nothing_and_is_soon_used_again(
    cluster: Cluster, house: House, record_property: Any
) -> None:
    returned = []
    reader = house.account()
    with crowding(house.account(), house) as crowd:
        for _ in range(RESTARTS):
            crowd.is_served()
            cluster.stop()
            says_so(house, reader)
            cluster.start()
            returned.append(crowd.is_served())

    record_property("longest return in seconds", max(returned))
    assert max(returned) <= LONGEST_RETURN_S
    until(lambda: status(house, "/readyz") == 200, "the server to be ready")
    see_it_held(house, crowd, cluster)


def test_f16_sessions_that_are_ended_at_random_lose_nothing(cluster: Cluster, house: House) -> None:
    with crowding(house.account(), house) as crowd:
        for _ in range(ENDED_SESSIONS):
            crowd.is_served()
            cluster.end_a_session(name_of(house))

    see_it_held(house, crowd, cluster)


def test_f16_a_wire_that_breaks_anywhere_loses_nothing(
    cluster: Cluster, chaos: Chaos, far: House
) -> None:
    reader = far.account()
    with crowding(far.account(), far) as crowd:
        for _ in range(BROKEN_ROUNDS):
            chaos.reset_after, chaos.latency_s = 100_000, 0.002
            chaos.break_off()
            for _ in range(20):
                crowd.is_served()
            chaos.go_down()
            says_so(far, reader)
            chaos.come_back()
            chaos.reset_after = 0
            crowd.is_served()

    see_it_held(far, crowd, cluster)


@contextlib.contextmanager
def silent(cluster: Cluster, chaos: Chaos, how: str) -> Iterator[None]:
    """Let the database say nothing until the end of the block."""
    if how == "frozen":
        with cluster.frozen():
            yield
        return
    chaos.swallow()
    try:
        yield
    finally:
        chaos.break_off()
        chaos.let_through()


@pytest.mark.parametrize("how", ["frozen", "cut off"] if IS_SOAK else ["frozen"])
def test_f16_a_silent_postgres_holds_nobody_up_nor_the_end_and_loses_nothing(
    cluster: Cluster, chaos: Chaos, far: House, how: str, record_property: Any
) -> None:
    reader = far.account()
    with crowding(far.account(), far) as crowd:
        for _ in range(SILENT_ROUNDS):
            crowd.is_served()
            with silent(cluster, chaos, how):
                says_so(far, reader)
                all_are_refused(crowd)
            crowd.is_served()
    record_property("longest answer in seconds", max(crowd.took_s))
    assert max(crowd.took_s) <= LONGEST_ANSWER_S
    see_it_held(far, crowd, cluster)

    with crowding(far.account(), far) as crowd:
        crowd.is_served()
        with silent(cluster, chaos, how):
            record_property("end in seconds", ended(far))
        far.start()
    check(far, crowd)


def ended(house: House) -> float:
    """End a server in good order, and return how long that took."""
    assert house.process
    began = time.monotonic()
    house.process.send_signal(signal.SIGTERM)
    assert house.process.wait(PATIENCE_S) == 0
    return time.monotonic() - began
