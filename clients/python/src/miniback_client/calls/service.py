"""The server itself: its description, and how it is."""

from typing import Any

from miniback_client.call import Answer, Call
from miniback_client.calls.answers import bare, data, text


def openapi() -> Call[dict[str, Any]]:
    """Return the description of all calls."""
    return Call("GET", "/openapi.json", bare, is_keyed=False)


def health() -> Call[str]:
    """Tell whether the server answers at all."""
    return Call("GET", "/healthz", _status, is_keyed=False)


def readiness() -> Call[dict[str, Any]]:
    """Tell whether the server takes requests, and what it has looked at."""
    return Call("GET", "/readyz", data, is_keyed=False)


def metrics(token: str) -> Call[str]:
    """Return the figures for Prometheus, for who has the server's token."""
    headers = {"authorization": f"Bearer {token}"}
    return Call("GET", "/metrics", text, headers=headers, is_keyed=False)


def _status(answer: Answer) -> str:
    return str(data(answer)["status"])
