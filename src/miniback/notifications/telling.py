"""What a delivery says: read from the item as it stands, so that no words are kept twice."""

from collections.abc import Sequence

import msgspec

from miniback import clock, feedback, projects
from miniback.db import Tx
from miniback.feedback import Item
from miniback.notifications.models import Delivery, Told

_SAMPLE = "This is a test: nobody has sent this."


def told_of(
    tx: Tx, account_id: str, deliveries: Sequence[Delivery], base_url: str
) -> dict[str, Told]:
    """Return what deliveries say, by their ids; none for one whose item is gone from sight."""
    positions = [each.position for each in deliveries if not each.is_test]
    items = feedback.in_sight(tx, account_id, positions) if positions else {}
    project_ids = {item.project_id for item in items.values()}
    names = projects.names(tx, account_id, sorted(project_ids)) if project_ids else {}
    found: dict[str, Told] = {}
    for each in deliveries:
        item = items.get(each.position)
        if each.is_test:
            found[each.id] = _sample(each, base_url)
        elif item and item.project_id in names:
            found[each.id] = _told(each, item, *names[item.project_id], base_url)
    return found


def body(told: Told) -> bytes:
    """Write what a webhook is sent (contract section 7)."""
    data: dict[str, object] = {
        "feedback": {
            "id": told.item_id,
            "message": told.message,
            "status": told.status,
            "createdAt": told.created_at,
        },
        "project": {"id": told.project_id, "name": told.project_name, "slug": told.project_slug},
    }
    if told.previous_status:
        data["previousStatus"] = told.previous_status
    content = {"event": told.event, "timestamp": clock.iso(told.happened_at), "data": data}
    return msgspec.json.encode(content)


def _told(delivery: Delivery, item: Item, name: str, slug: str, base_url: str) -> Told:
    content = msgspec.json.decode(item.document + "}")
    url = content["context"].get("url")
    return Told(
        event=delivery.event,
        happened_at=delivery.happened_at,
        item_id=item.id,
        message=content["message"],
        # As it was then: what has changed since is told by an event of its own.
        status=delivery.became,
        previous_status=delivery.was,
        created_at=item.created_at,
        project_id=item.project_id,
        project_name=name,
        project_slug=slug,
        page=url if isinstance(url, str) else "",
        link=f"{base_url}/inbox/{item.id}",
    )


def _sample(delivery: Delivery, base_url: str) -> Told:
    return Told(
        event="feedback.created",
        happened_at=delivery.happened_at,
        item_id="feedback_test",
        message=_SAMPLE,
        status="NEW",
        previous_status="",
        created_at=clock.iso(delivery.happened_at),
        project_id="proj_test",
        project_name="Test",
        project_slug="test",
        page="",
        link=f"{base_url}/inbox",
    )
