"""The one client of this server."""

import importlib
from collections.abc import Mapping
from typing import Any

from miniback.outgoing.answers import Answer, Page


class Client:
    """Sends requests; made and closed by one event loop."""

    def __init__(self, *, allows_private: bool) -> None:
        self._allows_private = allows_private
        self._transport: Any = None

    async def post(self, url: str, headers: Mapping[str, str], body: bytes) -> Answer:
        """Send a body; raise Unreachable where no answer comes in 10 s, or the place is private.

        No redirect is followed, no body is unpacked, no more than 64 KiB of an answer are read.
        """
        answer: Answer = await self._opened().post(url, headers, body)
        return answer

    async def get(self, url: str, headers: Mapping[str, str] = {}) -> Page:
        """Read what is at an address; raise Unreachable as post() does.

        Up to five redirects are followed, each to an address that is judged as the first one was;
        no more than 1 MiB is read.
        """
        page: Page = await self._opened().get(url, headers)
        return page

    def _opened(self) -> Any:
        if self._transport is None:
            # It weighs some megabytes and a tenth of a second, which a start has not.
            module = importlib.import_module("miniback.outgoing.transport")
            self._transport = module.Transport(allows_private=self._allows_private)
        return self._transport

    async def close(self) -> None:
        """Let go of connections that are kept open."""
        if self._transport is not None:
            await self._transport.close()
