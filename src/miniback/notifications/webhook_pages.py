"""The pages of webhooks: who is sent what, whether it arrives, and all that was sent."""

from typing import Any

from miniback import http, projects
from miniback.accounts import Role, Visit, for_admins, signed_in
from miniback.db import Tx
from miniback.errors import Conflict
from miniback.http import Request, Response
from miniback.idempotency import Claim
from miniback.notifications import chosen, finding, logged, service, switching, target_store
from miniback.notifications.models import Kind, Target, Wanted
from miniback.notifications.snippets import SNIPPETS

WEBHOOKS = "/settings/webhooks"
_ONE = WEBHOOKS + "/{webhook_id}"
_FOLDER = "notifications/templates/"
_ADD, _ROTATE = "addWebhook by form", "rotateSecret by form"
_SHOWN_ONCE = "This secret was shown already; rotate it if it is lost"


async def show_webhooks(request: Request, visit: Visit) -> Response:
    """GET /settings/webhooks."""
    visit.form.values = chosen.at_first()
    return await _list_page(request, visit)


async def add_webhook(request: Request, visit: Visit) -> Response:
    """POST /settings/webhooks: the answer is the only place where the secret stands."""
    service.check_plan(visit.allowance, Kind.WEBHOOK)
    address = chosen.address(request, visit, Kind.WEBHOOK)
    told = chosen.changes(visit, Kind.WEBHOOK)
    if visit.form.errors or address is None:
        return await _list_page(request, visit, 422)
    wanted = Wanted(Kind.WEBHOOK, address, told["events"], told["projects"])
    claim = Claim(visit.account_id, "", _ADD, visit.form.once, "")
    try:
        target, is_new = await request.db.write(
            service.add_once, visit.allowance, wanted, claim, visit.actor
        )
    except Conflict as refusal:
        visit.form.errors["address"] = str(refusal)
        return await _list_page(request, visit, 422)
    if not is_new:
        return visit.tell(_address(target), visit.say(_SHOWN_ONCE))
    return await _page(request, visit, target, secret=target.secret)


async def show_webhook(request: Request, visit: Visit) -> Response:
    """GET /settings/webhooks/{webhook_id}?before=…: one webhook and the log of its deliveries."""
    return await _page(request, visit, await _target(request, visit))


async def update_webhook(request: Request, visit: Visit) -> Response:
    """POST /settings/webhooks/{webhook_id}: another address, other events, other projects."""
    target = await _target(request, visit)
    address = chosen.address(request, visit, Kind.WEBHOOK)
    told = chosen.changes(visit, Kind.WEBHOOK)
    if visit.form.errors:
        return await _page(request, visit, target, 422, form=visit.form)
    changes = {**told, "address": address}
    try:
        await request.db.write(service.change, visit.account_id, target.id, changes, visit.actor)
    except Conflict as refusal:
        visit.form.errors["address"] = str(refusal)
        return await _page(request, visit, target, 422, form=visit.form)
    return visit.tell(_address(target), visit.say("Webhook saved"))


async def rotate_secret(request: Request, visit: Visit) -> Response:
    """POST /settings/webhooks/{webhook_id}/secret: for a day the old one signs along."""
    target = await _target(request, visit)
    claim = Claim(visit.account_id, "", _ROTATE, visit.form.once, "")
    changed = await request.db.write(service.rotate_once, target.id, claim, visit.actor)
    if changed is None:
        return visit.tell(_address(target), visit.say(_SHOWN_ONCE))
    if request.header(b"hx-request"):
        return visit.fragment(_FOLDER + "secret.html", target=changed, secret=changed.secret)
    return await _page(request, visit, changed, secret=changed.secret)


async def test_webhook(request: Request, visit: Visit) -> Response:
    """POST /settings/webhooks/{webhook_id}/test: sends a sample, and shows what comes back."""
    target = await _target(request, visit)
    made = await request.db.write(service.test, visit.account_id, target.id)
    if not request.header(b"hx-request"):
        return visit.go(f"{_address(target)}/deliveries/{made.id}")
    each = await request.db.look_through(logged.logged, target, made.id)
    return visit.fragment(_FOLDER + "outcome.html", **_delivery(target, each))


async def show_delivery(request: Request, visit: Visit) -> Response:
    """GET /settings/webhooks/{webhook_id}/deliveries/{delivery_id}: what was sent, what came back.

    The page of the webhook asks for the outcome alone until there is one.
    """
    target, delivery_id = await _target(request, visit), request.path("delivery_id")
    if request.header(b"hx-request"):
        each = await request.db.look_through(logged.logged, target, delivery_id)
        return visit.fragment(_FOLDER + "outcome.html", **_delivery(target, each))
    base_url = request.state["base_url"]
    opened = await request.db.read(logged.opened, target, delivery_id, base_url)
    values = {**_delivery(target, opened.logged), "sent": opened.request}
    return await visit.page(_FOLDER + "delivery.html", Role=Role, **values)


