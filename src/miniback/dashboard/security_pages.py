"""The security page of a project: which sites may send, how spam is met, who is vouched for."""

from typing import Any

from miniback import http, projects
from miniback.accounts import Visit, for_admins, signed_in
from miniback.dashboard.listing import PROJECTS
from miniback.dashboard.project_pages import project_of, project_page
from miniback.errors import Invalid
from miniback.http import Request, Response
from miniback.projects import Project


async def show_security(request: Request, visit: Visit) -> Response:
    """GET /projects/{slug}/security?test=…: the list of sites, and the tester."""
    project = await project_of(request, visit)
    return await _security_page(request, visit, project)


async def add_domain(request: Request, visit: Visit) -> Response:
    """POST /projects/{slug}/security: let one site more post."""
    project = await project_of(request, visit)
    entry = visit.form["domain"]
    try:
        await request.db.write(
            projects.allow_domain, visit.account_id, project.id, entry, visit.actor
        )
    except Invalid as refusal:
        visit.form.errors["domain"] = str(refusal)
        return await _security_page(request, visit, project, 422, offered=projects.mended(entry))
    is_installing = visit.form["back"].endswith("/install")
    address = f"{PROJECTS}/{project.slug}/{'install' if is_installing else 'security'}"
    return visit.tell(address, visit.say("Allowed domains saved"))


async def remove_domain(request: Request, visit: Visit) -> Response:
    """POST /projects/{slug}/security/remove: take a site off the list."""
    project = await project_of(request, visit)
    entry = visit.form["domain"]
    await request.db.write(projects.forbid_domain, visit.account_id, project.id, entry, visit.actor)
    return visit.tell(f"{PROJECTS}/{project.slug}/security", visit.say("Allowed domains saved"))


async def save_guard(request: Request, visit: Visit) -> Response:
    """POST /projects/{slug}/security/guard: proof of work, and how much one visitor may send."""
    project = await project_of(request, visit)
    limit = visit.form["visitor_limit"].strip()
    is_number = limit.isascii() and limit.isdigit()
    given = {
        "proof": visit.form["proof"],
        "visitorLimit": int(limit[:9]) if is_number else limit or None,
    }
    try:
        await request.db.write(projects.decide, visit.account_id, project.id, given, visit.actor)
    except Invalid as refusal:
        visit.form.errors["visitor_limit"] = str(refusal)
        return await _security_page(request, visit, project, 422)
    return visit.tell(f"{PROJECTS}/{project.slug}/security", visit.say("Security saved"))


async def show_identity(request: Request, visit: Visit) -> Response:
    """POST /projects/{slug}/security/identity: the secret, made when it is first asked for."""
    project = await project_of(request, visit)
    is_anew = bool(visit.form["anew"])
    secret = await request.db.write(
        projects.identity_secret, visit.account_id, project.id, anew=is_anew, by=visit.actor
    )
    return await _security_page(request, visit, project, identity_secret=secret)


async def _security_page(
    request: Request, visit: Visit, project: Project, status: int = 200, **shown: Any
) -> Response:
    tested = (request.query("test") or "").strip() if request.is_read else ""
    address = tested if "://" in tested or not tested else f"https://{tested}"
    origin = "/".join(address.split("/")[:3])
    host = projects.mended(tested) or ""
    return await project_page(
        visit,
        project,
        "security",
        status,
        offered=shown.get("offered"),
        identity_secret=shown.get("identity_secret"),
        server_limit=request.state["settings"].visitor_limit,
        tested=tested,
        host=host,
        is_own=bool(tested) and projects.is_own(origin, request.state["own_origin"]),
        admitted_by=projects.admitting(project.allowed_domains, f"https://{host}"),
    )


routes = [
    http.resource(
        f"{PROJECTS}/{{slug}}/security", GET=signed_in(show_security), POST=for_admins(add_domain)
    ),
    http.resource(f"{PROJECTS}/{{slug}}/security/remove", POST=for_admins(remove_domain)),
    http.resource(f"{PROJECTS}/{{slug}}/security/guard", POST=for_admins(save_guard)),
    http.resource(f"{PROJECTS}/{{slug}}/security/identity", POST=for_admins(show_identity)),
]
