"""What waits to be written: bounded in number, in bytes, and in the time that it would take.

A quick no serves everybody better than an answer that comes when nobody waits for it any more, and
a process must not be filled up by what it cannot write.
"""

import asyncio
import queue
from collections.abc import Callable
from typing import Any

from miniback import metrics
from miniback.db.asking import Asker
from miniback.errors import Unavailable

LARGEST_BATCH = 256
# What one turn of the event loop brings is handed over in lists of at most so many.
_LARGEST_LIST = 64
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

    def __init__(self) -> None:
        self._lists: queue.SimpleQueue[list[Job] | None] = queue.SimpleQueue()
        self._gathered: list[Job] = []
        # The one is moved by the loop's thread alone, the other by the writer's.
        self._put = self._taken = 0
        self._bytes = 0
        self._seconds_a_job = 0.0

    @property
    def waiting(self) -> int:
        """How many jobs the writer has not taken yet."""
        return self._put - self._taken

    def put(self, job: Job) -> None:
        """Queue a job, raising Unavailable where it would wait too long or weigh too much.

        The writer hears of it at the end of this turn of the loop, and of all others of the turn
        with it: woken by the first, it would take the interpreter away from those that follow.
        """
        waiting = self.waiting
        wait_s = waiting * self._seconds_a_job if waiting > LARGEST_BATCH else 0
        is_too_heavy = job.weight and self._bytes + job.weight > MOST_BYTES
        if waiting >= MOST_JOBS or wait_s > LONGEST_WAIT_S or is_too_heavy:
            metrics.SHED.labels("writes").inc()
            raise Unavailable(int(wait_s) + 1)
        self._bytes += job.weight
        self._put += 1
        if not self._gathered:
            job.future.get_loop().call_soon(self._hand_over)
        self._gathered.append(job)

    def end(self) -> None:
        """Let the writer end behind what is queued now."""
        self._hand_over()
        self._lists.put(None)

    def take(self) -> tuple[list[Job], bool]:
        """Wait for a job and take all that wait with it; True when the end has come."""
        first = self._lists.get()
        if first is None:
            return [], True
        self._taken += len(first)
        return first, self.take_waiting(first, LARGEST_BATCH)

    def take_waiting(self, jobs: list[Job], most: int) -> bool:
        """Add what waits to a batch, up to about so many in all; True when the end has come."""
        while len(jobs) < most:
            try:
                more = self._lists.get_nowait()
            except queue.Empty:
                return False
            if more is None:
                return True
            self._taken += len(more)
            jobs += more
        return False

    def feel(self, jobs: int, took_s: float) -> None:
        """Learn from a batch how long a job takes; what has become quicker is believed at once."""
        pace_s = took_s / jobs
        gentle = (1 - _NEWEST) * self._seconds_a_job + _NEWEST * pace_s
        self._seconds_a_job = min(pace_s, gentle)
        metrics.BATCH_JOBS.observe(jobs)
        metrics.BATCH_SECONDS.observe(took_s)
        metrics.QUEUED_JOBS.set(self.waiting)

    def told(self, jobs: list[Job]) -> None:
        """Forget the weight of jobs whose callers have their answers."""
        self._bytes -= sum([job.weight for job in jobs])

    def _hand_over(self) -> None:
        jobs, self._gathered = self._gathered, []
        for at in range(0, len(jobs), _LARGEST_LIST):
            self._lists.put(jobs[at : at + _LARGEST_LIST])
