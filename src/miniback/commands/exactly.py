"""Items and other answers as the server wrote them, for what programs read.

The client's values leave out what they do not know, and their numbers are Python's.
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Unpack, cast

import msgspec

from miniback.commands.showing import one_line
from miniback_client import Client
from miniback_client.call import Answer, Call
from miniback_client.calls import feedback
from miniback_client.calls.feedback import Filters
from miniback_client.models import Feedback, Page
from miniback_client.reading import read
from miniback_client.walking import Walk


@dataclass(frozen=True)
class Item:
    """A piece of feedback, and the JSON of it."""

    json: str
    shown: Feedback

    @property
    def id(self) -> str:
        """The item's id."""
        return self.shown.id

    @property
    def created_at(self) -> datetime:
        """When it came in."""
        return self.shown.created_at


class _One(msgspec.Struct):
    """An answer with one thing."""

    data: msgspec.Raw


class _Pagination(msgspec.Struct, rename="camel"):
    """How long a list is."""

    total: int
    has_more: bool


class _Page(msgspec.Struct):
    """An answer with a part of a list."""

    data: list[msgspec.Raw]
    pagination: _Pagination


class _Several(msgspec.Struct):
    """An answer with a whole list."""

    data: list[msgspec.Raw]


class Items:
    """A walk along items, as exact as the client's is; `total` is known from its first page."""

    def __init__(self, **filters: Unpack[Filters]) -> None:
        self._walk = feedback.search(**filters)
        self.total: int | None = None

    @property
    def is_over(self) -> bool:
        """Whether the last page was taken."""
        return self._walk.is_over

    def next(self) -> Call[Page[Item]]:
        """Describe the call for the next page."""
        return replace(cast("Call[Page[Item]]", self._walk.next()), read=_page)

    def take(self, page: Page[Item]) -> list[Item]:
        """Take a page, and return what of it is due."""
        if self.total is None:
            self.total = page.total
        return cast("Walk[Item]", self._walk).take(page)


def each(calls: Client, items: Items) -> Iterator[Item]:
    """Walk items from the newest to the oldest."""
    return calls.carrier.walk(items)


def one(calls: Client, call: Call[Any]) -> str:
    """Carry a call out, and return the JSON of what it answers."""
    answer: str = calls.carrier.carry_out(replace(call, read=_one))
    return answer


def several(calls: Client, call: Call[Any]) -> list[str]:
    """Carry a call out that answers a list, and return the JSON of each part."""
    answer: list[str] = calls.carrier.carry_out(replace(call, read=_several))
    return answer


def item(calls: Client, feedback_id: str) -> Item:
    """Return one item."""
    return _item(one(calls, feedback.get(feedback_id)))


def _item(text: str) -> Item:
    return Item(text, read(Feedback, json.loads(text)))


def _one(answer: Answer) -> str:
    return one_line(bytes(msgspec.json.decode(answer.content, type=_One).data))


def _several(answer: Answer) -> list[str]:
    found = msgspec.json.decode(answer.content, type=_Several).data
    return [one_line(bytes(each)) for each in found]


def _page(answer: Answer) -> Page[Item]:
    page = msgspec.json.decode(answer.content, type=_Page)
    items = [_item(one_line(bytes(each))) for each in page.data]
    return Page(items, page.pagination.total, page.pagination.has_more)
