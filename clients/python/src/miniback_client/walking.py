"""Walking a list from the newest to the oldest, while items come and go.

Lists are asked for by offset, and each new item pushes the others further: the same offset would
give some twice. What is deleted, or leaves the filter, draws them nearer: some would be missed. So
each page begins with the last item that was given. If it does not, the walk steps back until it
does. What is newer than the last one is passed over, and so is what was given at its very moment.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Generic, Protocol, TypeVar

from miniback_client.call import Call
from miniback_client.models import Page

MOST = 100


class Item(Protocol):
    """What a list is made of."""

    @property
    def id(self) -> str:
        """The item's id."""

    @property
    def created_at(self) -> datetime:
        """When it came in; lists are ordered by it."""


ItemT = TypeVar("ItemT", bound=Item)
T = TypeVar("T")
PageT = TypeVar("PageT")
GivenT_co = TypeVar("GivenT_co", covariant=True)


class Steps(Protocol[PageT, GivenT_co]):
    """A list that is gone through page by page."""

    @property
    def is_over(self) -> bool:
        """Whether the last page was taken."""

    def next(self) -> Call[PageT]:
        """Describe the call for the next page."""

    def take(self, page: PageT) -> Sequence[GivenT_co]:
        """Take a page, and return what of it is to be given."""


@dataclass(frozen=True)
class Question:
    """A page to ask for: how many items to skip, of those that came in up to a time."""

    until: datetime | None
    offset: int


class Walk(Generic[ItemT]):
    """One walk: `ask` describes the call for a page. Where it can heed a time, `by_time`.

    By time the offset stays near the beginning, which costs the server least, and what comes in
    meanwhile does not show at all.
    """

    def __init__(self, ask: Callable[[Question], Call[Page[ItemT]]], *, by_time: bool) -> None:
        self._ask = ask
        self._by_time = by_time
        self._last: datetime | None = None
        # The ids that were given of the last moment: more need not be kept.
        self._given: list[str] = []
        self._offset = 0
        self._step = MOST
        self.is_over = False

    def next(self) -> Call[Page[ItemT]]:
        """Describe the call for the next page."""
        return self._ask(Question(self._last if self._by_time else None, self._offset))

    def take(self, page: Page[ItemT]) -> list[ItemT]:
        """Take a page, and return what of it is due."""
        if self._offset and not self._joins(page):
            self._offset = max(0, self._offset - self._step)
            self._step *= 2
            return []
        due = [item for item in page if self._is_due(item)]
        for item in due:
            self._note(item)
        self._step = MOST
        self.is_over = not page.has_more
        self._move(len(page), is_news=bool(due))
        return due

    def _joins(self, page: Page[ItemT]) -> bool:
        """Tell whether nothing can lie between what was given and where a page begins."""
        if not page.items or self._last is None:
            return False
        first = page.items[0]
        return first.created_at > self._last or first.id in self._given

    def _is_due(self, item: ItemT) -> bool:
        if self._last is None:
            return True
        return item.created_at <= self._last and item.id not in self._given

    def _note(self, item: ItemT) -> None:
        if item.created_at != self._last:
            self._given = []
        self._last = item.created_at
        self._given.append(item.id)

    def _move(self, size: int, *, is_news: bool) -> None:
        """Let the next page begin with the last item of this one."""
        if self._by_time and is_news:
            self._offset = len(self._given) - 1
        else:
            self._offset += max(1, size - 1)


class Trail(Generic[T]):
    """A walk along a list that is asked for by what came before: `ask` describes a page."""

    def __init__(self, ask: Callable[[T | None], Call[list[T]]], size: int = MOST) -> None:
        self._ask = ask
        self._size = size
        self._last: T | None = None
        self.is_over = False

    def next(self) -> Call[list[T]]:
        """Describe the call for the next page."""
        return self._ask(self._last)

    def take(self, page: list[T]) -> list[T]:
        """Take a page; one that is not full is the last."""
        self.is_over = len(page) < self._size
        self._last = page[-1] if page else None
        return page


def covering(offset: int) -> tuple[int, int]:
    """Return number and size of the page that has what is at an offset, and goes furthest."""
    pages = [(offset // size + 1, size) for size in range(MOST, MOST // 2, -1)]
    return max(pages, key=lambda page: page[0] * page[1])
