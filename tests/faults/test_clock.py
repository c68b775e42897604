"""A clock that jumps, and one that crosses the end of a period under load (F10, F13)."""

import mmap
import os
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from functools import partial
from itertools import groupby
from pathlib import Path

import pytest

from miniback import clock, ids, plans
from tests.faults import history, load
from tests.faults.load import Post
from tests.house import Account, House, running, until
from tests.visitor import owner_of

IS_SOAK = bool(os.environ.get("MINIBACK_SOAK"))
HOUR_MS, DAYS_MS = 3_600_000, 30 * clock.DAY_MS
JUMPS = (-HOUR_MS, HOUR_MS, -DAYS_MS, 0, DAYS_MS) * (4 if IS_SOAK else 1)
ANCHORS = (1, 28, 29, 30, 31)
MONTHS = 40 if IS_SOAK else 2
CLIENTS = 16
LIMIT = 300


def left_of(account: Account) -> int:
    """What an account still has of the period that ends: some have little, some enough."""
    return 10 if int(account.id[-1], 32) % 2 else 250


class Clock:
    """The clock of one server, which can be put anywhere."""

    def __init__(self, folder: Path) -> None:
        path = folder / "skew"
        path.write_bytes(bytes(8))
        with path.open("r+b") as file:
            self._memory = mmap.mmap(file.fileno(), 8)
        folders = [str(Path(__file__).with_name("skew")), os.environ.get("PYTHONPATH", "")]
        self.environment = {"CLOCK_SKEW": str(path), "PYTHONPATH": os.pathsep.join(folders)}

    def jump(self, ms: int) -> None:
        """Be wrong by so much from now on."""
        self._memory[:8] = (ms * 1_000_000).to_bytes(8, "little", signed=True)

    def show(self, ms: int) -> None:
        """Show a certain time now, and go on from there."""
        self.jump(ms - time.time_ns() // 1_000_000)


@pytest.fixture
def a_clock(tmp_path: Path) -> Clock:
    """A clock that is right, so far."""
    return Clock(tmp_path)


@pytest.fixture
def timed(database: str, new_house: Callable[..., House], a_clock: Clock) -> Iterator[House]:
    """A server that goes by that clock."""
    with running(new_house(database, environment=a_clock.environment)) as house:
        yield house


def test_f10_a_clock_that_jumps_loses_nothing_and_keeps_the_order(
    timed: House, a_clock: Clock
) -> None:
    bob, other = timed.account(plans.PRO), timed.account(plans.PRO)
    owner, said = owner_of(timed, other), []
    with load.pressing(timed, bob, CLIENTS) as given:
        for jump in JUMPS:
            a_clock.jump(jump)
            said.append(other.say()["id"])
            until(partial(_goes_on, given, len(given)), "submissions to go on")
            if jump < DAYS_MS:  # by then a session has ended
                assert owner.get("/inbox").status_code == 200
                assert owner.get("/analytics").status_code == 200

    assert {call.status for post in given for call in post.calls} == {201}
    assert said == sorted(said)
    assert ids.created_at(said[-1]) - ids.created_at(said[0]) > DAYS_MS
    assert "Traceback" not in timed.log
    a_clock.jump(0)
    assert load.finished(timed, bob, given) == []


def test_f13_each_item_is_paid_for_in_the_period_of_its_own_time(
    timed: House, a_clock: Clock
) -> None:
    before = after = 0
    ends = sorted(_ends(clock.now() + clock.DAY_MS))[: MONTHS * len(ANCHORS)]
    for end, group in groupby(ends, lambda each: each[0]):
        accounts = {anchor: timed.account(plans.FREE) for _, anchor in group}
        for anchor, account in accounts.items():
            _begin(timed, account, anchor, end)
        for account, given in _crossing(timed, a_clock, end, list(accounts.values())):
            early, late = _settled(timed, account, given, end)
            before, after = before + early, after + late

    assert before
    assert after
    assert "Traceback" not in timed.log


def _goes_on(given: list[Post], before: int) -> bool:
    return len(given) > before + 2 * CLIENTS


def _anchor(day: int) -> int:
    """A moment on a day of the month, long ago."""
    return 1_704_067_200_000 + (day - 1) * clock.DAY_MS  # January 2024 has 31


def _ends(now: int) -> Iterator[tuple[int, int]]:
    """The ends of periods to come, with the day that each falls due by."""
    for day in ANCHORS:
        end = plans.period_at(_anchor(day), now).end
        for _ in range(MONTHS):
            yield end, day
            end = plans.period_at(_anchor(day), end).end


def _begin(house: House, account: Account, day: int, end: int) -> None:
    """Let an account have so much left of the period that ends then."""
    house.change("UPDATE accounts SET anchor = :at WHERE id = :id", at=_anchor(day), id=account.id)
    house.change(
        "INSERT INTO usage (account_id, period_start, calls, items, held)"
        " VALUES (:id, :start, :used, :used, 0)",
        id=account.id,
        start=plans.period_at(_anchor(day), end - 1).start,
        used=LIMIT - left_of(account),
    )


def _crossing(
    house: House, a_clock: Clock, end: int, accounts: list[Account]
) -> list[tuple[Account, list[Post]]]:
    """Submit until the period is over and the next one has begun to be used."""
    a_clock.show(end - 10_000)
    with ExitStack() as stack:
        given = [
            (each, stack.enter_context(load.pressing(house, each, CLIENTS))) for each in accounts
        ]
        for _, posts in given:
            until(partial(_is_any_from, posts, 0), "a first submission")
        a_clock.show(end - 200)
        for _, posts in given:
            until(partial(_is_any_from, posts, end), "a submission in the next period")
    return given


def _is_any_from(given: list[Post], ms: int) -> bool:
    return any(post.item_id and ids.created_at(post.item_id) >= ms for post in given)


def _settled(house: House, account: Account, given: list[Post], end: int) -> tuple[int, int]:
    """Compare items and counters of both periods; return how many items lie in each."""
    items = load.rows(house, account)
    calls = [call for post in given for call in post.calls]
    assert history.check(calls, {"rows": items}, {}) == []
    late = sum(ids.created_at(item.item_id) >= end for item in items)
    early = len(items) - late
    usage = house.rows(
        "SELECT calls, items FROM usage WHERE account_id = :id ORDER BY period_start",
        id=account.id,
    )
    paid = LIMIT - left_of(account) + early
    assert usage == [(paid, paid), (late, late)]
    assert paid <= LIMIT
    assert late <= LIMIT
    return early, late
