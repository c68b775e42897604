"""A target that is given back while something new is made for it: one of the two sees the other."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager

from miniback import clock
from miniback.db import engine_for
from miniback.db.engine import Session
from miniback.notifications import attempts, spreading, target_store
from tests.house import Account, House, running, until
from tests.notifications.receivers import hook, receiving

ENVIRONMENT = {"MINIBACK_ALLOW_PRIVATE_TARGETS": "on", "MINIBACK_DELIVERIES": "off"}
WAITING = "SELECT pid FROM pg_stat_activity WHERE wait_event_type = 'Lock'"


@contextmanager
def session_of(house: House) -> Iterator[Session]:
    session = engine_for(house.database_url).connect(writes=True)
    try:
        yield session
    finally:
        session.close()


def spread(house: House) -> None:
    """Make deliveries, as one worker does."""
    with session_of(house) as session:
        session.begin_write()
        spreading.spread(session, 100)
        session.commit()


def test_what_is_made_while_a_target_is_given_back_is_not_forgotten(
    postgres: str, new_house: Callable[..., House]
) -> None:
    with running(new_house("postgres", environment=ENVIRONMENT)) as house, receiving() as receiver:
        ada: Account = house.account()
        hook(ada, receiver)
        ada.say("One")
        spread(house)
        with session_of(house) as other, ThreadPoolExecutor(1) as thread:
            other.begin_write()
            (target,) = target_store.claim(other, clock.now(), 1)
            other.commit()
            other.begin_write()
            other.run("UPDATE deliveries SET status = 'DELIVERED'")
            attempts.finish(other, target)
            ada.say("Two")
            made = thread.submit(spread, house)
            until(lambda: made.done() or house.rows(WAITING), "the other worker")
            other.commit()
            made.result()

            assert house.rows("SELECT status FROM deliveries ORDER BY id") == [
                ("DELIVERED",),
                ("WAITING",),
            ]
            other.begin_write()
            assert target_store.is_any_due(other, clock.now())
            other.commit()
