"""Webhooks and what they were told."""

from collections.abc import Sequence

from miniback_client.call import Call, nothing, path
from miniback_client.calls.answers import one, several
from miniback_client.models import (
    Delivery,
    Redelivery,
    Webhook,
    WebhookEvent,
    WebhookSecret,
    WebhookStatus,
)
from miniback_client.reading import UNSET, Unset, body, query
from miniback_client.walking import Trail

WEBHOOKS = "/api/webhooks"
WEBHOOK = "/api/webhooks/{}"


def all_webhooks() -> Call[list[Webhook]]:
    """List the account's webhooks, the oldest first."""
    return Call("GET", WEBHOOKS, several(Webhook))


def create(
    url: str, events: Sequence[WebhookEvent], *, projects: Sequence[str] | None = None
) -> Call[WebhookSecret]:
    """Add a webhook; the answer alone has its secret."""
    content = body(url=url, events=list(events), projects=projects)
    return Call("POST", WEBHOOKS, one(WebhookSecret), content=content, is_repeatable=False)


def get(webhook_id: str) -> Call[Webhook]:
    """Return a webhook."""
    return Call("GET", path(WEBHOOK, webhook_id), one(Webhook))


def update(
    webhook_id: str,
    *,
    url: str | Unset = UNSET,
    events: Sequence[WebhookEvent] | Unset = UNSET,
    projects: Sequence[str] | Unset | None = UNSET,
    status: WebhookStatus | Unset = UNSET,
) -> Call[Webhook]:
    """Change what is given; None for the projects means all of them."""
    content = body(url=url, events=events, projects=projects, status=status)
    return Call("PUT", path(WEBHOOK, webhook_id), one(Webhook), content=content)


def delete(webhook_id: str) -> Call[None]:
    """Delete a webhook; what waits for it is forgotten."""
    return Call("DELETE", path(WEBHOOK, webhook_id), nothing)


def rotate_secret(webhook_id: str) -> Call[WebhookSecret]:
    """Make a new secret; for a day deliveries are signed by both."""
    where = path(WEBHOOK + "/secret", webhook_id)
    return Call("POST", where, one(WebhookSecret), is_repeatable=False)


def test(webhook_id: str) -> Call[Delivery]:
    """Send an event of no feedback."""
    return Call("POST", path(WEBHOOK + "/test", webhook_id), one(Delivery), is_repeatable=False)


def deliveries(
    webhook_id: str, *, before: str | None = None, limit: int = 50
) -> Call[list[Delivery]]:
    """List what a webhook was told, the newest first."""
    given = query(before=before, limit=limit)
    where = path(WEBHOOK + "/deliveries", webhook_id)
    return Call("GET", where, several(Delivery), query=given)


def each_delivery(webhook_id: str) -> Trail[Delivery]:
    """Walk all that a webhook was told, the newest first."""

    def ask(last: Delivery | None) -> Call[list[Delivery]]:
        return deliveries(webhook_id, before=last.id if last else None, limit=100)

    return Trail(ask)


def redeliver(webhook_id: str, delivery_id: str) -> Call[Redelivery]:
    """Send a delivery again, by the same `webhook-id`."""
    where = path(WEBHOOK + "/deliveries/{}/redeliver", webhook_id, delivery_id)
    return Call("POST", where, one(Redelivery), is_repeatable=False)
