"""The whole house from outside: what it is built from and every address it answers."""

import asyncio
import contextlib
from collections.abc import AsyncIterator
from typing import Any

import structlog
from starlette.routing import Router

from miniback import __version__, db, http, plans, projects
from miniback.db import Database
from miniback.errors import Misconfigured
from miniback.feedback import api as feedback_api
from miniback.feedback import door, worker
from miniback.http import description, health
from miniback.http.wire import ASGIApp
from miniback.projects import api as projects_api
from miniback.settings import Settings

log = structlog.get_logger()

ROUTES = [
    *feedback_api.routes,
    *door.routes,
    *projects_api.routes,
    *health.routes,
    *description.routes,
]


def create_app(settings: Settings, own_origin: str) -> ASGIApp:
    """Build the application; its database, already migrated, is opened when the server starts.

    `own_origin` is the scheme, host and port under which this server's own pages are seen.
    """
    table = plan_table(settings)

    @contextlib.asynccontextmanager
    async def life(_: object) -> AsyncIterator[dict[str, Any]]:
        database = Database(db.engine_for(settings.database))
        meter = projects.Meter(database)
        work = worker.Worker(database, table)
        log.info("started", version=__version__, database=database.engine.place)
        tasks = [asyncio.create_task(meter.run()), asyncio.create_task(work.run())]
        try:
            yield {
                "db": database,
                "meter": meter,
                "plans": table,
                "settings": settings,
                "own_origin": projects.without_default_port(own_origin),
            }
        finally:
            await _end(tasks)
            try:
                await meter.write()
            finally:
                database.close()
                log.info("ended")

    router = Router(ROUTES, redirect_slashes=False, default=http.not_found, lifespan=life)
    return http.Guard(router, open_paths=door.OPEN_PATHS)


def plan_table(settings: Settings) -> plans.Plans:
    """Return the plans as the operator has shaped them, and see that new accounts can start."""
    table = plans.reshaped(settings.plans)
    if settings.default_plan not in table:
        raise Misconfigured(
            f"MINIBACK_DEFAULT_PLAN must be one of {', '.join(table)}, not {settings.default_plan}"
        )
    return table


async def _end(tasks: list[asyncio.Task[None]]) -> None:
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
