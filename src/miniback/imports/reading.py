"""The rows of a file: CSV, JSON a line, or one JSON list, whatever their columns mean."""

import csv
import io
import json
import lzma
import re
import struct
import zipfile
import zlib
from collections.abc import Iterator
from typing import Any, BinaryIO, NoReturn, TextIO

import msgspec

from miniback.errors import Invalid
from miniback.imports import texts
from miniback.imports.models import Container, Row

# A cell, a line or an object beyond it is most likely a quote that nobody has closed.
LONGEST = 1_000_000
# All that reading a ZIP can come upon, which says so in many ways: what is cut off, of a kind or a
# compression that is unknown, locked, or named in no encoding.
DAMAGED = (
    *(zipfile.BadZipFile, zlib.error, lzma.LZMAError, struct.error),
    *(EOFError, OSError, RuntimeError, ValueError),
)
DELIMITERS = (",", ";", "\t", "|")
_AT_ONCE = 1 << 16
_FIRST_ROWS = 20
# What may stand in front of the list: nothing, or the object that an API wraps it in.
_BEFORE_LIST = re.compile(
    r"""\s*(\{\s*("\w+"\s*:\s*(true|false|null|\d+|"[^"]*")\s*,\s*){0,9}"""
    r""""(posts|data|results|responses|feedback|items)"\s*:\s*)?\["""
)
_BLANKS = re.compile(r"[\s,]*")

csv.field_size_limit(LONGEST)


def rows(file: BinaryIO, container: Container, encoding: str, delimiter: str) -> Iterator[Row]:
    """Yield the rows of a file from its first, or raise Invalid where it cannot be read on."""
    with texts.opened(file, encoding) as text:
        if container is Container.CSV:
            yield from _table(text, delimiter)
        elif container is Container.LINES:
            yield from _lines(text)
        else:
            yield from listed(text)


def delimiter_of(text: TextIO) -> str:
    """Return what divides the cells: what makes most columns of the first rows, alike in all."""
    head = text.read(_AT_ONCE)
    return max(DELIMITERS, key=lambda each: _evenness(head, each))


def _evenness(head: str, delimiter: str) -> tuple[int, int]:
    try:
        parsed = csv.reader(io.StringIO(head, newline=""), delimiter=delimiter)
        sizes = [len(row) for row, _ in zip(parsed, range(_FIRST_ROWS), strict=False) if row]
    except csv.Error:
        return 0, 0
    # The last one may be cut off.
    whole = sizes[:-1] if len(sizes) > 2 else sizes  # noqa: PLR2004 - a header and one row
    is_even = len(set(whole)) == 1 and bool(whole) and whole[0] > 1
    return int(is_even), whole[0] if whole else 0


def _table(text: TextIO, delimiter: str) -> Iterator[Row]:
    parsed = csv.reader(text, delimiter=delimiter)
    number = 0
    names: list[str] = []
    try:
        for number, cells in enumerate(parsed, 1):
            if not any(cells):
                continue
            if not names:
                names = named(cells)
            elif len(cells) > len(names) and any(cells[len(names) :]):
                told = f"has {len(cells)} cells where the header names {len(names)} columns"
                yield Row(number, {}, f"The row {told}")
            else:
                yield Row(number, dict(zip(names, cells, strict=False)))
    except csv.Error as error:
        raise Invalid(
            f"Row {number + 1} cannot be read ({error}); is a quote left open before it?"
        ) from error


def named(header: list[str]) -> list[str]:
    """Return the names of columns, each of its own."""
    names: list[str] = []
    for at, cell in enumerate(header, 1):
        name = cell.strip() or f"column {at}"
        count = names.count(name)
        names.append(f"{name} ({at})" if count else name)
    return names


def _lines(text: TextIO) -> Iterator[Row]:
    number = 0
    while line := text.readline(LONGEST):
        number += 1
        if len(line) == LONGEST:
            raise Invalid(f"Line {number} is longer than {LONGEST} characters")
        if not line.strip():
            continue
        try:
            yield _object(number, msgspec.json.decode(line.strip()))
        except (msgspec.DecodeError, UnicodeEncodeError, RecursionError) as error:
            yield Row(number, {}, f"The line is not valid JSON: {error}")


def listed(text: TextIO) -> Iterator[Row]:
    """Yield the objects of a JSON list one by one, however long it is."""
    buffer = text.read(_AT_ONCE)
    found = _BEFORE_LIST.match(buffer)
    if not found:
        raise Invalid("The JSON is neither a list of objects nor an object with such a list")
    at, number = found.end(), 0
    while True:
        at = _BLANKS.match(buffer, at).end()  # type: ignore[union-attr] # matches nothing too
        if buffer[at : at + 1] == "]":
            return
        value, end = _next(buffer, at, number + 1)
        if end:
            number, at = number + 1, end
            yield _object(number, value)
            continue
        more = text.read(_AT_ONCE)
        if not more or len(buffer) - at > LONGEST:
            raise Invalid(f"Entry {number + 1} of the list cannot be read as JSON")
        buffer, at = buffer[at:] + more, 0


def is_list(head: str) -> bool:
    """Tell whether a text begins as a list does, or as an object that holds one."""
    return _BEFORE_LIST.match(head) is not None


def _next(buffer: str, at: int, number: int) -> tuple[Any, int]:
    """Return the next value and where it ends, 0 where it is not here whole."""
    try:
        value, end = _decoder.raw_decode(buffer, at)
    except json.JSONDecodeError:
        return None, 0
    except RecursionError as error:
        raise Invalid(f"Entry {number} of the list is nested too deeply") from error
    except ValueError as error:
        raise Invalid(f"Entry {number} of the list holds a number of too many digits") from error
    # At the very end a number may go on.
    return value, end if end < len(buffer) else 0


def _object(number: int, value: Any) -> Row:
    if not isinstance(value, dict):
        return Row(number, {}, "This is not a JSON object")
    return Row(number, value)


def _no_number(name: str) -> NoReturn:
    raise json.JSONDecodeError(f"{name} is not JSON", name, 0)


_decoder = json.JSONDecoder(parse_constant=_no_number)
