"""The API access page: a project's key, which is shown once, and how to call with it."""

from typing import Any

from miniback import http, plans, projects
from miniback.accounts import Visit, for_admins, signed_in
from miniback.dashboard import snippets
from miniback.dashboard.listing import PROJECTS
from miniback.dashboard.project_pages import project_of, project_page
from miniback.errors import Invalid, Refusal
from miniback.http import Request, Response
from miniback.idempotency import Claim
from miniback.projects import Project

_FORM_CALL = "issueKey by form"
_HOUR_S = 3_600
OVERLAPS_S = {"0": 0, "1h": _HOUR_S, "24h": 24 * _HOUR_S}


async def show_access(request: Request, visit: Visit) -> Response:
    """GET /projects/{slug}/api."""
    project = await project_of(request, visit)
    return await _access_page(request, visit, project)


async def issue_key(request: Request, visit: Visit) -> Response:
    """POST /projects/{slug}/api/key: the answer is the only place where the whole key stands.

    Sent again, by a reload or the back button, it makes no second key and shows none.
    """
    project = await project_of(request, visit)
    overlap_s = OVERLAPS_S.get(visit.form["overlap"] or "0")
    if overlap_s is None:
        raise Invalid("Choose when the old key stops")
    claim = Claim(visit.account_id, project.id, _FORM_CALL, visit.form.once, "")
    issued = await request.db.write(
        projects.issue_key_once, project.id, overlap_s, claim, visit.actor
    )
    if issued is None:
        text = visit.say("This key was shown already; make a new one if it is lost")
        return visit.tell(_address(project), text)
    key, kept = issued
    if request.header(b"hx-request"):
        return _reveal(visit, request, project, key)
    return await _access_page(request, visit, project, key=key, kept=kept)


async def show_revoke(request: Request, visit: Visit) -> Response:
    """GET /projects/{slug}/api/revoke."""
    return await project_page(visit, await project_of(request, visit), "revoke")


async def revoke_keys(request: Request, visit: Visit) -> Response:
    """POST /projects/{slug}/api/revoke: every key of the project stops at once."""
    project = await project_of(request, visit)
    await request.db.write(projects.revoke_keys, visit.account_id, project.id, visit.actor)
    return visit.tell(_address(project), visit.say("The key is revoked"))


async def test_key(request: Request, visit: Visit) -> Response:
    """POST /projects/{slug}/api/test: does this key work? It counts as no call."""
    project = await project_of(request, visit)
    try:
        hashed = projects.checked_key(visit.form["key"])
        found = await request.db.look_up(projects.identify_now, request.state["plans"], hashed)
        works = found is not None and found.account_id == visit.account_id
    except Refusal:
        works = False
    return visit.fragment("dashboard/templates/key_test.html", works=works, project=project)


def _address(project: Project) -> str:
    return f"{PROJECTS}/{project.slug}/api"


async def _access_page(request: Request, visit: Visit, project: Project, **issued: Any) -> Response:
    kept = issued.get("kept") or await request.db.look_through(
        projects.current_key, visit.account_id, project.id
    )
    used, period = await request.db.look_up(plans.used_now, visit.allowance)
    return await project_page(
        visit,
        project,
        "access",
        kept=kept,
        key=issued.get("key"),
        used=used,
        period=period,
        plan=visit.allowance.plan,
        percent=plans.percent,
        state=plans.level,
        has_mcp=request.state["has_mcp"],
        assistant=snippets.assistant(request.state["base_url"], has_mcp=request.state["has_mcp"]),
        **_samples(request, project),
    )


def _reveal(visit: Visit, request: Request, project: Project, key: str) -> Response:
    return visit.fragment(
        "dashboard/templates/reveal.html",
        key=key,
        project=project,
        plan=visit.allowance.plan,
        **_samples(request, project),
    )


def _samples(request: Request, project: Project) -> dict[str, Any]:
    base_url = request.state["base_url"]
    return {"api": f"{base_url}/api", "feedback_path": f"/projects/{project.id}/feedback"}


routes = [
    http.resource(f"{PROJECTS}/{{slug}}/api", GET=signed_in(show_access)),
    http.resource(f"{PROJECTS}/{{slug}}/api/key", POST=for_admins(issue_key)),
    http.resource(f"{PROJECTS}/{{slug}}/api/test", POST=for_admins(test_key)),
    http.resource(
        f"{PROJECTS}/{{slug}}/api/revoke", GET=for_admins(show_revoke), POST=for_admins(revoke_keys)
    ),
]
