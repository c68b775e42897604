"""In whose name the database is asked, so that nobody misses on a replica what they wrote.

A room counts in rows of its own what somebody has changed, in the transaction that changes it. The
rows reach a replica with everything else, so whoever finds the same count there misses nothing of
their own (ADR 0023).
"""

import contextlib
from collections.abc import Callable, Iterator, Sequence
from contextvars import ContextVar
from typing import NamedTuple

from miniback.db.transaction import Tx


class Marks(NamedTuple):
    """Where a room keeps the counts: how one is found, None where there is none, and raised."""

    find: Callable[[Tx, str], int | None]
    add: Callable[[Tx, Sequence[str]], object]


class Asker(NamedTuple):
    """Somebody, by their name in the room's rows.

    `mark` is their count at the primary; None where all that they ask is answered there.
    """

    marks: Marks
    name: str
    mark: int | None

    def misses_nothing(self, tx: Tx) -> bool:
        """Tell whether a replica has come as far as they have."""
        found = self.marks.find(tx, self.name)
        return found is not None and self.mark is not None and found >= self.mark


def _nothing(_tx: Tx, _names: object) -> int:
    return 0


# Looks at what everybody has done, and writes nothing.
ANYBODY = Asker(Marks(_nothing, _nothing), "", 0)

# None: the primary answers.
asker: ContextVar[Asker | None] = ContextVar("asker", default=None)


def forget_asker() -> None:
    """Let the primary answer what this task asks from here on."""
    asker.set(None)


@contextlib.contextmanager
def at_primary() -> Iterator[None]:
    """Let the primary answer what must be right now, and write what belongs to nobody."""
    before = asker.set(None)
    try:
        yield
    finally:
        asker.reset(before)
