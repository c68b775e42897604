"""The client for plain Python: a call returns when its answer is there."""

from typing import Self

from miniback_client.calls import account
from miniback_client.carrier import Carrier, Does, Group
from miniback_client.groups import (
    AuditLog,
    Door,
    Exports,
    Feedback,
    Projects,
    Server,
    Tags,
    Webhooks,
)
from miniback_client.limits import Limit
from miniback_client.transport import PATIENCE_S, TIMEOUT_S


class Client(Group):
    """Calls a Miniback server; `base_url` and `api_key` else stand in the environment.

    A call that fails for a reason that passes is sent again until `patience_s` seconds have gone;
    `timeout_s` is how long one try may be silent.
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
    ) -> None:
        super().__init__(Carrier(base_url, api_key, timeout_s, patience_s))
        self.feedback = Feedback(self.carrier)
        self.projects = Projects(self.carrier)
        self.tags = Tags(self.carrier)
        self.webhooks = Webhooks(self.carrier)
        self.audit_log = AuditLog(self.carrier)
        self.exports = Exports(self.carrier)
        self.door = Door(self.carrier)
        self.server = Server(self.carrier)

    @property
    def limits(self) -> dict[str, Limit]:
        """What the last answer that told of it has said about the plan's limits."""
        return self.carrier.limits

    def close(self) -> None:
        """Let go of the connections that are kept open."""
        self.carrier.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()
