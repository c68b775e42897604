"""ZIP files that are handed on while they are written, so that nothing of them is kept."""

from typing import IO
from zipfile import ZIP_DEFLATED, ZIP_STORED, ZipFile, ZipInfo


class Outflow:
    """What a ZIP is written to: it cannot go back, and forgets what has been taken."""

    def __init__(self) -> None:
        self._pieces: list[bytes] = []

    def write(self, piece: bytes, /) -> int:
        """Take a piece in."""
        self._pieces.append(bytes(piece))
        return len(piece)

    def flush(self) -> None:
        """Need nothing: what is written can be taken at once."""

    def close(self) -> None:
        """Need nothing either."""

    def taken(self) -> bytes:
        """Return what was written since the last time."""
        pieces, self._pieces = self._pieces, []
        return b"".join(pieces)


class Zip:
    """A ZIP in the making; the same members make the same bytes, since none has a date."""

    def __init__(self) -> None:
        self._out = Outflow()
        self._zip = ZipFile(self._out, "w", ZIP_DEFLATED)

    def open(self, name: str, *, is_large: bool) -> IO[bytes]:
        """Begin a member that is written bit by bit; a large one may have over two gigabytes."""
        member: IO[bytes] = self._zip.open(_member(name), "w", force_zip64=is_large)
        return member

    def add(self, name: str, content: bytes, *, packs: bool = True) -> None:
        """Add a whole member; what is packed already, as images are, is stored as it is."""
        self._zip.writestr(_member(name), content, ZIP_DEFLATED if packs else ZIP_STORED)

    def taken(self) -> bytes:
        """Return what there is since the last time."""
        return self._out.taken()

    def end(self) -> bytes:
        """Write the list of members, and return what there is since the last time."""
        self._zip.close()
        return self.taken()


def _member(name: str) -> ZipInfo:
    member = ZipInfo(name)
    member.compress_type = ZIP_DEFLATED
    return member
