"""Ids: a prefix, the time, then chance, in an order that is that of time (contract section 1)."""

import re
import time
from concurrent.futures import ThreadPoolExecutor

import pytest
from hypothesis import given
from hypothesis import strategies as st

from miniback import ids
from tests.feedback.batch import id_at

MICROSECONDS = st.integers(0, (1 << 52) - 1)
CHANCE = st.integers(0, (1 << 64) - 1)
GOOD = id_at("feedback", 1_735_689_600_000_000, 5)


def test_an_id_is_its_prefix_and_24_lower_case_digits_of_base32() -> None:
    for prefix in ("proj", "feedback"):
        assert re.fullmatch(prefix + r"_[0-9a-v]{24}", ids.new(prefix))


def test_each_id_sorts_after_the_one_before() -> None:
    made = [ids.new("feedback") for _ in range(20_000)]

    assert made == sorted(made)
    assert len({each[:-13] for each in made}) > 1


def test_no_two_ids_have_the_same_time() -> None:
    with ThreadPoolExecutor(8) as pool:
        parts = pool.map(lambda _: [ids.new("x") for _ in range(2_000)], range(8))
    positions = [ids.position(each) >> 11 for part in parts for each in part]

    assert len(set(positions)) == 16_000


def test_the_time_in_an_id_is_that_of_its_making() -> None:
    before = time.time_ns() // 1_000_000
    made = ids.created_at(ids.new("feedback"))

    assert before <= made <= time.time_ns() // 1_000_000


def test_64_bits_of_an_id_are_chance() -> None:
    numbers = [int(ids.new("x")[2:], 32) & ((1 << 64) - 1) for _ in range(4_000)]

    for bit in range(64):
        assert 1_700 < sum(number >> bit & 1 for number in numbers) < 2_300


@given(MICROSECONDS, CHANCE)
def test_created_at_is_read_from_the_id(microsecond: int, chance: int) -> None:
    assert ids.created_at(id_at("feedback", microsecond, chance)) == microsecond // 1_000


@given(MICROSECONDS, CHANCE, MICROSECONDS, CHANCE)
def test_positions_sort_as_ids_do(at: int, chance: int, other: int, other_chance: int) -> None:
    first, second = sorted([id_at("x", at, chance), id_at("x", other, other_chance)])

    assert 0 <= ids.position(first) <= ids.position(second) < 2**63
    if at != other:
        assert ids.position(first) < ids.position(second)


@given(MICROSECONDS, CHANCE)
def test_a_position_keeps_the_time(microsecond: int, chance: int) -> None:
    item_id = id_at("feedback", microsecond, chance)

    assert ids.position_time(ids.position(item_id)) == ids.created_at(item_id)


@given(MICROSECONDS, CHANCE, st.integers(0, (1 << 52) // 1_000 - 1))
def test_the_lowest_position_divides_earlier_from_later(at: int, chance: int, ms: int) -> None:
    position = ids.position(id_at("feedback", at, chance))

    assert (position >= ids.lowest_position(ms)) == (at // 1_000 >= ms)


def test_no_time_gives_a_position_that_a_database_cannot_hold() -> None:
    assert 0 <= ids.lowest_position(10**18) < 2**63


# The last one that there will be, in 2112: its position still is a number of 63 bits.
LAST = "feedback_1vvvvvvvvvvvvvvvvvvvvvvv"


@pytest.mark.parametrize("text", [GOOD, "feedback_" + "0" * 24, LAST])
def test_an_id_is_told_by_its_shape(text: str) -> None:
    assert ids.is_one("feedback", text)


@pytest.mark.parametrize(
    "text",
    [
        *(
            "",
            "feedback_" + "v" * 24,
            "feedback",
            "feedback_",
            GOOD[:-1],
            GOOD + "0",
            GOOD + "\n",
            " " + GOOD,
            GOOD.upper(),
        ),
        *(
            GOOD.replace("feedback", "proj"),
            GOOD.replace("_", "-"),
            GOOD[9:],
            "feedback_" + "w" * 24,
        ),
        *(
            "feedback_" + "٣" * 24,
            "feedback_" + "é" * 24,
            GOOD[:-1] + "\0",
            "xfeedback_" + GOOD[9:],
        ),
    ],
)
def test_what_has_another_shape_is_no_id(text: str) -> None:
    assert not ids.is_one("feedback", text)


@given(st.text(max_size=40))
def test_whatever_is_taken_for_an_id_can_be_read(text: str) -> None:
    for each in (text, "feedback_" + text):
        if ids.is_one("feedback", each):
            assert ids.created_at(each) >= 0
