"""Where the links in our letters lead: to say yes, and to be told no more, without signing in.

A mail program fetches links by itself, so a GET changes nothing.
"""

from miniback import http
from miniback.accounts import Visit, open_page
from miniback.db import Tx
from miniback.errors import NotFound
from miniback.http import Request, Response
from miniback.notifications import service, switching
from miniback.notifications.links import UNSUBSCRIBE, VERIFY, Links
from miniback.notifications.models import Target, TargetStatus
from miniback.shell import Frame, Shell

_FOLDER = "notifications/templates/"


async def show_verify(request: Request, visit: Visit) -> Response:
    """GET /verify/{token}."""
    target = await _target(request, VERIFY)
    return await visit.page(_FOLDER + "verify.html", target=target)


async def verify(request: Request, visit: Visit) -> Response:
    """POST /verify/{token}: the address is told from now on."""
    target = await _target(request, VERIFY)
    changed = await request.db.write(switching.confirm, target.account_id, target.id)
    if changed.status is TargetStatus.DISABLED:
        raise _no_such_link()
    return await visit.page(_FOLDER + "verify.html", target=changed)


async def show_unsubscribe(request: Request) -> Response:
    """GET /unsubscribe/{token}."""
    return _unsubscribe_page(request, await _target(request, UNSUBSCRIBE))


async def unsubscribe(request: Request) -> Response:
    """POST /unsubscribe/{token}: by the page's button, or by a mail program alone (RFC 8058).

    Whoever holds the link may do this one thing; no page of another site has it.
    """
    target = await _target(request, UNSUBSCRIBE)
    await request.db.write(switching.unsubscribe, target.account_id, target.id)
    return _unsubscribe_page(request, target._replace(status=TargetStatus.DISABLED))


async def _target(request: Request, purpose: str) -> Target:
    links: Links = request.state["links"]
    account_id, target_id = await links.place(purpose, request.path("token"))
    return await request.db.look_up(_there, account_id, target_id)


def _there(tx: Tx, account_id: str, target_id: str) -> Target:
    try:
        return service.named(tx, account_id, target_id)
    except NotFound as refusal:
        raise _no_such_link() from refusal


def _no_such_link() -> NotFound:
    return NotFound("This link does not work any more")


def _unsubscribe_page(request: Request, target: Target) -> Response:
    page_shell: Shell = request.state["shell"]
    return page_shell.page(request, Frame(), _FOLDER + "unsubscribe.html", target=target)


routes = [
    http.resource("/verify/{token}", GET=open_page(show_verify), POST=open_page(verify)),
    http.resource("/unsubscribe/{token}", GET=show_unsubscribe, POST=unsubscribe),
]
