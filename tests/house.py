"""A real server in a process of its own, over a real database, and people to call it."""

import asyncio
import contextlib
import itertools
import os
import re
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Coroutine, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar

import httpx2

from miniback import accounts, db, plans, projects, settings
from miniback.app import plan_table
from miniback.db import Tx
from miniback.plans import Allowance

# Long runs are made where much else runs, too.
PATIENCE_S = 120.0 if os.environ.get("MINIBACK_SOAK") else 30.0
# Nothing here speaks TLS, and reading the certificates of the world takes 30 ms a client.
NO_TLS = False
# Thousands of processes are started here; each would compile the product anew.
BYTECODE = str(Path(tempfile.gettempdir()) / f"miniback-bytecode-{os.getuid()}")
MINIBACK = [sys.executable, "-m", "miniback"]
T = TypeVar("T")
# The kernel gives ports from 32768 on to whoever asks for any; below that, each process that
# tests side by side has a thousand of its own.
_PLACE = int(os.environ.get("PYTEST_XDIST_WORKER", "gw15").removeprefix("gw")) % 16
_PORTS = itertools.cycle(range(16384 + 1024 * _PLACE, 16384 + 1024 * (_PLACE + 1)))


def until(
    condition: Callable[[], Any], what: str = "the condition", patience_s: float = PATIENCE_S
) -> Any:
    """Poll until a condition holds, and return what it gave."""
    deadline = time.monotonic() + patience_s
    while time.monotonic() < deadline:
        if result := condition():
            return result
        time.sleep(0.02)
    raise AssertionError(f"waited {patience_s:.0f} s in vain for {what}")


def awaited(work: Coroutine[Any, Any, T]) -> T:
    """Run a coroutine to its end, in a thread of its own: Playwright's loop may hold this one."""
    with ThreadPoolExecutor(1) as thread:
        return thread.submit(asyncio.run, work).result()


def carried_out(
    command: Sequence[str], patience_s: float = PATIENCE_S, **options: Any
) -> subprocess.CompletedProcess[str]:
    """Run a command to its end; where that does not come, all that it has started is killed.

    subprocess.run() would wait for whoever still holds the command's output.
    """
    pipe = subprocess.PIPE
    with subprocess.Popen(
        command, stdout=pipe, stderr=pipe, text=True, start_new_session=True, **options
    ) as process:
        try:
            said, complaints = process.communicate(timeout=patience_s)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            raise
    return subprocess.CompletedProcess(command, process.returncode, said, complaints)


def end(process: subprocess.Popen[bytes]) -> None:
    """End a process in good order, or kill it and fail."""
    process.terminate()
    try:
        assert process.wait(PATIENCE_S) == 0
    finally:
        process.kill()
        process.wait()


def free_port() -> int:
    """A port at which nobody listens, and which nobody but its asker is given."""
    for number in _PORTS:
        with contextlib.suppress(OSError), socket.create_server(("127.0.0.1", number)):
            return number
    raise AssertionError("unreachable: the ports go round")


@dataclass
class Account:
    """An account with a project and its key, and a client that sends the key along."""

    id: str
    plan: str
    email: str
    project_id: str
    slug: str
    key: str
    client: httpx2.Client

    @property
    def feedback_path(self) -> str:
        return f"/api/projects/{self.project_id}/feedback"

    def get(self, path: str, **options: Any) -> httpx2.Response:
        return self.call("GET", path, **options)

    def post(self, path: str, **options: Any) -> httpx2.Response:
        return self.call("POST", path, **options)

    def put(self, path: str, **options: Any) -> httpx2.Response:
        return self.call("PUT", path, **options)

    def delete(self, path: str, **options: Any) -> httpx2.Response:
        return self.call("DELETE", path, **options)

    def call(self, method: str, path: str, **options: Any) -> httpx2.Response:
        headers = {"x-api-key": self.key, **options.pop("headers", {})}
        return self.client.request(method, path, headers=headers, **options)

    def say(self, message: str = "A word", **more: Any) -> dict[str, Any]:
        """Post feedback to the account's project and return the item of the answer."""
        response = self.post(self.feedback_path, json={"message": message, **more})
        assert response.status_code == 201, response.text
        item: dict[str, Any] = response.json()["data"]
        return item


