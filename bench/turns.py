"""Servers side by side, all of them loaded, and each let run for a moment in its turn.

What a second of a machine brings differs from the next by a tenth and more, so what differs by some
hundredths can be told apart only where it is measured in the same moments.
"""

import contextlib
import random
import time
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor

import msgspec

from load import Load, Shot
from servers import Server

# A handful of commits. Shorter, and the beginnings of turns would weigh.
TURN_S = 0.03
# Where the disk or another process goes on for the one that stands, that must not weigh either.
LONG_TURN_S = 0.25
Served = tuple[Server, Shot]
Run = Callable[[Server, Shot, float], Load]


def measure(
    served: Mapping[str, Served], seconds: float, run: Run, turn_s: float
) -> dict[str, Load]:
    """Load every server, each of which runs for so many seconds in all; they must be different.

    What is left to a server's own clock comes as often as if it ran all the time, so it weighs more
    than it should. There are no latencies, since an answer waits for its server's turn.
    """
    ran = dict.fromkeys(served, 0.0)
    with contextlib.ExitStack() as stack:
        for server, _ in served.values():
            stack.enter_context(server.held())
        pool = stack.enter_context(ThreadPoolExecutor(len(served)))
        loads = {
            name: pool.submit(run, server, shot, seconds * len(served))
            for name, (server, shot) in served.items()
        }
        while not all(each.done() for each in loads.values()):
            for name in random.sample(list(served), len(served)):
                ran[name] += _let_run(served[name][0], turn_s)
    total = sum(ran.values())
    return {name: _in_its_turns(each.result(), ran[name] / total) for name, each in loads.items()}


def _let_run(server: Server, turn_s: float) -> float:
    """Let a server that is held go on for a turn; return its seconds."""
    began = time.perf_counter()
    with server.let_go():
        time.sleep(turn_s)
    return time.perf_counter() - began


def _in_its_turns(load: Load, share: float) -> Load:
    return msgspec.structs.replace(load, seconds=load.seconds * share, p50_us=0, p99_us=0)
