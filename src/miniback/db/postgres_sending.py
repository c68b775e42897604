"""What a batch sends to PostgreSQL without waiting for each answer, in its pipeline mode."""

import contextlib

import psycopg

from miniback.db.postgres_connection import Connection
from miniback.db.transaction import Row


class Sending:
    """What goes out over a connection; outside of a batch each statement is waited for."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._mode: contextlib.ExitStack | None = None
        self._is_heard = True
        self.has_answered = False
        self._cursor = connection.cursor()

    def begin(self) -> None:
        """Begin a batch."""
        self._is_heard, self.has_answered = True, False
        self._mode = contextlib.ExitStack()
        self._mode.enter_context(self._connection.pipeline())

    def asked(self) -> psycopg.Cursor[Row]:
        """Return the cursor for what is waited for at once."""
        self._is_heard = False
        return self._cursor

    def unasked(self) -> psycopg.Cursor[Row]:
        """Return a cursor for what is not waited for."""
        return self.later() if self._mode else self.asked()

    def later(self) -> psycopg.Cursor[Row]:
        """Return a cursor of its own for what is read later, when others have begun meanwhile."""
        self._is_heard = False
        return self._connection.cursor()

    def last(self) -> psycopg.Cursor[Row]:
        """Return a cursor for what ends the batch: who hears nothing of it cannot know of it."""
        self.has_answered = True
        return self.unasked()

    def heard(self) -> None:
        """Know of everything so far: the answer to the last statement has come."""
        self._is_heard = self.has_answered = True

    def settle(self) -> None:
        """Wait for the answers to everything so far; raise the first failure among them.

        The driver's own sync() waits for ever where more was sent than a socket's buffer takes;
        to leave the mode flushes it first.
        """
        if self._mode and not self._is_heard:
            self.end()  # for good where that fails, since the transaction has
            self.begin()
            self.has_answered = True

    def end(self) -> None:
        """Do the same at the end of a batch."""
        mode, self._mode, self._is_heard = self._mode, None, True
        if mode:
            mode.close()
