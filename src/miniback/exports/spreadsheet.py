"""Feedback as a workbook (XLSX, ECMA-376), handed on while it is written.

Written by hand rather than by a library: those that were looked at begin to send when the last row
is written, and keep all before in memory or on disk (ADR 0016). All cells are texts, which no
spreadsheet takes for a formula.
"""

import re
from collections.abc import Sequence
from typing import IO

from miniback.exports import table
from miniback.exports.portions import Portion
from miniback.exports.table import COLUMNS
from miniback.exports.zipping import Zip

# What a sheet has room for, and what a member of a ZIP has without its large form, which not every
# spreadsheet reads.
MOST_ROWS = 1_048_576
_MOST_BYTES = 1_500_000_000
_XML = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_SHEET = "application/vnd.openxmlformats-officedocument.spreadsheetml"
# How many sheets there will be is not known yet, so whatever nothing else is said of is a sheet.
_TYPES = (
    f'{_XML}<Types xmlns="{_PACKAGE}/content-types">'
    '<Default Extension="rels"'
    ' ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    f'<Default Extension="xml" ContentType="{_SHEET}.worksheet+xml"/>'
    f'<Override PartName="/xl/workbook.xml" ContentType="{_SHEET}.sheet.main+xml"/></Types>'
)
_RELATIONS = (
    f'{_XML}<Relationships xmlns="{_PACKAGE}/relationships"><Relationship Id="rId1"'
    f' Type="{_OFFICE}/officeDocument" Target="xl/workbook.xml"/></Relationships>'
)
# The names of the columns stay in sight.
_BEGIN = (
    f'{_XML}<worksheet xmlns="{_MAIN}"><sheetViews><sheetView workbookViewId="0">'
    '<pane ySplit="1" topLeftCell="A2" activePane="bottomLeft" state="frozen"/>'
    "</sheetView></sheetViews><sheetData>"
)
_END = "</sheetData></worksheet>"
_LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
_ODD = re.compile("[&<>\x00-\x08\x0b-\x1f\ufffe\uffff]|_(?=x[0-9A-Fa-f]{4}_)")
_NAMED = {"&": "&amp;", "<": "&lt;", ">": "&gt;"}


class Workbook:
    """A workbook in the making; a sheet that is full is followed by another."""

    def __init__(self) -> None:
        self._zip = Zip()
        self._sheets = 0
        self._sheet: IO[bytes] | None = None
        self._rows = self._bytes = 0

    def begin(self) -> bytes:
        """Write what comes before the first row."""
        self._zip.add("[Content_Types].xml", _TYPES.encode())
        self._zip.add("_rels/.rels", _RELATIONS.encode())
        self._begin_sheet()
        return self._zip.taken()

    def add(self, portion: Portion) -> bytes:
        """Write the rows of some items."""
        rows = table.rows(portion)
        while rows:
            if self._rows >= MOST_ROWS or self._bytes >= _MOST_BYTES:
                self._begin_sheet()
            room = MOST_ROWS - self._rows
            self._write(rows[:room])
            rows = rows[room:]
        return self._zip.taken()

    def end(self) -> bytes:
        """Write the list of sheets, which is known only now."""
        self._end_sheet()
        numbers = range(1, self._sheets + 1)
        sheets = "".join(
            f'<sheet name="Feedback{"" if each == 1 else f" {each}"}" sheetId="{each}"'
            f' r:id="rId{each}"/>'
            for each in numbers
        )
        workbook = (
            f'{_XML}<workbook xmlns="{_MAIN}" xmlns:r="{_OFFICE}"><sheets>{sheets}</sheets>'
            "</workbook>"
        )
        relations = "".join(
            f'<Relationship Id="rId{each}" Type="{_OFFICE}/worksheet"'
            f' Target="worksheets/sheet{each}.xml"/>'
            for each in numbers
        )
        self._zip.add("xl/workbook.xml", workbook.encode())
        self._zip.add(
            "xl/_rels/workbook.xml.rels",
            f'{_XML}<Relationships xmlns="{_PACKAGE}/relationships">{relations}'
            "</Relationships>".encode(),
        )
        return self._zip.end()

    def _begin_sheet(self) -> None:
        self._end_sheet()
        self._sheets += 1
        name = f"xl/worksheets/sheet{self._sheets}.xml"
        self._sheet = self._zip.open(name, is_large=False)
        self._sheet.write(_BEGIN.encode())
        self._rows = self._bytes = 0
        self._write([COLUMNS])

    def _end_sheet(self) -> None:
        if self._sheet:
            self._sheet.write(_END.encode())
            self._sheet.close()

    def _write(self, rows: Sequence[Sequence[str]]) -> None:
        lines = [_line(number, row) for number, row in enumerate(rows, self._rows + 1)]
        written = "".join(lines).encode()
        if self._sheet:
            self._sheet.write(written)
        self._rows += len(rows)
        self._bytes += len(written)


def _line(number: int, row: Sequence[str]) -> str:
    cells = [
        f'<c r="{letter}{number}" t="inlineStr"><is><t xml:space="preserve">{_told(text)}</t></is>'
        "</c>"
        for letter, text in zip(_LETTERS, row, strict=False)
        if text
    ]
    return f'<row r="{number}">{"".join(cells)}</row>'


def _told(text: str) -> str:
    """Write a text for XML; what XML has no sign for as the format's own escape, _x0007_."""
    return _ODD.sub(_escaped, text) if _ODD.search(text) else text


def _escaped(found: re.Match[str]) -> str:
    return _NAMED.get(found[0]) or f"_x{ord(found[0]):04X}_"
