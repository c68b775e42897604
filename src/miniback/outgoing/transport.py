"""How requests leave: pinned to checked addresses, bounded in time and bytes (T27, T28)."""

import asyncio
import contextlib
import ipaddress
import socket
import time
from collections.abc import AsyncIterator, Iterable, Mapping
from typing import Any
from urllib.parse import urljoin

import httpcore2

from miniback.errors import Invalid
from miniback.outgoing.addresses import checked, is_public
from miniback.outgoing.answers import Answer, Page, Unreachable

# From the first look-up to the last byte.
DEADLINE_S = 10.0
LARGEST_ANSWER_BYTES = 64 * 1024
LARGEST_PAGE_BYTES = 1024 * 1024
_MOST_REDIRECTS = 5
_KEPT_OPEN = 100
_KEPT_OPEN_S = 30.0


class Transport:
    """Sends requests over connections that are kept open for a while."""

    def __init__(self, *, allows_private: bool) -> None:
        self._allows_private = allows_private
        self._pool = httpcore2.AsyncConnectionPool(
            max_connections=None,
            max_keepalive_connections=_KEPT_OPEN,
            keepalive_expiry=_KEPT_OPEN_S,
            network_backend=_Guarded(allows_private),
        )

    async def post(self, url: str, headers: Mapping[str, str], body: bytes) -> Answer:
        """Send a body; see Client.post()."""
        began = time.monotonic()
        async with _in_time():
            return await self._answer(url, _sent(headers), body, began)

    async def get(self, url: str, headers: Mapping[str, str]) -> Page:
        """Read a page; see Client.get()."""
        async with _in_time():
            for _ in range(_MOST_REDIRECTS + 1):
                page = await self._page(url, _sent(headers))
                if not 300 <= page.status < 400 or not page.all("location"):  # noqa: PLR2004
                    return page
                url = self._next(url, page.all("location")[0])
        raise Unreachable(f"It redirects more than {_MOST_REDIRECTS} times")

    async def close(self) -> None:
        """Let go of connections that are kept open."""
        await self._pool.aclose()

    def _next(self, url: str, location: str) -> str:
        try:
            return checked(urljoin(url, location), allows_private=self._allows_private)
        except Invalid as refusal:
            raise Unreachable(f"It redirects to {location}: {refusal}") from refusal

    async def _page(self, url: str, headers: list[tuple[bytes, bytes]]) -> Page:
        async with self._pool.stream("GET", url, headers=headers) as response:
            text = await _beginning(response, LARGEST_PAGE_BYTES)
            told = [(k.decode("latin-1").lower(), v.decode("latin-1")) for k, v in response.headers]
            return Page(url, response.status, told, text.decode("utf-8", "replace"))

    async def _answer(
        self, url: str, headers: list[tuple[bytes, bytes]], body: bytes, began: float
    ) -> Answer:
        async with self._pool.stream("POST", url, headers=headers, content=body) as response:
            text = await _beginning(response)
            told = dict(response.headers)
            return Answer(
                response.status,
                text.decode("utf-8", "replace").replace("\0", ""),
                told.get(b"retry-after", b"").decode("latin-1"),
                round((time.monotonic() - began) * 1_000),
            )


@contextlib.asynccontextmanager
async def _in_time() -> AsyncIterator[None]:
    """Bound the time, and say in our own words why no answer came."""
    try:
        async with asyncio.timeout(DEADLINE_S):
            yield
    except TimeoutError as error:
        raise Unreachable(f"No answer within {DEADLINE_S:.0f} seconds") from error
    except (httpcore2.NetworkError, httpcore2.ProtocolError, OSError) as error:
        raise Unreachable(_told(error)) from error
    except (httpcore2.TimeoutException, httpcore2.UnsupportedProtocol, ValueError) as error:
        raise Unreachable(_told(error)) from error


def _sent(headers: Mapping[str, str]) -> list[tuple[bytes, bytes]]:
    """Return the headers of a request."""
    sent = [
        (b"accept", b"*/*"),
        (b"accept-encoding", b"identity"),
        (b"user-agent", b"Miniback"),
    ]
    return sent + [(name.encode("ascii"), value.encode("ascii")) for name, value in headers.items()]


class _Guarded(httpcore2.AsyncNetworkBackend):
    """Connects to addresses that were judged, and to no other that a name may lead to later."""

    def __init__(self, allows_private: bool) -> None:
        self._allows_private = allows_private
        self._backend = httpcore2.AnyIOBackend()

    async def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,  # noqa: ASYNC109 - the library's signature
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore2.AsyncNetworkStream:
        """Look a host up, judge every address that it has, and connect to one of them."""
        addresses = await self._judged(host, port)
        failure: Exception = OSError("no address")
        for address in addresses:
            try:
                return await self._backend.connect_tcp(
                    address, port, timeout, local_address, socket_options
                )
            except (httpcore2.ConnectError, httpcore2.ConnectTimeout, OSError) as error:
                failure = error
        raise failure

    async def _judged(self, host: str, port: int) -> list[str]:
        loop = asyncio.get_running_loop()
        try:
            found = await loop.getaddrinfo(host, port, type=socket.SOCK_STREAM)
        except (OSError, UnicodeError) as error:
            raise httpcore2.ConnectError(f"The host {host} is not found") from error
        addresses = list(dict.fromkeys(str(each[4][0]) for each in found))
        if not self._allows_private and not all(map(_is_public, addresses)):
            # One that is private is enough: a name that leads to both is no mistake of anybody's.
            raise httpcore2.ConnectError(f"The host {host} leads to a private address")
        return addresses


def _is_public(text: str) -> bool:
    try:
        return is_public(ipaddress.ip_address(text))
    except ValueError:  # an address with a zone is one of a link
        return False


async def _beginning(response: httpcore2.Response, largest: int = LARGEST_ANSWER_BYTES) -> bytes:
    """Read no more of a body than is wanted; the rest ends with the connection."""
    body = b""
    async for part in response.aiter_stream():
        body += part[: largest - len(body)]
        if len(body) >= largest:
            break
    return body


def _told(error: Exception) -> str:
    """Say what went wrong in a few words."""
    text = str(error).strip() or str(error.__cause__ or "").strip() or type(error).__name__
    return text.replace("\0", "")[:300]