@dataclass
class House:
    """A server, its database and its log. `environment` holds MINIBACK_* settings.

    `prefix` is a command that starts the server in its own way, such as under a limit.
    """

    folder: Path
    database_url: str
    environment: dict[str, str] = field(default_factory=dict)
    workers: int = 1
    prefix: tuple[str, ...] = ()
    process: subprocess.Popen[str] | None = None
    port: int = 0
    _people: int = 0
    _client: httpx2.Client | None = None

    @property
    def origin(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def base_url(self) -> str:
        return self.origin

    @property
    def variables(self) -> dict[str, str]:
        """The environment of the server and of commands beside it."""
        own = {k: v for k, v in os.environ.items() if not k.startswith("MINIBACK_")}
        own.pop("PYTHONDONTWRITEBYTECODE", None)
        own.setdefault("PYTHONPYCACHEPREFIX", BYTECODE)
        mine = {"MINIBACK_DATA_DIR": str(self.folder), "MINIBACK_DATABASE_URL": self.database_url}
        # All tests are one visitor; those of the limits set their own.
        free = {"MINIBACK_VISITOR_LIMIT": "0", "MINIBACK_PROJECT_LIMIT": "0"}
        return {**own, **free, **mine, **self.environment}

    @property
    def log(self) -> str:
        """What the server has written to stderr so far."""
        path = self.folder / "stderr.log"
        return path.read_text() if path.exists() else ""

    def start(self) -> "House":
        """Start the server; a restarted one listens on the same port."""
        self.folder.mkdir(parents=True, exist_ok=True)
        out = self.folder / "stdout.log"
        out.write_text("")
        with out.open("a") as stdout, (self.folder / "stderr.log").open("a") as stderr:
            self.process = subprocess.Popen(
                [*self.prefix, *self._command],
                env=self.variables,
                stdout=stdout,
                stderr=stderr,
                start_new_session=True,
                text=True,
            )
        self.port = until(lambda: self._listening(out), "the server to listen")
        until(self._answers, "the server to answer")
        return self

    @property
    def _command(self) -> list[str]:
        return [*MINIBACK, "serve", "--port", str(self.port), "--workers", str(self.workers)]

    def kill(self) -> None:
        """Kill the server and its workers as the kernel would."""
        assert self.process
        os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()

    def stop(self) -> int:
        """End the server in good order and return its exit code."""
        assert self.process
        if self._client:
            self._client.close()
            self._client = None
        if self.process.poll() is None:
            self.process.terminate()
        code = self.process.wait(PATIENCE_S)
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self.process.pid, signal.SIGKILL)
        return code

    def run(self, *arguments: str, **options: Any) -> subprocess.CompletedProcess[str]:
        """Run a command of the command line beside the server."""
        return subprocess.run(
            [*self.prefix, *MINIBACK, *arguments],
            env=self.variables,
            capture_output=True,
            text=True,
            timeout=PATIENCE_S,
            check=False,
            **options,
        )

    @property
    def client(self) -> httpx2.Client:
        """A client without a key, shared by all who call this server; may be used by threads."""
        if self._client is None:
            # The server closes what has been idle for five seconds, and must not do so under us.
            limits = httpx2.Limits(
                max_connections=200, max_keepalive_connections=50, keepalive_expiry=1.0
            )
            self._client = httpx2.Client(
                base_url=self.base_url, timeout=PATIENCE_S, limits=limits, verify=NO_TLS
            )
        return self._client

    def account(self, plan: str = plans.PRO) -> Account:
        """Make an account as `account create` does, without the cost of a process."""
        self._people += 1
        email = f"{plan.lower()}-{os.getpid()}-{self._people}-{time.time_ns()}@example.test"
        account: Account = self.tx(self._settle, plan, email)
        return account

    def tx(self, change: Callable[..., Any], *arguments: Any) -> Any:
        """Run change(tx, …) on the database, beside the server, and commit it."""
        return db.run(db.engine_for(self.database_url), change, *arguments)

    def rows(self, sql: str, **values: Any) -> list[tuple[Any, ...]]:
        """Return the rows of a query."""
        return self.tx(lambda tx: tx.all(sql, **values))  # type: ignore[no-any-return]

    def row(self, sql: str, **values: Any) -> tuple[Any, ...]:
        """Return the one row of a query."""
        (row,) = self.rows(sql, **values)
        return row

    def change(self, sql: str, **values: Any) -> int:
        """Run a changing statement and return how many rows it changed."""
        return self.tx(lambda tx: tx.run(sql, **values))  # type: ignore[no-any-return]

    def _settle(self, tx: Tx, plan: str, email: str) -> Account:
        table = plan_table(settings.read(self.variables))
        account = accounts.create(tx, email, "no password", plan)
        allowance = Allowance(account.id, table[plan], account.anchor)
        project = projects.create(tx, allowance, "My Website", None)
        key, _ = projects.issue_key(tx, account.id, project.id, 0)
        return Account(account.id, plan, email, project.id, project.slug, key, self.client)

    def _listening(self, out: Path) -> int:
        assert self.process
        assert self.process.poll() is None, self.log
        found = re.search(r"listens on http://127\.0\.0\.1:(\d+)", out.read_text())
        return int(found[1]) if found else 0

    def _answers(self) -> bool:
        assert self.process
        assert self.process.poll() is None, self.log
        try:
            url = self.base_url + "/readyz"
            return httpx2.get(url, timeout=PATIENCE_S, verify=NO_TLS).status_code == 200
        except httpx2.TransportError:
            return False


@contextlib.contextmanager
def running(house: House) -> Iterator[House]:
    """Start a house and see that it ends."""
    try:
        yield house.start()
    finally:
        if house.process and house.process.poll() is None:
            house.stop()
