"""The form that needs no script: a plain page for links in mails and for browsers that block us.

It is a public door as the API's is: no session, no cookie; a page of another site may post to it,
if its project allows that site.
"""

import hashlib
import hmac
from typing import Any

from miniback import clock, http, ids, projects, shell
from miniback.errors import Forbidden, Invalid, NotFound, OverQuota, TooMany, Unavailable
from miniback.feedback import (
    ID,
    WITHOUT_SCRIPT,
    Place,
    Source,
    check_site,
    place_named,
    read_draft,
    take_in,
)
from miniback.http import Request, Response
from miniback.shell import Form, Frame, Shell

_FORM = "widget/templates/form.html"
_SECRET = "forms"  # noqa: S105 - a name
_KINDS = ("bug", "idea", "other")
_LONGEST_LINE = 300
# What a person can do something about with their words still in front of them.
_SHOWN = (Forbidden, Invalid, OverQuota, TooMany, Unavailable)


async def show_form(request: Request) -> Response:
    """GET /f/{slug}?page=…"""
    place = await place_named(request, request.path("slug"))
    page = request.query("page") or request.header(b"referer")
    form = Form({"page": page[:_LONGEST_LINE], "opened": await _stamped(request)})
    return _page(request, place, form)


async def submit_form(request: Request) -> Response:
    """POST /f/{slug}: takes it in as the widget's and goes on to the receipt."""
    place = await place_named(request, request.path("slug"))
    form = shell.forms.read(request)
    try:
        check_site(request, place.project)
        content, once = await _content(request, form), form.once
        draft = read_draft(content, http.encode(content))
        accepted = await take_in(request, place, content, draft, Source.WIDGET, once)
    except _SHOWN as refusal:
        form.errors["message"] = str(refusal)
        status = 422 if isinstance(refusal, Invalid) else http.status_of(refusal)
        return _page(request, place, form, status).with_headers(http.headers_of(refusal))
    slug = place.project.slug
    return shell.redirect(request, f"/f/{slug}/sent?reference={accepted.id}")


async def show_receipt(request: Request) -> Response:
    """GET /f/{slug}/sent?reference=…"""
    place = await place_named(request, request.path("slug"))
    reference = request.query("reference") or ""
    if not ids.is_one(ID, reference):
        raise NotFound("Not found")
    values: dict[str, Any] = {"project": place.project, "reference": reference}
    return _shell(request).page(request, Frame(), "widget/templates/receipt.html", **values)


async def _content(request: Request, form: Form) -> dict[str, Any]:
    """Write a form as the submission that the widget would send."""
    told = {
        "url": form["page"],
        "kind": form["kind"] if form["kind"] in _KINDS else "",
        "name": form["name"].strip(),
        "email": form["email"].strip(),
        "userAgent": request.header(b"user-agent"),
        "language": request.header(b"accept-language").partition(",")[0],
    }
    context = {name: value[:_LONGEST_LINE] for name, value in told.items() if value}
    content = {
        "message": form["message"],
        "context": context,
        "website": form["website"],
        WITHOUT_SCRIPT: True,
    }
    opened_at = await _opened_at(request, form["opened"])
    return content if opened_at is None else {**content, "elapsedMs": clock.now() - opened_at}


async def _stamped(request: Request) -> str:
    """Write down when a form was opened so that it cannot be told otherwise."""
    return await _sealed(request, str(clock.now()))


async def _opened_at(request: Request, stamp: str) -> int | None:
    """Return when a form was opened, None where that cannot be known."""
    moment = stamp.partition(".")[0]
    if not moment.isascii() or not moment.isdigit() or len(moment) > len(str(clock.now())):
        return None
    is_ours = hmac.compare_digest(stamp.encode(), (await _sealed(request, moment)).encode())
    return int(moment) if is_ours else None


async def _sealed(request: Request, moment: str) -> str:
    secret = await request.state["vault"].secret(_SECRET)
    return f"{moment}.{hmac.new(secret, moment.encode(), hashlib.sha256).hexdigest()}"


def _page(request: Request, place: Place, form: Form, status: int = 200) -> Response:
    project = place.project
    is_paused = project.status != projects.Status.ACTIVE
    return _shell(request).page(
        request, Frame(), _FORM, status, project=project, form=form, is_paused=is_paused
    )


def _shell(request: Request) -> Shell:
    page_shell: Shell = request.state["shell"]
    return page_shell


routes = [
    http.resource("/f/{slug}", GET=show_form, POST=submit_form),
    http.resource("/f/{slug}/sent", GET=show_receipt),
]
