"""What callers did and heard, held against what is there afterwards: every promise that was broken.

After Jepsen's set checker. A call is known to have been carried out (2xx), known not to have been
(4xx), or not known (5xx, no answer): only the last may be there or not. All functions are pure.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from enum import StrEnum
from typing import NamedTuple


class Kind(StrEnum):
    """How a promise was broken."""

    LOST = "lost"  # answered 2xx, and not there
    PHANTOM = "phantom"  # refused by every answer, and there
    UNEXPECTED = "unexpected"  # there, and nobody sent it
    DOUBLED = "doubled"  # there more often than it was sent, or more than once by one key
    WRONG_ID = "wrong id"  # answered with an id that it does not have
    ALTERED = "altered"  # there, with another text
    MISCOUNTED = "miscounted"  # a counter differs from the rows


class Call(NamedTuple):
    """One call that made an item, begun and perhaps answered; each marker belongs to one text."""

    marker: str
    text: str
    # The Idempotency-Key; '' for none.
    key: str = ""
    # None: no answer was read to its end.
    status: int | None = None
    item_id: str = ""

    @property
    def is_done(self) -> bool:
        """The answer says that it was carried out."""
        return self.status is not None and 200 <= self.status < 300

    @property
    def is_refused(self) -> bool:
        """The answer says that nothing was done."""
        return self.status is not None and 400 <= self.status < 500


class Item(NamedTuple):
    """One item as it is read back; its text begins with the marker."""

    item_id: str
    text: str

    @property
    def marker(self) -> str:
        """Whose it is."""
        return self.text.partition(" ")[0]


class Finding(NamedTuple):
    """A broken promise: what, seen where, and which."""

    kind: Kind
    where: str
    which: str


def check(
    calls: Iterable[Call],
    views: Mapping[str, Sequence[Item]],
    counters: Mapping[str, int],
) -> list[Finding]:
    """Return what is wrong with items as each view shows them, and with all that counts them.

    Every counter must be the number of items in each view. An empty list is a history in which
    every promise was kept.
    """
    by_marker: dict[str, list[Call]] = defaultdict(list)
    for call in calls:
        by_marker[call.marker].append(call)
    findings: list[Finding] = []
    for where, items in views.items():
        findings += _in_view(where, by_marker, items)
        findings += _miscounted(where, len(items), counters)
    return findings


def _in_view(
    where: str, by_marker: Mapping[str, list[Call]], items: Sequence[Item]
) -> Iterator[Finding]:
    there: dict[str, list[Item]] = defaultdict(list)
    for item in items:
        there[item.marker].append(item)
    for marker in there.keys() - by_marker.keys():
        yield Finding(Kind.UNEXPECTED, where, marker)
    for marker, calls in by_marker.items():
        for kind in _broken(calls, there.get(marker, [])):
            yield Finding(kind, where, marker)


def _broken(calls: list[Call], items: list[Item]) -> Iterator[Kind]:
    """Judge one marker: what was called, and what is there."""
    done = [call for call in calls if call.is_done]
    told, ids = {call.item_id for call in done}, {item.item_id for item in items}
    least = _most_items(done)
    most = _most_items([call for call in calls if not call.is_refused])
    if len(items) < least:
        yield Kind.LOST
    if items and most == 0:
        yield Kind.PHANTOM
    elif len(items) > most:
        yield Kind.DOUBLED
    if len(items) >= least > 0 and (told - ids or len(told) != least):
        yield Kind.WRONG_ID
    if any(item.text != calls[0].text for item in items):
        yield Kind.ALTERED


def _most_items(calls: list[Call]) -> int:
    """Count what calls can have made: one by each key, and one by each call without."""
    return len({call.key for call in calls if call.key}) + sum(not call.key for call in calls)


def _miscounted(where: str, items: int, counters: Mapping[str, int]) -> Iterator[Finding]:
    for name, count in counters.items():
        if count != items:
            yield Finding(Kind.MISCOUNTED, where, f"{name}: {count} for {items} items")
