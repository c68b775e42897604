"""What becomes of attempts: written down for all of a batch, and when it goes on (F8)."""

from collections.abc import Sequence
from typing import NamedTuple

from miniback import clock
from miniback.db import Tx
from miniback.notifications import delivery_store, schedule, switching, target_store
from miniback.notifications.models import Delivery, DeliveryStatus, Target

GONE = 410
_LONGEST_CONTENT = 1_000
# When a target was last told is kept to the minute.
_FRESH_MS = 60 * clock.SECOND_MS


class Tried(NamedTuple):
    """An attempt and its outcome: `answer` is the status that came, 0 for none.

    `is_good`: it was taken. `refused` says why nothing more should be sent there, else ''.
    """

    target: Target
    delivery: Delivery
    at: int
    took_ms: int
    answer: int
    content: str
    is_good: bool
    retry_after: str = ""
    refused: str = ""


def settle_all(tx: Tx, tried: Sequence[Tried]) -> list[Exception | None]:
    """Write down a batch of attempts: what is delivered, what is tried again, who is given up."""
    now = clock.now()
    delivery_store.add_attempts(tx, [_attempt(each) for each in tried])
    delivery_store.settle(tx, [_outcome(each, now) for each in tried])
    # Once a target: what went in one letter has failed once.
    worth_noting = {
        (each.target.account_id, each.target.id): each for each in tried if not _is_as_before(each)
    }
    for _, each in sorted(worth_noting.items(), key=lambda one: one[0]):
        _note(tx, each, now)
    return [None for _ in tried]


def finish(tx: Tx, target: Target) -> None:
    """Give a target back, and say when it is to be looked after again."""
    target_store.let_go(tx, target)
    following = delivery_store.next_due(tx, target.account_id, target.id)
    current = target_store.find(tx, target.account_id, target.id)
    if current is None:
        return
    if following is not None:
        following = schedule.ready_at(following, current.failures, clock.now())
    target_store.due(tx, target, following)


def _is_as_before(tried: Tried) -> bool:
    """Tell whether a target goes on as well as it did a moment ago, which need not be written."""
    last = tried.target.succeeded_at or 0
    return tried.is_good and not tried.target.failures and tried.at - last < _FRESH_MS


def _note(tx: Tx, tried: Tried, now: int) -> None:
    """Keep on a target how it goes; disable one that wants nothing or has failed for days."""
    target = target_store.lock(tx, tried.target.account_id, tried.target.id)
    if target is None:
        return
    if tried.is_good:
        target = target._replace(failures=0, failing_since=None, succeeded_at=tried.at)
        target_store.update(tx, target)
        return
    since = target.failing_since or tried.at
    target = target._replace(failures=target.failures + 1, failing_since=since)
    target_store.update(tx, target)
    reason = tried.refused
    if not reason and now - since >= schedule.GIVEN_UP_AFTER_MS:
        reason = "It could not be reached for three days."
    if reason:
        switching.disable(tx, target.account_id, target.id, reason)


def _attempt(tried: Tried) -> dict[str, object]:
    return {
        "account_id": tried.delivery.account_id,
        "delivery_id": tried.delivery.id,
        "number": tried.delivery.attempts + 1,
        "at": tried.at,
        "took_ms": tried.took_ms,
        "answer": tried.answer,
        "content": tried.content[:_LONGEST_CONTENT],
    }


def _outcome(tried: Tried, now: int) -> dict[str, object]:
    attempts = tried.delivery.attempts + 1
    status, due_at = DeliveryStatus.DELIVERED, now
    if not tried.is_good:
        wait = schedule.wait_ms(attempts, tried.retry_after)
        status = DeliveryStatus.FAILED if wait is None else DeliveryStatus.WAITING
        due_at = now + (wait or 0)
    return {
        "account_id": tried.delivery.account_id,
        "id": tried.delivery.id,
        "status": status.value,
        "attempts": attempts,
        "due_at": due_at,
    }
