"""What is found, with the arithmetic that found it."""

import math

import msgspec

WEEKS_BEFORE = 4
# Fewer than these are chance, whatever was before.
_FEWEST = 4
_DEVIATIONS = 3


class Rising(msgspec.Struct, frozen=True):
    """A page or a word with more items this week than usual.

    `before` are its items in each of the weeks before, the latest first.
    """

    value: str
    now: int
    before: tuple[int, ...]

    @property
    def usual(self) -> float:
        """The mean of the weeks before."""
        return sum(self.before) / len(self.before)

    @property
    def bound(self) -> float:
        """What chance does not exceed: three standard deviations over the usual (Poisson)."""
        return self.usual + _DEVIATIONS * math.sqrt(max(self.usual, 1))

    @property
    def is_rising(self) -> bool:
        """Whether there are more than chance would bring."""
        return self.now >= _FEWEST and self.now > self.bound


class Term(msgspec.Struct, frozen=True):
    """A word of a group, and how many of its items have it."""

    word: str
    items: int


class Group(msgspec.Struct, frozen=True):
    """Messages that say much the same: how many, what they share, and where the newest lie."""

    size: int
    terms: tuple[Term, ...]
    positions: tuple[int, ...]


class Insights(msgspec.Struct, frozen=True):
    """All that was found. `items` were looked at, those of `days`."""

    pages: tuple[Rising, ...] = ()
    words: tuple[Rising, ...] = ()
    groups: tuple[Group, ...] = ()
    items: int = 0
    days: int = 0
