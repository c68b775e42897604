"""How alike two messages are, and which items are likely to say the same as another."""

import functools
import importlib
from collections.abc import Callable, Sequence
from typing import NamedTuple

from miniback import feedback, text
from miniback.db import Query, Tx
from miniback.feedback import ITEM, LAST_POSITION, Item

# Of 100: from here on two messages are likely to say the same.
LIKELY = 70.0
MOST_SHOWN = 5
_SHORTEST_WORD = 3
# Long words are the rarer ones; of these so many are counted, and the rarest looked up.
_COUNTED, _LOOKED_UP, _FOUND_BY_EACH = 8, 4, 50


class Similar(NamedTuple):
    """An item that is likely to say the same: how alike of 100, and the words that both have."""

    item: Item
    message: str
    score: int
    shared: list[str]


def words_of(message: str) -> list[str]:
    """Return the words that tell messages apart, sorted, each once."""
    return sorted(
        {
            word
            for word in text.words(message)
            if not word.isdigit() and (len(word) >= _SHORTEST_WORD or not word.isascii())
        }
    )


def score(one: Sequence[str], other: Sequence[str]) -> float:
    """Return how alike two lists of sorted words are, 0 to 100.

    It is the share of characters that stay where one becomes the other by taking out and putting
    in: 200 times what both have in order, over the length of both (normalized Indel similarity).
    """
    return _ratio()(" ".join(one), " ".join(other))


# Loaded when the first messages are compared: a server starts without.
@functools.cache
def _ratio() -> Callable[[str, str], float]:
    ratio: Callable[[str, str], float] = importlib.import_module("rapidfuzz.fuzz").ratio
    return ratio


def similar(tx: Tx, account_id: str, item: Item) -> list[Similar]:
    """Return the items in sight that are likely to say the same as one, the most alike first."""
    own = words_of(feedback.message_of(item.document))
    positions = _candidates(tx, account_id, own) - {item.position}
    rows = feedback.at_positions(tx, account_id, sorted(positions), ITEM) if positions else []
    found = []
    for row in rows:
        other = Item(*row)
        message = feedback.message_of(other.document)
        theirs = words_of(message)
        if (alike := score(own, theirs)) >= LIKELY:
            shared = [word for word in own if word in theirs]
            found.append(Similar(other, message, round(alike), shared))
    return sorted(found, key=lambda each: (-each.score, -each.item.position))[:MOST_SHOWN]


def _candidates(tx: Tx, account_id: str, words: Sequence[str]) -> set[int]:
    """Find items that share one of the rarest words."""
    longest = sorted(words, key=len, reverse=True)[:_COUNTED]
    queries = [Query(account_id, [word], None, [], 0, LAST_POSITION) for word in longest]
    counted = sorted((tx.count_found(query)[0], number) for number, query in enumerate(queries))
    shared = [number for count, number in counted if count > 1][:_LOOKED_UP]
    return {
        position for number in shared for position in tx.find(queries[number], _FOUND_BY_EACH, 0)
    }
