"""The protocol over HTTP: streamable HTTP without sessions, each message with its key."""

import asyncio
from typing import Any, Literal

import msgspec
from msgspec import UNSET, Struct, UnsetType

from miniback import db, http, projects
from miniback.errors import Forbidden, Invalid, NotFound, Refusal, Unauthenticated
from miniback.http import Request, Response
from miniback.mcp.loading import HOW_TO_INSTALL, is_installed, load

_BEARER = "bearer"
_SWITCH = {"true": True, "false": False}
# JSON-RPC 2.0, section 5.1.
_PARSE_ERROR, _INVALID_REQUEST = -32700, -32600


class _Message(Struct):
    """A request or a notification; this server asks for nothing, so no answer comes to it."""

    jsonrpc: Literal["2.0"]
    method: str
    id: str | int | UnsetType = UNSET
    params: dict[str, Any] | UnsetType = UNSET


_decode = msgspec.json.Decoder(_Message).decode


async def answer_message(request: Request) -> Response:
    """POST /mcp?readOnly: by key alone; a session's cookie opens nothing here."""
    if not is_installed():
        raise NotFound(f"This server does not speak MCP; who runs it may {HOW_TO_INSTALL}")
    _check_origin(request)
    read_only = _SWITCH.get(request.query("readOnly") or "false")
    if read_only is None:
        raise Invalid("The parameter 'readOnly' must be true or false")
    key = _key(request)
    try:
        await _check_key(request, key)
    except (Unauthenticated, Forbidden) as refusal:
        return _unauthenticated(refusal)
    try:
        http.json.parse(request.body)
        _decode(request.body)
    except Invalid as wrong:
        return _unread(_PARSE_ERROR, str(wrong))
    except msgspec.ValidationError as wrong:
        return _unread(_INVALID_REQUEST, f"The body must be one message of JSON-RPC 2.0: {wrong}")
    within = await asyncio.to_thread(load, "within")
    response: Response = await within.answer(request, key, read_only=read_only)
    return response


def _check_origin(request: Request) -> None:
    """Refuse pages of other sites: one may have had its name lead here (DNS rebinding)."""
    origin = request.header(b"origin")
    if origin and not projects.is_own(origin, request.state["own_origin"]):
        raise Forbidden("Pages of other sites may not speak MCP with this server")


def _key(request: Request) -> str:
    """Return the key, '' for none; one in the address is not read, since addresses are logged."""
    scheme, _, token = request.header(b"authorization").partition(" ")
    bearer = token.strip() if scheme.lower() == _BEARER else ""
    return request.header(b"x-api-key") or bearer


async def _check_key(request: Request, key: str) -> None:
    """See that the key lives: messages that need no call of the API are for nobody else, too."""
    if not key:
        raise Unauthenticated(
            "API key is required. Provide it via 'Authorization: Bearer' or 'x-api-key' header."
        )
    key_hash = projects.checked_key(key)
    with db.at_primary():  # a key may be younger than what a replica has
        found = await request.db.look_up(projects.identify_now, request.state["plans"], key_hash)
    if found is None:
        raise projects.no_such_key()


def _unauthenticated(refusal: Refusal) -> Response:
    """Answer 401 to a wrong key, too, as clients of the protocol expect (RFC 6750, section 3)."""
    is_wrong = isinstance(refusal, Forbidden)
    challenge = b'Bearer realm="Miniback"' + (b', error="invalid_token"' if is_wrong else b"")
    text = "Invalid API key" if is_wrong else str(refusal)
    response = http.refused(Unauthenticated(text))
    return response.with_headers(((b"www-authenticate", challenge),))


def _unread(code: int, reason: str) -> Response:
    """Answer what is no message at all in the protocol's own form."""
    error = {"code": code, "message": reason}
    return Response(400, http.encode({"jsonrpc": "2.0", "id": None, "error": error}))


routes = [http.resource("/mcp", POST=answer_message)]
