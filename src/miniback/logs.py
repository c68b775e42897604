"""Logs: one JSON object a line on stderr, never with a key in it."""

import logging
import re
import sys
import time
from collections import Counter
from collections.abc import MutableMapping
from contextvars import ContextVar
from typing import Any

import structlog

Line = MutableMapping[str, Any]

# The request that is being answered, in whose name whatever happens is logged.
request_id: ContextVar[str] = ContextVar("request_id", default="")
# A trouble that lasts is told once in so long, and then how often it was met.
REPEAT_AFTER_S = 1.0
_MOST_TROUBLES = 1_000
_KEY = re.compile(r"mbk_[0-9A-Za-z]{4,}")


def configure(level: str) -> None:
    """Set up our own log and that of the libraries; `level` is debug, info, warning or error."""
    configure_own(level)
    number = logging.getLevelNamesMapping()[level.upper()]
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            processors=[
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                structlog.processors.JSONRenderer(),
                _without_keys,
            ],
            foreign_pre_chain=[structlog.processors.add_log_level, *_shared()],
        )
    )
    # The server tells at "info" what our own words at the start and the end already say.
    logging.basicConfig(handlers=[handler], level=max(number, logging.WARNING), force=True)


def configure_own(level: str) -> None:
    """Set up our own log alone: in another's process, that of the libraries is theirs."""
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            _Sparing(),
            *_shared(),
            structlog.processors.JSONRenderer(),
            _without_keys,
        ],
        wrapper_class=structlog.make_filtering_bound_logger(
            logging.getLevelNamesMapping()[level.upper()]
        ),
        logger_factory=structlog.WriteLoggerFactory(file=sys.stderr),
        cache_logger_on_first_use=True,
    )


def _shared() -> list[structlog.typing.Processor]:
    return [
        _with_request_id,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.format_exc_info,
    ]


class _Sparing:
    """Tells of the same trouble once a second, however often it is met (a full disk, say)."""

    def __init__(self) -> None:
        self._told_at: dict[tuple[str, ...], float] = {}
        self._untold: Counter[tuple[str, ...]] = Counter()

    def __call__(self, _: object, __: str, line: Line) -> Line:
        """Let a line pass, or drop it and count it for the next one of its kind."""
        # A fault of ours has none: each stands under the id that its error page shows.
        if "reason" not in line:
            return line
        trouble = tuple([f"{name}={value}" for name, value in line.items()])
        now = time.monotonic()
        if now - self._told_at.get(trouble, -REPEAT_AFTER_S) < REPEAT_AFTER_S:
            self._untold[trouble] += 1
            raise structlog.DropEvent
        if len(self._told_at) >= _MOST_TROUBLES:
            self._told_at.clear()
            self._untold.clear()
        self._told_at[trouble] = now
        if untold := self._untold.pop(trouble, 0):
            line["repeated"] = untold
        return line


def _with_request_id(_: object, __: str, line: Line) -> Line:
    if name := request_id.get():
        line.setdefault("request_id", name)
    return line


def _without_keys(_: object, __: str, line: Any) -> str:
    """Take whatever looks like an API key out of a line, wherever it came from."""
    return _KEY.sub("mbk_…", str(line))
