"""What is one for all nodes, whatever the replica has: keys, limits, repetitions, deliveries."""

from concurrent.futures import ThreadPoolExecutor

import pytest

from miniback import plans
from tests.house import Account, until
from tests.notifications.receivers import hook, receiving
from tests.scale.nodes import Nodes
from tests.visitor import owner_of

LIMIT = 20


@pytest.fixture
def ada(nodes: Nodes) -> Account:
    return nodes.houses[0].account()


def test_a_key_that_is_revoked_stops_at_once_at_every_node(nodes: Nodes, ada: Account) -> None:
    owner = owner_of(nodes.houses[0], ada)
    with nodes.paused():
        assert nodes.at(1, ada).get("/api/feedback").status_code == 200

        owner.submit(f"/projects/{ada.slug}/api/revoke", page="/settings/appearance")

        assert nodes.at(1, ada).get("/api/feedback").status_code == 403
        assert nodes.at(1, ada).get("/api/usage").status_code == 403


def test_a_session_that_is_ended_is_over_at_every_node(nodes: Nodes, ada: Account) -> None:
    owner = owner_of(nodes.houses[0], ada)
    with nodes.paused():
        there = nodes.seen_by(1, owner)
        assert there.get("/inbox").status_code == 200

        owner.submit("/logout", page="/settings/appearance")

        assert there.get("/inbox").status_code == 303


def test_a_limit_is_exact_over_all_nodes(nodes: Nodes) -> None:
    alice = nodes.houses[0].account(plans.FREE)

    def call(number: int) -> int:
        who = nodes.at(number, alice)
        if number % 3:
            return who.post(who.feedback_path, json={"message": f"{number}"}).status_code
        return who.get("/api/feedback").status_code

    with ThreadPoolExecutor(8) as threads:
        statuses = list(threads.map(call, range(2 * LIMIT)))

    assert sum(status in (200, 201) for status in statuses) == LIMIT
    assert sum(status == 429 for status in statuses) == LIMIT


def test_what_is_left_of_a_limit_is_told_exactly_while_the_replica_lags(nodes: Nodes) -> None:
    alice = nodes.houses[0].account(plans.FREE)
    with nodes.paused():
        for number in range(6):
            used = nodes.at(number, alice).get("/api/usage").json()["data"]["apiCalls"]["used"]
            answer = nodes.at(number + 1, alice).get("/api/feedback")

            assert used == number
            assert f'"api-calls";r={LIMIT - number - 1};' in answer.headers["ratelimit"]


def test_a_repetition_is_known_at_every_node(nodes: Nodes, ada: Account) -> None:
    with nodes.paused():
        answers = [
            nodes.at(number, ada).post(
                ada.feedback_path, json={"message": "Once"}, headers={"idempotency-key": "one"}
            )
            for number in range(4)
        ]

    assert {answer.status_code for answer in answers} == {201}
    assert len({answer.json()["data"]["id"] for answer in answers}) == 1


def test_what_is_to_be_told_is_told_once_by_whichever_node(nodes: Nodes, ada: Account) -> None:
    said = [f"Word {number}" for number in range(6)]
    with receiving() as receiver, nodes.paused():
        hook(ada, receiver)
        for number, word in enumerate(said):
            nodes.at(number, ada).say(word)
        until(lambda: len(receiver.got) >= len(said), "all to be told")

    assert sorted(receiver.messages) == said
