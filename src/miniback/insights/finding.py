"""Finding what rises and what repeats among the items of some weeks: counting, nothing else."""

from collections import Counter, defaultdict
from collections.abc import Sequence
from typing import NamedTuple

from miniback.insights.likeness import score, words_of
from miniback.insights.models import WEEKS_BEFORE, Group, Rising, Term

MOST_RISING, MOST_GROUPS = 10, 10
# A word in more than a fifth of all messages tells none apart.
_COMMON_SHARE = 0.2
# Of few messages a fifth is next to nothing.
_NEVER_COMMON = 10
_SMALLEST_GROUP = 3
_ALIKE = 55.0
_FEWEST_SHARED = 2
_LEADERS_COMPARED = 20
_MOST_TERMS, _MOST_POSITIONS = 5, 5


class Said(NamedTuple):
    """An item that is looked at; `week` is 0 for the last seven days, 1 for those before."""

    position: int
    week: int
    words: list[str]

    @classmethod
    def read(cls, position: int, week: int, message: str) -> "Said":
        """Take the words out of a message."""
        return cls(position, week, words_of(message))


def rising(weeks: Sequence[Counter[str]]) -> tuple[Rising, ...]:
    """Return what rises, by the counts of this week and of those before, furthest first."""
    now, *before = weeks
    found = [
        Rising(value, items, tuple(week[value] for week in before)) for value, items in now.items()
    ]
    risen = [each for each in found if each.is_rising]
    return tuple(sorted(risen, key=lambda each: each.bound - each.now)[:MOST_RISING])


def rising_words(said: Sequence[Said]) -> tuple[Rising, ...]:
    """Return the words that rise; in how many messages a word stands is what counts."""
    weeks: list[Counter[str]] = [Counter() for _ in range(WEEKS_BEFORE + 1)]
    for each in said:
        weeks[each.week].update(each.words)
    return rising(weeks)


def groups(said: Sequence[Said]) -> tuple[Group, ...]:
    """Put messages together that say much the same, largest group first.

    Each message joins the one that it is most like of those before it that lead a group, if it is
    alike enough, else it leads a group of its own.
    """
    count = Counter(word for each in said for word in each.words)
    most = max(_NEVER_COMMON, len(said) * _COMMON_SHARE)
    telling = {word for word, items in count.items() if _FEWEST_SHARED <= items <= most}
    by_word: dict[str, list[int]] = defaultdict(list)
    members: dict[int, list[Said]] = {}
    for number, each in enumerate(said):
        own = [word for word in each.words if word in telling]
        leader = _leader(said, by_word, each, own)
        if leader is not None:
            members[leader].append(each)
            continue
        members[number] = [each]
        for word in own:
            by_word[word].append(number)
    large = [group for group in members.values() if len(group) >= _SMALLEST_GROUP]
    large.sort(key=len, reverse=True)
    return tuple(_group(group, telling) for group in large[:MOST_GROUPS])


def _leader(
    said: Sequence[Said], by_word: dict[str, list[int]], each: Said, own: Sequence[str]
) -> int | None:
    shared = Counter(number for word in own for number in by_word[word])
    alike = [
        (score(each.words, said[number].words), number)
        for number, words in shared.most_common(_LEADERS_COMPARED)
        if words >= min(_FEWEST_SHARED, len(own))
    ]
    best, leader = max(alike, default=(0.0, 0))
    return leader if best >= _ALIKE else None


def _group(members: Sequence[Said], telling: set[str]) -> Group:
    count = Counter(word for each in members for word in each.words if word in telling)
    terms = [Term(word, items) for word, items in count.most_common(_MOST_TERMS) if items > 1]
    positions = sorted((each.position for each in members), reverse=True)
    return Group(len(members), tuple(terms), tuple(positions[:_MOST_POSITIONS]))
