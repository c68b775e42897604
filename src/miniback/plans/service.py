"""Spending a plan's allowance, exactly: a limit of 300 admits 300 (contract section 3)."""

from collections import Counter
from collections.abc import Sequence
from typing import NamedTuple

from miniback import clock, outbox
from miniback.clock import SECOND_MS
from miniback.db import Tx
from miniback.errors import OverQuota
from miniback.plans import store
from miniback.plans.models import Plan
from miniback.plans.periods import Period, period_at
from miniback.plans.store import UNLIMITED, Usage


class Allowance(NamedTuple):
    """Whose allowance it is, what it amounts to, and the day on which it begins anew."""

    account_id: str
    plan: Plan
    anchor: int


# From these shares of a limit on, in per cent, people are told.
WARN_AT, FULL_AT = 80, 100

CALL = Usage(calls=1)
KEYED_ITEM = Usage(calls=1, items=1)
OPEN_ITEM = Usage(items=1)
HELD_ITEM = Usage(held=1)


def spent_or_refused(tx: Tx, allowance: Allowance) -> OverQuota | None:
    """Count one API call in the transaction that carries it out, or return why it cannot be."""
    now = clock.now()
    admitted, used = spend_up_to(tx, allowance, CALL, 1, now)
    return None if admitted else over_quota(allowance, used, CALL, now)


def spend_calls(tx: Tx, allowances: Sequence[Allowance]) -> list[Usage | Exception]:
    """Count a batch of API calls: for each what is used after it, or an OverQuota."""
    now = clock.now()
    outcomes: dict[Allowance, list[Usage | Exception]] = {}
    # Accounts in one order everywhere, so that two writers cannot wait for each other.
    for allowance, wanted in sorted(Counter(allowances).items(), key=_account):
        admitted, used = spend_up_to(tx, allowance, CALL, wanted, now)
        refusal = over_quota(allowance, used, CALL, now)
        outcomes[allowance] = [used] * admitted + [refusal] * (wanted - admitted)
    return [outcomes[allowance].pop(0) for allowance in allowances]


def spend_up_to(
    tx: Tx, allowance: Allowance, each: Usage, wanted: int, now: int
) -> tuple[int, Usage]:
    """Take as many of the wanted units as the period still has; return how many, and the sums."""
    period = period_at(allowance.anchor, now)
    limits = _limits(allowance.plan)
    admitted = wanted
    while admitted > 0:
        used = store.take(tx, allowance.account_id, period.start, _times(each, admitted), limits)
        if used:
            taken = _times(each, admitted)
            _after_first_touch(tx, allowance.account_id, period, used, taken)
            _note_marks(tx, allowance, used, taken)
            return admitted, used
        # What is left can only have shrunk since, so this ends.
        used = store.find(tx, allowance.account_id, period.start)
        admitted = min(admitted - 1, _room(used, limits, each))
    return 0, store.find(tx, allowance.account_id, period.start)


def release(tx: Tx, allowance: Allowance, created_at: Sequence[int]) -> int:
    """Take allowance for held items, oldest first; return for how many of them it lasts."""
    if not created_at:
        return 0
    admitted, _ = spend_up_to(tx, allowance, OPEN_ITEM, len(created_at), clock.now())
    forget_held(tx, allowance, created_at[:admitted])
    return admitted


def forget_held(tx: Tx, allowance: Allowance, created_at: Sequence[int]) -> None:
    """Count items that came in at these times as held no more."""
    starts = Counter([period_at(allowance.anchor, at).start for at in created_at])
    if starts:
        store.forget_held(tx, allowance.account_id, starts)


def used_now(tx: Tx, allowance: Allowance) -> tuple[Usage, Period]:
    """Return what is used of the current period, and the period."""
    period = period_at(allowance.anchor, clock.now())
    return store.find(tx, allowance.account_id, period.start), period


def history(tx: Tx, allowance: Allowance, count: int) -> list[tuple[Period, Usage]]:
    """Return the last periods that an account has existed through, this one first."""
    periods = [period_at(allowance.anchor, clock.now())]
    while len(periods) < count and periods[-1].start > allowance.anchor:
        periods.append(period_at(allowance.anchor, periods[-1].start - 1))
    used = store.find_since(tx, allowance.account_id, periods[-1].start)
    return [(period, used.get(period.start, Usage())) for period in periods]


