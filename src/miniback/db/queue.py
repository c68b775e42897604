"""What waits to be written: bounded in number, in bytes, and in the time that it would take.

A quick no serves everybody better than an answer that comes when nobody waits for it any more, and
a process must not be filled up by what it cannot write.

What waits is handed over as one batch, when the last has been answered and the loop has nothing
more to bring (ADR 0033): a commit costs much the same however many share it.
"""

import asyncio
import queue
from collections import deque
from collections.abc import Callable
from typing import Any

from miniback import metrics
from miniback.db.asking import Asker
from miniback.errors import Unavailable

LARGEST_BATCH = 256
# Turns of the event loop that bring nothing more: one reads what has come, the next acts on it.
_QUIET_TURNS = 2
# A loop that is never quiet is waited for no longer.
_LONGEST_GATHERING_S = 0.005
# So many submissions in one batch come only where they wait for each other.
_MANY = 8
# Half of what a process may weigh; as JSON, which is a third of what it weighs in memory.
MOST_BYTES = 16 << 20
MOST_JOBS = 10_000
LONGEST_WAIT_S = 2.0
# How much of the pace is what was measured last.
_NEWEST = 0.2


class Job:
    """A write on its way, with the future that its caller awaits; `weight` in bytes.

    `asker` is in whose name it is done, where that is to be counted.
    """

    __slots__ = ("arguments", "asker", "change", "future", "item", "outcome", "weight")

    def __init__(
        self,
        future: asyncio.Future[Any],
        change: Callable[..., Any],
        item: object = None,
        arguments: tuple[object, ...] | None = None,
        weight: int = 0,
        asker: Asker | None = None,
    ) -> None:
        self.future = future
        self.change = change
        self.item = item
        # None: the change stands alone; else it takes a list of items, and these besides.
        self.arguments = arguments
        self.outcome: object = None
        self.weight = weight
        self.asker = asker


class Queue:
    """The jobs of one process: put and told by its event loop, taken by its writer's thread."""

    def __init__(self, most_in_hand: int) -> None:
        self._most_in_hand = most_in_hand
        self._batches: queue.SimpleQueue[list[Job] | None] = queue.SimpleQueue()
        self._gathered: list[Job] = []
        self._is_looked_after = False
        self._seen = self._quiet_turns = 0
        self._gathering_since = 0.0
        # Batches that the writer has and has not told of, and how many jobs it was given last.
        self._in_hand = self._last = 0
        self._weighed = deque([0], maxlen=2)
        self._bytes = 0
        self._seconds_a_job = 0.0

    @property
    def waiting(self) -> int:
        """How many jobs the writer has not been given yet."""
        return len(self._gathered)

    @property
    def is_busy(self) -> bool:
        """Tell whether one of the last batches was of many jobs that weigh: what people send.

        Between an answer and the next request nothing is on its way, however busy a process is.
        """
        return max(self._weighed) >= _MANY

    def put(self, job: Job) -> None:
        """Queue a job, raising Unavailable where it would wait too long or weigh too much."""
        waiting = self.waiting
        wait_s = waiting * self._seconds_a_job if waiting > LARGEST_BATCH else 0
        is_too_heavy = job.weight and self._bytes + job.weight > MOST_BYTES
        if waiting >= MOST_JOBS or wait_s > LONGEST_WAIT_S or is_too_heavy:
            metrics.SHED.labels("writes").inc()
            raise Unavailable(int(wait_s) + 1)
        self._bytes += job.weight
        self._gathered.append(job)
        self._look_after()

    def end(self) -> None:
        """Let the writer end behind what is queued now."""
        while self._gathered:
            self._hand_over()
        self._batches.put(None)

    def take(self) -> list[Job] | None:
        """Wait for a batch; None when the end has come."""
        return self._batches.get()

    def feel(self, jobs: int, took_s: float) -> None:
        """Learn from a batch how long a job takes; what has become quicker is believed at once."""
        pace_s = took_s / jobs
        gentle = (1 - _NEWEST) * self._seconds_a_job + _NEWEST * pace_s
        self._seconds_a_job = min(pace_s, gentle)
        metrics.BATCH_JOBS.observe(jobs)
        metrics.BATCH_SECONDS.observe(took_s)
        metrics.QUEUED_JOBS.set(self.waiting)

    def has_more(self) -> bool:
        """Tell whether the writer was given more than it has taken."""
        return not self._batches.empty()

    def told(self, jobs: list[Job], *, is_end: bool) -> None:
        """Forget jobs whose callers have their answers, the last of a batch or others."""
        self._bytes -= sum([job.weight for job in jobs])
        self._in_hand -= is_end
        if self._gathered:
            self._look_after()

    def give_up(self) -> list[Job]:
        """Return what waits, and wait for it no more."""
        jobs, self._gathered = self._gathered, []
        self._bytes -= sum([job.weight for job in jobs])
        return jobs

    def _look_after(self) -> None:
        """Begin to look whether what has gathered can be handed over."""
        if self._in_hand >= self._most_in_hand or self._is_looked_after:
            return
        self._is_looked_after = True
        self._seen = self._quiet_turns = 0
        loop = asyncio.get_running_loop()
        self._gathering_since = loop.time()
        loop.call_soon(self._look)

    def _look(self) -> None:
        """Hand over what has gathered, once nothing more comes; at once where hardly any does."""
        waiting = len(self._gathered)
        self._quiet_turns = 0 if waiting > self._seen else self._quiet_turns + 1
        self._seen = waiting
        loop = asyncio.get_running_loop()
        if (
            self._last > 1
            and waiting < LARGEST_BATCH
            and self._quiet_turns < _QUIET_TURNS
            and loop.time() - self._gathering_since < _LONGEST_GATHERING_S
        ):
            loop.call_soon(self._look)
            return
        self._is_looked_after = False
        if waiting:
            self._hand_over()

    def _hand_over(self) -> None:
        batch = self._gathered[:LARGEST_BATCH]
        self._gathered = self._gathered[LARGEST_BATCH:]
        self._last = len(batch)
        self._weighed.append(sum([job.weight > 0 for job in batch]))
        self._in_hand += 1
        self._batches.put(batch)
