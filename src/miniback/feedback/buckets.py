"""Token buckets in the database: how much may come in 15 minutes, for every process the same.

A bucket is one number, the time at which it will be full again (the generic cell rate algorithm).
Taking one moves that time on by what it takes to fill one in again.
"""

from collections.abc import Iterable
from typing import NamedTuple

from miniback.db import Tx
from miniback.feedback import gate_store
from miniback.feedback.visitors import WINDOW_MS


class Bucket(NamedTuple):
    """A bucket that holds `limit` when it is full; one of 0 never runs out."""

    account_id: str
    subject: str
    limit: int


class Buckets:
    """Some buckets, from which nobody else takes before the transaction ends."""

    def __init__(self, tx: Tx, wanted: Iterable[Bucket], now: int) -> None:
        self._tx = tx
        self._now = now
        self._before = gate_store.levels(tx, {each[:2] for each in wanted if each.limit}, now)
        self._full_at = dict(self._before)

    def spent(self, bucket: Bucket) -> float:
        """Return the share of a bucket that is gone, 0 to 1."""
        return (self._level(bucket) - self._now) / WINDOW_MS if bucket.limit else 0.0

    def wait_ms(self, bucket: Bucket) -> int:
        """Return how long it takes until there is one in a bucket, 0 where there is."""
        if not bucket.limit:
            return 0
        return max(0, self._level(bucket) + WINDOW_MS // bucket.limit - (self._now + WINDOW_MS))

    def take(self, bucket: Bucket) -> None:
        """Take one out of a bucket that has one."""
        if bucket.limit:
            self._full_at[bucket[:2]] = self._level(bucket) + WINDOW_MS // bucket.limit

    def keep(self) -> None:
        """Write down what was taken."""
        changed = {key: at for key, at in self._full_at.items() if at != self._before[key]}
        if changed:
            gate_store.set_levels(self._tx, changed)

    def _level(self, bucket: Bucket) -> int:
        # One that is emptier than empty is from a clock that was ahead.
        return min(max(self._full_at[bucket[:2]], self._now), self._now + WINDOW_MS)
