"""Where the time of a request goes: samples of a busy server, by what it was doing.

Needs py-spy beside wrk (`pip install py-spy`, as root or with ptrace allowed). A sample counts for
the first part whose function is in the stack: parts stand here from the innermost to the outermost.
"""

import argparse
import collections
import contextlib
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Mapping
from pathlib import Path

import bases
import machine
import reads
import servers
from load import CONNECTIONS, Post, Shot, run
from servers import Server

SAMPLES_A_SECOND = 250
SECONDS = 12.0
WARM_UP_S = 2.0
_IDLE = ("Queue.take (", "Runner.run (asyncio", "SimpleQueue")
# A part, the thread it belongs to, and functions that only it has in its stack.
PARTS: Mapping[str, tuple[str, ...]] = {
    "commit: the log written and synced": ("SqliteSession.commit", "checkpoint (miniback"),
    "search index": ("SqliteSession.index",),
    "statements of SQLite": ("SqliteSession.", "begin_write"),
    "adding to the rollups": ("fold (miniback/feedback/rollups",),
    "the batch in Python": ("submit_all (", "spend_calls ("),
    "taking from and giving back to the queue": ("Writer._", "Queue.", "Writer.put"),
    "counting and logging the answer": (
        "_note (miniback/http/responses",
        "taken (miniback/metrics",
    ),
    "writing the answer": ("write (miniback/http", "RequestResponseCycle.send"),
    "checking the body, its words and what it tells": ("_submission (",),
    "whose key it is": ("checked_key (", "identify (", "recall (", "keyed.<locals>"),
    "the handler's rest": ("create_feedback (", "list_project_feedback ("),
    "guard": ("Guard._prepare", "_body (miniback/http/guard", "_check"),
    "router": ("Router.", "Route.", "Resource."),
    "guard's rest": ("Guard.__call__",),
    "the server's own: parsing, tasks, timers": ("Connection.", "HttpToolsProtocol", "run_asgi"),
}


def main() -> int:
    """Sample one kind of request and print its parts."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("what", choices=("post", "page"))
    what = parser.parse_args().what
    spy = shutil.which("py-spy")
    if spy is None or machine.missing_tool():
        print(machine.missing_tool() or "py-spy is missing: pip install py-spy", file=sys.stderr)
        return 1
    base = bases.sqlite(10_000)
    door = base.facts.big
    shots: dict[str, Shot] = {
        "post": Post(door.key, f"/api/projects/{door.project_id}/feedback"),
        "page": reads.page_of(door),
    }
    scratch = bases.DATA / f"scratch-{os.getpid()}"
    scratch.mkdir(parents=True)
    with contextlib.ExitStack() as stack:
        stack.callback(shutil.rmtree, scratch, ignore_errors=True)
        store = base.copied(scratch / "where")
        server = stack.enter_context(servers.miniback(store.env, scratch))
        print(_table(*_sampled(spy, server, shots[what], scratch)))
    return 0


def _sampled(spy: str, server: Server, shot: Shot, scratch: Path) -> tuple[float, Path]:
    """Return the rate without samples, and the samples of a run of the same."""
    run(server.url, shot, scratch, WARM_UP_S, CONNECTIONS)
    rate = run(server.url, shot, scratch, SECONDS, CONNECTIONS).rate
    file = scratch / "samples"
    command = [spy, "record", "-r", str(SAMPLES_A_SECOND), "-d", str(int(SECONDS) - 2)]
    command += ["-f", "raw", "-o", str(file), "-p", str(server.pid)]
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as taking:
        time.sleep(1)
        run(server.url, shot, scratch, SECONDS, CONNECTIONS)
        taking.wait()
    return rate, file


def _table(rate: float, file: Path) -> str:
    """Return the parts as shares and as microseconds of one request."""
    found: collections.Counter[str] = collections.Counter()
    for line in file.read_text().splitlines():
        stack, _, count = line.rpartition(" ")
        frames = stack.split(";")
        if not any(each in frames[-1] for each in _IDLE):
            found[_part(stack)] += int(count)
    total, each_us = sum(found.values()), 1e6 / rate
    lines = [f"{rate:,.0f}/s, {each_us:.0f} us each"]
    for part in (*PARTS, "all else"):
        if found[part]:
            share = found[part] / total
            lines.append(f"{part:52} {share:6.1%} {share * each_us:6.1f} us")
    return "\n".join(lines)


def _part(stack: str) -> str:
    for part, functions in PARTS.items():
        if any(each in stack for each in functions):
            return part
    return "all else"


if __name__ == "__main__":
    sys.exit(main())
