"""Measure the product against the table of goals: `.venv/bin/python bench/run.py --help`."""

import argparse
import contextlib
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from urllib.error import URLError

import analytics
import bases
import beside
import heard
import inbox
import live
import machine
import posts
import reads
import resources
import search
import table
from lines import Line
from load import LoadError
from servers import ServerError
from session import Options, Session

CASES: dict[str, Callable[[Session], list[Line]]] = {
    "post": posts.sqlite,
    "postgres": posts.postgres,
    "widget": beside.widget,
    "usual": beside.usual,
    "heard": heard.heard,
    "growth": posts.growth,
    "page": reads.page,
    "item": reads.item,
    "counted": reads.counted,
    "search": search.search,
    "inbox": inbox.inbox,
    "analytics": analytics.sqlite,
    "analytics-postgres": analytics.postgres,
    "memory": resources.memory,
    "live": live.live,
    "start": resources.start,
}
_OF_MANY = ("growth", "search", "analytics", "analytics-postgres")
FEW_ROWS = 10_000
MANY_ROWS = 1_000_000
TROUBLE = (LoadError, ServerError, URLError, subprocess.SubprocessError)


def main() -> int:
    """Run the chosen cases, show the table, keep the figures."""
    # Or servers that stand still for the moment would be left behind.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
    options = _options()
    missing = machine.missing_tool()
    if missing:
        print(missing, file=sys.stderr)
        return 1
    lines: list[Line] = []
    failed: dict[str, str] = {}
    with _session(options) as session:
        for name in _chosen(session):
            print(f"{name} …", file=sys.stderr)
            try:
                lines += CASES[name](session)
            except TROUBLE as error:
                failed[name] = str(error)
        kept = table.save(options, lines, failed, session.loads)
    print(table.markdown(lines) if options.is_markdown else table.show(lines))
    for name, reason in failed.items():
        print(f"{name} could not be measured: {reason}")
    warning = table.unsteady(session.loads)
    if warning:
        print(warning)
    print(f"All figures: {os.path.relpath(kept)}")
    return 1 if failed else 0


def _options() -> Options:
    """Read the command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="a smoke test: short, and few rows")
    parser.add_argument("--only", action="append", choices=CASES, help="one case; repeatable")
    parser.add_argument("--rounds", type=int, help="rounds a case (4; quick: 1)")
    parser.add_argument("--seconds", type=float, help="seconds a run (6; quick: 2)")
    parser.add_argument("--rows", type=int, help=f"rows of the large database ({MANY_ROWS:,})")
    parser.add_argument("--full", action="store_true", help="memory after 1M POSTs, not 100,000")
    parser.add_argument("--markdown", action="store_true", help="the table as Markdown")
    chosen = parser.parse_args()
    quick = bool(chosen.quick)
    posts_before = 1_000_000 if chosen.full else (5_000 if quick else 100_000)
    return Options(
        rounds=chosen.rounds or (1 if quick else 4),
        seconds=chosen.seconds or (2 if quick else 6),
        rows=chosen.rows or (0 if quick else MANY_ROWS),
        few_rows=FEW_ROWS,
        posts=posts_before,
        only=chosen.only or [],
        is_markdown=chosen.markdown,
    )


def _chosen(session: Session) -> list[str]:
    """Return the cases to run: without a large database, those that can do without."""
    names = session.options.only or list(CASES)
    return [name for name in names if session.has_many or name not in _OF_MANY]


@contextlib.contextmanager
def _session(options: Options) -> Iterator[Session]:
    """Leave neither processes nor scratch files behind."""
    scratch = bases.DATA / f"scratch-{os.getpid()}"
    scratch.mkdir(parents=True)
    try:
        yield Session(options, scratch)
    finally:
        bases.stop_postgres()
        shutil.rmtree(scratch, ignore_errors=True)


if __name__ == "__main__":
    sys.exit(main())
