"""Doing one thing to all that a filter finds, and taking an act back, in portions.

What is meant stands in the database before the first portion, so that it goes on after a restart;
items that come in meanwhile are not meant (contract section 4: a portion takes at most 50 ms).
"""

from collections.abc import Sequence
from itertools import groupby
from typing import NamedTuple

import msgspec

from miniback import audit, outbox
from miniback.audit import Actor, Way
from miniback.db import Tx
from miniback.feedback import change_store, listing, quarantine, service, triage
from miniback.feedback.acts import Action, Change, Kind
from miniback.feedback.listing import Filter
from miniback.feedback.models import Shelf, Source, Status
from miniback.plans import Allowance

# Whoever asked carries it out; where that is not finished by then, a worker goes on with it.
TAKEN_OVER_AFTER_MS = 5_000
# Behind every id in the order of both databases.
_LAST_CHANGE = "~"


class Bulk(msgspec.Struct, frozen=True):
    """What is to be done, to which items, by whom; `undoes` names an act to take back instead."""

    user_id: str
    way: Way
    action: Action | None = None
    undoes: str = ""
    words: tuple[str, ...] = ()
    project_id: str | None = None
    status: Status | None = None
    source: Source | None = None
    shelf: Shelf = Shelf.LIVE
    labels: tuple[str, ...] = ()
    oldest: int = listing.FIRST_POSITION

    @classmethod
    def over(cls, chosen: Filter, words: Sequence[str], action: Action, actor: Actor) -> "Bulk":
        """Return an action on all that a filter and a search leave."""
        return cls(
            user_id=actor.user_id,
            way=actor.way,
            action=action,
            words=tuple(words),
            project_id=chosen.project_id,
            status=chosen.status,
            source=chosen.source,
            shelf=chosen.shelf,
            labels=chosen.labels,
            oldest=chosen.oldest,
        )

    @property
    def actor(self) -> Actor:
        """Who does it."""
        return Actor(self.way, self.user_id)

    def filter(self, account_id: str, newest: int) -> Filter:
        """Return the filter, for what is not newer than a position."""
        return Filter(
            account_id,
            self.project_id,
            self.status,
            self.source,
            self.oldest,
            newest,
            shelf=self.shelf,
            labels=self.labels,
        )


class Progress(NamedTuple):
    """How many items were changed so far, and whether that is all."""

    done: int
    is_over: bool


_decoder = msgspec.json.Decoder(Bulk)
_RECORDED = {
    Kind.DELETE: audit.Action.FEEDBACK_DELETED,
    Kind.RESTORE: audit.Action.FEEDBACK_RESTORED,
}


def begin(tx: Tx, account_id: str, bulk: Bulk, newest: int) -> str:
    """Write down what is to be done, to items up to a position; return the act's name."""
    act = triage.new_act()
    _insert(tx, account_id, act, bulk, str(newest))
    return act


def begin_undo(tx: Tx, account_id: str, act: str, actor: Actor) -> str:
    """Write down that an act is to be taken back, which ends it where it still goes on."""
    _end(tx, account_id, act)
    undo = triage.new_act()
    _insert(tx, account_id, undo, Bulk(actor.user_id, actor.way, undoes=act), _LAST_CHANGE)
    return undo


def go_on(tx: Tx, allowance: Allowance, act: str, portion: int) -> Progress:
    """Do a portion of an act; one that is not there is over."""
    account_id = allowance.account_id
    # Held to the end, so that of two who go on with it one waits.
    row = tx.one(
        "UPDATE bulk_acts SET done = done WHERE account_id = :account_id AND id = :id"
        " RETURNING content, next, done",
        account_id=account_id,
        id=act,
    )
    if row is None:
        return Progress(0, True)
    content, following, done = row
    bulk = _decoder.decode(content)
    if bulk.undoes:
        changed, following = _undo_some(tx, account_id, act, bulk, following, portion)
    else:
        changed, following = _change_some(tx, allowance, act, bulk, int(following), portion)
    progress = Progress(done + changed, not following)
    _advance(tx, account_id, act, following, progress.done)
    if progress.is_over:
        _end(tx, account_id, act)
    return progress


