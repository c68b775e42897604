"""Logs: one JSON object a line on stderr, never with a key in it."""

import logging
import re
import sys
from typing import Any

import structlog

_KEY = re.compile(r"mbk_[0-9A-Za-z]{4,}")


def configure(level: str) -> None:
    """Set up our own log and that of the libraries; `level` is debug, info, warning or error."""
    number = logging.getLevelNamesMapping()[level.upper()]
    shared: list[structlog.typing.Processor] = [
        structlog.processors.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.format_exc_info,
    ]
    structlog.configure(
        processors=[*shared, structlog.processors.JSONRenderer(), _without_keys],
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


def _without_keys(_: object, __: str, line: Any) -> str:
    """Take whatever looks like an API key out of a line, wherever it came from."""
    return _KEY.sub("mbk_…", str(line))
