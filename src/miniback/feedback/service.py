"""What one does with feedback once it is in: find, list, change, delete, release, clear away."""

from itertools import groupby
from typing import NamedTuple

from miniback import accounts, audit, clock, ids, outbox, plans, projects
from miniback.audit import BY_ITSELF, Actor
from miniback.db import Query, Row, Tx
from miniback.errors import NotFound, Unavailable
from miniback.feedback import (
    bin_store,
    change_store,
    clearing,
    listing,
    models,
    moves,
    spam_store,
    store,
    stretches,
    triage,
)
from miniback.feedback.acts import Action, Kind
from miniback.feedback.bin_store import Rested
from miniback.feedback.listing import Filter, Slice, Stream
from miniback.feedback.models import Item, Shelf, Status
from miniback.plans import Allowance, Plans

_TRIES = 5
# What is deleted on a page can be brought back for an hour.
GRACE_MS = 60 * 60 * clock.SECOND_MS
# What looks like spam is kept so long (contract section 6).
QUARANTINE_MS = 30 * clock.DAY_MS
# So long what is purged is counted together.
PURGED_TOLD_AFTER_MS = 10 * 60 * clock.SECOND_MS
# Open pages are told of an end for a day.
TOLD_MS = clock.DAY_MS


class Shown(NamedTuple):
    """An item with its project's name and slug."""

    item: Item
    name: str
    slug: str

    @property
    def json(self) -> str:
        """The whole object of the API."""
        return models.whole(self.item, self.name, self.slug)


class Page(NamedTuple):
    """A page of items, newest first, as rows of the columns asked for; and how many there are."""

    rows: list[Row]
    total: int
    is_total_exact: bool
    has_more: bool


_NOTHING = Page([], 0, True, False)


def find(tx: Tx, account_id: str, item_id: str) -> Shown:
    """Find an item in sight by its id, or raise NotFound."""
    found = None
    if ids.is_one(models.ID, item_id):
        found = store.find(tx, account_id, item_id, ids.position(item_id))
    if found is None:
        raise NotFound("Feedback not found")
    return Shown(*found)


def page(tx: Tx, chosen: Filter, words: list[str], wanted: Slice) -> Page:
    """Return one page of what a filter leaves; `words` are those of a search, if any."""
    gone = _gone(tx, chosen)
    if words or chosen.labels:
        return _found(tx, chosen, words, gone, wanted) if chosen.is_indexed else _NOTHING
    if gone:
        chosen = chosen._replace(but_deleted=True)
    tallies = store.tallied(tx, chosen.account_id, chosen.project_id, chosen.shelf)
    streams = list(filter(chosen.takes, tallies))
    total = sum([tallies[stream] for stream in streams])
    if chosen.is_dated and streams:
        total = stretches.count(tx, chosen, streams, total)
    rows = _nearest(tx, chosen, streams, total, wanted)
    return Page(rows, total, True, wanted.offset + len(rows) < total)


def positions(
    tx: Tx, chosen: Filter, words: list[str], limit: int, order: str = "DESC"
) -> list[int]:
    """Return where the newest items lie of what a filter leaves, or by ASC the oldest ones."""
    gone = _gone(tx, chosen)
    if words or chosen.labels:
        return tx.find(_query(chosen, words, gone), limit, 0, order) if chosen.is_indexed else []
    chosen = chosen._replace(but_deleted=bool(gone))
    tallies = store.tallied(tx, chosen.account_id, chosen.project_id, chosen.shelf)
    streams = list(filter(chosen.takes, tallies))
    if not streams:
        return []
    read = listing.newest_first if order == "DESC" else listing.oldest_first
    return [position for (position,) in read(tx, chosen, streams, Slice("position", limit, 0))]


def count_newer(tx: Tx, chosen: Filter, words: list[str], position: int) -> int:
    """Count what a filter leaves that is newer than a position."""
    newer = chosen._replace(oldest=max(chosen.oldest, position + 1))
    return page(tx, newer, words, Slice("position", 1, 0)).total


