"""The server: one process or several on one socket, and an orderly end."""

import asyncio
import contextlib
import errno
import multiprocessing
import os
import signal
import socket
import threading
from collections.abc import Iterator
from multiprocessing import resource_tracker
from multiprocessing.connection import wait
from types import FrameType
from typing import Any

import structlog
import uvicorn
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol
from uvicorn.supervisors import Multiprocess

from miniback import accounts, backups, db, logs, settings
from miniback.app import create_app, plan_table
from miniback.db import Engine
from miniback.errors import Misconfigured
from miniback.http import encode
from miniback.http.wire import IS_STREAM, ASGIApp
from miniback.settings import Settings

# What had arrived when the end began is read within this time, and answered.
LAST_READ_S = 0.1
LAST_ANSWERS_S = 10
# A worker that has not begun by then is started anew; on a busy machine each start takes a while.
LONGEST_START_S = 30
LARGEST_HEAD_BYTES = 64 * 1024
LONGEST_HEAD_S = 10.0
WAITING_CONNECTIONS = 2048

log = structlog.get_logger()


def serve(
    chosen: Settings, host: str, port: int, workers: int, *, accepts_loss: bool = False
) -> None:
    """Serve until SIGTERM or Ctrl-C; every request whose body has arrived by then is answered.

    Raises Misconfigured where the address is taken, another server has the database file, or that
    has lost something and `accepts_loss` is not set.
    """
    plan_table(chosen)
    engine = db.engine_for(chosen.database)
    with db.only_server(engine), _listening(host, port) as listener:
        _prepare(chosen, engine, accepts_loss)
        address = _address(listener)
        base_url = chosen.base_url or address
        _tell_workers(base_url)
        config = uvicorn.Config(
            "miniback.serve:application",
            factory=True,
            http=Connection,
            loop="uvloop",
            lifespan="on",
            ws="none",
            workers=workers,
            access_log=False,
            log_config=None,
            server_header=False,
            # Whose address it is, is found where it is asked for (http/addresses.py).
            proxy_headers=False,
            backlog=WAITING_CONNECTIONS,
            timeout_graceful_shutdown=LAST_ANSWERS_S,
            timeout_worker_healthcheck=LONGEST_START_S,
        )
        # A person waits for these lines.
        print(f"Miniback listens on {address}", flush=True)  # noqa: T201
        print(f"It keeps its data in {engine.place}; Ctrl-C ends it", flush=True)  # noqa: T201
        _welcome(engine, base_url)
        _run(config, listener)


def _prepare(chosen: Settings, engine: Engine, accepts_loss: bool) -> None:
    """See that the database is whole and of this version."""
    if engine.path and (strange := db.network_file_system(engine.path)):
        log.warning("database_on_network", file_system=strange, place=engine.place)
    backups.check_mark(engine, accepts=accepts_loss)
    backups.migrate(chosen, engine)


def _welcome(engine: Engine, base_url: str) -> None:
    """Until somebody is here, let whoever reads this set the server up, and nobody else."""
    if token := db.run(engine, accounts.set_up_token):
        link = f"{base_url}/setup?token={token}"
        print(f"Set it up within the hour: {link}", flush=True)  # noqa: T201
    if not base_url.startswith("https:"):
        log.warning("cookies_without_tls", base_url=base_url)


def application() -> ASGIApp:
    """Build the application of one process from its environment."""
    chosen = settings.read(os.environ)
    logs.configure(chosen.log_level)
    if parent := multiprocessing.parent_process():
        watch = threading.Thread(target=_end_with, args=[parent.sentinel], daemon=True)
        watch.start()
    return create_app(chosen)


