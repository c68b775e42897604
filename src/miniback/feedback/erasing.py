"""Erasing items for good, on whatever shelf or in the bin, with all that was ever kept of them."""

from collections.abc import Sequence

from miniback import heard, ids, plans
from miniback.audit import Actor
from miniback.db import Tx
from miniback.feedback import (
    bin_store,
    change_store,
    clearing,
    gate_store,
    rollups,
    store,
    triage,
    visitors,
)
from miniback.feedback.acts import Kind
from miniback.feedback.models import Item, Shelf
from miniback.plans import Allowance

_MOST_CHANGES = 10_000


def erase(tx: Tx, allowance: Allowance, positions: Sequence[int], actor: Actor, act: str) -> int:
    """Erase items, and return how many there were; nobody outside is told."""
    account_id = allowance.account_id
    taken = store.take_all(tx, account_id, positions)
    moved = triage.ended(tx, account_id, taken)
    triage.settle(tx, account_id, moved, Kind.DELETE, actor, act)
    gone = [*taken, *bin_store.take_all(tx, account_id, positions)]
    held = [ids.position_time(item.position) for shelf, item in gone if shelf == Shelf.HELD]
    plans.forget_held(tx, allowance, held)
    items = [item for _, item in gone]
    rollups.forget(tx, account_id, items)
    _forget_words(tx, account_id, items)
    _forget_events(tx, account_id, items)
    clearing.erase(tx, account_id, positions)
    return len(items)


def _forget_words(tx: Tx, account_id: str, items: Sequence[Item]) -> None:
    """Forget by what the texts would be known if they came again."""
    hashes = {visitors.fingerprint_of(item.words) for item in items} - {""}
    if hashes:
        project_ids = {item.project_id for item in items}
        gate_store.forget_texts(tx, account_id, sorted(project_ids), sorted(hashes))


def _forget_events(tx: Tx, account_id: str, items: Sequence[Item]) -> None:
    """Forget what was still to be told of them."""
    positions = [item.position for item in items]
    changes = change_store.statuses_of(tx, account_id, positions, _MOST_CHANGES)
    subjects = [*[item.id for item in items], *[change.id for change in changes]]
    heard.withdraw(tx, account_id, subjects)
