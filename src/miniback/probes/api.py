"""The answer to `miniback doctor`: what this server sees of a request that came to its address."""

from miniback import __version__, http
from miniback.errors import NotFound
from miniback.http import Request, Response
from miniback.probes import tokens


async def get_probe(request: Request) -> Response:
    """GET /probe.json: once for each token, and as if it were not there without one."""
    token = request.header(tokens.HEADER.encode())
    is_good = bool(token) and await request.db.look_up(tokens.is_one, token)
    if not is_good or not await request.db.write(tokens.take, token):
        raise NotFound("Not found")
    client = request.scope.get("client")
    return http.data(
        {
            "version": __version__,
            "address": request.address,
            "peer": client[0] if client else "",
            "forwardedFor": request.header(b"x-forwarded-for"),
            "forwardedProto": request.header(b"x-forwarded-proto"),
            "host": request.header(b"host"),
        }
    )


routes = [http.resource(tokens.PATH, GET=get_probe)]
