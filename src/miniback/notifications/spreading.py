"""From events to deliveries: each thing that happened becomes one for each target that hears it."""

from collections.abc import Sequence

from miniback import clock, feedback, heard, ids
from miniback.db import Tx
from miniback.heard import Event
from miniback.notifications import delivery_store, target_store
from miniback.notifications.models import (
    DELIVERY,
    Delivery,
    DeliveryStatus,
    Schedule,
    Target,
)
from miniback.notifications.schedule import next_digest, ready_at


def spread(tx: Tx, limit: int, behind: str = "", *, is_brief: bool = False) -> str:
    """Turn about `limit` events into deliveries, in one transaction.

    Begins behind the account that was served last, and returns which it is now; see heard.take().
    A crash before its end leaves the events where they are, one after it the deliveries: nothing is
    told twice by this, and nothing forgotten.
    """
    events, last = heard.take(tx, limit, behind, is_brief=is_brief)
    if events:
        targets = target_store.of_accounts(tx, [event.account_id for event in events])
        _tell(tx, _happened(tx, events), targets)
    return last


def _tell(tx: Tx, happened: Sequence[feedback.Happened], targets: Sequence[Target]) -> None:
    """Add a delivery for each target that hears of something, and see that it is looked after."""
    of_account: dict[str, list[Target]] = {}
    for target in targets:
        of_account.setdefault(target.account_id, []).append(target)
    pairs = [
        (each, target)
        for each in happened
        for target in of_account.get(each.account_id, ())
        if target.hears(each.event, each.project_id)
    ]
    now = clock.now()
    made = ids.make(DELIVERY, len(pairs))
    deliveries = [
        _delivery(one.id, each, target, now)
        for one, (each, target) in zip(made, pairs, strict=True)
    ]
    delivery_store.insert_all(tx, deliveries)
    _wake(tx, deliveries, targets, now)


def _wake(tx: Tx, made: Sequence[Delivery], targets: Sequence[Target], now: int) -> None:
    """See that each target is looked after when the first of what was made is due."""
    failures = {(target.account_id, target.id): target.failures for target in targets}
    first: dict[tuple[str, str], int] = {}
    for each in made:
        place = (each.account_id, each.target_id)
        at = ready_at(each.due_at, failures[place], now)
        first[place] = min(first.get(place, at), at)
    target_store.wake(tx, first)


def _happened(tx: Tx, events: Sequence[Event]) -> list[feedback.Happened]:
    """Return what events mean, of items that are still there, in the order of the events."""
    known = feedback.happened(tx, [(each.account_id, each.subject) for each in events])
    found = [(event, known.get((event.account_id, event.subject))) for event in events]
    return [happened._replace(event=event.event) for event, happened in found if happened]


def _delivery(delivery_id: str, happened: feedback.Happened, target: Target, now: int) -> Delivery:
    due_at = now
    if target.schedule is not Schedule.INSTANT:
        due_at = next_digest(target.schedule, target.hour, target.time_zone, now)
    return Delivery(
        account_id=happened.account_id,
        id=delivery_id,
        target_id=target.id,
        event=happened.event,
        position=happened.position,
        project_id=happened.project_id,
        was=happened.was,
        became=happened.became,
        happened_at=happened.at,
        status=DeliveryStatus.WAITING,
        attempts=0,
        due_at=due_at,
    )
