"""The shapes of ASGI, and where the guard leaves what it has read for those behind it."""

from collections.abc import Awaitable, Callable
from typing import Any

Scope = dict[str, Any]
Receive = Callable[[], Awaitable[dict[str, Any]]]
Send = Callable[[dict[str, Any]], Awaitable[None]]
App = Callable[[Scope, Receive, Send], Awaitable[None]]

BODY = "miniback.body"
HEADERS = "miniback.headers"
REQUEST_ID = "miniback.request_id"
EXTRA_HEADERS = "miniback.extra_headers"
