"""When the server cannot: 500 and 503, in the fixed words (contract section 1)."""

from typing import Any

import pytest

from miniback.db import Tx
from tests.house import Account, House
from tests.plans.figures import use

BUSY = {"error": "Temporarily unavailable, please retry"}


@pytest.mark.parametrize("method", ["GET", "POST"])
def test_a_fault_of_ours_is_told_without_its_cause(house: House, bob: Account, method: str) -> None:
    house.change("UPDATE accounts SET plan = 'LOST' WHERE id = :id", id=bob.id)

    answer = bob.call(method, bob.feedback_path, json={"message": "A"})

    assert (answer.status_code, answer.json()) == (500, {"error": "Internal server error"})


def test_one_accounts_fault_spares_the_others(house: House, alice: Account, bob: Account) -> None:
    house.change("UPDATE accounts SET plan = 'LOST' WHERE id = :id", id=bob.id)

    assert bob.post(bob.feedback_path, json={"message": "A"}).status_code == 500
    assert alice.post(alice.feedback_path, json={"message": "A"}).status_code == 201


def test_a_write_that_waits_too_long_asks_for_a_retry(house: House, alice: Account) -> None:
    use(house, alice, (1, 1, 0))

    def post_behind_a_lock(tx: Tx) -> Any:
        tx.run("UPDATE usage SET calls = calls WHERE account_id = :id", id=alice.id)
        return alice.post(alice.feedback_path, json={"message": "A"})

    answer = house.tx(post_behind_a_lock)

    assert (answer.status_code, answer.json()) == (503, BUSY)
    assert int(answer.headers["retry-after"]) >= 1
