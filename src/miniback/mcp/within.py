"""The protocol's library behind our own address, and our own API behind its tools.

A tool calls the API as a client elsewhere does, with the key of who asked, but within this process:
so keys, plans, quotas, limits and checks are the API's own, and none can be forgotten here.
"""

import asyncio
from collections.abc import MutableMapping
from typing import Any

import httpx2
from mcp.server.streamable_http_manager import StreamableHTTPSessionManager
from starlette.types import ASGIApp, Receive, Scope, Send

from miniback.http import Request, Response
from miniback.mcp.server import server_of
from miniback_client import AsyncClient

# An address has to be named, though nothing is sent to it.
_HERE = "http://localhost"
# Bodies are read as JSON whatever they are called, as the API does, and answered by JSON alone.
_FORMS = (
    (b"content-type", b"application/json"),
    (b"accept", b"application/json, text/event-stream"),
)


async def answer(request: Request, key: str, *, read_only: bool) -> Response:
    """Answer one message: nothing is kept between two, so any process or node answers the next."""
    written = _Written()
    async with _client(request, key) as client:
        manager = StreamableHTTPSessionManager(
            server_of(client, read_only=read_only), json_response=True, stateless=True
        )
        async with manager.run():
            await manager.handle_request(_scope(request), _body(request.body), written)
    return Response(written.status, written.body)


class _Written:
    """Keeps what the library answers, so that it leaves with the headers of all our answers."""

    def __init__(self) -> None:
        self.status = 0
        self.body = b""

    async def __call__(self, message: MutableMapping[str, Any]) -> None:
        if message["type"] == "http.response.start":
            self.status = message["status"]
        else:
            self.body += message.get("body", b"")


def _scope(request: Request) -> Scope:
    chosen = {name for name, _ in _FORMS}
    headers = [each for each in request.scope["headers"] if each[0] not in chosen]
    return {**request.scope, "headers": [*headers, *_FORMS]}


def _body(body: bytes) -> Receive:
    """Give out the body that is here already; after it nothing comes."""
    waiting = [{"type": "http.request", "body": body, "more_body": False}]

    async def receive() -> MutableMapping[str, Any]:
        return waiting.pop() if waiting else await asyncio.get_running_loop().create_future()

    return receive


def _client(request: Request, key: str) -> AsyncClient:
    transport = httpx2.ASGITransport(_within(request), client=(request.address, 0))
    return AsyncClient(_HERE, key, transport=transport, patience_s=0)


def _within(request: Request) -> ASGIApp:
    """Return the application of this process as a request finds it that comes by a connection."""
    app: ASGIApp = request.state["app"]

    async def carry(scope: Scope, receive: Receive, send: Send) -> None:
        scope["state"] = request.state
        # In a context of its own, which notes whose changes are seen and in whose name is logged.
        await asyncio.gather(app(scope, receive, send))

    return carry
