"""The API's description, written by hand in openapi.yaml and served as JSON."""

import asyncio
import functools
from importlib import resources

import yaml

from miniback.http.requests import Request
from miniback.http.responses import Response, encode
from miniback.http.routing import resource


# Reading 2,000 lines of YAML takes a while, so it is done when first asked for.
@functools.cache
def openapi(root: str = "") -> bytes:
    """Return the description as JSON, of a server below a path where one is named."""
    text = (resources.files("miniback") / "openapi.yaml").read_text(encoding="utf-8")
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    described = yaml.load(text, Loader=loader)  # noqa: S506 - both are safe loaders
    return encode({**described, "servers": [{"url": f"{root}/"}]})


async def get_openapi(request: Request) -> Response:
    """GET /openapi.json."""
    return Response(200, await asyncio.to_thread(openapi, request.state["settings"].root))


routes = [resource("/openapi.json", GET=get_openapi)]
