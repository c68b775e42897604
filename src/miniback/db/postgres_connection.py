"""A connection to PostgreSQL that is waited for only so long."""

import traceback
from collections.abc import Sequence
from typing import TypeVar

import psycopg
from psycopg import errors
from psycopg.abc import PQGen
from psycopg.types.numeric import Int8BinaryDumper

from miniback.db.transaction import Row
from miniback.errors import Misconfigured

T = TypeVar("T")

CONNECT_LIMIT_S = 3


class Connection(psycopg.Connection[Row]):
    """A connection that is given up where the server does not answer in time.

    A frozen server, or one behind a dead wire, would hold its thread up for good: neither the
    server's own limits nor an error of the socket comes then.
    """

    patience_s: float | None = None

    def set_up(self, settings: Sequence[str]) -> None:
        """Say how this connection is used; where that fails there is none."""
        # One width for all whole numbers, so that a statement is prepared once, not once a width.
        self.adapters.register_dumper(int, Int8BinaryDumper)
        self.patience_s = CONNECT_LIMIT_S
        try:
            for setting in settings:
                self.execute(setting)
        except psycopg.Error:
            self.close()
            raise
        # What a command does may take as long as it takes.
        self.patience_s = None

    def wait(self, gen: PQGen[T], interval: float = 0.1, timeout: float | None = None) -> T:
        """Wait for an answer; the connection is of no use once that took too long."""
        try:
            return super().wait(gen, interval, timeout or self.patience_s)
        except errors._WaitTimeout:
            self.pgconn.finish()
            raise


def hang_up(error: psycopg.OperationalError) -> None:
    """Close a connection that did not come about in time.

    The driver keeps it in a ring of frames and errors, where it would stay open, on the server
    too, until the collector of such rings comes by.
    """
    traceback.clear_frames(error.__traceback__)


def name_of(address: str, setting: str) -> str:
    """Return name and host of a database; libpq's own words may hold the password."""
    try:
        parts = psycopg.conninfo.conninfo_to_dict(address)
    except psycopg.Error as error:
        raise Misconfigured(
            f"{setting} is not an address that PostgreSQL's libpq understands; blanks and"
            " signs in a password are written as %20 and the like"
        ) from error
    return f"'{parts.get('dbname') or ''}' on {parts.get('host') or 'this machine'}"
