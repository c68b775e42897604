"""A target that is given back while something new is made for it: one of the two sees the other."""

from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor

from miniback import clock
from miniback.db import Tx
from miniback.notifications import attempts, spreading, target_store
from tests.house import House, running, until
from tests.notifications.receivers import hook, receiving
from tests.notifications.test_worker_alone import ENVIRONMENT

WAITING = "SELECT pid FROM pg_stat_activity WHERE wait_event_type = 'Lock'"


def test_what_is_made_while_a_target_is_given_back_is_not_forgotten(
    postgres: str, new_house: Callable[..., House]
) -> None:
    with (
        running(new_house("postgres", environment=ENVIRONMENT)) as house,
        receiving() as receiver,
        ThreadPoolExecutor(1) as another_worker,
    ):
        ada = house.account()
        hook(ada, receiver)
        ada.say("One")
        house.tx(spreading.spread, 100)
        (target,) = house.tx(target_store.claim, clock.now(), 1)

        def give_back(tx: Tx) -> Future[str]:
            tx.run("UPDATE deliveries SET status = 'DELIVERED'")
            attempts.finish(tx, target)
            ada.say("Two")
            made: Future[str] = another_worker.submit(house.tx, spreading.spread, 100)
            until(lambda: made.done() or house.rows(WAITING), "the other worker")
            return made

        house.tx(give_back).result()

        assert house.rows("SELECT status FROM deliveries ORDER BY id") == [
            ("DELIVERED",),
            ("WAITING",),
        ]
        assert house.tx(target_store.is_any_due, clock.now())