def _change_some(
    tx: Tx, allowance: Allowance, act: str, bulk: Bulk, newest: int, portion: int
) -> tuple[int, str]:
    """Change a portion; return how many, and where to go on, '' for nowhere."""
    chosen = bulk.filter(allowance.account_id, newest)
    positions = service.positions(tx, chosen, list(bulk.words), portion)
    if not positions or bulk.action is None:
        return 0, ""
    changed = do(tx, allowance, positions, bulk.action, bulk.actor, act)
    return changed, str(positions[-1] - 1) if len(positions) == portion else ""


def do_at_once(
    tx: Tx, allowance: Allowance, positions: Sequence[int], action: Action, actor: Actor, act: str
) -> int:
    """Do one thing to the items that somebody has chosen, in one transaction."""
    changed = do(tx, allowance, positions, action, actor, act)
    _record(tx, allowance.account_id, action.kind, actor, changed)
    return changed


def do(
    tx: Tx, allowance: Allowance, positions: Sequence[int], action: Action, actor: Actor, act: str
) -> int:
    """Do one thing to items, as far as the plan allows it; return how many it changed."""
    if action.kind is Kind.NOT_SPAM:
        positions = quarantine.admitted(tx, allowance, positions)
    return triage.carry_out(tx, allowance.account_id, positions, action, actor, act)


def _undo_some(
    tx: Tx, account_id: str, act: str, bulk: Bulk, before: str, portion: int
) -> tuple[int, str]:
    changes = change_store.of_act(tx, account_id, bulk.undoes, before, portion)
    changed = 0
    for _, group in groupby(sorted(changes, key=_likeness), _likeness):
        alike = list(group)
        positions = [change.position for change in alike]
        changed += triage.reverse(tx, account_id, positions, alike[0], bulk.actor, act)
    return changed, changes[-1].id if len(changes) == portion else ""


def _likeness(change: Change) -> tuple[str, str, str]:
    return change.kind, change.was, change.became


def _insert(tx: Tx, account_id: str, act: str, bulk: Bulk, following: str) -> None:
    tx.run(
        "INSERT INTO bulk_acts (account_id, id, content, next, done)"
        " VALUES (:account_id, :id, :content, :next, 0)",
        account_id=account_id,
        id=act,
        content=msgspec.json.encode(bulk).decode(),
        next=following,
    )
    outbox.record(tx, account_id, outbox.BULK_BEGUN, act, TAKEN_OVER_AFTER_MS)


def _advance(tx: Tx, account_id: str, act: str, following: str, done: int) -> None:
    tx.run(
        "UPDATE bulk_acts SET next = :next, done = :done"
        " WHERE account_id = :account_id AND id = :id",
        next=following,
        done=done,
        account_id=account_id,
        id=act,
    )


def _end(tx: Tx, account_id: str, act: str) -> None:
    """Forget an act, if it is still there, and record what it has come to."""
    row = tx.one(
        "DELETE FROM bulk_acts WHERE account_id = :account_id AND id = :id RETURNING content, done",
        account_id=account_id,
        id=act,
    )
    if row is None:
        return
    bulk, done = _decoder.decode(row[0]), int(row[1])
    if bulk.undoes:
        first = change_store.of_act(tx, account_id, bulk.undoes, _LAST_CHANGE, 1)
        was_deleted = bool(first) and first[0].kind == Kind.DELETE
        kind = Kind.RESTORE if was_deleted else Kind.STATUS
    else:
        kind = bulk.action.kind if bulk.action else Kind.STATUS
    _record(tx, account_id, kind, bulk.actor, done)


def _record(tx: Tx, account_id: str, kind: Kind, actor: Actor, count: int) -> None:
    """Record that items were deleted or brought back; all else stands in their own history."""
    action = _RECORDED.get(kind)
    if action and count:
        audit.record(tx, account_id, action, actor, {"items": count})
