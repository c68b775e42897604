"""Bringing feedback here from elsewhere, as it was there: items, tags, notes, history, images.

What was brought before is not brought twice, so whoever is interrupted begins again (ADR 0017).
Nobody is told of any of it, and no limit of a plan counts it.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from miniback import accounts, clock, ids, projects
from miniback.db import Entry, Tx
from miniback.errors import NotFound
from miniback.feedback import (
    annotation_store,
    attachment_store,
    bin_store,
    change_store,
    gate_store,
    models,
    rollups,
    spam_store,
    store,
    submitter_store,
    submitters,
    tag_store,
    view_store,
)
from miniback.feedback.acts import Annotation, Change, Note
from miniback.feedback.attachment_store import Kept
from miniback.feedback.attachments import Image
from miniback.feedback.models import Draft, Item, Shelf, Source, Status
from miniback.feedback.moves import State, states
from miniback.feedback.rollups import Move
from miniback.feedback.store import Tally
from miniback.feedback.submitter_store import Sent
from miniback.feedback.tag_store import Tag
from miniback.feedback.view_store import View

MOST_TAGS_OF_ACCOUNT, MOST_NOTES = 200, 100
# Of a place in time there are 2,048 a microsecond; so many are tried.
_TURNS = 12


class Brought(NamedTuple):
    """An item as it was elsewhere; `tags` are ids of this account's.

    `reason` and `since` say why and how long it lies in quarantine, `identity` for whom a
    customer's server has vouched.
    """

    id: str
    project_id: str
    draft: Draft
    updated_at: int
    shelf: Shelf = Shelf.LIVE
    status: Status = Status.NEW
    source: Source = Source.API
    tags: tuple[str, ...] = ()
    assignee_id: str = ""
    reason: str = ""
    since: int = 0
    identity: str = ""


def bring_in(tx: Tx, account_id: str, items: Sequence[Brought]) -> int:
    """Take items into projects of an account; return how many were not there already.

    Where an item's place in time is another's, it gets an id of its own of the same time.
    """
    _hold(tx, account_id, {each.project_id for each in items})
    waiting = {each.id: each for each in items}
    came = 0
    for turn in range(_TURNS):
        if not waiting:
            break
        named = {_name(account_id, each, turn): each for each in waiting}
        is_there, is_free = _told_apart(tx, account_id, list(named))
        placed = [_state(name, waiting[named[name]]) for name in is_free]
        kept = _insert(tx, account_id, placed)
        _keep(tx, account_id, [(each, waiting[named[each.item.id]]) for each in kept])
        came += len(kept)
        for name in (*is_there, *(each.item.id for each in kept)):
            del waiting[named[name]]
    return came


def brought_positions(tx: Tx, account_id: str, item_ids: Sequence[str]) -> dict[str, int]:
    """Return where items lie that bring_in() has taken, by the ids that they had elsewhere."""
    waiting, found = set(item_ids), dict[str, int]()
    for turn in range(_TURNS):
        if not waiting:
            break
        named = {_name(account_id, each, turn): each for each in waiting}
        there = store.ids_at(tx, account_id, [ids.position(name) for name in named])
        found |= {named[name]: at for at, name in there.items() if name in named}
        waiting -= found.keys()
    return found


def bring_tags(tx: Tx, account_id: str, wanted: Sequence[Tag]) -> dict[str, str]:
    """Make tags of names that the account has not; return the ids of all here by those there.

    Those for which there is no room are left out.
    """
    there = tag_store.all_of(tx, account_id, MOST_TAGS_OF_ACCOUNT)
    known = {tag.folded: tag.id for tag in there}
    own = {tag.id for tag in there}
    new: dict[str, Tag] = {}
    for tag in wanted:
        has_room = len(there) + len(new) < MOST_TAGS_OF_ACCOUNT
        if tag.folded not in known and tag.id not in own and has_room:
            new.setdefault(tag.folded, tag)
    tag_store.insert_all(tx, account_id, list(new.values()))
    known |= {folded: tag.id for folded, tag in new.items()}
    named = {tag.id: known.get(tag.folded, tag.id if tag.id in own else "") for tag in wanted}
    return {there: here for there, here in named.items() if here}


def bring_views(tx: Tx, account_id: str, views: Sequence[View]) -> int:
    """Add saved views as far as there is room; return for how many there was none."""
    there = {view.id for view in view_store.all_of(tx, account_id)}
    new = [view for view in views if view.id not in there]
    room = max(0, view_store.MOST - len(there))
    view_store.insert_all(tx, account_id, new[:room])
    return len(new[room:])


def bring_notes(tx: Tx, account_id: str, notes: Sequence[Note]) -> int:
    """Add notes to items, which are then found by their words; return how many were new."""
    positions = sorted({note.position for note in notes})
    held = [(item, Shelf(shelf)) for shelf, item in store.hold_anywhere(tx, account_id, positions)]
    before = states(tx, account_id, held)
    of = {state.item.position: state.item.project_id for state in before}
    room = Counter(dict.fromkeys(of, MOST_NOTES))
    room.subtract(each.position for each in annotation_store.notes_of(tx, account_id, positions))
    fitting = []
    for note in notes:
        if room[note.position] > 0:
            room[note.position] -= 1
            fitting.append(note)
    if not fitting:
        return 0
    came = annotation_store.insert_new(tx, account_id, of, fitting)
    after = states(tx, account_id, held)
    changed = [
        pair
        for pair in zip(before, after, strict=True)
        if pair[0] != pair[1] and pair[0].shelf is Shelf.LIVE
    ]
    tx.unindex(_entries(account_id, (was for was, _ in changed)))
    tx.index(_entries(account_id, (now for _, now in changed)))
    return came


def bring_changes(tx: Tx, account_id: str, changes: Sequence[Change]) -> int:
    """Add what was done to items elsewhere; return how much of it was new."""
    _hold(tx, account_id, {change.project_id for change in changes})
    return change_store.insert_new(tx, account_id, changes)


def bring_image(tx: Tx, account_id: str, kept: Kept, image: Image) -> bool:
    """Add an image to an item; False where it is there."""
    _hold(tx, account_id, {kept.project_id})
    return attachment_store.insert_new(tx, account_id, kept, image.content_type, image.content)


def _hold(tx: Tx, account_id: str, project_ids: set[str]) -> None:
    """Keep projects from being deleted, and others from bringing things to this account."""
    places = [(account_id, project_id) for project_id in sorted(project_ids)]
    if places and not projects.hold(tx, places)():
        raise NotFound("Project not found")
    accounts.hold(tx, account_id)


def _name(account_id: str, item_id: str, turn: int) -> str:
    return item_id if turn == 0 else ids.beside(item_id, f"{account_id} {turn} ".encode())


def _told_apart(tx: Tx, account_id: str, names: list[str]) -> tuple[list[str], list[str]]:
    """Return which items are there, be it in the bin, and for which the place is free."""
    places = {name: ids.position(name) for name in names}
    own = store.ids_at(tx, account_id, list(places.values()))
    resting = bin_store.ids_at(tx, list(places.values()))
    is_there, is_free = [], dict[int, str]()
    for name, position in places.items():
        if own.get(position) == name or resting.get(position) == (account_id, name):
            is_there.append(name)
        elif position not in own and position not in resting:
            is_free.setdefault(position, name)
    return is_there, list(is_free.values())


def _state(name: str, brought: Brought) -> State:
    item = Item(
        ids.position(name),
        models.document(name, brought.draft),
        brought.status.value,
        brought.source.value,
        clock.iso(ids.created_at(name)),
        brought.updated_at,
        brought.project_id,
        brought.draft.facets,
    )
    tags = tuple(sorted(brought.tags))
    return State(item, brought.shelf, Annotation(tags, brought.assignee_id))


def _insert(tx: Tx, account_id: str, placed: Sequence[State]) -> list[State]:
    """Put items where nobody is; return those that are there now."""
    rows = [
        {
            **each.item._asdict(),
            "account_id": account_id,
            "id": each.item.id,
            "shelf": each.shelf.value,
        }
        for each in placed
    ]
    if not rows or store.insert_new(tx, rows) == len(rows):
        return list(placed)
    there = store.ids_at(tx, account_id, [each.item.position for each in placed])
    return [each for each in placed if there.get(each.item.position) == each.item.id]


def _keep(tx: Tx, account_id: str, kept: Sequence[tuple[State, Brought]]) -> None:
    """Store what belongs to items that have come: tallies, search index, and all beside."""
    if not kept:
        return
    tallies: Counter[Tally] = Counter()
    for state, _ in kept:
        item = state.item
        shelf = state.shelf.value
        tallies[Tally(account_id, item.project_id, shelf, item.status, item.source)] += 1
    store.add_to_tallies(tx, tallies)
    live = [state for state, _ in kept if state.shelf is Shelf.LIVE]
    if live:
        tx.index(_entries(account_id, live))
        rollups.move(tx, [Move(account_id, state.item, 1) for state in live])
    annotated = {
        state.item.position: state.annotation
        for state, _ in kept
        if state.annotation != Annotation()
    }
    project_ids = {state.item.position: state.item.project_id for state, _ in kept}
    annotation_store.put(tx, account_id, project_ids, annotated)
    senders = [_sender(account_id, state.item, brought) for state, brought in kept]
    submitter_store.insert_all(tx, senders)
    _keep_doubts(tx, account_id, kept)


def _sender(account_id: str, item: Item, brought: Brought) -> Sent:
    """Return whose item it is, as far as it tells."""
    told = submitters.of_context(brought.draft.context_json, brought.identity)
    return Sent(account_id, item.project_id, item.position, told)


def _keep_doubts(tx: Tx, account_id: str, kept: Sequence[tuple[State, Brought]]) -> None:
    """Store why items lie in quarantine, and for whom somebody has vouched."""
    placed = [
        (
            brought,
            {
                "account_id": account_id,
                "position": state.item.position,
                "project_id": state.item.project_id,
            },
        )
        for state, brought in kept
    ]
    spam = [
        {**place, "reason": brought.reason, "since": brought.since or clock.now()}
        for brought, place in placed
        if brought.shelf is Shelf.SPAM
    ]
    vouched = [
        {**place, "user_id": brought.identity} for brought, place in placed if brought.identity
    ]
    if spam:
        spam_store.insert_rows(tx, spam)
    if vouched:
        gate_store.vouch(tx, vouched)


def _entries(account_id: str, found: Iterable[State]) -> list[Entry]:
    return [Entry(account_id, state.item.position, state.tokens) for state in found]
