"""Doing something to items: whatever it is, tallies, search index and changes move along with it.

Each verb takes the items that really changed, as the statement that changed them gave them back, so
that two at once never count one change twice.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Sequence

from miniback import clock, ids
from miniback.audit import Actor
from miniback.db import Entry, Tx
from miniback.feedback import (
    annotation_store,
    bin_store,
    change_store,
    happenings,
    rollups,
    spam_store,
    store,
)
from miniback.feedback.acts import ACT, CHANGE, Action, Annotation, Change, Kind
from miniback.feedback.models import Item, Shelf, Status
from miniback.feedback.moves import Moved, State, states
from miniback.feedback.rollups import Move
from miniback.feedback.store import Tally

MOST_TAGS = 20


def new_act() -> str:
    """Name an act: what one undo takes back."""
    return ids.new(ACT)


def carry_out(
    tx: Tx, account_id: str, positions: Sequence[int], action: Action, actor: Actor, act: str
) -> int:
    """Do one thing to items, and return how many it changed."""
    moved = _VERBS[action.kind](tx, account_id, positions, action.value)
    settle(tx, account_id, moved, action.kind, actor, act)
    return len(moved)


def settle(
    tx: Tx, account_id: str, moved: Sequence[Moved], kind: Kind, actor: Actor, act: str
) -> None:
    """Move tallies and search index along with items, and note what was done."""
    tx.unindex(_entries(account_id, (each.before for each in moved)))
    tx.index(_entries(account_id, (each.after for each in moved)))
    changes: Counter[Tally] = Counter()
    for each in moved:
        for sign, state in ((-1, each.before), (1, each.after)):
            if state:
                changes[_tally(account_id, state)] += sign
    store.add_to_tallies(tx, Counter({tally: by for tally, by in changes.items() if by}))
    rollups.move(tx, _in_sight(account_id, moved))
    made = [_change(each, kind, actor, act) for each in moved]
    change_store.insert_all(tx, account_id, made)
    _tell(tx, account_id, moved, made, kind)


def reshelved(
    tx: Tx, account_id: str, positions: Sequence[int], before: Shelf, after: Shelf
) -> list[Moved]:
    """Move items from one shelf to another, and return what moved, for settle()."""
    items = store.reshelve(tx, account_id, positions, before, after)
    return [
        Moved(state, state._replace(shelf=after), before.value, after.value)
        for state in states(tx, account_id, [(item, before) for item in items])
    ]


def ended(tx: Tx, account_id: str, taken: Sequence[tuple[str, Item]]) -> list[Moved]:
    """Return what it means that items were taken from their shelves, for settle()."""
    found = states(tx, account_id, [(item, Shelf(shelf)) for shelf, item in taken])
    return [Moved(state, None, state.shelf.value, "") for state in found]


def unindex(tx: Tx, account_id: str, found: Sequence[State]) -> None:
    """Take items out of the search index."""
    if found:
        tx.unindex(_entries(account_id, found))


def reverse(
    tx: Tx, account_id: str, positions: Sequence[int], like: Change, actor: Actor, act: str
) -> int:
    """Take back of items a change that all of them had, where it still holds; return how many."""
    kind = Kind(like.kind)
    if kind is Kind.STATUS:
        moved = _from_to(tx, account_id, positions, Status(like.became), Status(like.was))
    elif kind is Kind.ASSIGN:
        moved = _reassign(tx, account_id, positions, like.became, like.was)
    elif kind in _OPPOSITES:
        kind = _OPPOSITES[kind]
        moved = _VERBS[kind](tx, account_id, positions, like.became or like.was)
    else:
        return 0
    settle(tx, account_id, moved, kind, actor, act)
    return len(moved)


def _set_status(tx: Tx, account_id: str, positions: Sequence[int], value: str) -> list[Moved]:
    status = Status(value)
    return [
        moved
        for before in Status
        if before is not status
        for moved in _from_to(tx, account_id, positions, before, status)
    ]


def _from_to(
    tx: Tx, account_id: str, positions: Sequence[int], before: Status, status: Status
) -> list[Moved]:
    resolved_at = _resolved_at(tx, account_id, positions) if before is Status.RESOLVED else {}
    items = store.update_statuses(tx, account_id, positions, before, status, clock.now())
    moved = []
    for state in states(tx, account_id, [(item, Shelf.LIVE) for item in items]):
        updated_at = resolved_at.get(state.item.position, state.item.updated_at)
        old_item = state.item._replace(status=before.value, updated_at=updated_at)
        moved.append(Moved(state._replace(item=old_item), state, before.value, status.value))
    return moved


def _resolved_at(tx: Tx, account_id: str, positions: Sequence[int]) -> dict[int, int]:
    """Return when items were last changed; how long they took to resolve is no longer told."""
    return {each.position: each.updated_at for each in store.hold_all(tx, account_id, positions)}


def _bring_back(tx: Tx, account_id: str, positions: Sequence[int], _value: str) -> list[Moved]:
    """Put deleted items back where they lay."""
    taken = bin_store.take_all(tx, account_id, positions)
    store.put_back(tx, account_id, taken)
    found = states(tx, account_id, [(item, Shelf(shelf)) for shelf, item in taken])
    return [Moved(None, state, "", state.shelf.value) for state in found]


def _delete(tx: Tx, account_id: str, positions: Sequence[int], _value: str) -> list[Moved]:
    taken = store.take_all(tx, account_id, positions)
    bin_store.insert_all(tx, account_id, taken, clock.now())
    return ended(tx, account_id, taken)


def _tag(tx: Tx, account_id: str, positions: Sequence[int], value: str) -> list[Moved]:
    def with_tag(annotation: Annotation) -> Annotation:
        if value in annotation.tags or len(annotation.tags) >= MOST_TAGS:
            return annotation
        return annotation._replace(tags=tuple(sorted((*annotation.tags, value))))

    return _annotate(tx, account_id, positions, with_tag, lambda _: ("", value))


def _untag(tx: Tx, account_id: str, positions: Sequence[int], value: str) -> list[Moved]:
    def without(annotation: Annotation) -> Annotation:
        return annotation._replace(tags=tuple(each for each in annotation.tags if each != value))

    return _annotate(tx, account_id, positions, without, lambda _: (value, ""))


def _assign(tx: Tx, account_id: str, positions: Sequence[int], value: str) -> list[Moved]:
    return _annotate(
        tx,
        account_id,
        positions,
        lambda annotation: annotation._replace(assignee_id=value),
        lambda annotation: (annotation.assignee_id, value),
    )


def _reassign(
    tx: Tx, account_id: str, positions: Sequence[int], before: str, after: str
) -> list[Moved]:
    def passed_on(annotation: Annotation) -> Annotation:
        is_it = annotation.assignee_id == before
        return annotation._replace(assignee_id=after) if is_it else annotation

    return _annotate(tx, account_id, positions, passed_on, lambda _: (before, after))


def _annotate(
    tx: Tx,
    account_id: str,
    positions: Sequence[int],
    change: Callable[[Annotation], Annotation],
    told: Callable[[Annotation], tuple[str, str]],
) -> list[Moved]:
    """Change the annotations of the items in sight that a change makes a difference to."""
    items = store.hold_all(tx, account_id, positions)
    moved = []
    for state in states(tx, account_id, [(item, Shelf.LIVE) for item in items]):
        annotation = change(state.annotation)
        if annotation != state.annotation:
            after = state._replace(annotation=annotation)
            moved.append(Moved(state, after, *told(state.annotation)))
    wanted = {each.after.item.position: each.after.annotation for each in moved if each.after}
    annotation_store.put(tx, account_id, {item.position: item.project_id for item in items}, wanted)
    return moved


def _spam(tx: Tx, account_id: str, positions: Sequence[int], _value: str) -> list[Moved]:
    moved = reshelved(tx, account_id, positions, Shelf.LIVE, Shelf.SPAM)
    items = [each.before.item for each in moved if each.before]
    spam_store.insert_all(tx, account_id, items, spam_store.MARKED)
    return moved


def _not_spam(tx: Tx, account_id: str, positions: Sequence[int], _value: str) -> list[Moved]:
    """Bring quarantined items into sight; whoever asks has seen to the quota (quarantine.py)."""
    moved = reshelved(tx, account_id, positions, Shelf.SPAM, Shelf.LIVE)
    items = [each.before.item for each in moved if each.before]
    reasons = spam_store.reasons(tx, account_id, [item.position for item in items])
    spam_store.delete_all(tx, account_id, list(reasons))
    # What was marked by a person had been in sight, and was told of then.
    unknown = [each for each in items if reasons.get(each.position) != spam_store.MARKED]
    happenings.created(tx, [(account_id, item.id) for item in unknown])
    return moved


_VERBS: dict[Kind, Callable[[Tx, str, Sequence[int], str], list[Moved]]] = {
    Kind.STATUS: _set_status,
    Kind.DELETE: _delete,
    Kind.RESTORE: _bring_back,
    Kind.TAG: _tag,
    Kind.UNTAG: _untag,
    Kind.ASSIGN: _assign,
    Kind.SPAM: _spam,
    Kind.NOT_SPAM: _not_spam,
}
# What takes an act back whose value says it all; a status and an assignee may have changed since.
_OPPOSITES = {
    Kind.DELETE: Kind.RESTORE,
    Kind.TAG: Kind.UNTAG,
    Kind.UNTAG: Kind.TAG,
    Kind.SPAM: Kind.NOT_SPAM,
    Kind.NOT_SPAM: Kind.SPAM,
}


def _entries(account_id: str, found: Iterable[State | None]) -> list[Entry]:
    return [
        Entry(account_id, state.item.position, state.tokens)
        for state in found
        if state and state.shelf is Shelf.LIVE
    ]


def _in_sight(account_id: str, moved: Sequence[Moved]) -> list[Move]:
    """Return what leaves sight and what comes into it; one that only changes does both."""
    return [
        Move(account_id, state.item, by)
        for each in moved
        for by, state in ((-1, each.before), (1, each.after))
        if state and state.shelf is Shelf.LIVE
    ]


def _tally(account_id: str, state: State) -> Tally:
    item = state.item
    return Tally(account_id, item.project_id, state.shelf.value, item.status, item.source)


def _change(moved: Moved, kind: Kind, actor: Actor, act: str) -> Change:
    item = (moved.after or moved.before or _nothing()).item
    return Change(
        ids.new(CHANGE),
        item.position,
        item.project_id,
        kind.value,
        moved.was,
        moved.became,
        actor.user_id,
        actor.way.value,
        act,
    )


def _tell(
    tx: Tx, account_id: str, moved: Sequence[Moved], made: Sequence[Change], kind: Kind
) -> None:
    """Note what others are told of: a new status, and what comes into sight for the first time."""
    if kind is Kind.STATUS:
        happenings.updated(tx, account_id, [change.id for change in made])
    elif kind is Kind.RELEASE:
        released = [each.after.item.id for each in moved if each.after]
        happenings.created(tx, [(account_id, item_id) for item_id in released])


def _nothing() -> State:
    raise RuntimeError("Nothing was before and nothing is after")
