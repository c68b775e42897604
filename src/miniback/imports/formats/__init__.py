"""What other programs export: each a module that knows its columns and gives them their meaning."""

from collections.abc import Callable, Collection, Mapping
from typing import Any, NamedTuple

from miniback.imports.formats import canny, fider, formbricks, own, sentry
from miniback.imports.models import Format, Taken


class Known(NamedTuple):
    """A program's export: its name for people, how it is known and what its rows mean."""

    name: str
    recognises: Callable[[Collection[str]], bool]
    taken: Callable[[Mapping[str, Any]], Taken]


KNOWN = {
    Format.MINIBACK: Known("Miniback", own.recognises, own.taken),
    Format.FORMBRICKS: Known("Formbricks", formbricks.recognises, formbricks.taken),
    Format.SENTRY: Known("Sentry", sentry.recognises, sentry.taken),
    Format.FIDER: Known("Fider", fider.recognises, fider.taken),
    Format.CANNY: Known("Canny", canny.recognises, canny.taken),
}


def recognised(columns: Collection[str]) -> Format:
    """Return whose export has such columns; of nobody's it is a plain table."""
    for name, known in KNOWN.items():
        if known.recognises(columns):
            return name
    return Format.TABLE
