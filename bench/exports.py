"""Measure exports against a bare loop over the same rows: `.venv/bin/python bench/exports.py`.

The yardstick selects the rows from SQLite and writes them with the csv module, nothing else; each
export is set against it in the same rounds. Memory is the most that the process ever had (RSS).
"""

import argparse
import csv
import os
import statistics
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable
from functools import partial
from pathlib import Path

import apsw
import msgspec

import filling
import machine
import servers
from bases import DATA
from miniback import accounts, db, plans, projects
from miniback.db import Tx
from miniback.plans import Allowance
from servers import Server
from stores import Sqlite

GOAL = 0.3
MOST_MB = 150
_FACTS = "exports.json"
_PIECE_BYTES = 1 << 16
_SELECT = (
    "SELECT id, project_id, status, source, document, created_at, updated_at FROM feedback"
    " WHERE account_id = ? ORDER BY position DESC"
)


class Facts(msgspec.Struct, frozen=True):
    """An account with all of the items, and a key of it."""

    account_id: str
    key: str


class Run(msgspec.Struct, frozen=True):
    """What a file took by the clock and of a core, its size, and the most memory of its writer."""

    seconds: float
    core_s: float
    size_bytes: int
    peak_mb: float


def main() -> int:
    """Measure in rounds, and print what came of it."""
    options = _options()
    if options.bare:
        print(*bare(Path(options.bare), options.account))
        return 0
    folder = DATA / f"exports-{options.items}"
    store = Sqlite(folder)
    facts = _facts(store, folder, options.items)
    with servers.miniback(store.env, folder) as server:
        runs = _runs(store, facts, folder, server)
        found: dict[str, list[Run]] = {name: [] for name in runs}
        for _ in range(options.rounds):
            for name, run in runs.items():
                found[name].append(run())
                print(f"  {name}: {found[name][-1].seconds:.1f} s", file=sys.stderr)
    _show(found, options.items)
    return 0


def bare(file: Path, account_id: str) -> tuple[float, float]:
    """Run the yardstick; return what it took by the clock and of a core, without its start."""
    connection = apsw.Connection(str(file))
    began, core = time.perf_counter(), time.process_time()
    with file.with_name("bare.csv").open("w", newline="") as sink:
        csv.writer(sink).writerows(connection.execute(_SELECT, (account_id,)))
    return time.perf_counter() - began, time.process_time() - core


def _runs(
    store: Sqlite, facts: Facts, folder: Path, server: Server
) -> dict[str, Callable[[], Run]]:
    """Return what is measured, by name."""
    out = folder / "out"
    yardstick = [sys.executable, __file__, "--bare", str(store.file)]
    command = [servers.MINIBACK, "export"]
    given = ["--account", facts.account_id, "--output", str(out)]
    runs: dict[str, Callable[[], Run]] = {
        "bare": partial(_yardstick, store, [*yardstick, "--account", facts.account_id])
    }
    for kind in ("csv", "jsonl", "xlsx"):
        written = [*command, "feedback", "--format", kind, *given]
        runs[f"{kind}, command"] = partial(_process, store, written, out)
    archive = [*command, "archive", *given]
    runs["archive, command"] = partial(_process, store, archive, out)
    runs["csv, server"] = partial(_download, server, facts.key, "feedback.csv")
    return runs


def _yardstick(store: Sqlite, command: list[str]) -> Run:
    """Run the bare loop on the server's core."""
    pinned = machine.pin(machine.SERVER_CORE, command)
    said = subprocess.run(pinned, stdout=subprocess.PIPE, text=True, check=True).stdout
    out = store.file.with_name("bare.csv")
    size = out.stat().st_size
    out.unlink()
    seconds, core_s = map(float, said.split())
    return Run(seconds, core_s, size, 0.0)


