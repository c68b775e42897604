"""The protocol's own client, by each way to the tools, for tests that are not asynchronous."""

import json
import os
import sys
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import httpx2
from anyio.from_thread import BlockingPortal, start_blocking_portal
from mcp.client.client import Client
from mcp.client.stdio import StdioServerParameters
from mcp.client.streamable_http import streamable_http_client
from mcp.types import CallToolResult, Tool

from tests.house import NO_TLS, PATIENCE_S, House

# The two generations of the protocol: with a handshake, and each message by itself.
WAYS = ("stdio", "http", "http with a handshake")


@dataclass
class Assistant:
    """Whoever calls the tools."""

    portal: BlockingPortal
    client: Client

    @property
    def tools(self) -> list[Tool]:
        return self.portal.call(self.client.list_tools).tools

    @property
    def instructions(self) -> str:
        return self.client.instructions or ""

    def ask(self, name: str, /, **arguments: Any) -> CallToolResult:
        """Call a tool and return all that comes back."""
        return self.portal.call(partial(self.client.call_tool, name, arguments))

    def call(self, name: str, /, **arguments: Any) -> dict[str, Any]:
        """Call a tool that succeeds; its text says the same as its structure."""
        result = self.ask(name, **arguments)
        assert not result.is_error, result
        content: dict[str, Any] = result.structured_content
        assert json.loads(text_of(result)) == content
        return content

    def refused(self, name: str, /, **arguments: Any) -> str:
        """Call a tool that fails, and return what it says."""
        result = self.ask(name, **arguments)
        assert (result.is_error, result.structured_content) == (True, None)
        return text_of(result)


def text_of(result: CallToolResult) -> str:
    """The one text of a result."""
    (content,) = result.content
    assert content.type == "text"
    return content.text


@contextmanager
def speaking(way: str, house: House, key: str, *, read_only: bool = False) -> Iterator[Assistant]:
    """An assistant with a key."""
    if way == "stdio":
        spoken = _over_stdio(house, key, *(["--read-only"] if read_only else []))
    else:
        mode = "legacy" if "handshake" in way else "auto"
        spoken = _over_http(house, key, mode, "?readOnly=true" if read_only else "")
    with (
        start_blocking_portal() as portal,
        portal.wrap_async_context_manager(spoken) as client,
    ):
        yield Assistant(portal, client)


@asynccontextmanager
async def _over_http(house: House, key: str, mode: str, query: str) -> AsyncIterator[Client]:
    headers = {"authorization": f"Bearer {key}"}
    async with httpx2.AsyncClient(headers=headers, timeout=PATIENCE_S, verify=NO_TLS) as http:
        way = streamable_http_client(house.base_url + "/mcp" + query, http_client=http)
        async with Client(way, mode=mode) as client:
            yield client


@asynccontextmanager
async def _over_stdio(house: House, key: str, *options: str) -> AsyncIterator[Client]:
    command = StdioServerParameters(
        command=sys.executable,
        args=["-m", "miniback", "mcp", *options],
        env={**house.variables, "MINIBACK_URL": house.base_url, "MINIBACK_API_KEY": key},
    )
    async with Client(command) as client:
        yield client


def without_library(folder: Path) -> dict[str, str]:
    """An environment of Python in which the protocol's library is not installed."""
    (folder / "sitecustomize.py").write_text('import sys\n\nsys.modules["mcp"] = None\n')
    paths = [str(folder), os.environ.get("PYTHONPATH", "")]
    return {"PYTHONPATH": os.pathsep.join(filter(None, paths))}
