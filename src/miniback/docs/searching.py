"""Finding a passage by its words: a small index in memory, over all pages."""

import math
from collections import Counter
from collections.abc import Iterable
from typing import NamedTuple

from miniback.docs.rendering import Passage
from miniback.text import words

MOST_FOUND = 20
LONGEST_QUERY = 200
# A page is found by its title before its headings, and by those before its text. The words as
# they were typed, together, tell more than each by itself.
_IN_TITLE, _IN_HEADING, _AS_TYPED = 4.0, 3.0, 6.0
_MOST_OF_A_PAGE = 2
# Longer words are found in other forms of theirs, too.
_LONG = 4
_SHOWN_BEFORE, _SHOWN = 60, 220


class Found(NamedTuple):
    """A passage, where it is, and some of its words around what was looked for."""

    address: str
    title: str
    heading: str
    excerpt: str


class _Entry(NamedTuple):
    page: str
    title: str
    passage: Passage
    title_words: frozenset[str]
    heading_words: frozenset[str]
    counts: Counter[str]
    plain: str


class Index:
    """All passages of the documentation, and how many of them have each word."""

    def __init__(self, pages: Iterable[tuple[str, str, Iterable[Passage]]]) -> None:
        self._entries = [
            _entry(page, title, passage) for page, title, passages in pages for passage in passages
        ]
        self._known = Counter(word for each in self._entries for word in each.counts)

    def find(self, query: str) -> list[Found]:
        """Return the passages that have all words of a query, or words that begin so."""
        asked = words(query[:LONGEST_QUERY])
        if not asked:
            return []
        typed = " ".join(asked)
        scored = [(self._score(each, asked, typed), each) for each in self._entries]
        scored = sorted((each for each in scored if each[0] > 0), key=lambda each: -each[0])
        found: list[Found] = []
        taken = Counter[str]()
        for _, entry in scored:
            taken[entry.page] += 1
            if taken[entry.page] <= _MOST_OF_A_PAGE and len(found) < MOST_FOUND:
                found.append(_found(entry, asked[0]))
        return found

    def _score(self, entry: _Entry, asked: list[str], typed: str) -> float:
        score = _AS_TYPED if typed in entry.plain else 0.0
        for at, word in enumerate(asked):
            begins = at == len(asked) - 1 or len(word) >= _LONG
            matching = [each for each in entry.counts if _fits(each, word, begins)]
            if not matching:
                return 0.0
            rarity = math.log(1 + len(self._entries) / sum(self._known[each] for each in matching))
            weight = 1 + math.log(sum(entry.counts[each] for each in matching))
            weight += _IN_TITLE * any(_fits(each, word, begins) for each in entry.title_words)
            weight += _IN_HEADING * any(_fits(each, word, begins) for each in entry.heading_words)
            score += rarity * weight
        return score


def _entry(page: str, title: str, passage: Passage) -> _Entry:
    in_heading = words(passage.heading)
    all_words = [*words(title), *in_heading, *words(passage.text)]
    return _Entry(
        page,
        title,
        passage,
        frozenset(words(title)),
        frozenset(in_heading),
        Counter(all_words),
        " ".join(all_words),
    )


def _fits(word: str, asked: str, begins: bool) -> bool:
    return word.startswith(asked) if begins else word == asked


def _found(entry: _Entry, word: str) -> Found:
    passage = entry.passage
    address = f"{entry.page}#{passage.anchor}" if passage.anchor else entry.page
    heading = passage.heading if passage.heading != entry.title else ""
    return Found(address, entry.title, heading, _excerpt(passage.text, word))


def _excerpt(text: str, word: str) -> str:
    at = max(text.lower().find(word), 0)
    start = text.rfind(" ", 0, max(at - _SHOWN_BEFORE, 0)) + 1
    end = start + _SHOWN
    cut = text[start:end].rpartition(" ")[0] if len(text) > end else text[start:]
    return f"{'…' if start else ''}{' '.join(cut.split())}{'…' if len(text) > end else ''}"
