"""From the API's JSON to values, and back to what the API takes.

Members that are not known are passed over: a newer server may tell more.
"""

import re
import types
from collections.abc import Mapping
from dataclasses import MISSING, fields, is_dataclass
from datetime import UTC, date, datetime
from functools import cache
from typing import Any, TypeVar, get_args, get_origin, get_type_hints

T = TypeVar("T")


class Unset:
    """The value of what is left as it is, where None means something of its own."""

    def __repr__(self) -> str:
        return "UNSET"


UNSET = Unset()


def read(kind: type[T], content: Any) -> T:
    """Make a value of a data class from an object."""
    values = {
        name: _read(hint, content[shown])
        for name, shown, hint, is_needed in _members(kind)  # type: ignore[arg-type]  # a class can be hashed
        if is_needed or shown in content
    }
    return kind(**values)


def read_all(kind: type[T], content: Any) -> list[T]:
    """Make a value from each object of a list."""
    return [read(kind, each) for each in content]


def body(**members: Any) -> dict[str, Any]:
    """Write the members that are set, by the names that the API has for them."""
    return {camel(name): value for name, value in members.items() if not isinstance(value, Unset)}


def query(**parameters: Any) -> dict[str, str]:
    """Write the parameters that are given as texts."""
    return {camel(name): text(value) for name, value in parameters.items() if value is not None}


def text(value: Any) -> str:
    """Write one parameter; a moment as UTC with milliseconds, as the API tells it."""
    if isinstance(value, datetime):
        moment = value if value.tzinfo else value.replace(tzinfo=UTC)
        return moment.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
    return value.isoformat() if isinstance(value, date) else str(value)


def camel(name: str) -> str:
    """Write a name as the API does."""
    return re.sub("_([a-z])", lambda found: found[1].upper(), name)


@cache
def _members(kind: Any) -> list[tuple[str, str, Any, bool]]:
    hints = get_type_hints(kind)
    return [
        (
            each.name,
            camel(each.name),
            hints[each.name],
            each.default is MISSING and each.default_factory is MISSING,
        )
        for each in fields(kind)
    ]


def _read(hint: Any, content: Any) -> Any:
    origin = get_origin(hint)
    if origin is types.UnionType:
        (inner,) = (each for each in get_args(hint) if each is not type(None))
        return None if content is None else _read(inner, content)
    if origin is list:
        (inner,) = get_args(hint)
        return [_read(inner, each) for each in content]
    if hint in (datetime, date):
        return hint.fromisoformat(content)
    if is_dataclass(hint) and isinstance(content, Mapping):
        return read(hint, content)  # type: ignore[arg-type]  # is_dataclass() leaves it open
    return content