class Connection(HttpToolsProtocol):
    """A connection that, when the server ends, still reads what has arrived, and answers it."""

    _is_ending = False
    _head_bytes = 0
    _in_head = True
    _head_limit: asyncio.TimerHandle | None = None

    def connection_made(self, transport: Any) -> None:
        """Give the first request's head its time."""
        super().connection_made(transport)
        self._limit_head()

    def data_received(self, data: bytes) -> None:
        """Count the bytes of a head, which no guard behind the parser could."""
        super().data_received(data)
        if not self._in_head or self.transport.is_closing():
            return
        self._head_bytes += len(data)
        if self._head_bytes > LARGEST_HEAD_BYTES:
            self._refuse("431 Request Header Fields Too Large", "The request's head is too large")
        elif self._head_limit is None:
            self._limit_head()

    def on_message_begin(self) -> None:
        """Begin to read a head."""
        super().on_message_begin()
        self._in_head = True

    def on_headers_complete(self) -> None:
        """Have read a head."""
        self._in_head, self._head_bytes = False, 0
        if self._head_limit:
            self._head_limit.cancel()
            self._head_limit = None
        super().on_headers_complete()

    def connection_lost(self, exc: Exception | None) -> None:
        """Forget the time limit."""
        if self._head_limit:
            self._head_limit.cancel()
        super().connection_lost(exc)

    def _limit_head(self) -> None:
        self._head_limit = asyncio.get_running_loop().call_later(
            LONGEST_HEAD_S, self._refuse, "408 Request Timeout", "Request head took too long"
        )

    def shutdown(self) -> None:
        """Begin the end: an idle connection may have a request in the socket already."""
        self._is_ending = True
        loop = asyncio.get_running_loop()
        loop.call_later(LAST_READ_S, super().shutdown)
        loop.call_later(LAST_READ_S, self._end_stream)

    def _end_stream(self) -> None:
        """Close under an answer that would go on for good; who listens comes back by themselves."""
        if self.cycle and self.cycle.scope.get(IS_STREAM) and not self.cycle.response_complete:
            self.transport.close()

    def send_400_response(self, msg: str) -> None:  # noqa: ARG002 - the server's own words
        """Answer bytes that are no HTTP in the JSON shape of every other error."""
        self._refuse("400 Bad Request", "The request is not valid HTTP")

    def _refuse(self, status: str, message: str) -> None:
        body = encode({"error": message})
        head = (
            f"HTTP/1.1 {status}\r\ncontent-type: application/json\r\n"
            f"content-length: {len(body)}\r\nconnection: close\r\n\r\n"
        )
        self.transport.write(head.encode() + body)
        self.transport.close()

    def on_response_complete(self) -> None:
        """Close behind the last answer."""
        super().on_response_complete()
        if self._is_ending and self.cycle.response_complete and not self.pipeline:
            self.transport.close()


class Server(uvicorn.Server):
    """One process's server."""

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """Take what already waits to be accepted, then end in order."""
        await asyncio.sleep(LAST_READ_S)
        await super().shutdown(sockets)


class Workers(Multiprocess):
    """The processes that serve one socket."""

    def init_processes(self) -> None:
        """Start them, deaf to Ctrl-C, which reaches all at once: this process ends them."""
        with _without_interrupts():
            super().init_processes()

    def keep_subprocess_alive(self) -> None:
        """Start those anew that have died."""
        with _without_interrupts():
            super().keep_subprocess_alive()

    def terminate_all(self) -> None:
        """End them; this process lets go of the socket first, or newcomers would wait in vain."""
        for listener in self.sockets:
            listener.close()
        super().terminate_all()


@contextlib.contextmanager
def _without_interrupts() -> Iterator[None]:
    """Hold Ctrl-C back; a process started meanwhile never sees it."""
    resource_tracker.ensure_running()  # or the first start would do it, and let Ctrl-C in again
    signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGINT})


def _end_with(sentinel: int) -> None:
    """End a worker when the process that started it is gone, however that died."""
    wait([sentinel])
    os.kill(os.getpid(), signal.SIGTERM)


def _tell_workers(base_url: str) -> None:
    """Workers are processes of their own and read their settings from the environment."""
    name = settings.PREFIX + "BASE_URL"
    os.environ.pop(name + "_FILE", None)
    os.environ[name] = base_url


def _run(config: uvicorn.Config, listener: socket.socket) -> None:
    if config.workers > 1:
        Workers(config, sockets=[listener]).run()
        return
    # uvicorn raises the signal again once it has ended in good order; that is no failure here.
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, _ignore)
    Server(config).run(sockets=[listener])


def _ignore(number: int, frame: FrameType | None) -> Any:
    """Do nothing."""


def _listening(host: str, port: int) -> socket.socket:
    """Return a socket that takes connections from now on; port 0 is any that is free."""
    try:
        return socket.create_server(
            (host, port),
            family=socket.AF_INET6 if ":" in host else socket.AF_INET,
            backlog=WAITING_CONNECTIONS,
        )
    except OSError as error:
        if error.errno == errno.EADDRINUSE:
            raise Misconfigured(
                f"Port {port} on {host} is in use; choose another with --port, or end what uses it"
            ) from error
        raise Misconfigured(f"Cannot listen on {host}, port {port}: {error.strerror}") from error


def _address(listener: socket.socket) -> str:
    host, port = listener.getsockname()[:2]
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"
