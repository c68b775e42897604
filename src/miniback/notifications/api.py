"""REST endpoints for webhooks and their deliveries (contract section 7)."""

from typing import Any

from miniback import clock, http, ids
from miniback.accounts import Role
from miniback.db import Tx
from miniback.errors import Invalid
from miniback.http import Request, Response
from miniback.notifications import delivery_store, finding, service, target_store
from miniback.notifications.models import (
    Attempt,
    Delivery,
    Kind,
    Target,
    TargetStatus,
    Wanted,
    checked_events,
    checked_projects,
)
from miniback.outgoing import checked as checked_address
from miniback.projects import Caller, counted, keyed

MOST_LISTED = 100
_STATUSES = (TargetStatus.ACTIVE, TargetStatus.DISABLED)


async def list_webhooks(request: Request, caller: Caller) -> Response:
    """GET /api/webhooks."""
    _check_plan(caller)
    targets = await request.db.read(target_store.all_of, caller.account_id)
    return http.data([_shown(each) for each in targets if each.kind is Kind.WEBHOOK])


async def create_webhook(request: Request, caller: Caller) -> Response:
    """POST /api/webhooks: the secret stands in this answer alone."""
    _check_plan(caller)
    body = http.json.parse(request.body)
    wanted = Wanted(
        Kind.WEBHOOK,
        _address(request, body.get("url")),
        checked_events(body.get("events")),
        checked_projects(body.get("projects")),
    )
    made = await request.db.write(
        counted, caller, service.add, caller.allowance, wanted, caller.actor
    )
    content = {"id": made.id, "url": made.address, "events": made.events, "secret": made.secret}
    return http.data({**content, "projects": made.projects} if made.projects else content, 201)


async def get_webhook(request: Request, caller: Caller) -> Response:
    """GET /api/webhooks/{webhook_id}."""
    _check_plan(caller)
    found = await request.db.look_up(finding.webhook, caller.account_id, _id(request))
    return http.data(_shown(found))


async def update_webhook(request: Request, caller: Caller) -> Response:
    """PUT /api/webhooks/{webhook_id}."""
    _check_plan(caller)
    webhook_id = _id(request)
    await request.db.look_up(finding.webhook, caller.account_id, webhook_id)
    changes = _changes(request, http.json.parse(request.body))
    changed = await request.db.write(
        counted, caller, service.change, caller.account_id, webhook_id, changes, caller.actor
    )
    return http.data(_shown(changed))


async def delete_webhook(request: Request, caller: Caller) -> Response:
    """DELETE /api/webhooks/{webhook_id}."""
    _check_plan(caller)
    webhook_id = _id(request)
    await request.db.look_up(finding.webhook, caller.account_id, webhook_id)
    await request.db.write(
        counted, caller, service.remove, caller.account_id, webhook_id, caller.actor
    )
    return http.data({"id": webhook_id, "deleted": True})


async def rotate_secret(request: Request, caller: Caller) -> Response:
    """POST /api/webhooks/{webhook_id}/secret: for a day the old one signs along."""
    _check_plan(caller)
    webhook_id = _id(request)
    await request.db.look_up(finding.webhook, caller.account_id, webhook_id)
    changed = await request.db.write(
        counted, caller, service.rotate, caller.account_id, webhook_id, caller.actor
    )
    return http.data({**_shown(changed), "secret": changed.secret})


async def test_webhook(request: Request, caller: Caller) -> Response:
    """POST /api/webhooks/{webhook_id}/test: a delivery that is marked as one."""
    _check_plan(caller)
    webhook_id = _id(request)
    await request.db.look_up(finding.webhook, caller.account_id, webhook_id)
    made = await request.db.write(counted, caller, service.test, caller.account_id, webhook_id)
    return http.data(_shown_delivery(made, []), status=201)


async def list_deliveries(request: Request, caller: Caller) -> Response:
    """GET /api/webhooks/{webhook_id}/deliveries?before&limit."""
    _check_plan(caller)
    webhook_id = _id(request)
    await request.db.look_up(finding.webhook, caller.account_id, webhook_id)
    limit = min(request.whole_number("limit", 50, 1), MOST_LISTED)
    before = request.query("before")
    found = await request.db.read(_deliveries, caller.account_id, webhook_id, before, limit)
    return http.data([_shown_delivery(each, tries) for each, tries in found])


