"""The whole house from outside: what it is built from and every address it answers."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any

import structlog

from miniback import (
    __version__,
    accounts,
    backups,
    db,
    docs,
    feedback,
    http,
    inbox,
    mcp,
    notifications,
    outgoing,
    plans,
    projects,
    shell,
    vault,
    widget,
)
from miniback.accounts import pages as accounts_pages
from miniback.accounts import settings_pages
from miniback.accounts import worker as accounts_worker
from miniback.analytics import api as analytics_api
from miniback.analytics import pages as analytics_pages
from miniback.dashboard import (
    access_pages,
    install_pages,
    list_pages,
    look_pages,
    project_pages,
    security_pages,
    system_pages,
    usage_pages,
)
from miniback.db import Database
from miniback.docs import pages as docs_pages
from miniback.errors import Misconfigured, Unavailable
from miniback.exports import api as exports_api
from miniback.exports import pages as exports_pages
from miniback.feedback import LARGEST_ATTACHMENT_BYTES, attachment_api, door, triage_api, worker
from miniback.feedback import api as feedback_api
from miniback.http import description, health, security_text
from miniback.http.wire import ASGIApp
from miniback.imports import pages as imports_pages
from miniback.imports import worker as imports_worker
from miniback.inbox import act_pages, export_pages, image_pages, live_pages
from miniback.inbox import pages as inbox_pages
from miniback.insights import pages as insights_pages
from miniback.insights import worker as insights_worker
from miniback.later import Later
from miniback.logbook import api as logbook_api
from miniback.logbook import pages as logbook_pages
from miniback.mail import Mailer
from miniback.mcp import api as mcp_api
from miniback.notifications import api as notifications_api
from miniback.notifications import link_pages, webhook_pages
from miniback.notifications import pages as notifications_pages
from miniback.notifications import worker as notifications_worker
from miniback.privacy import pages as privacy_pages
from miniback.probes import api as probes_api
from miniback.projects import api as projects_api
from miniback.settings import Settings
from miniback.widget import api as widget_api
from miniback.widget import demo_pages, form_pages

log = structlog.get_logger()

Life = Callable[[], contextlib.AbstractAsyncContextManager[dict[str, Any]]]

# What openapi.yaml describes, and what people look at.
API_ROUTES = [
    *feedback_api.routes,
    *triage_api.routes,
    *attachment_api.routes,
    *exports_api.routes,
    *door.routes,
    *projects_api.routes,
    *notifications_api.routes,
    *analytics_api.routes,
    *logbook_api.routes,
    *health.routes,
    *description.routes,
]
# What assistants speak: messages of a protocol, whose own words describe them.
MCP_ROUTES = [*mcp_api.routes]
# What `miniback doctor` asks, with a token from the database.
PROBE_ROUTES = [*probes_api.routes]
PAGE_ROUTES = [
    *act_pages.routes,
    *live_pages.routes,
    *image_pages.routes,
    *export_pages.routes,
    *inbox_pages.routes,
    *insights_pages.routes,
    *analytics_pages.routes,
    *list_pages.routes,
    *project_pages.routes,
    *install_pages.routes,
    *look_pages.routes,
    *security_pages.routes,
    *access_pages.routes,
    *usage_pages.routes,
    *system_pages.routes,
    *accounts_pages.routes,
    *settings_pages.routes,
    *imports_pages.routes,
    *exports_pages.routes,
    *notifications_pages.routes,
    *webhook_pages.routes,
    *link_pages.routes,
    *privacy_pages.routes,
    *logbook_pages.routes,
    *docs_pages.routes,
    *shell.asset_routes,
    *security_text.routes,
]
# What pages of other sites load.
WIDGET_ROUTES = [
    *widget_api.routes,
    *form_pages.routes,
    *demo_pages.routes,
]
ROUTES = [*API_ROUTES, *MCP_ROUTES, *WIDGET_ROUTES, *PAGE_ROUTES, *PROBE_ROUTES]


def create_app(settings: Settings) -> ASGIApp:
    """Build the application; its database, already migrated, is opened when the server starts.

    `settings.base_url` is the address under which this server's own pages are seen.
    """
    return assemble(settings)[0]


def assemble(settings: Settings) -> tuple[ASGIApp, Life]:
    """Build the application and its life, for who opens and ends that by themselves.

    What the life gives is the state that each request must carry.
    """
    table = plan_table(settings)
    check_root(settings.root)
    page_shell = shell.Shell(settings.language, settings.base_url)

    @contextlib.asynccontextmanager
    async def life(_: object = None) -> AsyncIterator[dict[str, Any]]:
        async with _life(settings, table, page_shell) as state:
            # For those behind an address of ours that ask at another one.
            yield {**state, "app": guard, "has_mcp": mcp.is_installed()}

    router = http.Router(ROUTES, lifespan=life)
    guard = http.Guard(
        router,
        open_paths=door.OPEN_PATHS,
        open_folders=("/w/", "/widget"),
        large_bodies={"attachments": LARGEST_ATTACHMENT_BYTES},
        streamed={imports_pages.IMPORT: settings.import_limit_mb << 20},
        refused=accounts.answer_refusal,
        root=settings.root,
    )
    return guard, life


def check_root(root: str) -> None:
    """Refuse a path to stand below that could be taken for one of our own addresses."""
    ours = {route.path.split("/")[1].partition(".")[0] for route in ROUTES}
    for part in root.split("/")[1:]:
        if part.partition(".")[0] in ours:
            raise Misconfigured(
                f"MINIBACK_BASE_URL must not have {part} in its path, where pages of Miniback's"
                " own are; choose another path"
            )


def plan_table(settings: Settings) -> plans.Plans:
    """Return the plans as the operator has shaped them, and see that new accounts can start."""
    table = plans.reshaped(settings.plans)
    if settings.default_plan not in table:
        raise Misconfigured(
            f"MINIBACK_DEFAULT_PLAN must be one of {', '.join(table)}, not {settings.default_plan}"
        )
    return table


@contextlib.asynccontextmanager
async def _life(
    settings: Settings, table: plans.Plans, page_shell: shell.Shell
) -> AsyncIterator[dict[str, Any]]:
    """Open what a process works with, and let go of it in order."""
    database = Database(db.engine_for(settings.database), db.replica_for(settings.replica_url))
    await widget.keep_this_version(database)
    meter, news = projects.Meter(database), inbox.Live(database)
    passwords = accounts.Passwords()
    safe, mark = vault.Vault(database), backups.Mark(database)
    log.info("started", version=__version__, database=database.engine.place)
    late = Later(database)
    at_work = [meter, news, mark, late, *_workers(settings, table, page_shell, database)]
    tasks = [asyncio.create_task(each.run()) for each in at_work]
    try:
        yield {
            "db": database,
            "docs": docs.Site(page_shell, settings.base_url),
            "holders": projects.Holders(table),
            "later": late,
            "life": health.Life(),
            "meter": meter,
            "passwords": passwords,
            "plans": table,
            "settings": settings,
            "shell": page_shell,
            "base_url": settings.base_url,
            "links": notifications.Links(safe, settings.base_url),
            # Known by a room above those that ask.
            "menu": inbox.menu,
            "live": news,
            "sightings": widget.Sightings(database),
            "vault": safe,
            "waiting": feedback.Waiting(),
            "own_origin": projects.without_default_port(projects.origin_of(settings.base_url)),
        }
    finally:
        await _end(tasks)
        passwords.close()
        await _close(database, meter.write, late.catch_up, mark.end)


async def _close(database: Database, *last: Callable[[], Awaitable[None]]) -> None:
    """Write what has gathered, and let go of the database."""
    try:
        for write in last:
            await write()
    except Unavailable as error:
        log.warning("last_writes_failed", reason=str(error))
    finally:
        database.close()
        log.info("ended")


def _workers(
    settings: Settings, table: plans.Plans, page_shell: shell.Shell, database: Database
) -> list[Any]:
    """Build what goes on beside the answers."""
    mailer, base_url = Mailer(settings), settings.base_url
    workers: list[Any] = [
        worker.Worker(database, table),
        feedback.Folder(database),
        accounts_worker.Worker(database, mailer, page_shell, base_url),
        imports_worker.Worker(database, table),
        backups.Schedule(database, settings),
        notifications.Notices(database, mailer, page_shell, base_url),
    ]
    if database.replica:
        workers.append(database.replica)
    if settings.insights:
        workers.append(insights_worker.Worker(database, table))
    if settings.deliveries:
        workers.append(notifier(settings, database, page_shell))
    return workers


def notifier(
    settings: Settings, database: Database, page_shell: shell.Shell
) -> notifications_worker.Worker:
    """Build what tells people of what happens, for a server or for a process of its own."""
    base_url, mailer = settings.base_url, Mailer(settings)
    links = notifications.Links(vault.Vault(database), base_url)
    letters = notifications.Letters(mailer, page_shell, links, base_url)
    mails = notifications.Mails(database, mailer, letters)
    client = outgoing.Client(allows_private=settings.allow_private_targets)
    return notifications_worker.Worker(database, notifications.Sender(client), mails, base_url)


async def _end(tasks: list[asyncio.Task[None]]) -> None:
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
