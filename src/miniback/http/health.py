"""Is it up, and can it write: for supervisors and balancers."""

import asyncio

from miniback.db import Tx
from miniback.errors import Unavailable
from miniback.http.requests import Request
from miniback.http.responses import Response, data
from miniback.http.routing import resource

PATIENCE_S = 2.0


async def get_health(_request: Request) -> Response:
    """GET /healthz: the process answers."""
    return data({"status": "ok"})


async def get_readiness(request: Request) -> Response:
    """GET /readyz: a write transaction goes through the queue to the disk and back."""
    try:
        async with asyncio.timeout(PATIENCE_S):
            await request.db.write(_touch)
    except TimeoutError as error:
        raise Unavailable from error
    return data({"status": "ready"})


def _touch(tx: Tx) -> None:
    """Write to a row that matters to nobody, so that the disk is really asked."""
    tx.run("UPDATE migrations SET name = name WHERE name = (SELECT min(name) FROM migrations)")


routes = [resource("/healthz", GET=get_health), resource("/readyz", GET=get_readiness)]