def find_anywhere(tx: Tx, account_id: str, item_id: str) -> tuple[Shown, Shelf]:
    """Find an item on whatever shelf, or raise NotFound."""
    found = None
    if ids.is_one(models.ID, item_id):
        found = store.find_anywhere(tx, account_id, item_id, ids.position(item_id))
    if found is None:
        raise NotFound("Feedback not found")
    item, name, slug, shelf = found
    return Shown(item, name, slug), Shelf(shelf)


def with_names(tx: Tx, account_id: str, rows: list[Row]) -> list[Shown]:
    """Make items of rows of all columns, with name and slug of their projects."""
    items = [Item(*row) for row in rows]
    project_ids = {item.project_id for item in items}
    names = projects.names(tx, account_id, sorted(project_ids)) if items else {}
    return [Shown(item, *names[item.project_id]) for item in items if item.project_id in names]


def set_status(tx: Tx, account_id: str, item_id: str, status: Status, actor: Actor) -> Shown:
    """Change an item's status; setting the one it has changes nothing and tells nobody."""
    for _ in range(_TRIES):
        shown = find(tx, account_id, item_id)
        if shown.item.status == status:
            return shown
        position, action = shown.item.position, Action.status(status)
        triage.carry_out(tx, account_id, [position], action, actor, triage.new_act())
    raise Unavailable


def delete(tx: Tx, account_id: str, item_id: str, actor: Actor) -> None:
    """Delete an item for good, or raise NotFound."""
    item = find(tx, account_id, item_id).item
    position = item.position
    # Another writer may have changed it between; its tally is that of what is deleted.
    taken = store.take_all(tx, account_id, [position])
    if not taken:
        raise NotFound("Feedback not found")
    moved = triage.ended(tx, account_id, taken)
    triage.settle(tx, account_id, moved, Kind.DELETE, actor, triage.new_act())
    clearing.erase(tx, account_id, [position])
    told = {"items": 1, "feedbackId": item_id, "projectId": item.project_id, "isForGood": True}
    audit.record(tx, account_id, audit.Action.FEEDBACK_DELETED, actor, told)


def forget_rested(tx: Tx, table: Plans, limit: int) -> int:
    """Delete for good up to `limit` items whose time to be brought back is over."""
    rested = bin_store.rested(tx, clock.now() - GRACE_MS, limit)
    for account_id, group in groupby(sorted(rested), lambda each: each.account_id):
        each = list(group)
        positions = [item.position for item in each]
        bin_store.take_all(tx, account_id, positions)
        clearing.erase(tx, account_id, positions)
        _forget_held(tx, table, account_id, each)
    return len(rested) + change_store.forget_ends(tx, clock.now() - TOLD_MS, limit)


def forget_spam(tx: Tx, limit: int) -> int:
    """Delete for good up to `limit` items that have lain in quarantine for its 30 days."""
    over = spam_store.over(tx, clock.now() - QUARANTINE_MS, limit)
    for account_id, group in groupby(sorted(over), lambda each: each[0]):
        positions = [position for _, position in group]
        taken = store.take_all(tx, account_id, positions)
        moved = triage.ended(tx, account_id, taken)
        triage.settle(tx, account_id, moved, Kind.DELETE, BY_ITSELF, triage.new_act())
        clearing.erase(tx, account_id, positions)
        _note_purged(tx, account_id, len(taken))
    return len(over)


def record_purged(tx: Tx, account_id: str) -> None:
    """Record how much spam was deleted of late; what is deleted from now on is told by another."""
    noted = outbox.hold_next(tx, account_id, outbox.SPAM_PURGED)
    if noted:
        outbox.done(tx, noted)
        told = {"items": int(noted.subject)}
        audit.record(tx, account_id, audit.Action.SPAM_PURGED, BY_ITSELF, told)


