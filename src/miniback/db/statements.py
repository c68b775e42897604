"""Writing our SQL in an engine's own way of naming values; each statement is rewritten once."""

import functools
import re
from collections.abc import Callable
from typing import NamedTuple

# A literal in quotes is left alone, and so is a cast (::).
_MARKS = re.compile(r"'[^']*'|::|IN \(:([a-z_]+)\[\]\)|:([a-z_]+)|%")


class Statement(NamedTuple):
    """A statement as the engine wants it, which of its values are lists, and all in their order."""

    sql: str
    lists: tuple[str, ...]
    names: tuple[str, ...]


def statements(*, value: str, listed: str, percent: str) -> Callable[[str], Statement]:
    """Return the rewriting for an engine, given how it writes a value, a list and a per cent."""

    @functools.cache  # statements are made of constants, so there are a few hundred at the most
    def rewritten(sql: str) -> Statement:
        lists: list[str] = []
        names: list[str] = []

        def mark(found: re.Match[str]) -> str:
            if name := found[1]:
                lists.append(name)
                names.append(name)
                return listed.replace("{name}", name)
            if name := found[2]:
                names.append(name)
                return value.replace("{name}", name)
            return percent if found[0] == "%" else found[0].replace("%", percent)

        written = _MARKS.sub(mark, sql)
        return Statement(written, tuple(lists), tuple(names))

    return rewritten
