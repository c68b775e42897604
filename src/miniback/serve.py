"""The server: one process or several on one socket, and an orderly end."""

import asyncio
import contextlib
import errno
import gc
import multiprocessing
import os
import shutil
import signal
import socket
import threading
import time
from collections.abc import Callable, Iterator
from multiprocessing.connection import wait
from types import FrameType
from typing import Any

import structlog
import uvicorn

from miniback import accounts, backups, db, logs, metrics, settings
from miniback.app import check_root, create_app, plan_table
from miniback.db import Engine
from miniback.errors import Misconfigured
from miniback.http.connection import LAST_READ_S, Connection, most_connections
from miniback.http.wire import ASGIApp
from miniback.settings import Settings
from miniback.supervisor import Workers

# Where a server that listens everywhere is seen from this very machine.
_EVERYWHERE = {"0.0.0.0": "127.0.0.1", "::": "::1"}  # noqa: S104 - these are looked up
LAST_ANSWERS_S = 10
WAITING_CONNECTIONS = 2048
# Objects made and not freed; the interpreter's own measure is 700.
COLLECT_AFTER = 5_000

log = structlog.get_logger()


def serve(
    chosen: Settings,
    host: str,
    port: int,
    workers: int,
    *,
    accepts_loss: bool = False,
    greet: Callable[[str], None] | None = None,
) -> None:
    """Serve until SIGTERM or Ctrl-C; every request whose body has arrived by then is answered.

    `greet` is called with the server's address once that can be asked. Raises Misconfigured where
    the address is taken, another server has the database file, or that has lost something and
    `accepts_loss` is not set.
    """
    plan_table(chosen)
    check_root(chosen.root)
    engine = db.engine_for(chosen.database)
    db.replica_for(chosen.replica_url)  # an address that is none stops the start
    with db.only_server(engine), _listening(host, port) as listener:
        prepare(chosen, engine, accepts_loss=accepts_loss)
        address = _address(listener)
        base_url = chosen.base_url or _address(listener, seen=True)
        _tell_workers(base_url)
        server = Server(_configured(workers))
        if workers == 1:
            server.heed_signals()
        # A person waits for these lines.
        print(f"Miniback listens on {address}", flush=True)  # noqa: T201
        print(f"It keeps its data in {engine.place}; Ctrl-C ends it", flush=True)  # noqa: T201
        welcome(engine, base_url)
        if greet:
            greet(base_url)
        _run(server, listener)


def _configured(workers: int) -> uvicorn.Config:
    return uvicorn.Config(
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
    )


def prepare(chosen: Settings, engine: Engine, *, accepts_loss: bool) -> None:
    """See that the database is whole and of this version."""
    if engine.path and (strange := db.network_file_system(engine.path)):
        log.warning("database_on_network", file_system=strange, place=engine.place)
    backups.check_mark(engine, accepts=accepts_loss)
    backups.migrate(chosen, engine)


def welcome(engine: Engine, base_url: str) -> None:
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
    Connection.most = most_connections(chosen.connection_limit)
    if parent := multiprocessing.parent_process():
        watch = threading.Thread(target=_end_with, args=[parent.sentinel], daemon=True)
        watch.start()
    built = create_app(chosen)
    _spare_collector()
    return built


def _spare_collector() -> None:
    """Let the collector of garbage look at what requests make alone, and not after each few.

    What is here by now stays for good; a request makes some hundred objects and hardly a ring.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(COLLECT_AFTER)


class Server(uvicorn.Server):
    """One process's server."""

    def heed_signals(self) -> None:
        """Take a signal that comes before uvicorn listens to them for the wish to end.

        uvicorn raises each again once it has ended in good order; that is no failure here.
        """
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, self._end_soon)

    def _end_soon(self, _number: int, _frame: FrameType | None) -> None:
        self.should_exit = True

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        """End in order, or at once where it is said a second time."""
        if self.should_exit:
            self.force_exit = True
        super().handle_exit(sig, frame)

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """Say that the end is near, take what already waits to be accepted, then end in order."""
        state: dict[str, Any] = self.lifespan.state
        state["life"].is_ending = True
        until = time.monotonic() + state["settings"].drain_s
        while time.monotonic() < until and not self.force_exit:  # noqa: ASYNC110 - a flag of uvicorn's
            await asyncio.sleep(LAST_READ_S)
        await asyncio.sleep(LAST_READ_S)
        await self._close_door(sockets or [])
        await super().shutdown(sockets)

    async def _close_door(self, listeners: list[socket.socket]) -> None:
        """Listen no more, and leave nobody standing who has come while other work was done.

        The kernel resets what is not accepted; a proxy in front must not ask anew for a POST.
        """
        late = [connection for each in listeners for connection in _at_the_door(each)]
        for server in self.servers:
            server.close()
        for listener in listeners:
            listener.close()
        for connection in late:
            await asyncio.get_running_loop().connect_accepted_socket(self._protocol, connection)

    def _protocol(self) -> asyncio.Protocol:
        """Make what serves a connection, as the server does for those that it accepts itself."""
        return Connection(self.config, self.server_state, self.lifespan.state)


def _end_with(sentinel: int) -> None:
    """End a worker when the process that started it is gone, however that died."""
    wait([sentinel])
    os.kill(os.getpid(), signal.SIGTERM)


def _tell_workers(base_url: str) -> None:
    """Workers are processes of their own and read their settings from the environment."""
    name = settings.PREFIX + "BASE_URL"
    os.environ.pop(name + "_FILE", None)
    os.environ[name] = base_url


def _run(server: Server, listener: socket.socket) -> None:
    if server.config.workers > 1:
        shared = metrics.share()
        try:
            Workers(server.config, sockets=[listener]).run()
        finally:
            if shared:
                shutil.rmtree(shared, ignore_errors=True)
        return
    server.run(sockets=[listener])


def _at_the_door(listener: socket.socket) -> Iterator[socket.socket]:
    """Accept all who wait."""
    with contextlib.suppress(OSError):
        while True:
            connection, _ = listener.accept()
            connection.setblocking(False)
            yield connection


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


def _address(listener: socket.socket, *, seen: bool = False) -> str:
    """Return where a socket listens, or how it is reached from here."""
    host, port = listener.getsockname()[:2]
    if seen:
        host = _EVERYWHERE.get(host, host)
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"
