"""The text of a file: its encoding, and what it was before our export guarded a spreadsheet.

UTF-8, UTF-16 with its mark, and for all else what older Windows programs write.
"""

import codecs
import io
import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import BinaryIO, TextIO

UTF8, UTF8_MARKED, UTF16, OLDER = "utf-8", "utf-8-sig", "utf-16", "cp1252"
_AT_ONCE = 1 << 20
_FORMULA = "=+\\-@\uff1d\uff0b\uff0d\uff20"
_BLANKS = "(?:[^\\S\r\n]|[\u200b-\u200f\u2060\ufeff])*"
# The apostrophes that our own export puts in front of what a spreadsheet would run.
_GUARD = re.compile(f"\\A'(?=[ \u00a0]*[\t\r\n])|(?:\\A|(?<=[\r\n]))'(?={_BLANKS}[{_FORMULA}])")


def encoding_of(file: BinaryIO) -> str:
    """Find out a file's encoding by reading it once."""
    file.seek(0)
    head = file.read(4)
    if head.startswith(codecs.BOM_UTF8):
        return UTF8_MARKED
    if head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return UTF16
    decoder = codecs.getincrementaldecoder(UTF8)()
    try:
        decoder.decode(head)
        while piece := file.read(_AT_ONCE):
            decoder.decode(piece)
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return OLDER
    return UTF8


@contextmanager
def opened(file: BinaryIO, encoding: str) -> Iterator[TextIO]:
    """Read a file as text from its beginning, and leave it open."""
    file.seek(0)
    text = io.TextIOWrapper(file, encoding, errors="replace", newline="")
    try:
        yield text
    finally:
        text.detach()


def unguarded(cell: str) -> str:
    """Take a spreadsheet's guard off a cell of our own export."""
    return _GUARD.sub("", cell) if "'" in cell else cell
