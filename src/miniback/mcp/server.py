"""The tools in the protocol's words: listed with their schemas, called, and failing as tools do."""

import functools
import json
from typing import Any

import msgspec
import structlog
from mcp.server.context import ServerRequestContext
from mcp.server.lowlevel.server import Server
from mcp.shared.exceptions import MCPError
from mcp.types import (
    INTERNAL_ERROR,
    INVALID_PARAMS,
    CallToolRequestParams,
    CallToolResult,
    ListToolsResult,
    PaginatedRequestParams,
    TextContent,
    ToolAnnotations,
)
from mcp.types import Tool as Described
from msgspec import Struct

from miniback import __version__
from miniback.mcp import shown
from miniback.mcp.tools import INSTRUCTIONS, TOOLS, Tool
from miniback_client import AsyncClient
from miniback_client.errors import ApiError, MinibackError

_UNTRUSTED = (shown.Found, shown.Item, shown.Statistics)
_Context = ServerRequestContext[Any]

log = structlog.get_logger()


def server_of(client: AsyncClient, *, read_only: bool) -> Server[Any]:
    """Make a server whose tools call with a client; `read_only` offers no tool that changes."""
    offered = {each.name: each for each in TOOLS if each.only_reads or not read_only}

    async def list_tools(_: _Context, __: PaginatedRequestParams | None) -> ListToolsResult:
        return ListToolsResult(tools=[_described(each) for each in offered.values()])

    async def call_tool(_: _Context, params: CallToolRequestParams) -> CallToolResult:
        tool = offered.get(params.name)
        if tool is None:
            raise MCPError(INVALID_PARAMS, f"There is no such tool; there are {', '.join(offered)}")
        try:
            return await _called(tool, client, params.arguments or {})
        except Exception as error:  # whatever it was is for the log, not for who asked
            log.exception("tool_failed", tool=tool.name)
            raise MCPError(INTERNAL_ERROR, "Internal server error") from error

    return Server(
        "miniback",
        version=__version__,
        title="Miniback",
        instructions=INSTRUCTIONS,
        on_list_tools=list_tools,
        on_call_tool=call_tool,
    )


async def _called(tool: Tool, client: AsyncClient, arguments: dict[str, Any]) -> CallToolResult:
    """Carry a tool out; what goes wrong is told to who called it, who can do something about it."""
    try:
        wanted = msgspec.convert(arguments, tool.takes)
    except msgspec.ValidationError as wrong:
        return _failed(f"The arguments do not fit: {wrong}")
    try:
        given = await tool.carry_out(client, wanted)
    except ApiError as refusal:
        return _failed(_told(refusal))
    except MinibackError as failure:
        return _failed(f"No answer came from the server: {failure}")
    content = msgspec.to_builtins(given)
    # Not msgspec's writer: a context may hold integers beyond 64 bits.
    text = json.dumps(content, ensure_ascii=False)
    return CallToolResult(content=[TextContent(text=text)], structured_content=content)


def _failed(reason: str) -> CallToolResult:
    return CallToolResult(content=[TextContent(text=reason)], is_error=True)


def _told(refusal: ApiError) -> str:
    """Give the API's own sentence on, and when to come again."""
    if refusal.retry_after is None:
        return refusal.message
    return f"{refusal.message} Try again in {refusal.retry_after} seconds."


@functools.cache
def _described(tool: Tool) -> Described:
    return Described(
        name=tool.name,
        title=tool.title,
        description=tool.description,
        input_schema=_schema(tool.takes),
        output_schema=_schema(tool.gives),
        annotations=ToolAnnotations(
            read_only_hint=tool.only_reads,
            destructive_hint=False,
            idempotent_hint=tool.is_repeatable,
            # What it gives was written by anybody in the world.
            open_world_hint=tool.gives in _UNTRUSTED,
        ),
    )


def _schema(kind: type[Struct]) -> dict[str, Any]:
    """Describe a value as JSON Schema; the protocol wants an object at the root."""
    _, parts = msgspec.json.schema_components([kind], ref_template="#/$defs/{name}")
    root = parts.pop(kind.__name__)
    return {**root, "$defs": parts} if parts else root
