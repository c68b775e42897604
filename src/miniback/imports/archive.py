"""Reading an archive of Miniback: its members, line by line (docs/export.md tells the format)."""

import json
from collections.abc import Callable, Generator, Iterator
from contextlib import contextmanager
from typing import Any, BinaryIO
from zipfile import ZipFile

import msgspec

from miniback.errors import Invalid, Refusal
from miniback.imports import lines, reading
from miniback.imports.models import Kind, Problem, Step

MANIFEST = "manifest.json"
FORMAT, VERSION = "miniback-archive", 1
_LONGEST_LINE = 1_000_000
# In this order: what is named stands before what names it.
_MEMBERS: tuple[tuple[str, Kind, Callable[[bytes], Any]], ...] = (
    ("people.jsonl", Kind.PERSON, lines.person),
    ("projects.jsonl", Kind.PROJECT, lines.project),
    ("tags.jsonl", Kind.TAG, lines.tag),
    ("views.jsonl", Kind.VIEW, lines.view),
    ("feedback.jsonl", Kind.ITEM, lines.item),
    ("notes.jsonl", Kind.NOTE, lines.note),
    ("changes.jsonl", Kind.CHANGE, lines.change),
    ("attachments.jsonl", Kind.IMAGE, lines.image),
)


def check(file: BinaryIO) -> None:
    """Raise Invalid unless this is an archive of a version that is understood."""
    with _readable(), ZipFile(file) as archive:
        info = archive.getinfo(MANIFEST)
        if info.file_size > _LONGEST_LINE:
            raise Invalid("The archive's manifest is too large")
        try:
            manifest = json.loads(archive.read(MANIFEST))
        except ValueError as error:
            raise Invalid(f"The archive's manifest is not valid JSON: {error}") from error
        if not isinstance(manifest, dict) or manifest.get("format") != FORMAT:
            raise Invalid("The ZIP is no archive of Miniback")
        if manifest.get("version") != VERSION:
            raise Invalid(
                f"The archive is of version {manifest.get('version')}; this server reads"
                f" version {VERSION}"
            )


def steps(file: BinaryIO) -> Generator[Step, None, None]:
    """Yield all that an archive holds, in the order in which it can be brought."""
    number = 0
    with _readable(), ZipFile(file) as archive:
        there = set(archive.namelist())
        for member, kind, parse in _MEMBERS:
            for at, line in enumerate(_lines(archive, member) if member in there else (), 1):
                number += 1
                try:
                    value = parse(line)
                    if kind is Kind.IMAGE:
                        value = lines.pictured(value, _image(archive, value.file))
                except (Refusal, msgspec.DecodeError, UnicodeError) as error:
                    value = Problem(at, f"{member}, line {at}: {error}")
                yield Step(kind, number, value, _weight(line, value))


def _weight(line: bytes, value: Any) -> int:
    has_image = isinstance(value, lines.Pictured)
    return len(line) + (len(value.image.content) if has_image else 0)


@contextmanager
def _readable() -> Iterator[None]:
    """Say of a damaged file that it is one."""
    try:
        yield
    except reading.DAMAGED as error:
        raise Invalid(f"The archive is damaged: {error}") from error


def _lines(archive: ZipFile, member: str) -> Iterator[bytes]:
    with archive.open(member) as opened:
        while line := opened.readline(_LONGEST_LINE):
            if len(line) == _LONGEST_LINE:
                raise Invalid(f"A line of {member} is longer than {_LONGEST_LINE} bytes")
            if line.strip():
                yield line


def _image(archive: ZipFile, name: str) -> bytes:
    """Return an image's bytes, of one that is too large but as many as tell it."""
    try:
        with archive.open(name) as opened:
            return opened.read(lines.LARGEST_IMAGE_BYTES + 1)
    except KeyError as error:
        raise Invalid("its file is not in the archive") from error
