"""The client of Miniback's API: `Client` for plain and `AsyncClient` for asynchronous Python."""

from miniback_client.async_client import AsyncClient
from miniback_client.client import Client
from miniback_client.errors import (
    ApiError,
    Conflict,
    Forbidden,
    Invalid,
    MinibackError,
    NetworkError,
    NotFound,
    QuotaExceeded,
    RateLimited,
    ServerError,
    TooLarge,
    Unauthorized,
    WebhookError,
)
from miniback_client.limits import Limit
from miniback_client.signing import verify_webhook

__all__ = [
    "ApiError",
    "AsyncClient",
    "Client",
    "Conflict",
    "Forbidden",
    "Invalid",
    "Limit",
    "MinibackError",
    "NetworkError",
    "NotFound",
    "QuotaExceeded",
    "RateLimited",
    "ServerError",
    "TooLarge",
    "Unauthorized",
    "WebhookError",
    "verify_webhook",
]
