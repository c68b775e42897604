"""Visitors who were told to wait: refused again from memory, without a write (threat T1)."""

from miniback import clock
from miniback.errors import TooMany

_MOST = 10_000


class Waiting:
    """Remembers until when; what it forgets the database still knows."""

    def __init__(self) -> None:
        self._until: dict[str, int] = {}

    def check(self, visitor: str) -> None:
        """Raise TooMany for a visitor who was told to wait and did not."""
        until = self._until.get(visitor)
        if until is None:
            return
        wait_ms = until - clock.now()
        if wait_ms > 0:
            raise too_many(wait_ms)
        del self._until[visitor]

    def note(self, visitor: str, wait_s: int) -> None:
        """Remember that a visitor was told to wait."""
        if len(self._until) >= _MOST:
            self._until.clear()
        self._until[visitor] = clock.now() + wait_s * clock.SECOND_MS


def too_many(wait_ms: int) -> TooMany:
    """Return the refusal of somebody who sends too much."""
    wait_s = max(1, -(-wait_ms // clock.SECOND_MS))
    text = f"Too much feedback came of late. Wait {wait_s} seconds, then try again."
    return TooMany(text, wait_s, code="too_many")
