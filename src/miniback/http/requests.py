"""Reading what a client sent, nothing of it decoded before it is asked for."""

from typing import Any
from urllib.parse import parse_qsl

from miniback.db import Database
from miniback.errors import Invalid
from miniback.http.addresses import Networks, client_address
from miniback.http.wire import BODY, HEADERS, REQUEST_ID, Scope

LARGEST_WHOLE_NUMBER = 2**53
MOST_DIGITS = 1_000


class Request:
    """A request whose body is here, behind the guard."""

    __slots__ = ("_query", "body", "headers", "method", "scope")

    def __init__(self, scope: Scope) -> None:
        self.scope = scope
        self.method: str = scope["method"]
        self.headers: dict[bytes, bytes] = scope[HEADERS]
        self.body: bytes = scope[BODY]
        self._query: dict[str, list[str]] | None = None

    @property
    def db(self) -> Database:
        """The database that the application was built with."""
        database: Database = self.scope["state"]["db"]
        return database

    @property
    def state(self) -> dict[str, Any]:
        """What the application was built with."""
        state: dict[str, Any] = self.scope["state"]
        return state

    def path(self, name: str) -> str:
        """Return a part of the path."""
        part: str = self.scope["path_params"][name]
        return part

    def header(self, name: bytes) -> str:
        """Return a header, '' where there is none; HTTP's headers are Latin-1."""
        return self.headers.get(name, b"").decode("latin-1")

    def cookie(self, name: str) -> str:
        """Return a cookie's value, '' where there is none; of several the first (RFC 6265, 5.4)."""
        for pair in self.header(b"cookie").split(";"):
            found, _, value = pair.strip().partition("=")
            if found == name:
                return value
        return ""

    @property
    def id(self) -> str:
        """The name of this request in the log and in its answer's X-Request-Id."""
        request_id: str = self.scope[REQUEST_ID]
        return request_id

    @property
    def address(self) -> str:
        """The client's address, as far as the proxies that settings trust tell it."""
        client = self.scope.get("client")
        trusted: Networks = self.state["settings"].trusted_proxies
        return client_address(client[0] if client else "", self.header(b"x-forwarded-for"), trusted)

    @property
    def is_read(self) -> bool:
        """Whether it asks for nothing to change (RFC 9110, section 9.2.1)."""
        return self.method in ("GET", "HEAD")

    @property
    def idempotency_key(self) -> str | None:
        """The Idempotency-Key as it was sent, None where there is none."""
        value = self.headers.get(b"idempotency-key")
        return None if value is None else value.decode("latin-1")

    def query(self, name: str) -> str | None:
        """Return a query parameter; an empty one counts as absent, one given twice is Invalid."""
        if self._query is None:
            self._query = _parsed(self.scope["query_string"])
        values = self._query.get(name)
        if values is None:
            return None
        if len(values) > 1:
            raise Invalid(f"The parameter '{name}' is given more than once")
        return values[0] or None

    def whole_number(self, name: str, default: int, least: int) -> int:
        """Return a query parameter as a number of at least `least` and at most 2^53."""
        text = self.query(name)
        if text is None:
            return default
        if text.isascii() and text.isdigit() and len(text) <= MOST_DIGITS:
            number = int(text)
            if least <= number <= LARGEST_WHOLE_NUMBER:
                return number
        raise Invalid(
            f"The parameter '{name}' must be a whole number, {least} or more, and at most 2^53"
        )


def _parsed(query_string: bytes) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    text = query_string.decode("latin-1")
    if "%" in text or "+" in text:
        pairs = parse_qsl(text, keep_blank_values=True, errors="replace")
    else:  # most have nothing to undo
        pairs = [(name, value) for name, _, value in (p.partition("=") for p in text.split("&"))]
    for name, value in pairs:
        found.setdefault(name, []).append(value)
    return found
