"""What an engine must offer, and nothing that a room would need to know."""

from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple, Protocol

from miniback.db.transaction import Tx

# A read that takes longer is cut and answered 503 (contract section 5).
READ_LIMIT_S = 2.0
# So long a statement of a write may take on a server; none of ours takes a tenth of that.
WRITE_LIMIT_S = 4.0

# Called between two portions of long work: it may wait, and raise to end it.
Pause = Callable[[], None]


class Failure(NamedTuple):
    """What a driver's error means for the work that met it."""

    # The same transaction may go through if it is run again from its start.
    is_passing: bool
    # The connection is of no use any more.
    is_lost: bool


class Session(Tx, Protocol):
    """A connection that runs one transaction at a time; used by one thread."""

    def begin_read(self) -> None:
        """Begin to read from one snapshot."""

    def begin_write(self) -> None:
        """Begin to write; waits its turn, a few seconds at the most."""

    def begin_batch(self) -> None:
        """Begin to write what belongs to several; what is sent is waited for as late as can be."""

    @property
    def has_begun(self) -> bool:
        """Tell whether anything since begin_batch() is known to be done, or may be for good."""

    def settle(self) -> None:
        """Wait for what ask() and put_many() have sent, and raise what it met."""

    def commit(self) -> None:
        """Return once all that was written is on disk."""

    def rollback(self) -> None:
        """Undo what the transaction did; harmless where none is open."""

    def hold(self) -> None:
        """Set a mark within the transaction."""

    def undo(self) -> None:
        """Go back to the mark."""

    def release(self) -> None:
        """Forget the mark and keep what was done since."""

    def version(self) -> bytes:
        """Return what is never the same again after a commit, by whatever process."""

    def interrupt_after(self, seconds: float) -> None:
        """Cut each following read of this session that takes longer."""

    def expect_answers_within(self, seconds: float) -> None:
        """Count a server that takes longer with a statement as gone; a file is always there."""

    def spare_memory(self) -> None:
        """Keep as little as possible of what is read."""

    def close(self) -> None:
        """Let go of the connection."""


class Engine(Protocol):
    """A kind of database: how to open sessions, and how they differ in use."""

    name: str
    # Where the data lies, in words for a person, without secrets.
    place: str
    # Whether a short read is quicker on the event loop itself than a hop to a thread.
    reads_on_loop: bool
    # Whether changes that have nothing in common may share a transaction.
    commits_together: bool
    # How many batches the writer is given at most, so that it need not wait for the next: where a
    # commit leaves this process's own core to the loop, more than one.
    most_in_hand: int
    readers: int

    @property
    def path(self) -> Path | None:
        """The database's file; None for one on a server."""

    def connect(self, *, writes: bool) -> Session:
        """Open a session, raising Misconfigured where the database cannot be used at all."""

    def failure(self, error: Exception) -> Failure | None:
        """Say what a driver's error means, or None where it is a fault of ours."""

    def run_script(self, session: Session, script: str) -> None:
        """Run the statements of a migration within the session's transaction."""

    def compact(self) -> None:
        """Write all of the database anew, so that nothing that was deleted is left in its files."""

    def lock_migrations(self, session: Session) -> None:
        """Keep other processes from migrating until the transaction ends."""
