"""What a monitor reads: counts and times of a server, all of its processes together.

What each request counts is gathered first, and added a second later: to add once is dearer than
to gather many times.
The names and units follow the Prometheus naming rules (https://prometheus.io/docs/practices/naming).
"""

import asyncio
import collections
import functools
import os
import re
import tempfile
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterator

from prometheus_client import (
    REGISTRY,
    CollectorRegistry,
    Counter,
    Gauge,
    Histogram,
    disable_created_metrics,
    generate_latest,
)
from prometheus_client.metrics_core import GaugeMetricFamily, Metric
from prometheus_client.multiprocess import MultiProcessCollector

# When a count began is of no use here, and would double the lines.
disable_created_metrics()  # type: ignore[no-untyped-call]

CONTENT_TYPE = b"text/plain; version=0.0.4; charset=utf-8"
# Where processes put their counts, so that whoever is asked can tell of all.
_SHARED = "PROMETHEUS_MULTIPROC_DIR"
GATHER_S = 1.0
_SECONDS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10)
_JOBS = (1, 2, 4, 8, 16, 32, 64, 128, 256)
_METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS")

_requests = Histogram(
    "miniback_request_seconds",
    "From the head of a request to the head of its answer",
    ["method", "route", "status"],
    buckets=_SECONDS,
)
_refused = Counter("miniback_refused", "Requests that were refused, by reason", ["reason"])
SHED = Counter(
    "miniback_shed", "What was turned away at once because too much waits already", ["at"]
)
_taken = Counter("miniback_feedback", "Feedback that was taken in, by its entrance", ["entrance"])
REPLAYED = Counter("miniback_feedback_replayed", "Submissions that were sent again")
REPLICA_READS = Counter(
    "miniback_replica_reads",
    "Reads that a replica may answer, by what answered: it, or the primary for want of it",
    ["outcome"],
)
BATCH_JOBS = Histogram("miniback_batch_jobs", "Writes that shared a commit", buckets=_JOBS)
BATCH_SECONDS = Histogram(
    "miniback_batch_seconds", "From the begin of a transaction to its commit", buckets=_SECONDS
)
BATCHES_FAILED = Counter("miniback_batches_failed", "Commits that did not go through")
QUEUED_JOBS = Gauge(
    "miniback_queued_jobs", "Writes that wait for a commit", multiprocess_mode="livesum"
)
CONNECTIONS = Gauge("miniback_connections", "Open connections", multiprocess_mode="livesum")


def answered(method: str, route: str, status: int, took_s: float) -> None:
    """Count an answer; `route` is the pattern of an address, so that there are few of them.

    To be called on the event loop, as taken() is.
    """
    if not _gathered.is_due:
        _gathered.is_due = True
        asyncio.get_running_loop().call_later(GATHER_S, _gathered.add)
    _gathered.answers[method, route, status].append(took_s)


def taken(entrance: str) -> None:
    """Count a piece of feedback; the answer to it is counted next."""
    _gathered.entrances[entrance] += 1


def refused(kind: str, code: str) -> None:
    """Count a refusal by its code, or else by its kind: "over_quota", "project_paused"."""
    _refused_series(kind, code).inc()


def share() -> str | None:
    """Have the processes that start from now on count together; return the folder, to be removed.

    None where somebody has set one up already.
    """
    if os.environ.get(_SHARED):
        return None
    folder = os.environ[_SHARED] = tempfile.mkdtemp(prefix="miniback-metrics-")
    return folder


def page(figures: dict[str, tuple[str, float]]) -> bytes:
    """Return everything in Prometheus' text format, and figures of this moment: a help and a value.

    All times are in seconds.
    """
    _gathered.add()
    counted, current = REGISTRY, CollectorRegistry()
    if os.environ.get(_SHARED):
        counted = CollectorRegistry()
        MultiProcessCollector(counted)  # type: ignore[no-untyped-call]
    current.register(_Figures(figures))
    return generate_latest(counted) + generate_latest(current)


class _Gathered:
    """What was counted in the last second."""

    def __init__(self) -> None:
        self.answers: defaultdict[tuple[str, str, int], list[float]] = defaultdict(list)
        self.entrances: collections.Counter[str] = collections.Counter()
        self.is_due = False

    def add(self) -> None:
        """Add it to what a monitor reads."""
        self.is_due = False
        for (method, route, status), times in self.answers.items():
            known = method if method in _METHODS else "other"
            _observe(_requests.labels(known, route, str(status)), times)
        for entrance, count in self.entrances.items():
            _taken.labels(entrance.lower()).inc(count)
        self.answers.clear()
        self.entrances.clear()


def _observe(series: Histogram, times: list[float]) -> None:
    """Observe several at once, for which the library has no public way."""
    series._sum.inc(sum(times))
    for bucket, count in collections.Counter([bisect_left(_SECONDS, s) for s in times]).items():
        series._buckets[bucket].inc(count)


_gathered = _Gathered()


# Series are few, and finding one by its labels takes longer than counting in it.
@functools.cache
def _refused_series(kind: str, code: str) -> Counter:
    return _refused.labels(code or re.sub(r"(?<!^)(?=[A-Z])", "_", kind).lower())


class _Figures:
    """What is looked up when it is asked for."""

    def __init__(self, figures: dict[str, tuple[str, float]]) -> None:
        self._figures = figures

    def collect(self) -> Iterator[Metric]:
        for name, (text, value) in self._figures.items():
            yield GaugeMetricFamily(f"miniback_{name}", text, value)
