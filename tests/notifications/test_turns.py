"""Accounts have their turns: who brings in much holds up nobody else."""

from collections.abc import Callable, Iterator

import pytest

from tests.house import Account, House, running, until
from tests.notifications.receivers import hook, receiving
from tests.notifications.test_worker_alone import ENVIRONMENT, worker

MUCH = 450
# Two looks' worth: one turn of the other account, and one more for good measure.
SOON = 200


@pytest.fixture
def untold(database: str, new_house: Callable[..., House]) -> Iterator[House]:
    """A house of its own, whose server leaves what is to be told to a worker."""
    with running(new_house(database, environment=ENVIRONMENT)) as house:
        yield house


@pytest.fixture
def accounts(untold: House) -> Iterator[list[Account]]:
    """Three accounts that somebody listens to."""
    with receiving() as receiver:
        made = [untold.account() for _ in range(3)]
        for each in made:
            hook(each, receiver)
        yield made


def take_all(house: House) -> None:
    """Have a worker make deliveries of all that waits."""
    with worker(house) as started:
        until(lambda: not house.rows("SELECT 1 FROM heard LIMIT 1"), "all to be taken up")
        started.terminate()


def test_f8_what_one_account_brings_in_holds_up_no_other(
    untold: House, accounts: list[Account]
) -> None:
    calm, busy, late = accounts
    for number in range(MUCH):
        busy.say(f"Item {number}")
    calm.say("The first account's")
    late.say("The last account's")

    take_all(untold)

    owners = [owner for (owner,) in untold.rows("SELECT account_id FROM deliveries ORDER BY id")]
    assert len(owners) == MUCH + 2
    assert owners.index(calm.id) < SOON
    assert owners.index(late.id) < SOON


def test_the_turns_go_round_until_everybody_is_served(
    untold: House, accounts: list[Account]
) -> None:
    for each in accounts:
        for number in range(130):
            each.say(f"Item {number}")

    take_all(untold)

    for each in accounts:
        positions = untold.rows(
            "SELECT position FROM deliveries WHERE account_id = :account_id ORDER BY id",
            account_id=each.id,
        )
        assert len(positions) == 130
        assert positions == sorted(positions)
