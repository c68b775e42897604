"""The shapes of ASGI, and where the guard leaves what it has read for those behind it."""

from starlette.types import ASGIApp, Message, Receive, Scope, Send

__all__ = [
    "ARRIVED",
    "BEGUN",
    "BODY",
    "BODY_STREAM",
    "EXTRA_HEADERS",
    "HEADERS",
    "IS_STREAM",
    "REQUEST_ID",
    "ROUTE",
    "ASGIApp",
    "Header",
    "Message",
    "Receive",
    "Scope",
    "Send",
]

Header = tuple[bytes, bytes]

# When the request came, by the clock of time.perf_counter(), and the pattern of its address.
BEGUN = "miniback.begun"
ROUTE = "miniback.route"
BODY = "miniback.body"
# A body that came with its head, before anybody asked for it; our own server leaves it here.
ARRIVED = "miniback.arrived"
# A body that is read as it comes, by whoever has this address.
BODY_STREAM = "miniback.body_stream"
HEADERS = "miniback.headers"
REQUEST_ID = "miniback.request_id"
EXTRA_HEADERS = "miniback.extra_headers"
# Set for an answer that goes on until somebody ends it, which the end of the server does.
IS_STREAM = "miniback.is_stream"
