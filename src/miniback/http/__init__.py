"""The web's edges: reading requests, writing answers, and saying no in JSON."""

from miniback.http import json
from miniback.http.addresses import is_trusted, neighbourhood
from miniback.http.description import openapi
from miniback.http.errors import headers_of, refused, status_of
from miniback.http.files import csv_file, inert_image
from miniback.http.guard import Guard, without_root
from miniback.http.packing import Packed, as_it_is, packed, sent, sent_if_new
from miniback.http.requests import Request
from miniback.http.responses import Kind, Response, Stream, data, encode
from miniback.http.routing import Handler, Resource, Router, resource
from miniback.http.uploads import ClientGone, Upload
from miniback.http.uploads import of as upload_of
from miniback.http.wire import Header

__all__ = [
    "ClientGone",
    "Guard",
    "Handler",
    "Header",
    "Kind",
    "Packed",
    "Request",
    "Resource",
    "Response",
    "Router",
    "Stream",
    "Upload",
    "as_it_is",
    "csv_file",
    "data",
    "encode",
    "headers_of",
    "inert_image",
    "is_trusted",
    "json",
    "neighbourhood",
    "openapi",
    "packed",
    "refused",
    "resource",
    "sent",
    "sent_if_new",
    "status_of",
    "upload_of",
    "without_root",
]
