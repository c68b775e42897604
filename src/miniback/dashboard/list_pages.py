"""Pages for the list of projects, and for starting one."""

import hashlib

from miniback import http, ids, projects
from miniback.accounts import Role, Visit, for_admins, signed_in
from miniback.dashboard import listing
from miniback.dashboard.listing import PROJECTS, Choice
from miniback.errors import Conflict
from miniback.http import Request, Response
from miniback.idempotency import NO_PROJECT, Claim
from miniback.projects import Caller, Status

_LONGEST_SEARCH = 100
_FORM_CALL = "createProject by form"


async def list_projects(request: Request, visit: Visit) -> Response:
    """GET /projects?search&sort&paused&page."""
    choice = Choice(
        (request.query("search") or "")[:_LONGEST_SEARCH].strip(),
        request.query("sort") or listing.NEWEST,
        request.query("paused") == listing.HIDE,
    )
    page = request.whole_number("page", 1, 1)
    found = await request.db.read(listing.listed, visit.account_id, choice, page)
    return await visit.page(
        "dashboard/templates/projects.html",
        choice=choice,
        listing=found,
        orders=listing.ORDERS,
        limit=visit.allowance.plan.projects,
        created=lambda project: ids.created_at(project.id),
        Role=Role,
    )


async def show_new_project(request: Request, visit: Visit) -> Response:
    """GET /projects/new."""
    return await _new_page(request, visit)


async def create_project(request: Request, visit: Visit) -> Response:
    """POST /projects/new: sent twice, by a double click or a reload, it makes one project."""
    form = visit.form
    name = form.checked("name", projects.checked_name)
    slug = form.checked("slug", projects.checked_slug) if form["slug"] else None
    if form.errors or name is None:
        return await _new_page(request, visit, 422)
    # Somebody who goes back and fills in something else means another project.
    filled_in = hashlib.sha256(f"{form.once}\0{name}\0{slug or ''}".encode()).hexdigest()
    claim = Claim(visit.account_id, NO_PROJECT, _FORM_CALL, filled_in, "")
    caller = Caller.by_session(visit.allowance, visit.session.user.id)
    try:
        project, _ = await request.db.write(
            projects.create_once, caller, name, slug, claim, visit.actor
        )
    except Conflict as refusal:
        form.errors["slug"] = str(refusal)
        return await _new_page(request, visit, 422)
    return visit.tell(f"{PROJECTS}/{project.slug}", visit.say("Project created"))


async def pause_project(request: Request, visit: Visit) -> Response:
    """POST /projects/{slug}/pause."""
    return await _switch(request, visit, Status.PAUSED, visit.say("%(name)s is paused"), "resume")


async def resume_project(request: Request, visit: Visit) -> Response:
    """POST /projects/{slug}/resume, within the plan's number of projects."""
    told = visit.say("%(name)s takes feedback again")
    return await _switch(request, visit, Status.ACTIVE, told, "pause")


async def _switch(request: Request, visit: Visit, status: Status, told: str, undo: str) -> Response:
    """Change a project's status, tell so where it was asked for, and offer to take it back."""
    name = request.path("slug")
    project = await request.db.look_through(projects.by_name, visit.account_id, name)
    changes = projects.Changes(status=status)
    await request.db.write(projects.update, visit.allowance, project.id, changes, visit.actor)
    own = f"{PROJECTS}/{project.slug}"
    address = own if visit.form["back"] == own else PROJECTS
    return visit.tell(address, told % {"name": project.name}, f"{own}/{undo}")


async def _new_page(request: Request, visit: Visit, status: int = 200) -> Response:
    limit = visit.allowance.plan.projects
    active = await request.db.look_up(projects.count_active, visit.account_id)
    is_full = limit is not None and active >= limit
    return await visit.page(
        "dashboard/templates/new_project.html", status, is_full=is_full, limit=limit
    )


routes = [
    http.resource(PROJECTS, GET=signed_in(list_projects)),
    http.resource(
        f"{PROJECTS}/new",
        GET=for_admins(show_new_project),
        POST=for_admins(create_project),
    ),
    http.resource(f"{PROJECTS}/{{slug}}/pause", POST=for_admins(pause_project)),
    http.resource(f"{PROJECTS}/{{slug}}/resume", POST=for_admins(resume_project)),
]
