"""How much lies between two dates: counted within or without them, whichever is less."""

from collections.abc import Sequence

from miniback.db import Tx
from miniback.feedback import listing
from miniback.feedback.listing import Filter, Slice, Stream


def count(tx: Tx, chosen: Filter, streams: Sequence[Stream], everything: int) -> int:
    """Count what lies between two dates; of `everything`, what lies outside where that is less."""
    whole = chosen._replace(oldest=listing.FIRST_POSITION, newest=listing.LAST_POSITION)
    ends = _ends(tx, whole, streams)
    if ends is None:
        return 0
    first, last = ends
    oldest, newest = max(chosen.oldest, first), min(chosen.newest, last)
    if newest < oldest:
        return 0
    if 2 * (newest - oldest) <= last - first:
        return listing.count(tx, chosen, streams)
    before = whole._replace(newest=oldest - 1)
    after = whole._replace(oldest=newest + 1)
    outside = sum(
        listing.count(tx, each, streams)
        for each, is_there in ((before, oldest > first), (after, newest < last))
        if is_there
    )
    return everything - outside


def _ends(tx: Tx, chosen: Filter, streams: Sequence[Stream]) -> tuple[int, int] | None:
    """Return the positions of the oldest and the newest item, None where there is none."""
    one = Slice("position", 1, 0)
    newest = listing.newest_first(tx, chosen, streams, one)
    oldest = listing.oldest_first(tx, chosen, streams, one)
    return (oldest[0][0], newest[0][0]) if newest and oldest else None
