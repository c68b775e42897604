"""Reading what insights are computed from, computing them, and keeping them."""

from collections import Counter
from typing import NamedTuple

import msgspec

from miniback import clock, feedback, ids, outbox
from miniback.db import Tx
from miniback.feedback import ITEM, QUARTER_MS, Counted, Filter, Item
from miniback.insights import finding
from miniback.insights.finding import Said
from miniback.insights.models import WEEKS_BEFORE, Insights

AGAIN_AFTER_MS = 6 * 60 * 60 * clock.SECOND_MS
# Enough for words and groups; pages are counted by the rollups however many items there are.
MOST_ITEMS = 2_000
_MOST_PAGES = 500
_WEEK_MS = 7 * clock.DAY_MS
_decoder = msgspec.json.Decoder(Insights)


class Material(NamedTuple):
    """What was read: pages by week, this one first, and the newest items with their weeks."""

    pages: list[Counter[str]]
    items: list[tuple[Item, int]]
    is_cut: bool


class Kept(NamedTuple):
    """Insights, and when they were computed, in milliseconds."""

    insights: Insights
    computed_at: int


def ask(tx: Tx, account_id: str) -> None:
    """Have an account's insights computed, now and from time to time."""
    outbox.replace(tx, account_id, outbox.INSIGHTS_DUE)


def read(tx: Tx, account_id: str) -> Material:
    """Read the weeks that are looked at."""
    now = clock.now()
    place, pages = Counted(account_id), []
    for week in range(WEEKS_BEFORE + 1):
        quarters = (
            (now - (week + 1) * _WEEK_MS) // QUARTER_MS,
            (now - week * _WEEK_MS) // QUARTER_MS,
        )
        rows = feedback.told(tx, place, "path", quarters, _MOST_PAGES)
        pages.append(Counter({value: items for value, items, *_ in rows}))
    oldest = ids.lowest_position(now - (WEEKS_BEFORE + 1) * _WEEK_MS)
    chosen = Filter(account_id, oldest=oldest)
    positions = feedback.positions(tx, chosen, [], MOST_ITEMS)
    rows = feedback.at_positions(tx, account_id, positions, ITEM) if positions else []
    items = [Item(*row) for row in rows]
    placed = [(each, _week(each, now)) for each in items]
    return Material(pages, placed, len(positions) == MOST_ITEMS)


def compute(material: Material) -> Insights:
    """Compute insights; this takes its time and touches no database."""
    said = [
        Said.read(item.position, week, feedback.message_of(item.document))
        for item, week in material.items
    ]
    weeks = max((each.week for each in said), default=0)
    # Where not even the weeks before were read whole, words cannot be compared with them.
    words = () if material.is_cut and weeks < WEEKS_BEFORE else finding.rising_words(said)
    days = (weeks + 1) * 7
    return Insights(finding.rising(material.pages), words, finding.groups(said), len(said), days)


def keep(tx: Tx, account_id: str, found: Insights) -> None:
    """Keep what was found in place of what was found before, and look again later."""
    tx.run(
        "INSERT INTO insights (account_id, content, computed_at)"
        " VALUES (:account_id, :content, :now)"
        " ON CONFLICT (account_id) DO UPDATE"
        "    SET content = excluded.content, computed_at = excluded.computed_at",
        account_id=account_id,
        content=msgspec.json.encode(found).decode(),
        now=clock.now(),
    )
    outbox.replace(tx, account_id, outbox.INSIGHTS_DUE, AGAIN_AFTER_MS)


def kept(tx: Tx, account_id: str) -> Kept | None:
    """Return what was found last, None where nobody has asked or something was erased since."""
    row = tx.one(
        "SELECT content, computed_at FROM insights WHERE account_id = :account_id",
        account_id=account_id,
    )
    return Kept(_decoder.decode(row[0]), row[1]) if row else None


def is_asked_for(tx: Tx, account_id: str) -> bool:
    """Tell whether insights are being computed, or will be."""
    return outbox.is_noted(tx, account_id, outbox.INSIGHTS_DUE)


def _week(item: Item, now: int) -> int:
    age = max(0, now - ids.position_time(item.position))
    return min(WEEKS_BEFORE, age // _WEEK_MS)
