"""The protocol on stdin and stdout, for an assistant that starts a command on its own machine."""

import asyncio
import os

from mcp.server.stdio import stdio_server

from miniback import settings
from miniback.errors import Misconfigured
from miniback.mcp.server import server_of
from miniback_client import AsyncClient
from miniback_client.transport import KEY_VARIABLE, URL_VARIABLE

# Somebody waits for the assistant: who is told to wait for longer is told so at once.
PATIENCE_S = 5.0


def run(*, read_only: bool) -> None:
    """Serve until stdin ends."""
    url = _given(URL_VARIABLE, "the address of a server, such as https://feedback.example.com")
    key = _given(KEY_VARIABLE, 'an API key, from a project\'s page "API access"')
    try:
        client = AsyncClient(url, key, patience_s=PATIENCE_S)
    except ValueError as wrong:
        raise Misconfigured(f"{URL_VARIABLE} or {KEY_VARIABLE} is wrong: {wrong}") from wrong
    asyncio.run(_speak(client, read_only=read_only))


def _given(name: str, what: str) -> str:
    """Return what a variable holds, or the file that NAME_FILE names."""
    value = settings.variable(os.environ, name)
    if not value:
        raise Misconfigured(f"{name} (or {name}_FILE) must be set: {what}")
    return value


async def _speak(client: AsyncClient, *, read_only: bool) -> None:
    server = server_of(client, read_only=read_only)
    async with client, stdio_server() as (incoming, outgoing):
        await server.run(incoming, outgoing, server.create_initialization_options())
