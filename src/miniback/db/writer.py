"""The write path: one thread takes all that waits, runs it in one transaction, commits once.

While one commit is on its way to the disk the next batch gathers, so an idle server answers at once
and a busy one shares its commits. Nothing is told to a caller before its commit has returned.
"""

import threading
import time
from copy import copy

import structlog

from miniback import metrics
from miniback.db.engine import WRITE_LIMIT_S, Engine, Session
from miniback.db.queue import Job, Queue
from miniback.db.transaction import Again
from miniback.errors import Misconfigured, Refusal, Unavailable

TRIES = 5
# A database that does not answer any more must not hold up the end for good.
LONGEST_CLOSE_S = 15.0

log = structlog.get_logger()


class Writer:
    """The one thread of a process that writes."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._session: Session | None = None
        self._connected()
        self._queue = Queue(engine.most_in_hand)
        self._closed = False
        self._is_gone = False
        self._thread = threading.Thread(target=self._work, name="db-write", daemon=True)
        self._thread.start()

    def put(self, job: Job) -> None:
        """Queue a job, raising Unavailable where too much waits already."""
        if self._closed or not self._thread.is_alive():
            raise Unavailable
        self._queue.put(job)

    @property
    def is_busy(self) -> bool:
        """Tell whether what people send comes many at a time."""
        return self._queue.is_busy

    def close(self) -> None:
        """Finish what is queued, then let go of the connection."""
        self._closed = True
        self._queue.end()
        self._thread.join(LONGEST_CLOSE_S)

    def _work(self) -> None:
        while (jobs := self._queue.take()) is not None:
            self._carry_out(jobs)
        self._let_go()

    def _carry_out(self, jobs: list[Job]) -> None:
        begun = time.perf_counter()
        parts = self._parts(jobs)
        for part in parts:
            self._settle(part)
            self._deliver(part, is_end=part is parts[-1])
        self._is_gone = self._is_gone and (self._closed or self._queue.has_more())
        self._queue.feel(len(jobs), time.perf_counter() - begun)

    def _parts(self, jobs: list[Job]) -> list[list[Job]]:
        """Divide a batch into what is committed together."""
        return [jobs] if self._engine.commits_together else _grouped(jobs)

    def _settle(self, jobs: list[Job]) -> None:
        """Give every job its outcome: a result or an error."""
        error: Exception | None = None
        for _ in range(TRIES):
            error, may_pass = self._try(jobs)
            if error is None or not may_pass:
                break
        if error:
            metrics.BATCHES_FAILED.inc()
        for job in jobs if error else ():
            job.outcome = copy(error)  # each is raised by itself, and gathers its own traceback

    def _try(self, jobs: list[Job]) -> tuple[Exception | None, bool]:
        """Run a batch and commit it; return why it failed as a whole and if it may pass yet."""
        if self._is_gone:
            return Unavailable(), False
        began = time.monotonic()
        try:
            session = self._connected()
            session.begin_batch()
            _run(self._engine, session, jobs)
        except Misconfigured as error:
            self._is_gone = True
            log.error("database_gone", reason=str(error))  # noqa: TRY400 - where it is, is known
            return Unavailable(), False
        except Exception as error:  # noqa: BLE001 - whatever it was is told to the callers
            told = self._after(error)
            self._is_gone = self._session is None and time.monotonic() - began > WRITE_LIMIT_S
            return told
        return None, False

    def _connected(self) -> Session:
        """Return the connection, a new one where the last was lost."""
        if self._session is None:
            self._session = self._engine.connect(writes=True)
            self._session.expect_answers_within(WRITE_LIMIT_S)
        return self._session

    def _let_go(self) -> None:
        if self._session:
            self._session.close()
        self._session = None

    def _after(self, error: Exception) -> tuple[Exception, bool]:
        """Clean up behind a failed batch and say what its callers are told."""
        failure = self._engine.failure(error)
        has_begun = self._session is not None and self._session.has_begun
        if failure and failure.is_lost:
            self._let_go()
        try:
            if self._session:
                self._session.rollback()
        except Exception as second:  # noqa: BLE001 - the connection is gone then
            log.warning("rollback_failed", reason=str(second))
            self._let_go()
        if isinstance(error, Again):
            return Unavailable(), True
        if failure is None:
            log.error("write_failed", exc_info=error)
            return error, False
        log.warning("write_refused", reason=str(error), error=type(error).__name__)
        # A connection that was found dead has done nothing yet: a new one may.
        return Unavailable(), failure.is_passing or (failure.is_lost and not has_begun)

    def _deliver(self, jobs: list[Job], *, is_end: bool) -> None:
        """Tell the callers on their own event loop, in one call for the whole batch."""
        loop = jobs[0].future.get_loop()
        try:
            loop.call_soon_threadsafe(self._tell, jobs, is_end, self._is_gone)
        except RuntimeError:  # the loop has closed: nobody waits any more
            log.info("answers_dropped", count=len(jobs))

    def _tell(self, jobs: list[Job], is_end: bool, is_gone: bool) -> None:
        """Give the callers their answers.

        Where the database was waited for in vain, all who have come meanwhile are told so too: one
        after the other they would wait as long for the same, and who comes next tries again.
        """
        waiting = self._queue.give_up() if is_gone else []
        for job in waiting:
            job.outcome = Unavailable()
        self._queue.told(jobs, is_end=is_end)
        for job in jobs + waiting:
            if job.future.done():
                continue
            if isinstance(job.outcome, Exception):
                job.future.set_exception(job.outcome)
            else:
                job.future.set_result(job.outcome)


def _run(engine: Engine, session: Session, jobs: list[Job]) -> None:
    """Run a batch in the open transaction and commit; with care where that fails as a whole."""
    try:
        _run_together(engine, session, jobs)
    except Exception as error:
        if isinstance(error, Again) or engine.failure(error):
            raise
        session.rollback()
        session.begin_batch()
        _run_apart(engine, session, jobs)


def _run_together(engine: Engine, session: Session, jobs: list[Job]) -> None:
    """Run the jobs of a kind as one; what one of them met may show as late as at the commit."""
    _count(session, jobs)
    for group in _grouped(jobs):
        if group[0].arguments is None:
            _attempt(engine, session, group[0])
            continue
        outcomes = group[0].change(session, [job.item for job in group], *group[0].arguments)
        for job, outcome in zip(group, outcomes, strict=True):
            job.outcome = outcome
    session.commit()


def _run_apart(engine: Engine, session: Session, jobs: list[Job]) -> None:
    """Run each job by itself, so that only the one that fails does so."""
    _count(session, jobs)
    for job in jobs:
        _attempt(engine, session, job)
    session.commit()


def _count(session: Session, jobs: list[Job]) -> None:
    """Raise the marks of those who write, before all else: keys are held before what they use."""
    askers = {job.asker[:2] for job in jobs if job.asker}
    for marks in {marks for marks, _ in askers}:
        marks.add(session, sorted([name for each, name in askers if each is marks]))


def _grouped(jobs: list[Job]) -> list[list[Job]]:
    """Put the jobs that share a batch change together, in order of arrival."""
    groups: dict[object, list[Job]] = {}
    for job in jobs:
        key = job if job.arguments is None else (job.change, *map(id, job.arguments))
        groups.setdefault(key, []).append(job)
    return list(groups.values())


def _attempt(engine: Engine, session: Session, job: Job) -> None:
    """Run one job behind a mark, so that what it meets spares its neighbours."""
    session.hold()
    try:
        if job.arguments is None:
            job.outcome = job.change(session)
        else:
            (job.outcome,) = job.change(session, [job.item], *job.arguments)
        session.settle()
    except Exception as error:
        if isinstance(error, Again) or engine.failure(error):
            raise
        if not isinstance(error, Refusal):
            log.exception("write_failed")
        job.outcome = error
        session.undo()
    session.release()
