"""Reading what was exported: rows of a workbook, lines of JSON, members of an archive."""

import io
import json
import re
import xml.etree.ElementTree as ET
import zipfile
from typing import Any

_NAMES = {"m": "http://schemas.openxmlformats.org/spreadsheetml/2006/main"}
_RELATION = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
_ESCAPED = re.compile("_x([0-9A-Fa-f]{4})_")


def sheets(content: bytes) -> dict[str, list[list[str]]]:
    """The cells of each sheet by its name, as a spreadsheet reads them (ECMA-376)."""
    with zipfile.ZipFile(io.BytesIO(content)) as book:
        assert book.testzip() is None
        targets = {
            each.attrib["Id"]: each.attrib["Target"]
            for each in ET.fromstring(book.read("xl/_rels/workbook.xml.rels"))
        }
        found = ET.fromstring(book.read("xl/workbook.xml")).iterfind("m:sheets/m:sheet", _NAMES)
        return {
            sheet.attrib["name"]: _cells(book.read("xl/" + targets[sheet.attrib[_RELATION]]))
            for sheet in found
        }


def workbook_rows(content: bytes) -> list[dict[str, str]]:
    """The rows of a workbook's only sheet, by the names of its columns."""
    ((head, *rows),) = sheets(content).values()
    return [dict(zip(head, row, strict=True)) for row in rows]


def json_lines(content: bytes) -> list[dict[str, Any]]:
    """The objects of a file of JSON Lines."""
    assert content == b"" or content.endswith(b"\n")
    return [json.loads(line) for line in content.split(b"\n")[:-1]]


def members(content: bytes) -> dict[str, bytes]:
    """The members of an archive by their names."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def lines_of(content: bytes) -> dict[str, list[dict[str, Any]]]:
    """The objects in an archive's members of lines, by the members' names."""
    return {
        name.removesuffix(".jsonl"): json_lines(member)
        for name, member in members(content).items()
        if name.endswith(".jsonl")
    }


def _cells(content: bytes) -> list[list[str]]:
    rows = []
    for row in ET.fromstring(content).iterfind("m:sheetData/m:row", _NAMES):
        cells: dict[str, str] = {}
        for cell in row.iterfind("m:c", _NAMES):
            assert cell.attrib["t"] == "inlineStr"
            text = cell.find("m:is/m:t", _NAMES)
            assert text is not None
            column = cell.attrib["r"].rstrip("0123456789")
            cells[column] = _ESCAPED.sub(lambda found: chr(int(found[1], 16)), text.text or "")
        rows.append([cells.get(letter, "") for letter in "ABCDEFGHIJKLMNO"])
    return rows
