"""Sending deliveries of one target: a signed webhook, a message to a chat, a mail."""

import time
from datetime import UTC, datetime

from standardwebhooks import Webhook

from miniback import clock
from miniback.notifications import telling
from miniback.notifications.attempts import GONE, Tried
from miniback.notifications.chats import CHATS
from miniback.notifications.models import Delivery, Kind, Target, Told
from miniback.outgoing import Client, Unreachable

_JSON = "application/json"
_OF_THE_MOMENT = ("webhook-timestamp", "webhook-signature")


class Sender:
    """Sends by the one client; what it sends to a webhook is signed (Standard Webhooks)."""

    def __init__(self, client: Client) -> None:
        self._client = client

    async def close(self) -> None:
        """Let go of connections that are kept open."""
        await self._client.close()

    async def send(self, target: Target, delivery: Delivery, told: Told) -> Tried:
        """Try a delivery once, whatever comes of it."""
        body, headers = _message(target, delivery, told)
        began, at = time.monotonic(), clock.now()
        try:
            answer = await self._client.post(target.address, headers, body)
        except Unreachable as reason:
            took_ms = round((time.monotonic() - began) * 1_000)
            return Tried(target, delivery, at, took_ms, 0, str(reason), is_good=False)
        return Tried(
            target,
            delivery,
            at,
            answer.took_ms,
            answer.status,
            answer.text,
            is_good=answer.is_good,
            retry_after=answer.retry_after,
            refused="It answered that it is gone (410)." if answer.status == GONE else "",
        )


def signed(target: Target, delivery_id: str, body: bytes) -> dict[str, str]:
    """Return the headers of Standard Webhooks, signed by each secret that holds."""
    now = datetime.now(UTC)
    secrets = [target.secret]
    if target.old_secret and target.old_ends_at > clock.now():
        secrets.append(target.old_secret)
    signatures = [Webhook(each).sign(delivery_id, now, body.decode()) for each in secrets]
    return {
        "webhook-id": delivery_id,
        "webhook-timestamp": str(int(now.timestamp())),
        "webhook-signature": " ".join(signatures),
    }


def request_of(target: Target, delivery: Delivery, told: Told) -> tuple[dict[str, str], str]:
    """Return headers and body as a delivery has them, for people to look at.

    Time and signature are of the moment at which it is sent.
    """
    body, headers = _message(target, delivery, told)
    lasting = {name: headers[name] for name in headers if name not in _OF_THE_MOMENT}
    return lasting, body.decode()


def _message(target: Target, delivery: Delivery, told: Told) -> tuple[bytes, dict[str, str]]:
    if target.kind is Kind.WEBHOOK:
        body = telling.body(told)
        return body, {"content-type": _JSON, **signed(target, delivery.id, body)}
    return CHATS[target.kind].message(told), {"content-type": _JSON}
