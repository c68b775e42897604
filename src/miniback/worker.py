"""The worker alone: tells people of what happens, without serving anything."""

import asyncio
import contextlib
import signal

import structlog

from miniback import __version__, backups, db, shell
from miniback.app import notifier
from miniback.db import Database
from miniback.errors import Misconfigured
from miniback.settings import Settings

log = structlog.get_logger()


def work(chosen: Settings) -> None:
    """Work until SIGTERM or Ctrl-C; what is on its way then is told again later, by the same name.

    Raises Misconfigured where it is not known under which address people see the server, which
    stands in letters.
    """
    if not chosen.base_url:
        raise Misconfigured("MINIBACK_BASE_URL must name the address of the server for the worker")
    engine = db.engine_for(chosen.database)
    backups.migrate(chosen, engine)
    asyncio.run(_work(chosen, Database(engine)))


async def _work(chosen: Settings, database: Database) -> None:
    page_shell = shell.Shell(chosen.language, chosen.base_url)
    task = asyncio.create_task(notifier(chosen, database, page_shell).run())
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, task.cancel)
    log.info("worker_started", version=__version__, database=database.engine.place)
    try:
        with contextlib.suppress(asyncio.CancelledError):
            await task
    finally:
        database.close()
        log.info("worker_ended")