def counted(count: int, one: str, many: str) -> str:
    """Write a count with what is counted."""
    return f"{count:,} {one if count == 1 else many}"


def percent(used: int, limit: int | None) -> int:
    """Return how much of a limit is used, in whole per cent, rounded down; 0 without a limit."""
    if limit is None:
        return 0
    return used * 100 // limit if limit else 100


def level(used: int, limit: int | None) -> str:
    """Tell whether there is plenty left of a limit, little or nothing: ok, warn or over."""
    share = percent(used, limit)
    return "ok" if share < WARN_AT else "warn" if share < FULL_AT else "over"


def over_quota(allowance: Allowance, used: Usage, wanted: Usage, now: int) -> OverQuota:
    """Say which limit is reached, calls first, and when it begins anew."""
    plan = allowance.plan
    end = period_at(allowance.anchor, now).end
    if wanted.calls and plan.calls is not None and used.calls + wanted.calls > plan.calls:
        what = f"{plan.calls} API calls"
    else:
        what = f"{plan.items} feedback items"
    return OverQuota(
        f"Monthly limit of {what} reached. It resets at {clock.iso(end)}.",
        retry_after_s=seconds_until(end, now),
    )


def seconds_until(end: int, now: int) -> int:
    """Return the whole seconds to a moment, rounded up, at least one."""
    return max(1, -((now - end) // SECOND_MS))


def rate_headers(allowance: Allowance, used: Usage) -> tuple[tuple[bytes, bytes], ...]:
    """Return what is left of the limits, as draft-ietf-httpapi-ratelimit-headers writes it.

    Nothing for a plan without limits.
    """
    plan = allowance.plan
    limits = [
        (name, limit, spent)
        for name, limit, spent in (
            ("api-calls", plan.calls, used.calls),
            ("feedback", plan.items, used.items),
        )
        if limit is not None
    ]
    if not limits:
        return ()
    now = clock.now()
    start, end = period_at(allowance.anchor, now)
    window, left_s = (end - start) // SECOND_MS, seconds_until(end, now)
    policy = ", ".join(f'"{name}";q={limit};w={window}' for name, limit, _ in limits)
    state = ", ".join(f'"{name}";r={max(0, q - n)};t={left_s}' for name, q, n in limits)
    return (b"ratelimit-policy", policy.encode()), (b"ratelimit", state.encode())


def _account(counted: tuple[Allowance, int]) -> str:
    return counted[0].account_id


def _after_first_touch(tx: Tx, account_id: str, period: Period, used: Usage, taken: Usage) -> None:
    """At the first sum of a period, see to what an earlier period has held back."""
    if used == taken and store.has_held_before(tx, account_id, period.start):
        outbox.record(tx, account_id, outbox.ALLOWANCE_GREW, account_id)


def _note_marks(tx: Tx, allowance: Allowance, used: Usage, taken: Usage) -> None:
    """Note that a share of a limit was reached just now of which people are told."""
    plan = allowance.plan
    for name, sum_, more, limit in (
        ("calls", used.calls, taken.calls, plan.calls),
        ("items", used.items, taken.items, plan.items),
    ):
        if not limit or not more:
            continue
        before, after = percent(sum_ - more, limit), percent(sum_, limit)
        reached = [mark for mark in (WARN_AT, FULL_AT) if before < mark <= after]
        if reached:
            outbox.record(tx, allowance.account_id, outbox.ALLOWANCE_USED, f"{name} {reached[-1]}")


def _limits(plan: Plan) -> Usage:
    items = UNLIMITED if plan.items is None else plan.items
    calls = UNLIMITED if plan.calls is None else plan.calls
    # At most as much is held as the plan allows in a month (contract section 6).
    return Usage(calls=calls, items=items, held=items)


def _times(each: Usage, count: int) -> Usage:
    return Usage(each.calls * count, each.items * count, each.held * count)


def _room(used: Usage, limits: Usage, each: Usage) -> int:
    """Return how many units still fit."""
    return max(
        0,
        min(
            (most - already) // one
            for already, most, one in zip(used, limits, each, strict=True)
            if one
        ),
    )
