"""Pages of one project: overview, settings and its end."""

from miniback import http, ids, projects
from miniback.accounts import Role, Visit, for_admins, signed_in
from miniback.dashboard import overview
from miniback.dashboard.listing import PROJECTS
from miniback.errors import Conflict, Invalid
from miniback.feedback import Counts, counts_by_project, message_of
from miniback.http import Request, Response
from miniback.projects import Project


async def show_project(request: Request, visit: Visit) -> Response:
    """GET /projects/{slug}."""
    project = await project_of(request, visit)
    if moved := moved_from(request, visit, project):
        return moved
    figures = await request.db.read(overview.of_project, project, visit.session.user.time_zone)
    return await project_page(
        visit,
        project,
        "overview",
        figures=figures,
        message_of=message_of,
        arrived=lambda item: ids.position_time(item.position),
    )


async def show_settings(request: Request, visit: Visit) -> Response:
    """GET /projects/{slug}/settings."""
    project = await project_of(request, visit)
    return await _settings_page(request, visit, project)


async def update_settings(request: Request, visit: Visit) -> Response:
    """POST /projects/{slug}/settings: an earlier slug goes on working."""
    project = await project_of(request, visit)
    form = visit.form
    name = form.checked("name", projects.checked_name)
    slug = form["slug"]
    if slug != project.slug:
        form.checked("slug", projects.checked_slug)
    if form.errors or name is None:
        return await _settings_page(request, visit, project, 422)
    changes = projects.Changes(name=name, slug=slug)
    try:
        changed = await request.db.write(
            projects.update, visit.allowance, project.id, changes, visit.actor
        )
    except Conflict as refusal:
        form.errors["slug"] = str(refusal)
        return await _settings_page(request, visit, project, 422)
    return visit.tell(f"{PROJECTS}/{changed.slug}/settings", visit.say("Project saved"))


async def update_retention(request: Request, visit: Visit) -> Response:
    """POST /projects/{slug}/settings/retention: how many days feedback is kept, '' for ever."""
    project = await project_of(request, visit)
    days = visit.form["retention_days"].strip()
    is_number = days.isascii() and days.isdigit()
    given = {"retentionDays": int(days[:9]) if is_number else days or None}
    try:
        await request.db.write(projects.decide, visit.account_id, project.id, given, visit.actor)
    except Invalid:
        visit.form.errors["retention_days"] = visit.say(
            "Give a whole number of days from 1 to 3650, or nothing"
        )
        return await _settings_page(request, visit, project, 422)
    return visit.tell(f"{PROJECTS}/{project.slug}/settings", visit.say("Retention saved"))


async def show_delete(request: Request, visit: Visit) -> Response:
    """GET /projects/{slug}/delete: what would go, counted."""
    project = await project_of(request, visit)
    return await _delete_page(request, visit, project)


async def delete_project(request: Request, visit: Visit) -> Response:
    """POST /projects/{slug}/delete: only with the slug typed."""
    project = await project_of(request, visit)
    if visit.form["slug"].strip() != project.slug:
        visit.form.errors["slug"] = visit.say("Type the slug exactly as it is written above")
        return await _delete_page(request, visit, project, 422)
    await request.db.write(projects.delete, visit.account_id, project.id, visit.actor)
    return visit.tell(PROJECTS, visit.say("%(name)s is deleted") % {"name": project.name})


async def project_of(request: Request, visit: Visit) -> Project:
    """Find the project that the address names, or raise NotFound."""
    name = request.path("slug")
    return await request.db.look_through(projects.by_name, visit.account_id, name)


def moved_from(request: Request, visit: Visit, project: Project) -> Response | None:
    """Go on to the address of today where an earlier slug or the id was asked for."""
    is_current = request.path("slug") == project.slug
    return None if is_current else visit.go(f"{PROJECTS}/{project.slug}")


async def project_page(
    visit: Visit, project: Project, tab: str, status: int = 200, **values: object
) -> Response:
    """Write the page of one of a project's tabs."""
    template = f"dashboard/templates/{tab}.html"
    return await visit.page(template, status, project=project, tab=tab, Role=Role, **values)


async def _settings_page(
    request: Request, visit: Visit, project: Project, status: int = 200
) -> Response:
    """Write the page, whose forms hold what stands where they were not filled in."""
    counts = await _counts(request, project)
    days = str(project.settings.retention_days or "")
    kept = {"name": project.name, "slug": project.slug, "retention_days": days}
    visit.form.values = {**kept, **visit.form.values}
    return await project_page(visit, project, "settings", status, counts=counts)


async def _delete_page(
    request: Request, visit: Visit, project: Project, status: int = 200
) -> Response:
    counts = await _counts(request, project)
    return await project_page(visit, project, "delete", status, counts=counts)


async def _counts(request: Request, project: Project) -> Counts:
    found = await request.db.look_up(counts_by_project, project.account_id)
    return found.get(project.id, Counts())


routes = [
    http.resource(f"{PROJECTS}/{{slug}}", GET=signed_in(show_project)),
    http.resource(
        f"{PROJECTS}/{{slug}}/settings",
        GET=for_admins(show_settings),
        POST=for_admins(update_settings),
    ),
    http.resource(f"{PROJECTS}/{{slug}}/settings/retention", POST=for_admins(update_retention)),
    http.resource(
        f"{PROJECTS}/{{slug}}/delete", GET=for_admins(show_delete), POST=for_admins(delete_project)
    ),
]
