"""Cells of a CSV file (RFC 4180) that a spreadsheet takes for text, whatever visitors have typed.

A spreadsheet runs what looks like a formula, also behind blanks, and some programs begin a new cell
where a quoted one has a new line (OWASP, CSV Injection): there an apostrophe is put in front.
"""

import csv
import io
import re
from collections.abc import Iterable, Sequence

# Those of full width (U+FF1D, FF0B, FF0D, FF20) mean the same in some languages.
_FORMULA = "=+\\-@\uff1d\uff0b\uff0d\uff20"
# Blanks of any kind, and what nobody sees.
_BLANKS = "(?:[^\\S\r\n]|[\u200b-\u200f\u2060\ufeff])*"
_DANGER = re.compile(f"\\A(?=[ \u00a0]*[\t\r\n])|(?:\\A|(?<=[\r\n]))(?={_BLANKS}[{_FORMULA}])")


def safe(text: str) -> str:
    """Return a text as a cell that is no formula."""
    # What begins with a letter or a digit and has one line needs no closer look.
    if not text or (text[0].isalnum() and "\n" not in text and "\r" not in text):
        return text
    return _DANGER.sub("'", text)


def line(cells: Iterable[str]) -> str:
    """Write a row of cells, each made safe, with the end of its line."""
    return lines([[safe(each) for each in cells]])


def lines(rows: Iterable[Sequence[str]]) -> str:
    """Write rows of cells that are safe."""
    written = io.StringIO(newline="")
    csv.writer(written, lineterminator="\r\n").writerows(rows)
    return written.getvalue()
