"""A limit of 300 admits 300, never 301, with any number of workers (contract section 3, F11)."""

import os
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import NamedTuple

import pytest

from miniback import plans
from tests.house import Account, House, running
from tests.plans.figures import used

IS_SOAK = bool(os.environ.get("MINIBACK_SOAK"))
ROUNDS = 50 if IS_SOAK else 1
WORKERS = [2, 4] if IS_SOAK else [1, 3]
POSTS = 330
THREADS = 64


class Race(NamedTuple):
    """An account on FREE that has posted 330 times at once, and what it was answered."""

    house: House
    alice: Account
    answers: Counter[int]


@pytest.fixture(scope="module", params=WORKERS, ids=lambda workers: f"{workers}-workers")
def races(
    request: pytest.FixtureRequest, database: str, new_house: Callable[..., House]
) -> Iterator[list[Race]]:
    """So many accounts in a house of so many workers, one after the other."""
    with running(new_house(database, workers=request.param)) as house:
        yield [run_race(house) for _ in range(ROUNDS)]


def run_race(house: House) -> Race:
    alice = house.account(plans.FREE)

    def post(number: int) -> int:
        return alice.post(alice.feedback_path, json={"message": f"No {number}"}).status_code

    with ThreadPoolExecutor(THREADS) as threads:
        return Race(house, alice, Counter(threads.map(post, range(POSTS))))


def test_of_330_posts_at_once_300_are_taken_and_30_refused(races: list[Race]) -> None:
    assert [race.answers for race in races] == [{201: 300, 429: 30}] * ROUNDS


def test_the_counter_says_300_after_a_race(races: list[Race]) -> None:
    assert [used(race.house, race.alice) for race in races] == [(300, 300, 0)] * ROUNDS


def test_the_tallies_say_300_after_a_race(races: list[Race]) -> None:
    sql = "SELECT shelf, status, source, items FROM tallies WHERE account_id = :id"
    for race in races:
        assert race.house.rows(sql, id=race.alice.id) == [("LIVE", "NEW", "API", 300)]


def test_there_are_300_rows_after_a_race(races: list[Race]) -> None:
    sql = "SELECT count(*) FROM feedback WHERE account_id = :id"
    assert [race.house.row(sql, id=race.alice.id) for race in races] == [(300,)] * ROUNDS
