"""Logs: one JSON object a line on stderr, never with a key in it."""

import logging
import math
import re
import sys
import threading
import time
from collections.abc import MutableMapping
from typing import Any

import structlog

_KEY = re.compile(r"mbk_[0-9A-Za-z]{4,}")
SELDOM_S = 1.0
_MOST_REMEMBERED = 1_000


def configure(level: str) -> None:
    """Set up our own log and that of the libraries; `level` is debug, info, warning or error."""
    number = logging.getLevelNamesMapping()[level.upper()]
    shared: list[structlog.typing.Processor] = [
        structlog.processors.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.format_exc_info,
    ]
    structlog.configure(
        processors=[Seldom(), *shared, structlog.processors.JSONRenderer(), _without_keys],
        wrapper_class=structlog.make_filtering_bound_logger(number),
        logger_factory=structlog.WriteLoggerFactory(file=sys.stderr),
        cache_logger_on_first_use=True,
    )
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            processors=[
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                structlog.processors.JSONRenderer(),
                _without_keys,
            ],
            foreign_pre_chain=shared,
        )
    )
    # The server tells at "info" what our own words at the start and the end already say.
    logging.basicConfig(handlers=[handler], level=max(number, logging.WARNING), force=True)


class Seldom:
    """Lets the same trouble through once a second, with how often it has come up since.

    Trouble is what has a reason, and the same where all its texts are. A full disk would otherwise
    fill the log with every write that it refuses.
    """

    def __init__(self) -> None:
        self._told: dict[tuple[str, ...], tuple[float, int]] = {}
        self._lock = threading.Lock()

    def __call__(
        self, _: object, __: str, event: MutableMapping[str, Any]
    ) -> MutableMapping[str, Any]:
        """Drop an event, or let it pass."""
        if "reason" not in event:
            return event
        key = tuple(value for value in event.values() if isinstance(value, str))
        with self._lock:
            now = time.monotonic()
            told_at, repeated = self._told.get(key, (-math.inf, 0))
            if now - told_at < SELDOM_S:
                self._told[key] = told_at, repeated + 1
                raise structlog.DropEvent
            if len(self._told) >= _MOST_REMEMBERED:
                self._told.clear()
            self._told[key] = now, 0
        return {**event, "repeated": repeated} if repeated else event


def _without_keys(_: object, __: str, line: Any) -> str:
    """Take whatever looks like an API key out of a line, wherever it came from."""
    return _KEY.sub("mbk_…", str(line))