def _note_purged(tx: Tx, account_id: str, count: int) -> None:
    """Add to what is to be recorded: one entry for a night's spam, not one for each 20 of it."""
    noted = outbox.hold_next(tx, account_id, outbox.SPAM_PURGED)
    if noted:
        outbox.note(tx, noted, str(int(noted.subject) + count))
    elif count:
        outbox.record(tx, account_id, outbox.SPAM_PURGED, str(count), PURGED_TOLD_AFTER_MS)


def _forget_held(tx: Tx, table: Plans, account_id: str, gone: list[Rested]) -> None:
    account = accounts.find(tx, account_id)
    held = [ids.position_time(each.position) for each in gone if each.shelf == Shelf.HELD]
    if account and held:
        plans.forget_held(tx, Allowance(account.id, table[account.plan], account.anchor), held)


def clear_some(tx: Tx, allowance: Allowance, project_id: str, portion: int) -> bool:
    """Clear away a portion of a deleted project's feedback; False once nothing is left."""
    account_id = allowance.account_id
    taken = store.take_some(tx, account_id, project_id, portion)
    held = [ids.position_time(item.position) for shelf, item in taken if shelf == Shelf.HELD]
    plans.forget_held(tx, allowance, held)
    live = [(item, Shelf.LIVE) for shelf, item in taken if shelf == Shelf.LIVE]
    triage.unindex(tx, account_id, moves.states(tx, account_id, live))
    if taken or clearing.clear_some(tx, account_id, project_id, portion):
        return True
    store.delete_tallies(tx, account_id, project_id)
    projects.finish_deletion(tx, account_id, project_id)
    return False


def release_some(tx: Tx, allowance: Allowance, portion: int) -> bool:
    """Bring a portion of what was held back into sight, oldest first, as far as the plan allows."""
    account_id = allowance.account_id
    held = store.oldest_held(tx, account_id, portion)
    admitted = plans.release(tx, allowance, [ids.position_time(item.position) for item in held])
    if not admitted:
        return False
    positions = [item.position for item in held[:admitted]]
    moved = triage.reshelved(tx, account_id, positions, Shelf.HELD, Shelf.LIVE)
    triage.settle(tx, account_id, moved, Kind.RELEASE, BY_ITSELF, triage.new_act())
    return True


def _found(tx: Tx, chosen: Filter, words: list[str], gone: list[str], wanted: Slice) -> Page:
    """Return one page of a search."""
    query = _query(chosen, words, gone)
    total, is_exact = tx.count_found(query)
    # One more than the page tells exactly whether more follow, whatever the total says.
    columns, limit, offset = wanted
    positions = tx.find(query, limit + 1, offset) if not is_exact or offset < total else []
    shown = positions[:limit]
    rows = listing.at_positions(tx, chosen.account_id, shown, columns) if shown else []
    return Page(rows, total, is_exact, len(positions) > limit)


def _gone(tx: Tx, chosen: Filter) -> list[str]:
    """Return the projects that are being cleared away, which an account's lists must leave out."""
    return [] if chosen.project_id else projects.being_deleted(tx, chosen.account_id)


def _query(chosen: Filter, words: list[str], gone: list[str]) -> Query:
    """Write a search; every filter is a token of the index as the words are."""
    labels = [chosen.project_id, chosen.status, chosen.source, *chosen.labels]
    return Query(
        account_id=chosen.account_id,
        all_of=[*dict.fromkeys(words[:-1]), *("_" + label for label in labels if label)],
        prefix=words[-1] if words else None,
        none_of=["_" + project_id for project_id in gone],
        oldest=chosen.oldest,
        newest=chosen.newest,
    )


def _nearest(tx: Tx, chosen: Filter, streams: list[Stream], total: int, wanted: Slice) -> list[Row]:
    """Page from whichever end is nearer: skipping a row costs, and half the rows is the most."""
    size = min(wanted.limit, total - wanted.offset)
    if size <= 0:
        return []
    if wanted.offset <= total // 2:
        return listing.newest_first(tx, chosen, streams, wanted._replace(limit=size))
    offset = total - wanted.offset - size
    return listing.oldest_first(tx, chosen, streams, Slice(wanted.columns, size, offset))[::-1]
