"""Feedback on its way out: read in portions, each behind the last item of the one before.

An export may take minutes, and a snapshot that long would keep the database from tidying up, so
each portion has one of its own. An item never changes its position, so it comes once at the most.
"""

from collections.abc import Callable
from typing import NamedTuple

from miniback import accounts, feedback
from miniback.accounts import Person
from miniback.db import Tx
from miniback.feedback import ITEM, Annotation, Search, Shown

# A portion holds about so many characters, whether items are short or as long as they may be.
_CHARACTERS = 1_500_000
LEAST, MOST = 25, 1_000
_NOTHING = Annotation()
# Who wants to know how far it is hears how many items have been written since the last time.
Told = Callable[[int], object]


class Portion(NamedTuple):
    """Some items, and the newest position of what follows; None where nothing does.

    `annotations` are by position; `tags` are those of the account, `people` the assignees, by id.
    """

    shown: list[Shown]
    following: int | None
    annotations: dict[int, Annotation]
    tags: dict[str, str]
    people: dict[str, Person]

    def tags_of(self, position: int) -> list[str]:
        """Return the names of an item's tags, in their order."""
        chosen = self.annotations.get(position, _NOTHING).tags
        return [name for tag_id, name in self.tags.items() if tag_id in chosen] if chosen else []

    def assignee_of(self, position: int) -> Person | None:
        """Return who sees to an item."""
        return self.people.get(self.annotations.get(position, _NOTHING).assignee_id)

    @property
    def next_limit(self) -> int:
        """How many items the next portion should have, by the size of those in this one."""
        characters = sum([len(each.item.document) for each in self.shown])
        return limit_for(len(self.shown), characters)


def unheard(_items: int) -> None:
    """Tell nobody how far it is."""


def limit_for(count: int, characters: int) -> int:
    """Return how many items a portion should have where so many have had so many characters."""
    return max(LEAST, min(MOST, _CHARACTERS * count // max(characters, 1)))


def portion(tx: Tx, search: Search, newest: int, limit: int) -> Portion:
    """Return the newest items that a search leaves, none newer than a position."""
    chosen = search.filter._replace(newest=newest)
    positions = feedback.positions(tx, chosen, search.words, limit)
    if not positions:
        return Portion([], None, {}, {}, {})
    account_id = chosen.account_id
    rows = feedback.at_positions(tx, account_id, positions, ITEM)
    shown = feedback.with_names(tx, account_id, rows)
    following = positions[-1] - 1 if len(positions) == limit else None
    annotations = feedback.annotations(tx, account_id, positions)
    if not annotations:
        return Portion(shown, following, {}, {}, {})
    tags = {tag.id: tag.name for tag in feedback.tags_of(tx, account_id)}
    assignees = {each.assignee_id for each in annotations.values()}
    people = accounts.people_named(tx, account_id, assignees)
    return Portion(shown, following, annotations, tags, people)