async def redeliver(request: Request, visit: Visit) -> Response:
    """POST /settings/webhooks/{webhook_id}/deliveries/{delivery_id}/redeliver."""
    target, delivery_id = await _target(request, visit), request.path("delivery_id")
    await request.db.write(service.redeliver, visit.account_id, target.id, delivery_id)
    return visit.tell(_address(target), visit.say("It is being sent once more"))


async def enable(request: Request, visit: Visit) -> Response:
    """POST /settings/webhooks/{webhook_id}/enable: what waits for it is sent."""
    target = await _target(request, visit)
    await request.db.write(switching.enable, visit.allowance, target.id, visit.actor)
    return visit.tell(_address(target), visit.say("Webhook enabled"))


async def disable(request: Request, visit: Visit) -> Response:
    """POST /settings/webhooks/{webhook_id}/disable."""
    target = await _target(request, visit)
    await request.db.write(switching.stop, visit.account_id, target.id, visit.actor)
    return visit.tell(_address(target), visit.say("Webhook disabled"))


async def show_delete(request: Request, visit: Visit) -> Response:
    """GET /settings/webhooks/{webhook_id}/delete."""
    target = await _target(request, visit)
    return await visit.page(_FOLDER + "webhook_delete.html", target=target)


async def delete_webhook(request: Request, visit: Visit) -> Response:
    """POST /settings/webhooks/{webhook_id}/delete."""
    target = await _target(request, visit)
    await request.db.write(service.remove, visit.account_id, target.id, visit.actor)
    return visit.tell(WEBHOOKS, visit.say("Webhook deleted"))


async def _target(request: Request, visit: Visit) -> Target:
    target_id = request.path("webhook_id")
    return await request.db.look_up(finding.webhook, visit.account_id, target_id)


def _address(target: Target) -> str:
    return f"{WEBHOOKS}/{target.id}"


async def _list_page(request: Request, visit: Visit, status: int = 200) -> Response:
    targets, there = await request.db.read(_told_and_projects, visit.account_id)
    return await visit.page(
        _FOLDER + "webhooks.html",
        status,
        targets=[each for each in targets if each.kind is Kind.WEBHOOK],
        projects=chosen.offered(there, visit.form),
        boxes=chosen.BOXES,
        plan=visit.allowance.plan,
        allows_private=request.state["settings"].allow_private_targets,
        Role=Role,
    )


async def _page(
    request: Request, visit: Visit, target: Target, status: int = 200, **shown: Any
) -> Response:
    before = request.query("before") if request.is_read else None
    deliveries, there = await request.db.read(_log_and_projects, target, before)
    form = shown.get("form")
    if form is None:
        visit.form.values = {**chosen.of(target), "address": target.address}
    return await visit.page(
        _FOLDER + "webhook.html",
        status,
        target=target,
        secret=shown.get("secret"),
        deliveries=deliveries[: logged.MOST_SHOWN],
        has_more=len(deliveries) > logged.MOST_SHOWN,
        is_first=not before,
        projects=chosen.offered(there, visit.form),
        boxes=chosen.BOXES,
        snippets=SNIPPETS,
        Role=Role,
    )


def _delivery(target: Target, each: logged.Logged) -> dict[str, Any]:
    asked_at = f"{_address(target)}/deliveries/{each.delivery.id}"
    return {"target": target, "each": each, "asked_at": asked_at}


def _told_and_projects(tx: Tx, account_id: str) -> tuple[list[Target], list[projects.Project]]:
    return target_store.all_of(tx, account_id), projects.newest(tx, account_id)


def _log_and_projects(
    tx: Tx, target: Target, before: str | None
) -> tuple[list[logged.Logged], list[projects.Project]]:
    return logged.log_of(tx, target, before), projects.newest(tx, target.account_id)


routes = [
    http.resource(WEBHOOKS, GET=signed_in(show_webhooks), POST=for_admins(add_webhook)),
    http.resource(_ONE, GET=signed_in(show_webhook), POST=for_admins(update_webhook)),
    http.resource(f"{_ONE}/secret", POST=for_admins(rotate_secret)),
    http.resource(f"{_ONE}/test", POST=for_admins(test_webhook)),
    http.resource(f"{_ONE}/enable", POST=for_admins(enable)),
    http.resource(f"{_ONE}/disable", POST=for_admins(disable)),
    http.resource(f"{_ONE}/delete", GET=for_admins(show_delete), POST=for_admins(delete_webhook)),
    http.resource(f"{_ONE}/deliveries/{{delivery_id}}", GET=signed_in(show_delivery)),
    http.resource(f"{_ONE}/deliveries/{{delivery_id}}/redeliver", POST=for_admins(redeliver)),
]
