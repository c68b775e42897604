"""Addresses: one resource a path, with a handler for each method that it knows."""

from collections.abc import Awaitable, Callable, Mapping

from starlette.routing import Route

from miniback.errors import MethodNotAllowed, NotFound
from miniback.http.requests import Request
from miniback.http.responses import Response, Stream, stream, write
from miniback.http.wire import ROUTE, Receive, Scope, Send

Handler = Callable[[Request], Awaitable[Response]]


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


def resource(path: str, **handlers: Handler) -> Route:
    """Put handlers at a path: `resource("/api/projects", GET=list_projects)`."""
    return Route(path, Resource(path, handlers))


async def not_found(_scope: Scope, _receive: Receive, _send: Send) -> None:
    """Answer where nothing stands."""
    raise NotFound("Not found")
