"""A limit of 300 admits 300, never 301, with any number of workers (contract section 3, F11)."""

import os
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest

from miniback import plans
from tests.house import Account, House, running
from tests.plans.figures import used

IS_SOAK = bool(os.environ.get("MINIBACK_SOAK"))
ROUNDS = 50 if IS_SOAK else 1
WORKERS = [2, 4] if IS_SOAK else [1, 3]
POSTS = 330
THREADS = 64


@pytest.fixture(scope="module", params=WORKERS, ids=lambda workers: f"{workers}-workers")
def course(
    request: pytest.FixtureRequest, database: str, new_house: Callable[..., House]
) -> Iterator[House]:
    """A house of so many workers."""
    with running(new_house(database, workers=request.param)) as house:
        yield house


@pytest.fixture(scope="module", params=range(ROUNDS))
def raced(request: pytest.FixtureRequest, course: House) -> tuple[House, Account, Counter[int]]:
    """A house where an account on FREE has posted 330 times at once, and what it was answered."""
    alice = course.account(plans.FREE)

    def post(number: int) -> int:
        return alice.post(alice.feedback_path, json={"message": f"No {number}"}).status_code

    with ThreadPoolExecutor(THREADS) as threads:
        return course, alice, Counter(threads.map(post, range(POSTS)))


Raced = tuple[House, Account, Counter[int]]


def test_of_330_posts_at_once_300_are_taken_and_30_refused(raced: Raced) -> None:
    _, _, answers = raced

    assert answers == {201: 300, 429: 30}


def test_the_counter_says_300_after_a_race(raced: Raced) -> None:
    house, alice, _ = raced

    assert used(house, alice) == (300, 300, 0)


def test_the_tallies_say_300_after_a_race(raced: Raced) -> None:
    house, alice, _ = raced

    sql = "SELECT shelf, status, source, items FROM tallies WHERE account_id = :id"
    assert house.rows(sql, id=alice.id) == [("LIVE", "NEW", "API", 300)]


def test_there_are_300_rows_after_a_race(raced: Raced) -> None:
    house, alice, _ = raced

    sql = "SELECT count(*) FROM feedback WHERE account_id = :id"
    assert house.row(sql, id=alice.id) == (300,)