def _process(store: Sqlite, command: list[str], out: Path) -> Run:
    """Run a process on the server's core and return what it took."""
    began = time.perf_counter()
    pinned = machine.pin(machine.SERVER_CORE, command)
    process = subprocess.Popen(pinned, env=os.environ | store.env)
    _, status, usage = os.wait4(process.pid, 0)
    seconds = time.perf_counter() - began
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise servers.ServerError(f"{command} ended with {process.returncode}")
    size = out.stat().st_size
    out.unlink()
    return Run(seconds, usage.ru_utime + usage.ru_stime, size, usage.ru_maxrss / 1024)


def _download(server: Server, key: str, name: str) -> Run:
    """Get a file from the server and throw it away."""
    url = f"{server.url}/api/exports/{name}"
    request = urllib.request.Request(url, headers={"x-api-key": key})
    began, core, size = time.perf_counter(), _core_s(server.pid), 0
    with urllib.request.urlopen(request) as answer:
        while piece := answer.read(_PIECE_BYTES):
            size += len(piece)
    seconds = time.perf_counter() - began
    return Run(seconds, _core_s(server.pid) - core, size, _peak_mb(server.pid))


def _core_s(pid: int) -> float:
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def _peak_mb(pid: int) -> float:
    for line in Path(f"/proc/{pid}/status").read_text().splitlines():
        if line.startswith("VmHWM:"):
            return int(line.split()[1]) / 1024
    return 0.0


def _facts(store: Sqlite, folder: Path, items: int) -> Facts:
    """Return who has the items; make them first where there are none."""
    file = folder / _FACTS
    if not file.exists():
        store.drop()
        folder.mkdir(parents=True)
        url = store.env["MINIBACK_DATABASE_URL"]
        engine = db.engine_for(url, make=True)
        db.migrate(engine)
        facts, project_ids = db.run(engine, _account)
        targets = [filling.Target(facts.account_id, each) for each in project_ids]
        filling.fill(url, targets, items)
        file.write_bytes(msgspec.json.encode(facts))
    return msgspec.json.decode(file.read_bytes(), type=Facts)


def _account(tx: Tx) -> tuple[Facts, list[str]]:
    """Make an account with three projects."""
    account = accounts.create(tx, "bench@example.test", "no password", plans.PRO)
    allowance = Allowance(account.id, plans.reshaped("")[plans.PRO], account.anchor)
    names = ("One", "Two", "Three")
    made = [projects.create(tx, allowance, name, None) for name in names]
    key, _ = projects.issue_key(tx, account.id, made[0].id, 0)
    return Facts(account.id, key), [project.id for project in made]


def _show(found: dict[str, list[Run]], items: int) -> None:
    """Print a line a kind of file: medians, and each round's ratio for the spread."""
    yardstick = found["bare"]
    for name, runs in found.items():
        seconds, core_s = _middle(runs, "seconds"), _middle(runs, "core_s")
        ratios = [its.seconds / run.seconds for run, its in zip(runs, yardstick, strict=True)]
        print(
            f"{name:17} {seconds:6.1f} s {items / seconds:9,.0f}/s"
            f"  ratio {_middle(yardstick, 'seconds') / seconds:.2f}"
            f" ({min(ratios):.2f}-{max(ratios):.2f})"
            f"  of a core {core_s:.1f} s, ratio {_middle(yardstick, 'core_s') / core_s:.2f}"
            f"  {runs[-1].size_bytes / 1e6:,.0f} MB, peak {max(run.peak_mb for run in runs):.0f} MB"
        )
    print(f"Goals: csv at {GOAL} of the bare loop or more, under {MOST_MB} MB")


def _middle(runs: list[Run], figure: str) -> float:
    figures: list[float] = [getattr(run, figure) for run in runs]
    return statistics.median(figures)


def _options() -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--items", type=int, default=1_000_000)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--bare", default="", help=argparse.SUPPRESS)
    parser.add_argument("--account", default="", help=argparse.SUPPRESS)
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
