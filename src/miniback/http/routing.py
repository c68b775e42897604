"""Addresses: one resource a path, with a handler for each method that it knows."""

import re
from collections import defaultdict
from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Any

from starlette.routing import Route
from starlette.routing import Router as EveryRoute

from miniback.errors import MethodNotAllowed, NotFound
from miniback.http.requests import Request
from miniback.http.responses import Response, Stream, stream, write
from miniback.http.wire import ROUTE, ASGIApp, Receive, Scope, Send

Handler = Callable[[Request], Awaitable[Response]]
# How deep an address lies, and its first part.
_Beginning = tuple[int, str]
_Way = tuple[Callable[[str], re.Match[str] | None], ASGIApp]


class Resource:
    """What stands at a path: a plain ASGI endpoint, which spares a hot call a layer or two."""

    def __init__(self, path: str, handlers: Mapping[str, Handler]) -> None:
        self._path = path
        self.handlers = dict(handlers)
        if "GET" in handlers:
            self.handlers["HEAD"] = handlers["GET"]  # the server leaves the body out
        self._allow = ", ".join(sorted(self.handlers))

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer with the method's handler."""
        scope[ROUTE] = self._path
        handler = self.handlers.get(scope["method"])
        if handler is None:
            raise MethodNotAllowed(self._allow)
        answer = await handler(Request(scope))
        if isinstance(answer, Stream) and scope["method"] != "HEAD":
            await stream(scope, receive, send, answer)
        else:
            await write(scope, send, answer)


class Router(EveryRoute):
    """Finds who answers, and looks at no more addresses than begin as the one that is asked for.

    Of several that fit, the first one answers, as in Starlette. `lifespan` is what goes on while
    this serves. Raises ValueError for a path that begins with a variable or has one of any depth.
    """

    def __init__(self, routes: Sequence[Route], lifespan: Callable[..., Any]) -> None:
        super().__init__(routes, redirect_slashes=False, default=_not_found, lifespan=lifespan)
        self._near: defaultdict[_Beginning, list[_Way]] = defaultdict(list)
        for route in routes:
            beginning = _beginning(route.path)
            if "{" in beginning[1] or ":path}" in route.path:
                raise ValueError(f"{route.path} would not be found")
            self._near[beginning].append((route.path_regex.match, route.app))

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request, or live."""
        if scope["type"] != "http":
            await super().__call__(scope, receive, send)
            return
        path: str = scope["path"]
        for match, answer in self._near.get(_beginning(path), ()):
            if found := match(path):
                scope["path_params"] = found.groupdict()
                await answer(scope, receive, send)
                return
        await self.default(scope, receive, send)


def _beginning(path: str) -> _Beginning:
    return path.count("/"), path[1:].partition("/")[0]


def resource(path: str, **handlers: Handler) -> Route:
    """Put handlers at a path: `resource("/api/projects", GET=list_projects)`."""
    return Route(path, Resource(path, handlers))


async def _not_found(_scope: Scope, _receive: Receive, _send: Send) -> None:
    """Answer where nothing stands."""
    raise NotFound("Not found")
