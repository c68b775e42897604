"""Several servers on one PostgreSQL with a replica, and what they say of it."""

import contextlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

import httpx2
import psycopg
from prometheus_client.parser import text_string_to_metric_families

from tests.faults.cluster import Cluster, house_on
from tests.house import NO_TLS, Account, House, running, until
from tests.visitor import SESSION, Member

TOKEN = "a-token-of-a-monitor"


@dataclass
class Nodes:
    """The servers, their primary and its replica."""

    primary: Cluster
    replica: Cluster
    houses: list[House]

    def at(self, number: int, who: Account) -> Account:
        """An account that calls another node."""
        return replace(who, client=self.houses[number % len(self.houses)].client)

    def seen_by(self, number: int, member: Member) -> Member:
        """A member who goes on in the same session at another node."""
        house = self.houses[number % len(self.houses)]
        twin = Member(house, member.account, member.email)
        twin.client.cookies.set(SESSION, member.client.cookies[SESSION], domain="127.0.0.1")
        return twin

    def come_after(self, until_it_is: str = "ok") -> None:
        """Wait until the replica has all that there is now, and every node says so."""
        ((position,),) = self.primary.run("SELECT pg_current_wal_lsn()")
        query = f"SELECT pg_last_wal_replay_lsn() >= '{position}'"
        until(lambda: self.replica.run(query) == [(True,)], "the replica to come after")
        for house in self.houses:
            until(lambda: standing(house) == until_it_is, "the replica to be judged")  # noqa: B023 - done at once

    @contextlib.contextmanager
    def paused(self) -> Iterator[None]:
        """Let the replica stay where it is until the end of the block."""
        self.come_after()
        # Over one connection: a new one takes a part of the five seconds that there are.
        with psycopg.connect(self.replica.address, autocommit=True) as connection:
            connection.execute("SELECT pg_wal_replay_pause()")
            try:
                yield
            finally:
                connection.execute("SELECT pg_wal_replay_resume()")


@contextlib.contextmanager
def nodes_on(
    primary: Cluster,
    replica: Cluster,
    folder: Path,
    name: str,
    *,
    count: int = 2,
    workers: int = 1,
    until_it_is: str = "ok",
    more: Mapping[str, str] | None = None,
) -> Iterator[Nodes]:
    """Run so many servers on a new database, until the end of the block."""
    own = {"MINIBACK_REPLICA_URL": replica.of(name), "MINIBACK_METRICS_TOKEN": TOKEN}
    environment = {**own, **(more or {})}
    first = house_on(primary, folder / "0", name, environment=environment, workers=workers)
    others = [House(folder / str(n), first.database_url, environment) for n in range(1, count)]
    with contextlib.ExitStack() as stack:
        houses = [stack.enter_context(running(house)) for house in (first, *others)]
        nodes = Nodes(primary, replica, houses)
        nodes.come_after(until_it_is)
        yield nodes


def standing(house: House) -> str:
    """What a server says of the replica; it is ready whatever that is."""
    answer = httpx2.get(house.base_url + "/readyz", verify=NO_TLS, timeout=30)
    assert answer.status_code == 200, answer.text
    found: str = answer.json()["data"]["checks"]["replica"]
    return found


def figures(house: House) -> dict[tuple[str, ...], float]:
    """What its metrics say of the replica."""
    headers = {"authorization": f"Bearer {TOKEN}"}
    page = httpx2.get(house.base_url + "/metrics", headers=headers, verify=NO_TLS, timeout=30)
    return {
        (sample.name, *sample.labels.values()): sample.value
        for family in text_string_to_metric_families(page.text)
        for sample in family.samples
        if sample.name.startswith("miniback_replica")
    }


def reads(house: House, outcome: str) -> float:
    """How many reads a server has had answered so."""
    return figures(house).get(("miniback_replica_reads_total", outcome), 0)
