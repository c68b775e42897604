"""Where to tell what is wrong with this server's safety: /.well-known/security.txt (RFC 9116)."""

from miniback import clock
from miniback.clock import DAY_MS
from miniback.errors import NotFound
from miniback.http.requests import Request
from miniback.http.responses import Kind, Response
from miniback.http.routing import resource
from miniback.settings import Settings

PATH = "/.well-known/security.txt"
# The RFC wants less than a year, so that nobody trusts what was forgotten.
_VALID_DAYS = 180
_TEXT = Kind(
    (b"content-type", b"text/plain; charset=utf-8"),
    ((b"cache-control", b"no-store"), (b"x-content-type-options", b"nosniff")),
)


async def get_security_text(request: Request) -> Response:
    """GET /.well-known/security.txt: whom the operator has named; nothing where nobody is."""
    settings: Settings = request.state["settings"]
    if not settings.security_contact:
        raise NotFound("Not found")
    # Whole days, so that it can be compared.
    until = (clock.now() // DAY_MS + _VALID_DAYS) * DAY_MS
    lines = [
        f"Contact: {settings.security_contact}",
        f"Expires: {clock.iso(until)}",
        f"Canonical: {request.state['base_url']}{PATH}",
        "Preferred-Languages: en",
    ]
    return Response(200, "".join(f"{line}\n" for line in lines).encode(), kind=_TEXT)


routes = [resource(PATH, GET=get_security_text)]