async def redeliver(request: Request, caller: Caller) -> Response:
    """POST /api/webhooks/{webhook_id}/deliveries/{delivery_id}/redeliver."""
    _check_plan(caller)
    webhook_id, delivery_id = _id(request), request.path("delivery_id")
    await request.db.look_up(finding.webhook, caller.account_id, webhook_id)
    await request.db.write(
        counted, caller, service.redeliver, caller.account_id, webhook_id, delivery_id
    )
    return http.data({"id": delivery_id, "status": "WAITING"})


def _check_plan(caller: Caller) -> None:
    service.check_plan(caller.allowance, Kind.WEBHOOK)


def _id(request: Request) -> str:
    return request.path("webhook_id")


def _deliveries(
    tx: Tx, account_id: str, webhook_id: str, before: str | None, limit: int
) -> list[tuple[Delivery, list[Attempt]]]:
    found = delivery_store.newest(tx, account_id, webhook_id, before, limit)
    tries = delivery_store.attempts_of(tx, account_id, [each.id for each in found]) if found else {}
    return [(each, tries.get(each.id, [])) for each in found]


def _address(request: Request, url: object) -> str:
    if not isinstance(url, str):
        raise Invalid("url is required and must be a string")
    return checked_address(url, allows_private=request.state["settings"].allow_private_targets)


def _changes(request: Request, body: dict[str, Any]) -> dict[str, Any]:
    changes: dict[str, Any] = {}
    if "url" in body:
        changes["address"] = _address(request, body["url"])
    if "events" in body:
        changes["events"] = checked_events(body["events"])
    if "projects" in body:
        changes["projects"] = checked_projects(body["projects"])
    if "status" in body:
        if body["status"] not in _STATUSES:
            raise Invalid(f"status must be one of {', '.join(_STATUSES)}")
        changes["status"] = TargetStatus(body["status"])
    if not changes:
        raise Invalid("Give at least one of url, events, projects and status")
    return changes


def _shown(target: Target) -> dict[str, Any]:
    return {
        "id": target.id,
        "url": target.address,
        "events": target.events,
        "projects": target.projects,
        "status": target.status.value,
        "disabledReason": target.reason or None,
        "createdAt": clock.iso(ids.created_at(target.id)),
        "lastDeliveredAt": clock.iso(target.succeeded_at) if target.succeeded_at else None,
    }


def _shown_delivery(delivery: Delivery, tries: list[Attempt]) -> dict[str, Any]:
    return {
        "id": delivery.id,
        "event": delivery.event,
        "status": delivery.status.value,
        "createdAt": clock.iso(ids.created_at(delivery.id)),
        "attempts": [
            {
                "at": clock.iso(each.at),
                "status": each.answer or None,
                "tookMs": each.took_ms,
                "answer": each.content,
            }
            for each in tries
        ],
    }


_WEBHOOK = "/api/webhooks/{webhook_id}"
routes = [
    http.resource(
        "/api/webhooks",
        GET=keyed(list_webhooks),
        POST=keyed(create_webhook, least=Role.ADMIN),
    ),
    http.resource(
        _WEBHOOK,
        GET=keyed(get_webhook),
        PUT=keyed(update_webhook, least=Role.ADMIN),
        DELETE=keyed(delete_webhook, least=Role.ADMIN),
    ),
    http.resource(f"{_WEBHOOK}/secret", POST=keyed(rotate_secret, least=Role.ADMIN)),
    http.resource(f"{_WEBHOOK}/test", POST=keyed(test_webhook, least=Role.ADMIN)),
    http.resource(f"{_WEBHOOK}/deliveries", GET=keyed(list_deliveries)),
    http.resource(
        f"{_WEBHOOK}/deliveries/{{delivery_id}}/redeliver",
        POST=keyed(redeliver, least=Role.ADMIN),
    ),
]
