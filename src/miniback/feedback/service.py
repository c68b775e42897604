"""What one does with feedback once it is in: find, list, change, delete, release, clear away."""

from collections import Counter
from typing import NamedTuple

from miniback import clock, idempotency, ids, plans, projects
from miniback.db import Entry, Query, Row, Tx
from miniback.errors import NotFound, Unavailable
from miniback.feedback import listing, models, store
from miniback.feedback.listing import Filter, Slice, Stream
from miniback.feedback.models import Item, Shelf, Status
from miniback.feedback.store import Tally
from miniback.plans import Allowance

_TRIES = 5


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
    # A project that is being cleared away is found by nobody; an account's lists must leave it out.
    gone = [] if chosen.project_id else projects.being_deleted(tx, chosen.account_id)
    if words:
        return _found(tx, chosen, words, gone, wanted)
    chosen = chosen._replace(but_deleted=bool(gone))
    tallies = store.tallied(tx, chosen.account_id, chosen.project_id)
    streams = list(filter(chosen.takes, tallies))
    if chosen.is_dated and streams:
        total = listing.count(tx, chosen, streams)
    else:
        total = sum([tallies[stream] for stream in streams])
    rows = _nearest(tx, chosen, streams, total, wanted)
    return Page(rows, total, True, wanted.offset + len(rows) < total)


def with_names(tx: Tx, account_id: str, rows: list[Row]) -> list[Shown]:
    """Make items of rows of all columns, with name and slug of their projects."""
    items = [Item(*row) for row in rows]
    project_ids = {item.project_id for item in items}
    names = projects.names(tx, account_id, sorted(project_ids)) if items else {}
    return [Shown(item, *names[item.project_id]) for item in items if item.project_id in names]


def set_status(tx: Tx, account_id: str, item_id: str, status: Status) -> Shown:
    """Change an item's status; setting the one it has changes nothing and tells nobody."""
    for _ in range(_TRIES):
        shown = find(tx, account_id, item_id)
        item = shown.item
        if item.status == status:
            return shown
        now = max(clock.now(), item.updated_at)
        if store.update_status(tx, account_id, item, status, now):
            changed = item._replace(status=status.value, updated_at=now)
            tx.unindex([_entry(account_id, item)])
            tx.index([_entry(account_id, changed)])
            _move(tx, account_id, [(item, Shelf.LIVE)], [(changed, Shelf.LIVE)])
            return shown._replace(item=changed)
    raise Unavailable


def delete(tx: Tx, account_id: str, item_id: str) -> None:
    """Delete an item for good, or raise NotFound."""
    item = find(tx, account_id, item_id).item
    # Another writer may have changed it between; its tally is that of what is deleted.
    for shelf, gone in store.take(tx, account_id, item.position):
        tx.unindex([_entry(account_id, gone)])
        _move(tx, account_id, [(gone, Shelf(shelf))], [])
        return
    raise NotFound("Feedback not found")


def clear_some(tx: Tx, allowance: Allowance, project_id: str, portion: int) -> bool:
    """Clear away a portion of a deleted project's feedback; False once nothing is left."""
    account_id = allowance.account_id
    taken = store.take_some(tx, account_id, project_id, portion)
    held = [ids.position_time(item.position) for shelf, item in taken if shelf == Shelf.HELD]
    plans.forget_held(tx, allowance, held)
    live = [_entry(account_id, item) for shelf, item in taken if shelf == Shelf.LIVE]
    if live:
        tx.unindex(live)
    if taken or idempotency.forget_some(tx, account_id, project_id, portion):
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
    released = store.set_live(tx, account_id, [item.position for item in held[:admitted]])
    items = [item for item in held[:admitted] if item.position in released]
    tx.index([_entry(account_id, item) for item in items])
    _move(
        tx,
        account_id,
        [(item, Shelf.HELD) for item in items],
        [(item, Shelf.LIVE) for item in items],
    )
    return True


def _found(tx: Tx, chosen: Filter, words: list[str], gone: list[str], wanted: Slice) -> Page:
    """Return one page of a search; every filter is a token of the index as the words are."""
    labels = [chosen.project_id, chosen.status, chosen.source]
    query = Query(
        account_id=chosen.account_id,
        all_of=[*dict.fromkeys(words[:-1]), *("_" + label for label in labels if label)],
        prefix=words[-1],
        none_of=["_" + project_id for project_id in gone],
        oldest=chosen.oldest,
        newest=chosen.newest,
    )
    total, is_exact = tx.count_found(query)
    # One more than the page tells exactly whether more follow, whatever the total says.
    columns, limit, offset = wanted
    positions = tx.find(query, limit + 1, offset) if not is_exact or offset < total else []
    shown = positions[:limit]
    rows = listing.at_positions(tx, chosen.account_id, shown, columns) if shown else []
    return Page(rows, total, is_exact, len(positions) > limit)


def _nearest(tx: Tx, chosen: Filter, streams: list[Stream], total: int, wanted: Slice) -> list[Row]:
    """Page from whichever end is nearer: skipping a row costs, and half the rows is the most."""
    size = min(wanted.limit, total - wanted.offset)
    if size <= 0:
        return []
    if wanted.offset <= total // 2:
        return listing.newest_first(tx, chosen, streams, wanted._replace(limit=size))
    offset = total - wanted.offset - size
    return listing.oldest_first(tx, chosen, streams, Slice(wanted.columns, size, offset))[::-1]


def _entry(account_id: str, item: Item) -> Entry:
    labels = models.labels(item.project_id, item.status, item.source)
    return Entry(account_id, item.position, item.words + labels)


def _move(
    tx: Tx, account_id: str, before: list[tuple[Item, Shelf]], after: list[tuple[Item, Shelf]]
) -> None:
    """Move tallies along with items."""
    changes: Counter[Tally] = Counter()
    for sign, items in ((-1, before), (1, after)):
        for item, shelf in items:
            changes[Tally(account_id, item.project_id, shelf, item.status, item.source)] += sign
    store.add_to_tallies(tx, changes)
