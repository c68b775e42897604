"""The shapes of ASGI, and where the guard leaves what it has read for those behind it."""

from starlette.types import ASGIApp, Receive, Scope, Send

__all__ = ["BODY", "EXTRA_HEADERS", "HEADERS", "REQUEST_ID", "ASGIApp", "Receive", "Scope", "Send"]

BODY = "miniback.body"
HEADERS = "miniback.headers"
REQUEST_ID = "miniback.request_id"
EXTRA_HEADERS = "miniback.extra_headers"
