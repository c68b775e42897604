"""Recording what was done, and seeing that nobody has changed what is recorded."""

from typing import Any, NamedTuple

import msgspec

from miniback import ids
from miniback.audit import chain, store
from miniback.audit.chain import Fault
from miniback.audit.models import ID, START, Action, Actor, Entry, Head
from miniback.db import Tx


class Walked(NamedTuple):
    """How far along a log one has come, the first entry that is wrong, and whether it is over."""

    reached: Head
    fault: Fault | None
    is_over: bool


def record(tx: Tx, account_id: str, action: Action, by: Actor, details: dict[str, Any]) -> None:
    """Add an entry, in the transaction of what was done, and best as the last thing in it.

    From here to its end nobody else records anything for this account.
    """
    head = _held(tx, account_id)
    told = msgspec.json.encode(details).decode()
    _append(tx, account_id, head, Entry(0, ids.new(ID), action.value, by, told, ""))


def chain_earlier(tx: Tx, account_id: str) -> None:
    """Bring into the chain what was recorded before there was one."""
    _held(tx, account_id)


def walk(tx: Tx, account_id: str, after: Head, limit: int) -> Walked:
    """Verify a portion of a log, from behind an entry that was verified; in one snapshot."""
    head = store.head(tx, account_id)
    entries = store.after(tx, account_id, after.number, limit)
    reached, fault = chain.follow(account_id, after, entries)
    is_over = len(entries) < limit
    if fault is None and is_over:
        fault = chain.at_its_end(reached, head)
    return Walked(reached, fault, is_over or fault is not None)


def newest_walked(tx: Tx, account_id: str, limit: int) -> tuple[int, Walked]:
    """Verify the end of a log, so many entries of it; return the number of the first of them."""
    head = store.head(tx, account_id) or START
    before = store.after(tx, account_id, head.number - limit - 1, 1) if head.number > limit else []
    after = Head(before[0].number, before[0].hash) if before else START
    return after.number + 1, walk(tx, account_id, after, limit + 1)


def _held(tx: Tx, account_id: str) -> Head:
    """Return where a log ends, held for this transaction; what is older than the chain is in it."""
    head = store.hold_head(tx, account_id)
    if head is None:
        store.begin(tx, account_id)
        head = store.hold_head(tx, account_id) or START
    if head == START:
        for entry in store.take_earlier(tx, account_id):
            head = _append(tx, account_id, head, entry)
    return head


def _append(tx: Tx, account_id: str, head: Head, entry: Entry) -> Head:
    placed = entry._replace(number=head.number + 1)
    chained = placed._replace(hash=chain.hashed(account_id, placed, head.hash))
    following = Head(chained.number, chained.hash)
    store.insert(tx, account_id, chained)
    store.advance(tx, account_id, following)
    return following
