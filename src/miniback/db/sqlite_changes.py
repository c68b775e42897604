"""Whether a database file was changed, read where SQLite's own readers see it.

`PRAGMA data_version` tells the same, but takes a lock and lets it go, which costs as much as a
look-up does. What it looks at is the header of the index of the write-ahead log, in memory that all
processes share: every commit writes it anew, before it returns
(https://www.sqlite.org/walformat.html, section 2.2.1).
"""

import ctypes

import apsw

# Two copies of 48 bytes, which differ while one is being written.
_HEADER_BYTES = 96
_REGION_BYTES = 32 * 1024


class _Methods(ctypes.Structure):
    """What an open file can do, up to what is used here (https://sqlite.org/c3ref/io_methods.html)."""

    _fields_ = (
        ("version", ctypes.c_int),
        ("before", ctypes.c_void_p * 12),
        (
            "map_shared",
            ctypes.CFUNCTYPE(
                ctypes.c_int,
                ctypes.c_void_p,
                ctypes.c_int,
                ctypes.c_int,
                ctypes.c_int,
                ctypes.POINTER(ctypes.c_void_p),
            ),
        ),
    )


class _File(ctypes.Structure):
    _fields_ = (("methods", ctypes.POINTER(_Methods)),)


class Changes:
    """A view of the header; to be let go of before its connection is closed."""

    def __init__(self, connection: apsw.Connection) -> None:
        # A reader has the memory mapped; SQLite maps it with the first look at the file.
        connection.execute("PRAGMA data_version").fetchall()
        file, header = ctypes.POINTER(_File)(), ctypes.c_void_p()
        connection.file_control("main", apsw.SQLITE_FCNTL_FILE_POINTER, ctypes.addressof(file))
        methods = file.contents.methods.contents
        failure = methods.map_shared(file, 0, _REGION_BYTES, 0, ctypes.byref(header))
        if failure or not header.value:
            raise apsw.IOError(f"The index of the log cannot be seen: {failure}")
        self._view = (ctypes.c_char * _HEADER_BYTES).from_address(header.value)

    def now(self) -> bytes:
        """Return bytes that differ from all earlier ones once anything at all was committed."""
        header: bytes = self._view.raw
        return header
