"""The web's edges: reading requests, writing answers, and saying no in JSON."""

from miniback.http import json
from miniback.http.errors import refused
from miniback.http.guard import Guard
from miniback.http.requests import Request
from miniback.http.responses import Header, Response, data, encode
from miniback.http.routing import Handler, Resource, not_found, resource

__all__ = [
    "Guard",
    "Handler",
    "Header",
    "Request",
    "Resource",
    "Response",
    "data",
    "encode",
    "json",
    "not_found",
    "refused",
    "resource",
]
