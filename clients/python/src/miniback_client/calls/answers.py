"""How answers are read."""

import json
from collections.abc import Callable
from typing import Any, TypeVar

from miniback_client.call import Answer
from miniback_client.models import Page
from miniback_client.reading import read, read_all

T = TypeVar("T")


def one(kind: type[T]) -> Callable[[Answer], T]:
    """Read one thing."""
    return lambda answer: read(kind, data(answer))


def several(kind: type[T]) -> Callable[[Answer], list[T]]:
    """Read a list that comes whole."""
    return lambda answer: read_all(kind, data(answer))


def paged(kind: type[T]) -> Callable[[Answer], Page[T]]:
    """Read a page of a list."""

    def page(answer: Answer) -> Page[T]:
        content = json.loads(answer.content)
        told = content["pagination"]
        return Page(
            read_all(kind, content["data"]),
            told["total"],
            told["hasMore"],
            told.get("totalIsExact", True),
        )

    return page


def data(answer: Answer) -> Any:
    """Return what a success holds."""
    return json.loads(answer.content)["data"]


def bare(answer: Answer) -> dict[str, Any]:
    """Read an answer that has no `data` around it."""
    content: dict[str, Any] = json.loads(answer.content)
    return content


def text(answer: Answer) -> str:
    """Read an answer that is no JSON."""
    return answer.content.decode()
