"""Who wrote sees it at once, at every node, however far behind the replica is."""

from collections.abc import Iterator

import pytest

from miniback.accounts import Role
from tests.house import Account, House, until
from tests.inbox.acting import act, ids_on, listed, position, set_status, status_of
from tests.inbox.test_live import listening
from tests.nginx import NGINX, in_front
from tests.scale.nodes import Nodes, figures, reads, standing
from tests.visitor import Member, member_of, owner_of

WRITES = 20


@pytest.fixture
def ada(nodes: Nodes) -> Account:
    """An account on PRO, with an item that the replica has as well."""
    account = nodes.houses[0].account()
    account.say("Known everywhere")
    return account


@pytest.fixture
def bea(nodes: Nodes, ada: Account) -> Member:
    """A colleague who only looks, at the second node."""
    return nodes.seen_by(1, member_of(nodes.houses[0], ada, Role.MEMBER))


@pytest.fixture
def replayed(nodes: Nodes, ada: Account, bea: Member) -> Iterator[None]:
    """The replica stays where it is, and knows these people."""
    with nodes.paused():
        yield


@pytest.mark.usefixtures("replayed")
def test_by_key_what_was_written_at_one_node_is_read_at_the_other(
    nodes: Nodes, ada: Account
) -> None:
    for number in range(WRITES):
        item = nodes.at(number, ada).say(f"Word {number}")["id"]
        assert listed(nodes.at(number + 1, ada))[0] == item

        set_status(nodes.at(number, ada), item, "RESOLVED")
        assert status_of(nodes.at(number + 1, ada), item) == "RESOLVED"


@pytest.mark.skipif(not NGINX, reason="needs nginx")
@pytest.mark.usefixtures("replayed")
def test_by_key_through_a_balancer_every_write_is_read(
    nodes: Nodes, ada: Account, tmp_path_factory: pytest.TempPathFactory
) -> None:
    servers = " ".join([f"server 127.0.0.1:{house.port};" for house in nodes.houses])
    with in_front(tmp_path_factory.mktemp("nginx"), servers) as port:
        front = House(nodes.houses[0].folder, nodes.houses[0].database_url, port=port)
        there = Account(**{**vars(ada), "client": front.client})
        said = [there.say(f"Word {number}")["id"] for number in range(WRITES)]
        seen = [listed(there)[0] for _ in range(4)]
        front.client.close()

    assert seen == [said[-1]] * 4


@pytest.mark.usefixtures("replayed")
def test_by_session_what_was_done_at_one_node_is_shown_at_the_other(
    nodes: Nodes, ada: Account, bea: Member
) -> None:
    (item,) = ids_on(bea.get("/inbox"))
    for number in range(6):
        done = ("RESOLVED", "REVIEWED")[number % 2]
        act(nodes.seen_by(number, bea), done, item)
        shown = ids_on(nodes.seen_by(number + 1, bea).get(f"/inbox?status={done}"))
        assert shown == [item]


def test_others_read_from_the_replica_what_it_has(nodes: Nodes, ada: Account, bea: Member) -> None:
    there = nodes.houses[1]

    def looked() -> tuple[str, list[str], str] | None:
        """What was written, what others see, what who wrote sees; None where it took too long."""
        with nodes.paused():
            item = ada.say("Not replayed yet")["id"]
            seen = item, ids_on(bea.get("/inbox")), listed(nodes.at(1, ada))[0]
            return seen if standing(there) == "ok" else None

    before = reads(there, "replica"), reads(there, "own_write")
    item, others, own = until(looked, "a look before the replica is too far behind")

    assert item not in others
    assert own == item
    assert reads(there, "replica") > before[0]
    assert reads(there, "own_write") > before[1]


def test_once_it_is_replayed_who_wrote_reads_from_the_replica(nodes: Nodes, ada: Account) -> None:
    item = ada.say("Soon everywhere")["id"]
    nodes.come_after()
    before = reads(nodes.houses[1], "own_write"), reads(nodes.houses[1], "replica")

    assert listed(nodes.at(1, ada))[0] == item

    # Whose page it is, the words of its filters, the page and the names of its projects.
    assert reads(nodes.houses[1], "own_write") == before[0]
    assert reads(nodes.houses[1], "replica") == before[1] + 3


@pytest.mark.usefixtures("replayed")
def test_a_session_that_has_just_begun_finds_its_account(nodes: Nodes) -> None:
    new = owner_of(nodes.houses[0], nodes.houses[0].account())

    assert nodes.seen_by(1, new).get("/projects").text.count("My Website")


def test_nobody_is_told_of_what_cannot_be_read_yet(nodes: Nodes, ada: Account, bea: Member) -> None:
    nodes.come_after()
    with listening(bea) as page:
        with nodes.paused():
            item = ada.say("Told when it can be read")["id"]
            until(lambda: lag(nodes.houses[1]) > 1, "some looks to have passed")
            assert page.new == []
            assert standing(nodes.houses[1]) == "ok"
        until(lambda: page.new, "the item to be told")
        assert item in ids_on(bea.get("/inbox"))

    assert page.new == [position(item)]


def lag(house: House) -> float:
    return figures(house).get(("miniback_replica_lag_seconds",), 0)
