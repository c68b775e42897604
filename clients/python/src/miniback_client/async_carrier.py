"""Carrying calls out: who calls awaits the answer."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from functools import wraps
from typing import Any, Generic, ParamSpec, TypeVar

import httpx2

from miniback_client.call import Answer, Call, Failure
from miniback_client.limits import Limit, limits
from miniback_client.retries import Attempts
from miniback_client.transport import answer, connection, failure, poured
from miniback_client.walking import Steps

P = ParamSpec("P")
T = TypeVar("T")


class Carrier:
    """Carries calls out, again where that may help."""

    def __init__(
        self,
        base_url: str | None,
        api_key: str | None,
        timeout_s: float,
        patience_s: float,
        transport: httpx2.AsyncBaseTransport | None = None,
    ) -> None:
        self._connection = connection(base_url, api_key)
        self._patience_s = patience_s
        self._http = httpx2.AsyncClient(timeout=timeout_s, transport=transport)
        self.limits: dict[str, Limit] = {}

    async def carry_out(self, call: Call[T]) -> T:
        """Send a call until it succeeds, fails for good, or took too long."""
        attempts = Attempts(call, self._patience_s)
        while True:
            outcome = await self._send(call)
            wait_s = attempts.wait_s(outcome)
            if wait_s is None and isinstance(outcome, Answer):
                return call.read(outcome)
            await asyncio.sleep(wait_s or 0)

    async def walk(self, steps: Steps[Any, T]) -> AsyncIterator[T]:
        """Go through a list, page by page."""
        while not steps.is_over:
            for item in steps.take(await self.carry_out(steps.next())):
                yield item

    async def close(self) -> None:
        """Let go of the connections that are kept open."""
        await self._http.aclose()

    async def _send(self, call: Call[T]) -> Answer | Failure:
        try:
            async with self._http.stream(**self._connection.request(call)) as response:
                got = await self._received(response, call)
        except httpx2.RequestError as error:
            return failure(error)
        self.limits = limits(got.headers) or self.limits
        return got

    async def _received(self, response: httpx2.Response, call: Call[T]) -> Answer:
        if call.into is None or not response.is_success:
            return answer(response, await response.aread())
        with poured(call.into) as sink:
            async for piece in response.aiter_bytes():
                sink.write(piece)
        return answer(response)


class Group:
    """Calls that belong together."""

    def __init__(self, carrier: Carrier) -> None:
        self.carrier = carrier


class Does(Generic[P, T]):
    """A method that carries out the call which a function describes."""

    def __init__(self, describe: Callable[P, Call[T]]) -> None:
        self.describe = describe

    def __get__(self, group: Group, _: type[Group] | None = None) -> Callable[P, Awaitable[T]]:
        @wraps(self.describe)
        def method(*arguments: P.args, **named: P.kwargs) -> Awaitable[T]:
            return group.carrier.carry_out(self.describe(*arguments, **named))

        return method


class Walks(Generic[P, T]):
    """A method that goes through the list which a function describes."""

    def __init__(self, describe: Callable[P, Steps[Any, T]]) -> None:
        self.describe = describe

    def __get__(self, group: Group, _: type[Group] | None = None) -> Callable[P, AsyncIterator[T]]:
        @wraps(self.describe)
        def method(*arguments: P.args, **named: P.kwargs) -> AsyncIterator[T]:
            return group.carrier.walk(self.describe(*arguments, **named))

        return method
