"""The yardstick: a bare Starlette route that decodes and encodes the JSON of a POST."""

import argparse
from typing import Any

import msgspec
import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

_decode = msgspec.json.Decoder(dict[str, Any]).decode
_encode = msgspec.json.Encoder().encode


async def echo(request: Request) -> Response:
    """POST /echo."""
    draft = _decode(await request.body())
    return Response(_encode(draft), status_code=201, media_type="application/json")


async def health(_: Request) -> Response:
    """GET /healthz."""
    return Response(b"{}", media_type="application/json")


app = Starlette(
    routes=[
        Route("/echo", echo, methods=["POST"]),
        Route("/healthz", health),
    ]
)


def main() -> None:
    """Serve on 127.0.0.1 with what the product is served with."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--port", type=int, required=True)
    port = parser.parse_args().port
    uvicorn.run(
        app, host="127.0.0.1", port=port, loop="uvloop", http="httptools", log_level="warning"
    )


if __name__ == "__main__":
    main()
