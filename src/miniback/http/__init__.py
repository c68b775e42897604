"""The web's edges: reading requests, writing answers, and saying no in JSON."""

from miniback.http import json
from miniback.http.addresses import neighbourhood
from miniback.http.errors import headers_of, refused, status_of
from miniback.http.guard import Guard
from miniback.http.requests import Request
from miniback.http.responses import Header, Kind, Response, Stream, data, encode
from miniback.http.routing import Handler, Resource, not_found, resource

__all__ = [
    "Guard",
    "Handler",
    "Header",
    "Kind",
    "Request",
    "Resource",
    "Response",
    "Stream",
    "data",
    "encode",
    "headers_of",
    "json",
    "neighbourhood",
    "not_found",
    "refused",
    "resource",
    "status_of",
]
