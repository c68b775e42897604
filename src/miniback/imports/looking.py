"""Looking at a file: how it holds its rows, whose export it is, which columns it has."""

from typing import Any, BinaryIO
from zipfile import ZipFile

from miniback.errors import Invalid
from miniback.imports import archive, mapping, reading, texts
from miniback.imports.formats import fider, recognised
from miniback.imports.models import Container, Format, Look, Row

_FIRST_ROWS = 50
_LONGEST_SAMPLE = 80
_ZIP = b"PK\x03\x04"


def look(file: BinaryIO) -> Look:
    """Find out what a file is, or raise Invalid."""
    file.seek(0)
    head = file.read(len(_ZIP))
    if not head:
        raise Invalid("The file is empty")
    if head == _ZIP:
        return _zipped(file)
    encoding = texts.encoding_of(file)
    container, delimiter = _container(file, encoding)
    first = []
    for row, _ in zip(
        reading.rows(file, container, encoding, delimiter), range(_FIRST_ROWS), strict=False
    ):
        first.append(row)
    columns = tuple(dict.fromkeys(name for row in first for name in row.cells))
    if not columns:
        raise Invalid("The file holds no rows that can be read")
    return Look(
        container=container,
        format=recognised(columns),
        encoding=encoding,
        delimiter=delimiter,
        columns=columns,
        samples=_samples(first),
        mapping=mapping.guessed(columns),
    )


def _zipped(file: BinaryIO) -> Look:
    try:
        with ZipFile(file) as opened:
            names = set(opened.namelist())
    except reading.DAMAGED as error:
        raise Invalid(f"The ZIP cannot be read: {error}") from error
    if archive.MANIFEST in names:
        archive.check(file)
        return Look(container=Container.ZIP, format=Format.ARCHIVE)
    if fider.POSTS in names:
        return Look(container=Container.ZIP, format=Format.FIDER)
    raise Invalid("The ZIP is neither an archive of Miniback nor a backup of Fider")


def _container(file: BinaryIO, encoding: str) -> tuple[Container, str]:
    with texts.opened(file, encoding) as text:
        head = text.read(reading.LONGEST).lstrip()
    if head.startswith("[") or (head.startswith("{") and not _is_lines(head)):
        return Container.JSON, ","
    if head.startswith("{"):
        return Container.LINES, ","
    with texts.opened(file, encoding) as text:
        return Container.CSV, reading.delimiter_of(text)


def _is_lines(head: str) -> bool:
    """Tell whether the first line is an object of its own, and none that holds all the others."""
    first, _, rest = head.partition("\n")
    is_object = first.rstrip().endswith("}")
    return is_object and (not reading.is_list(first) or rest.lstrip().startswith("{"))


def _samples(first: list[Row]) -> dict[str, str]:
    samples: dict[str, str] = {}
    for row in first:
        for name, cell in row.cells.items():
            if name not in samples and (text := _shown(cell)):
                samples[name] = text
    return samples


def _shown(cell: Any) -> str:
    text = "" if cell is None else " ".join(str(cell).split())
    return text if len(text) <= _LONGEST_SAMPLE else text[: _LONGEST_SAMPLE - 1] + "…"
