"""The client for asynchronous Python: calls are awaited."""

from typing import Self

import httpx2

from miniback_client.async_carrier import Carrier, Does, Group
from miniback_client.async_groups import (
    AsyncAuditLog,
    AsyncDoor,
    AsyncExports,
    AsyncFeedback,
    AsyncProjects,
    AsyncServer,
    AsyncTags,
    AsyncWebhooks,
)
from miniback_client.calls import account
from miniback_client.limits import Limit
from miniback_client.transport import PATIENCE_S, TIMEOUT_S


class AsyncClient(Group):
    """Calls a Miniback server; `base_url` and `api_key` else stand in the environment.

    A call that fails for a reason that passes is sent again until `patience_s` seconds have gone;
    `timeout_s` is how long one try may be silent. `transport` takes the place of connections, as
    httpx2.ASGITransport does for a server in this very process.
    """

    analytics = Does(account.analytics)
    usage = Does(account.usage)

    def __init__(
        self,
        base_url: str | None = None,
        api_key: str | None = None,
        *,
        timeout_s: float = TIMEOUT_S,
        patience_s: float = PATIENCE_S,
        transport: httpx2.AsyncBaseTransport | None = None,
    ) -> None:
        super().__init__(Carrier(base_url, api_key, timeout_s, patience_s, transport))
        self.feedback = AsyncFeedback(self.carrier)
        self.projects = AsyncProjects(self.carrier)
        self.tags = AsyncTags(self.carrier)
        self.webhooks = AsyncWebhooks(self.carrier)
        self.audit_log = AsyncAuditLog(self.carrier)
        self.exports = AsyncExports(self.carrier)
        self.door = AsyncDoor(self.carrier)
        self.server = AsyncServer(self.carrier)

    @property
    def limits(self) -> dict[str, Limit]:
        """What the last answer that told of it has said about the plan's limits."""
        return self.carrier.limits

    async def close(self) -> None:
        """Let go of the connections that are kept open."""
        await self.carrier.close()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.close()
