"""Periods run from anniversary to anniversary, without gaps (contract section 3)."""

import calendar
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from miniback.plans import Period, period_at

moments = st.datetimes(datetime(2000, 1, 1), datetime(2200, 1, 1), timezones=st.just(UTC)).map(
    lambda at: int(at.timestamp() * 1000)
)


def ms(text: str) -> int:
    return int(datetime.fromisoformat(text).replace(tzinfo=UTC).timestamp()) * 1000


def day(at: int) -> datetime:
    return datetime.fromtimestamp(at / 1000, UTC)


@given(moments, moments)
def test_every_moment_lies_in_its_period(anchor: int, now: int) -> None:
    period = period_at(anchor, now)

    assert period.start <= now < period.end


@given(moments, moments)
def test_every_moment_of_a_period_has_that_period(anchor: int, now: int) -> None:
    period = period_at(anchor, now)

    middle = (period.start + period.end) // 2
    assert {period_at(anchor, at) for at in (period.start, middle, period.end - 1)} == {period}


@given(moments, moments)
def test_the_next_period_begins_where_one_ends(anchor: int, now: int) -> None:
    period = period_at(anchor, now)

    assert period_at(anchor, period.end).start == period.end
    assert period_at(anchor, period.start - 1).end == period.start


@given(moments, moments, moments)
def test_a_later_moment_never_has_an_earlier_period(anchor: int, one: int, other: int) -> None:
    earlier, later = sorted((one, other))

    assert period_at(anchor, earlier).start <= period_at(anchor, later).start


@given(moments, moments)
def test_a_period_begins_at_midnight_of_the_anchors_day_or_the_months_last(
    anchor: int, now: int
) -> None:
    start = day(period_at(anchor, now).start)

    last = calendar.monthrange(start.year, start.month)[1]
    assert start.day == min(day(anchor).day, last)
    assert start == start.replace(hour=0, minute=0, second=0, microsecond=0)


@given(moments, moments)
def test_a_period_ends_in_the_month_after_it_begins(anchor: int, now: int) -> None:
    period = period_at(anchor, now)

    next_month = day(period.start).replace(day=1) + timedelta(days=31)
    assert (day(period.end).year, day(period.end).month) == (next_month.year, next_month.month)


@pytest.mark.parametrize(
    ("anchor", "now", "start", "end"),
    [
        ("2025-01-15T13:00:00", "2025-03-15T00:00:00", "2025-03-15", "2025-04-15"),
        ("2025-01-15T13:00:00", "2025-03-14T23:59:59", "2025-02-15", "2025-03-15"),
        ("2025-01-01T00:00:00", "2025-12-31T23:59:59", "2025-12-01", "2026-01-01"),
        ("2025-01-29T10:00:00", "2025-02-28T12:00:00", "2025-02-28", "2025-03-29"),
        ("2024-01-29T10:00:00", "2024-02-28T12:00:00", "2024-01-29", "2024-02-29"),
        ("2025-01-30T10:00:00", "2025-02-27T12:00:00", "2025-01-30", "2025-02-28"),
        ("2024-01-30T10:00:00", "2024-03-01T00:00:00", "2024-02-29", "2024-03-30"),
        ("2025-01-31T10:00:00", "2025-02-28T00:00:00", "2025-02-28", "2025-03-31"),
        ("2025-01-31T10:00:00", "2025-04-30T00:00:00", "2025-04-30", "2025-05-31"),
        ("2024-01-31T10:00:00", "2024-02-29T00:00:00", "2024-02-29", "2024-03-31"),
        ("2024-02-29T10:00:00", "2025-02-28T00:00:00", "2025-02-28", "2025-03-29"),
        ("2100-01-31T10:00:00", "2100-02-28T00:00:00", "2100-02-28", "2100-03-31"),
        ("2025-12-31T23:59:59", "2026-01-01T00:00:00", "2025-12-31", "2026-01-31"),
    ],
)
def test_a_shorter_month_begins_its_period_on_its_last_day(
    anchor: str, now: str, start: str, end: str
) -> None:
    assert period_at(ms(anchor), ms(now)) == Period(ms(start), ms(end))
