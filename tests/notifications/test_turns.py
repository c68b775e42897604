"""Accounts have their turns: who brings in much holds up nobody else."""

from collections.abc import Callable

from tests.house import House, running, until
from tests.notifications.receivers import hook, receiving
from tests.notifications.test_worker_alone import ENVIRONMENT, worker

MUCH = 450
# Two looks' worth: one turn of the other account, and one more for good measure.
SOON = 200


def test_f8_what_one_account_brings_in_holds_up_no_other(
    database: str, new_house: Callable[..., House]
) -> None:
    with running(new_house(database, environment=ENVIRONMENT)) as house, receiving() as receiver:
        accounts = [house.account() for _ in range(3)]
        for each in accounts:
            hook(each, receiver)
        calm, busy, late = accounts
        for number in range(MUCH):
            busy.say(f"Item {number}")
        calm.say("The first account's")
        late.say("The last account's")

        with worker(house) as started:
            until(lambda: not house.rows("SELECT 1 FROM heard LIMIT 1"), "all to be taken up")
            started.terminate()

        owners = [owner for (owner,) in house.rows("SELECT account_id FROM deliveries ORDER BY id")]
        assert len(owners) == MUCH + 2
        assert owners.index(calm.id) < SOON
        assert owners.index(late.id) < SOON


def test_the_turns_go_round_until_everybody_is_served(
    database: str, new_house: Callable[..., House]
) -> None:
    with running(new_house(database, environment=ENVIRONMENT)) as house, receiving() as receiver:
        accounts = [house.account() for _ in range(3)]
        for each in accounts:
            hook(each, receiver)
            for number in range(130):
                each.say(f"Item {number}")

        with worker(house) as started:
            until(lambda: not house.rows("SELECT 1 FROM heard LIMIT 1"), "all to be taken up")
            started.terminate()

        for each in accounts:
            positions = house.rows(
                "SELECT position FROM deliveries WHERE account_id = :account_id ORDER BY id",
                account_id=each.id,
            )
            assert len(positions) == 130
            assert positions == sorted(positions)
