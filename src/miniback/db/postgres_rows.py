"""Many rows as one value, so that a statement which adds them is run once, and not once a row.

Each run of a statement costs the driver a message and the server a plan to begin and checks to
read, more than the row itself. One text that the server takes apart is the cheapest way to hand
many rows over: an array a column takes the driver as long as the runs did.
"""

import functools
import re
from collections.abc import Mapping, Sequence
from itertools import chain
from typing import Any

import msgspec

_ADDS = re.compile(
    r"\s*INSERT INTO (?P<table>\w+) \((?P<columns>[\w,\s]+)\)"
    r"\s*VALUES \((?P<values>[:\w,\s]+)\)(?P<ending>[^:]*)",
    re.DOTALL,
)
_encode = msgspec.json.Encoder().encode


@functools.cache  # as few as there are statements
def together(sql: str) -> str | None:
    """Return a statement of ours as one that adds the rows of a text called `rows`.

    None for what does more than put values into the columns of their names.
    """
    found = _ADDS.fullmatch(sql)
    if found is None:
        return None
    columns = [each.strip() for each in found["columns"].split(",")]
    if [":" + each for each in columns] != [each.strip() for each in found["values"].split(",")]:
        return None
    table, listed = found["table"], ", ".join(columns)
    return (
        f"INSERT INTO {table} ({listed}) SELECT {listed}"  # noqa: S608 - our own statement
        f" FROM json_populate_recordset(CAST(NULL AS {table}), :rows) {found['ending']}"
    )


def written(rows: Sequence[Mapping[str, Any]]) -> str | None:
    """Write rows as one text; None where bytes are among them, which JSON does not know."""
    if bytes in set(map(type, chain.from_iterable(row.values() for row in rows))):
        return None
    return _encode(rows).decode()
