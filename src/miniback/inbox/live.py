"""What open pages are told of: items that came in and what was done to others, by whomever.

Each process looks at the database for the accounts whose pages it holds open, so it does not matter
which process, machine or command has changed something. A place in the stream is a pair: the
position of the newest item, and the id of the last change. Transactions may end in another order
than they began, so each look goes back a little, and what was told already is left out.
"""

import asyncio
from collections import defaultdict
from collections.abc import AsyncIterator
from typing import NamedTuple

import msgspec
import structlog

from miniback import feedback, ids
from miniback.db import Database, Tx
from miniback.errors import Unavailable
from miniback.feedback import Filter
from miniback.inbox import asked

LOOK_EVERY_S = 0.5
HEARTBEAT_S = 15.0
# As far as one transaction may be overtaken by others.
OVERLAP_MS = 10_000
MOST_TOLD = 200
_LONGEST_QUEUE = 100
_CHANGE_ID = "change"

log = structlog.get_logger()


class Place(NamedTuple):
    """How far somebody has been told."""

    position: int
    change: str

    def __str__(self) -> str:
        return f"{self.position}.{self.change}"


class Changed(msgspec.Struct, frozen=True):
    """What was done to an item, known by its position: as text, since JavaScript has 53 bits."""

    position: str
    kind: str
    became: str
    by: str
    id: str


class News(msgspec.Struct, frozen=True):
    """What has happened since a place. `is_cut`: more than is told, so a page looks for itself."""

    place: str
    new: list[str]
    changed: list[Changed]
    is_cut: bool = False

    @property
    def is_empty(self) -> bool:
        """Whether nothing has happened."""
        return not self.new and not self.changed


class Live:
    """The streams of one process's open pages."""

    def __init__(self, db: Database) -> None:
        self._db = db
        self._queues: dict[str, set[asyncio.Queue[News]]] = defaultdict(set)
        self._told: dict[str, _Told] = {}

    async def run(self) -> None:
        """Look for what has happened until cancelled.

        As pages are read, from the replica where there is one: what is told can be read.
        """
        self._db.asked_by_anybody()
        while True:
            await asyncio.sleep(LOOK_EVERY_S)
            for account_id in list(self._queues):
                try:
                    await self._look(account_id)
                except Unavailable:
                    continue  # the database was told of in the log; the next look may find it
                except Exception:
                    log.exception("live_failed")

    async def since(self, account_id: str, place: Place | None) -> News:
        """Return what has happened since a place; without one, nothing but where one is now.

        What happened in the last seconds before the place is told again: it may have been
        committed after what was told last.
        """
        self._db.asked_by_anybody()
        if place is None:
            return News(str(await self._db.look_through(_latest, account_id)), [], [])
        return await self._db.look_through(_news, account_id, place, frozenset())

    async def stream(self, account_id: str, place: Place | None) -> AsyncIterator[News | None]:
        """Give what happens, beginning behind a place; None when a while has passed in silence."""
        queue: asyncio.Queue[News] = asyncio.Queue(_LONGEST_QUEUE)
        self._queues[account_id].add(queue)
        try:
            self._db.asked_by_anybody()
            if account_id not in self._told:
                place_now = await self._db.look_through(_latest, account_id)
                before = await self._db.look_through(_news, account_id, place_now, frozenset())
                self._told[account_id] = _Told(place_now)
                self._told[account_id].note(before)
            yield await self.since(account_id, place)
            while True:
                try:
                    yield await asyncio.wait_for(queue.get(), HEARTBEAT_S)
                except TimeoutError:
                    yield None
        finally:
            self._leave(account_id, queue)

    def _leave(self, account_id: str, queue: asyncio.Queue[News]) -> None:
        self._queues[account_id].discard(queue)
        if not self._queues[account_id]:
            del self._queues[account_id]
            self._told.pop(account_id, None)

    async def _look(self, account_id: str) -> None:
        told = self._told.get(account_id)
        if told is None:
            return
        # Remembered while nothing at all is committed, so an idle server does next to nothing.
        news = await self._db.recall(_news, account_id, told.place, frozenset(told.recent))
        if news.is_empty:
            return
        told.note(news)
        for queue in self._queues.get(account_id, ()):
            if queue.full():
                queue.get_nowait()
            queue.put_nowait(news)


class _Told:
    """How far all pages of an account were told, and what of the last seconds before it."""

    def __init__(self, place: Place) -> None:
        self.place = place
        self.recent: dict[str, int] = {}

    def note(self, news: News) -> None:
        """Remember what is told now, and forget what no look goes back to any more."""
        self.place = parsed(news.place) or self.place
        self.recent |= {name: ids.position_time(int(name)) for name in news.new}
        self.recent |= {each.id: ids.created_at(each.id) for each in news.changed}
        earliest = min(ids.position_time(self.place.position), ids.created_at(self.place.change))
        oldest = earliest - 2 * OVERLAP_MS
        self.recent = {name: at for name, at in self.recent.items() if at >= oldest}


def parsed(text: str) -> Place | None:
    """Read a place as a page sends it back, None where it is none."""
    before, _, change = text.partition(".")
    position = asked.position(before)
    if position is None or not ids.is_one(_CHANGE_ID, change):
        return None
    return Place(position, change)


def _latest(tx: Tx, account_id: str) -> Place:
    newest = feedback.positions(tx, Filter(account_id), [], 1)
    return Place(newest[0] if newest else 0, feedback.last_change(tx, account_id))


def _news(tx: Tx, account_id: str, place: Place, told: frozenset[str]) -> News:
    """Read what has happened since a little before a place, but for what was told already."""
    most = MOST_TOLD + len(told)
    oldest = max(0, place.position - ids.lowest_position(OVERLAP_MS))
    after = ids.lowest(_CHANGE_ID, max(0, ids.created_at(place.change) - OVERLAP_MS))
    found = feedback.positions(tx, Filter(account_id, oldest=oldest), [], most)
    changes = feedback.changes_since(tx, account_id, after, most)
    new = [str(position) for position in found if str(position) not in told]
    changed = [
        Changed(str(each.position), each.kind, each.became, each.user_id, each.id)
        for each in changes
        if each.id not in told
    ]
    latest = Place(
        max([place.position, *found]), max([place.change, *(each.id for each in changes)])
    )
    return News(str(latest), new, changed, most in (len(found), len(changes)))
