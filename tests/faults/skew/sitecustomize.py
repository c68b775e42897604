"""Gives a server of the tests a clock that is wrong by as much as a file says, at any time.

Python imports this at its start where its folder stands in PYTHONPATH, so it holds for a server's
workers as well. What measures durations is left alone, as a real clock's step would leave it.
"""

import mmap
import os
import time

from miniback import clock

if path := os.environ.get("CLOCK_SKEW"):
    with open(path, "rb") as file:  # noqa: PTH123 - as little as possible is imported this early
        _memory = mmap.mmap(file.fileno(), 8, access=mmap.ACCESS_READ)

    def _skewed() -> int:
        return time.time_ns() + int.from_bytes(_memory[:8], "little", signed=True)

    # There is no other way into a running server.
    clock._hands.time_ns = _skewed
