"""The application inside another one's process, below a path of its site (decision 32).

Starlette's and FastAPI's `mount` take it as it is; `beside` puts it next to any other site.
"""

import asyncio
import contextlib
import os
import traceback
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from typing import Any

import structlog

from miniback import db, http, logs, settings
from miniback.app import assemble
from miniback.errors import Misconfigured
from miniback.http.wire import ASGIApp, Message, Receive, Scope, Send
from miniback.serve import prepare, welcome
from miniback.settings import PREFIX, Settings

# Frameworks write down the shapes of ASGI each in their own way.
AnyApp = Callable[..., Awaitable[None]]

_NOT_RUNNING = (
    "Miniback is not running: give the site its lifespan, as in FastAPI(lifespan=feedback.lifespan)"
    " or application = feedback.beside(application); see docs/mounting.md"
)
_ONE_PROCESS = (
    "A site that runs in several processes keeps Miniback's data in PostgreSQL"
    " (MINIBACK_DATABASE_URL); see docs/mounting.md"
)


class Miniback:
    """An application to be mounted: `base_url` says where, `lifespan` is for its host to run.

    Settings are given by their names, `visitor_limit=20` for MINIBACK_VISITOR_LIMIT; what is not
    given comes from the environment. Raises Misconfigured for one that is wrong.
    """

    def __init__(self, **chosen: object) -> None:
        self._settings = settings.read(_variables(os.environ, chosen))
        if not self._settings.base_url:
            raise Misconfigured(
                "A mounted Miniback must be told the address under which people see it:"
                ' Miniback(base_url="https://example.com/feedback"), or MINIBACK_BASE_URL'
            )
        self.root = self._settings.root
        self._app, self._life = assemble(self._settings)
        self._state: dict[str, Any] | None = None

    @contextlib.asynccontextmanager
    async def lifespan(self, _host: object = None) -> AsyncIterator[None]:
        """Prepare the database, and work beside the answers until the host ends.

        Raises Misconfigured where another process serves the database file.
        """
        if not structlog.is_configured():
            logs.configure_own(self._settings.log_level)
        engine = db.engine_for(self._settings.database)
        with contextlib.ExitStack() as held:
            try:
                held.enter_context(db.only_server(engine))
            except Misconfigured as error:
                raise Misconfigured(f"{error}. {_ONE_PROCESS}") from error
            prepare(self._settings, engine, accepts_loss=False)
            welcome(engine, self._settings.base_url)
            async with self._life() as state:
                self._state = state
                try:
                    yield
                finally:
                    self._state = None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer what is asked below the path; the host's own scope stays as it is."""
        if scope["type"] == "lifespan":
            await _live(self.lifespan(), receive, send)
            return
        if self._state is None:
            raise Misconfigured(_NOT_RUNNING)
        await self._app(self._at_home(scope, self._state), receive, send)

    def beside(self, site: AnyApp, at: str = "") -> ASGIApp:
        """Return a site with this application below a path, and with the other everywhere else.

        For what mounts no ASGI application itself: Django's, or a WSGI site behind a2wsgi. The path
        is that of `base_url`, unless a proxy takes a part of it off.
        """
        return _Site(self, site, at or self.root)

    def _at_home(self, scope: Scope, state: dict[str, Any]) -> Scope:
        """Write a scope as for a server of its own."""
        root = scope.get("root_path", "")
        if not self.root.endswith(root):
            raise Misconfigured(
                f"Miniback is mounted at {root}, but the path of its base_url is"
                f" {self.root or 'empty'}; make them the same"
            )
        path = http.without_root(root, scope["path"])
        # Some servers leave this one out.
        raw_path = scope.get("raw_path") or path.encode()
        return {**scope, "root_path": "", "path": path, "raw_path": raw_path, "state": state}


class _Site:
    """Two applications as one, and their lives."""

    def __init__(self, feedback: Miniback, site: AnyApp, at: str) -> None:
        if not at:
            raise Misconfigured(
                "base_url must have the path below which Miniback is to be found, such as"
                " https://example.com/feedback"
            )
        self._feedback, self._site, self._at = feedback, site, at

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await _live(self._lives(scope), receive, send)
        elif scope["type"] == "http" and f"{scope['path']}/".startswith(f"{self._at}/"):
            await self._feedback({**scope, "root_path": self._at}, receive, send)
        else:
            await self._site(scope, receive, send)

    @contextlib.asynccontextmanager
    async def _lives(self, scope: Scope) -> AsyncIterator[None]:
        async with self._feedback.lifespan(), _life_of(self._site, scope):
            yield


async def _live(
    life: contextlib.AbstractAsyncContextManager[None], receive: Receive, send: Send
) -> None:
    """Live for as long as a server says; tell it where that cannot begin or end well."""
    await receive()
    happening = "startup"
    try:
        async with life:
            await send({"type": "lifespan.startup.complete"})
            happening = "shutdown"
            await receive()
    except Exception as error:  # noqa: BLE001 - the server logs it, and ends
        told = str(error) if isinstance(error, Misconfigured) else traceback.format_exc()
        await send({"type": f"lifespan.{happening}.failed", "message": told})
    else:
        await send({"type": "lifespan.shutdown.complete"})


@contextlib.asynccontextmanager
async def _life_of(site: AnyApp, scope: Scope) -> AsyncIterator[None]:
    """Let another application live; one that knows nothing of it, as Django's, has none."""
    asked: asyncio.Queue[Message] = asyncio.Queue()
    told: asyncio.Queue[Message] = asyncio.Queue()
    task = asyncio.ensure_future(site(scope, asked.get, told.put))
    asked.put_nowait({"type": "lifespan.startup"})
    answer = await _answer(task, told)
    if answer and answer["type"] == "lifespan.startup.failed":
        raise RuntimeError(answer.get("message") or "The site could not start")
    try:
        yield
    finally:
        if answer:
            asked.put_nowait({"type": "lifespan.shutdown"})
            await _answer(task, told)


async def _answer(task: asyncio.Future[None], told: asyncio.Queue[Message]) -> Message | None:
    """Wait for what an application says; None where it ends without a word."""
    word = asyncio.ensure_future(told.get())
    waiting: set[asyncio.Future[Any]] = {task, word}
    await asyncio.wait(waiting, return_when=asyncio.FIRST_COMPLETED)
    if word.done():
        return word.result()
    word.cancel()
    if error := task.exception():
        structlog.get_logger().debug("site_without_lifespan", reason=str(error))
    return None


def _variables(environment: Mapping[str, str], chosen: Mapping[str, object]) -> dict[str, str]:
    """Write settings as the variables that they stand for, over those of the environment."""
    if strange := set(chosen) - set(Settings.__struct_fields__):
        names = ", ".join(sorted(strange))
        raise Misconfigured(f"Miniback has no setting {names}; docs/settings.md lists them all")
    given = {PREFIX + name.upper(): _written(value) for name, value in chosen.items()}
    # Where a value is given, the file that the environment names is not asked.
    outer = {
        name: value
        for name, value in environment.items()
        if name.removesuffix("_FILE") not in given
    }
    return {**outer, **given}


def _written(value: object) -> str:
    """Write a value as its variable would have it."""
    if isinstance(value, bool):
        return "on" if value else "off"
    if isinstance(value, list | tuple):
        return ", ".join(map(str, value))
    return str(value)
