"""What became of deliveries, as people look at it."""

from typing import NamedTuple

import msgspec

from miniback import ids
from miniback.db import Tx
from miniback.notifications import delivery_store, sending, service, target_store, telling
from miniback.notifications.models import (
    Attempt,
    Delivery,
    DeliveryStatus,
    Kind,
    Target,
)

MOST_SHOWN = 20
# Of an item's deliveries, so many stand in its timeline.
MOST_OF_ITEM = 100


class Logged(NamedTuple):
    """A delivery and how often it was tried, the latest last."""

    delivery: Delivery
    attempts: list[Attempt]

    @property
    def at(self) -> int:
        """When it came up, in milliseconds."""
        return ids.created_at(self.delivery.id)

    @property
    def last(self) -> Attempt | None:
        """The latest attempt, None before the first."""
        return self.attempts[-1] if self.attempts else None

    @property
    def is_on_its_way(self) -> bool:
        """Whether it waits for its first attempt."""
        return self.delivery.status is DeliveryStatus.WAITING and not self.attempts


class Opened(NamedTuple):
    """A delivery with its request; None where its item is gone, and its words with it."""

    logged: Logged
    request: tuple[dict[str, str], str] | None


class Heard(NamedTuple):
    """That somebody was told of an item: how, who, and what came of it."""

    at: int
    kind: Kind
    label: str
    status: DeliveryStatus
    answer: int


def log_of(tx: Tx, target: Target, before: str | None) -> list[Logged]:
    """Return a target's deliveries, the newest first, one more than are shown at once."""
    found = delivery_store.newest(tx, target.account_id, target.id, before, MOST_SHOWN + 1)
    return _with_attempts(tx, target.account_id, found)


def logged(tx: Tx, target: Target, delivery_id: str) -> Logged:
    """Return one delivery of a target, or raise NotFound."""
    delivery = service.delivery_of(tx, target, delivery_id)
    return _with_attempts(tx, target.account_id, [delivery])[0]


def opened(tx: Tx, target: Target, delivery_id: str, base_url: str) -> Opened:
    """Return one delivery of a target with what it says, or raise NotFound."""
    found = logged(tx, target, delivery_id)
    told = telling.told_of(tx, target.account_id, [found.delivery], base_url)
    text = told.get(found.delivery.id)
    if text is None:
        return Opened(found, None)
    headers, body = sending.request_of(target, found.delivery, text)
    laid_out = msgspec.json.format(body, indent=2)
    return Opened(found, (headers, laid_out))


def heard_of(tx: Tx, account_id: str, position: int) -> list[Heard]:
    """Return who was told of an item, the newest first; who is told no more is left out."""
    found = delivery_store.of_item(tx, account_id, position, MOST_OF_ITEM)
    if not found:
        return []
    targets = {each.id: each for each in target_store.all_of(tx, account_id)}
    return [
        Heard(
            each.last.at if each.last else each.at,
            target.kind,
            target.label,
            each.delivery.status,
            each.last.answer if each.last else 0,
        )
        for each in reversed(_with_attempts(tx, account_id, found))
        if (target := targets.get(each.delivery.target_id))
    ]


def _with_attempts(tx: Tx, account_id: str, found: list[Delivery]) -> list[Logged]:
    tries = delivery_store.attempts_of(tx, account_id, [each.id for each in found]) if found else {}
    return [Logged(each, tries.get(each.id, [])) for each in found]
