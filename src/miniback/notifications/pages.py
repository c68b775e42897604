"""The page of notifications: who is told by mail and in chats, of what, and whether it arrives."""

from typing import Any

from miniback import http, projects
from miniback.accounts import Role, Visit, for_admins, signed_in
from miniback.db import Tx
from miniback.errors import Conflict, Invalid, TooMany
from miniback.http import Request, Response
from miniback.idempotency import Claim
from miniback.notifications import chosen, finding, logged, service, switching, target_store
from miniback.notifications.chats import CHATS
from miniback.notifications.models import Kind, Target, Wanted
from miniback.shell import Form

NOTIFICATIONS = "/settings/notifications"
_ONE = NOTIFICATIONS + "/{channel_id}"
_FOLDER = "notifications/templates/"
_ADD = "addChannel by form"


async def show_notifications(request: Request, visit: Visit) -> Response:
    """GET /settings/notifications."""
    visit.form.values = chosen.at_first()
    return await _list_page(request, visit)


async def add_channel(request: Request, visit: Visit) -> Response:
    """POST /settings/notifications: an address of mail, which is asked first, or a chat."""
    kind = _kind(visit.form["kind"])
    service.check_plan(visit.allowance, kind)
    address = chosen.address(request, visit, kind)
    told = chosen.changes(visit, kind)
    if visit.form.errors or address is None:
        return await _list_page(request, visit, 422)
    events, chosen_projects = told.pop("events"), told.pop("projects")
    wanted = Wanted(kind, address, events, chosen_projects, told)
    claim = Claim(visit.account_id, "", _ADD, visit.form.once, "")
    try:
        await request.db.write(service.add_once, visit.allowance, wanted, claim, visit.actor)
    except (Conflict, TooMany) as refusal:
        visit.form.errors["address"] = str(refusal)
        return await _list_page(request, visit, 422)
    return visit.tell(NOTIFICATIONS, _said_of_new(request, visit, kind))


async def show_channel(request: Request, visit: Visit) -> Response:
    """GET /settings/notifications/{channel_id}."""
    return await _page(request, visit, await _target(request, visit))


async def update_channel(request: Request, visit: Visit) -> Response:
    """POST /settings/notifications/{channel_id}: other events, other projects, another time."""
    target = await _target(request, visit)
    told = chosen.changes(visit, target.kind)
    if visit.form.errors:
        return await _page(request, visit, target, 422, is_filled=True)
    await request.db.write(service.change, visit.account_id, target.id, told, visit.actor)
    return visit.tell(NOTIFICATIONS, visit.say("Notifications saved"))


async def test_channel(request: Request, visit: Visit) -> Response:
    """POST /settings/notifications/{channel_id}/test: shows what comes of a sample."""
    target = await _target(request, visit)
    made = await request.db.write(service.test, visit.account_id, target.id)
    if not request.header(b"hx-request"):
        return visit.go(f"{_address(target)}/tests/{made.id}")
    return await _outcome(request, visit, target, made.id)


async def show_test(request: Request, visit: Visit) -> Response:
    """GET /settings/notifications/{channel_id}/tests/{delivery_id}."""
    target, delivery_id = await _target(request, visit), request.path("delivery_id")
    if request.header(b"hx-request"):
        return await _outcome(request, visit, target, delivery_id)
    each = await request.db.look_through(logged.logged, target, delivery_id)
    return await _page(request, visit, target, each=each)


async def enable(request: Request, visit: Visit) -> Response:
    """POST /settings/notifications/{channel_id}/enable: an address of mail is asked once more."""
    target = await _target(request, visit)
    try:
        await request.db.write(switching.enable, visit.allowance, target.id, visit.actor)
    except TooMany as refusal:
        return visit.tell(NOTIFICATIONS, visit.say(str(refusal)))
    return visit.tell(NOTIFICATIONS, _said_of_new(request, visit, target.kind))


async def remove(request: Request, visit: Visit) -> Response:
    """POST /settings/notifications/{channel_id}/remove."""
    target = await _target(request, visit)
    await request.db.write(service.remove, visit.account_id, target.id, visit.actor)
    return visit.tell(NOTIFICATIONS, visit.say("Removed"))


def _kind(name: str) -> Kind:
    if name not in (Kind.EMAIL, *CHATS):
        raise Invalid("Choose how to be told")
    return Kind(name)


def _said_of_new(request: Request, visit: Visit, kind: Kind) -> str:
    if kind is not Kind.EMAIL:
        return visit.say("It is told from now on")
    if not request.state["settings"].smtp_url:
        return visit.say("The link that confirms the address stands in the server's log")
    return visit.say("A letter is on its way; the link in it confirms the address")


async def _target(request: Request, visit: Visit) -> Target:
    target_id = request.path("channel_id")
    return await request.db.look_up(finding.channel, visit.account_id, target_id)


def _address(target: Target) -> str:
    return f"{NOTIFICATIONS}/{target.id}"


async def _list_page(request: Request, visit: Visit, status: int = 200) -> Response:
    targets, there = await request.db.read(_told_and_projects, visit.account_id)
    return await visit.page(
        _FOLDER + "notifications.html",
        status,
        emails=[each for each in targets if each.kind is Kind.EMAIL],
        chats=[each for each in targets if each.kind in CHATS],
        kinds=[(kind, chat.HINT) for kind, chat in CHATS.items()],
        plan=visit.allowance.plan,
        **_choices(request, visit, there),
    )


async def _page(
    request: Request, visit: Visit, target: Target, status: int = 200, **shown: Any
) -> Response:
    there = await request.db.look_up(projects.newest, visit.account_id)
    if not shown.get("is_filled"):
        visit.form.values = chosen.of(target)
    each = shown.get("each")
    values = {**_choices(request, visit, there), **_asked(target, each)}
    return await visit.page(_FOLDER + "channel.html", status, target=target, **values)


async def _outcome(request: Request, visit: Visit, target: Target, delivery_id: str) -> Response:
    each = await request.db.look_through(logged.logged, target, delivery_id)
    return visit.fragment(_FOLDER + "outcome.html", **_asked(target, each))


def _asked(target: Target, each: logged.Logged | None) -> dict[str, Any]:
    asked_at = f"{_address(target)}/tests/{each.delivery.id}" if each else ""
    return {"each": each, "asked_at": asked_at}


def _choices(request: Request, visit: Visit, there: list[projects.Project]) -> dict[str, Any]:
    return {
        "projects": chosen.offered(there, visit.form),
        "boxes": chosen.BOXES,
        "zone": visit.session.user.time_zone,
        "blank": Form(chosen.at_first()),
        "has_mail": bool(request.state["settings"].smtp_url),
        "Role": Role,
    }


def _told_and_projects(tx: Tx, account_id: str) -> tuple[list[Target], list[projects.Project]]:
    return target_store.all_of(tx, account_id), projects.newest(tx, account_id)


routes = [
    http.resource(NOTIFICATIONS, GET=signed_in(show_notifications), POST=for_admins(add_channel)),
    http.resource(_ONE, GET=signed_in(show_channel), POST=for_admins(update_channel)),
    http.resource(f"{_ONE}/test", POST=for_admins(test_channel)),
    http.resource(f"{_ONE}/tests/{{delivery_id}}", GET=signed_in(show_test)),
    http.resource(f"{_ONE}/enable", POST=for_admins(enable)),
    http.resource(f"{_ONE}/remove", POST=for_admins(remove)),
]
