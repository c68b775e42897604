"""A receiver of webhooks on somebody's own machine: verifies, prints, hands on."""

import socket
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime

import httpx2
import msgspec
import typer
import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse
from starlette.routing import Route

from miniback.commands.showing import is_terminal, one_line, paragraphs, printable
from miniback.errors import Misconfigured
from miniback_client import WebhookError, verify_webhook
from miniback_client.models import Delivered

LARGEST_BYTES = 1_000_000
FORWARD_TIMEOUT_S = 10
TAKEN, NOT_OURS, TOO_LARGE, NOT_FORWARDED = 204, 400, 413, 502
_HANDED_ON = ("content-type", "user-agent", "webhook-id", "webhook-timestamp", "webhook-signature")


def receive(host: str, port: int, secret: str, forward_to: str, *, as_json: bool) -> None:
    """Receive until Ctrl-C."""
    _check(secret, forward_to)
    receiver = Receiver(secret, forward_to, as_json=as_json)
    routes = [Route("/{path:path}", receiver.take, methods=["POST"])]
    application = Starlette(routes=routes, lifespan=receiver.life)
    config = uvicorn.Config(application, log_config=None, access_log=False, server_header=False)
    try:
        listener = socket.create_server((host, port))
    except OSError as error:
        raise Misconfigured(f"Port {port} of {host}: {error.strerror}") from error
    with listener:
        found, number = listener.getsockname()[:2]
        typer.echo(f"Receiving webhooks on http://{found}:{number}; Ctrl-C ends it", err=True)
        try:
            uvicorn.Server(config).run(sockets=[listener])
        except KeyboardInterrupt:
            return


class Receiver:
    """Takes what is sent to it; what is not signed by the secret goes no further."""

    def __init__(self, secret: str, forward_to: str, *, as_json: bool) -> None:
        self._secret = secret
        self._forward_to = forward_to
        self._as_json = as_json

    @asynccontextmanager
    async def life(self, _: Starlette) -> AsyncIterator[None]:
        """Keep connections to where deliveries are handed on."""
        async with httpx2.AsyncClient(timeout=FORWARD_TIMEOUT_S) as self._http:
            yield

    async def take(self, request: Request) -> PlainTextResponse:
        """Take a delivery."""
        body = await _body(request)
        if body is None:
            return PlainTextResponse("Too large", TOO_LARGE)
        try:
            delivered = verify_webhook(body, request.headers, self._secret)
        except (WebhookError, ValueError, LookupError, TypeError) as error:
            typer.echo(f"Refused: {printable(str(error))}", err=True)
            return PlainTextResponse("This is not signed by the secret", NOT_OURS)
        status = await self._hand_on(request, body) if self._forward_to else TAKEN
        typer.echo(self._said(delivered, body, status))
        return PlainTextResponse(status_code=status)

    async def _hand_on(self, request: Request, body: bytes) -> int:
        """Hand a delivery on as it came, and return what was answered."""
        headers = {name: value for name, value in request.headers.items() if name in _HANDED_ON}
        try:
            answer = await self._http.post(self._forward_to, content=body, headers=headers)
        except httpx2.RequestError as error:
            typer.echo(f"{self._forward_to} does not answer: {printable(str(error))}", err=True)
            return NOT_FORWARDED
        return answer.status_code

    def _said(self, delivered: Delivered, body: bytes, status: int) -> str:
        if self._as_json:
            content = msgspec.Raw(body)
            told = {"id": delivered.id, "answered": status, "body": content}
            return one_line(msgspec.json.encode(told))
        item, place = delivered.feedback, delivered.project
        parts = [delivered.event, place.slug, item.status, item.id, str(status)]
        if not is_terminal():
            return "\t".join(printable(each) for each in (delivered.id, *parts, item.message))
        at = datetime.fromtimestamp(time.time()).astimezone().strftime("%H:%M:%S")
        title = printable("  ".join([at, *parts]))
        return f"{title}\n{paragraphs(item.message, '  ')}\n"


async def _body(request: Request) -> bytes | None:
    """Read a body; None where it is larger than any delivery."""
    body = bytearray()
    async for piece in request.stream():
        body += piece
        if len(body) > LARGEST_BYTES:
            return None
    return bytes(body)


def _check(secret: str, forward_to: str) -> None:
    probe = {"webhook-id": "x", "webhook-timestamp": str(int(time.time()))}
    try:
        verify_webhook(b"", {**probe, "webhook-signature": ""}, secret)
    except WebhookError:
        pass  # as it must be: nobody has signed this
    except ValueError as error:
        raise Misconfigured(f"MINIBACK_WEBHOOK_SECRET: {error}") from error
    if forward_to and not forward_to.startswith(("http://", "https://")):
        raise typer.BadParameter("--forward-to takes an http(s) address")
