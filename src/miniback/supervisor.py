"""The processes that serve one socket: started, replaced where one dies or hangs, and ended."""

import contextlib
import os
import signal
import socket
import time
from collections.abc import Iterator
from multiprocessing import resource_tracker

import structlog
import uvicorn
from uvicorn.config import STARTUP_FAILURE
from uvicorn.supervisors import Multiprocess
from uvicorn.supervisors.multiprocess import Process

from miniback import settings

# A worker that says nothing for so long hangs; while it starts it may take longer.
LONGEST_SILENCE_S = 5.0
LONGEST_START_S = 120.0
# A worker that has not ended by then, as one that is stopped never would, is killed.
LONGEST_END_S = 30.0
_LOOK_EVERY_S = 0.1

log = structlog.get_logger()


class Worker(Process):
    """A process that serves; one that is slow to start on a busy machine does not hang."""

    def __init__(self, config: uvicorn.Config, sockets: list[socket.socket]) -> None:
        super().__init__(config, sockets)
        self._began = time.monotonic()
        self._is_up = False

    def start(self) -> None:
        """Start it, with a question that it answers as soon as it can."""
        super().start()
        self.parent_conn.send(b"ping")

    def is_alive(self, timeout: float = LONGEST_SILENCE_S) -> bool:
        """Tell whether it is there and answers, or may still be about to."""
        if self._is_up or time.monotonic() - self._began > LONGEST_START_S:
            return super().is_alive(timeout)
        if self.parent_conn.poll():
            self.parent_conn.recv()
            self._is_up = True
        return self.process.is_alive()


class Workers(Multiprocess):
    """All of them."""

    def init_processes(self) -> None:
        """Start them, deaf to Ctrl-C, which reaches all at once: this process ends them."""
        with _without_interrupts():
            self.processes = [self._started() for _ in range(self.processes_num)]

    def keep_subprocess_alive(self) -> None:
        """Start those anew that have died or hang; end where one cannot start at all."""
        for index, process in enumerate(self.processes):
            if self.should_exit.is_set() or process.is_alive(LONGEST_SILENCE_S):
                continue
            process.kill()
            process.join()
            log.warning("worker_gone", pid=process.pid, code=process.exitcode)
            if process.exitcode == STARTUP_FAILURE:
                self.should_exit.set()
                return
            with _without_interrupts():
                self.processes[index] = self._started()

    def terminate_all(self) -> None:
        """End them; this process lets go of the socket first, or newcomers would wait in vain."""
        for listener in self.sockets:
            listener.close()
        super().terminate_all()

    def join_all(self) -> None:
        """Wait for their end; a second signal, or too long a wait, kills those that are left."""
        drain_s = settings.read(os.environ).drain_s
        deadline = time.monotonic() + drain_s + LONGEST_END_S
        for process in (each.process for each in self.processes):
            while process.is_alive():
                if self.signal_queue or time.monotonic() > deadline:
                    process.kill()
                process.join(_LOOK_EVERY_S)

    def _started(self) -> Process:
        worker = Worker(self.config, self.sockets)
        worker.start()
        return worker


@contextlib.contextmanager
def _without_interrupts() -> Iterator[None]:
    """Hold Ctrl-C back; a process started meanwhile never sees it."""
    resource_tracker.ensure_running()  # or the first start would do it, and let Ctrl-C in again
    signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGINT})
