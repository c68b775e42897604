"""A table as steps: each row an item, or a problem with its number."""

import json
from collections.abc import Generator, Iterator, Mapping
from typing import Any, BinaryIO

from miniback.errors import Invalid, Refusal
from miniback.imports import fitting, mapping, reading
from miniback.imports.fitting import Place
from miniback.imports.formats import KNOWN, fider
from miniback.imports.models import Container, Format, Kind, Look, Problem, Row, Step, Taken


def steps(file: BinaryIO, look: Look, place: Place) -> Generator[Step, None, None]:
    """Yield the items of a file, each with the number of its step."""
    for number, row in enumerate(_rows(file, look), 1):
        weight = sum(len(cell) for cell in row.cells.values() if isinstance(cell, str))
        yield Step(Kind.ITEM, number, _value(row, place), weight)


def _value(row: Row, place: Place) -> Any:
    if row.problem:
        return Problem(row.number, row.problem)
    try:
        return fitting.fitted(_taken(row.cells, place), row.cells, place)
    except Refusal as refusal:
        return Problem(row.number, str(refusal))


def _taken(cells: Mapping[str, Any], place: Place) -> Taken:
    known = KNOWN.get(place.plan.format)
    return known.taken(cells) if known else mapping.taken(cells, place.plan.mapping)


def _rows(file: BinaryIO, look: Look) -> Iterator[Row]:
    if look.container is not Container.ZIP:
        yield from reading.rows(file, look.container, look.encoding, look.delimiter)
        return
    if look.format is not Format.FIDER:
        raise Invalid("The ZIP holds no table that is known")
    try:
        yield from fider.backed_up(file)
    except (json.JSONDecodeError, UnicodeDecodeError) as error:
        raise Invalid(f"The backup holds invalid JSON: {error}") from error
    except (*reading.DAMAGED, KeyError, TypeError) as error:
        raise Invalid(f"The backup is damaged: {error}") from error
