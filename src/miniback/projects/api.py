"""REST endpoints for projects, their settings and keys, and usage (contract sections 2 to 4)."""

import hashlib
from typing import Any

from miniback import clock, db, http, idempotency, plans
from miniback.accounts import Role
from miniback.errors import Invalid
from miniback.http import Request, Response
from miniback.idempotency import NO_PROJECT, Claim
from miniback.projects import issuing, service, settings, slugs, store
from miniback.projects.keyed import keyed as by_key
from miniback.projects.models import ApiKey, Caller, Project, Status, checked_name, shown

LONGEST_OVERLAP_S = 604_800
_SETTINGS = ("allowedDomains", "widget", "proof", "visitorLimit", "retentionDays")
REPLAYED = ((b"idempotent-replayed", b"true"),)


async def list_projects(request: Request, caller: Caller) -> Response:
    """GET /api/projects."""
    found = await request.db.read(store.newest, caller.account_id)
    return http.data([shown(project) for project in found])


async def create_project(request: Request, caller: Caller) -> Response:
    """POST /api/projects."""
    body = http.json.parse(request.body)
    name, slug = checked_name(body.get("name")), _optional_slug(body)
    claim = _claim(request, caller, name, slug)
    project, is_replay = await request.db.write(service.create_once, caller, name, slug, claim)
    answer = http.data(shown(project), status=201)
    return answer.with_headers(REPLAYED) if is_replay else answer


async def get_project(request: Request, caller: Caller) -> Response:
    """GET /api/projects/{project_id}."""
    project = await request.db.look_up(service.named, caller.account_id, request.path("project_id"))
    return http.data(shown(project))


async def update_project(request: Request, caller: Caller) -> Response:
    """PUT /api/projects/{project_id}."""
    project_id = request.path("project_id")
    await request.db.look_up(service.named, caller.account_id, project_id)
    body = http.json.parse(request.body)
    changes = service.Changes(
        name=checked_name(body["name"]) if body.get("name") is not None else None,
        slug=_optional_slug(body),
        status=_optional_status(body),
    )
    if not any(changes):
        raise Invalid("Give at least one of name, slug and status")
    project = await request.db.write(
        service.counted, caller, service.update, caller.allowance, project_id, changes, caller.actor
    )
    return http.data(shown(project))


async def delete_project(request: Request, caller: Caller) -> Response:
    """DELETE /api/projects/{project_id}."""
    project_id = request.path("project_id")
    account_id, by = caller.account_id, caller.actor
    await request.db.write(service.counted, caller, service.delete, account_id, project_id, by)
    return http.data({"id": project_id, "deleted": True})


async def get_settings(request: Request, caller: Caller) -> Response:
    """GET /api/projects/{project_id}/settings."""
    project = await request.db.look_up(service.named, caller.account_id, request.path("project_id"))
    return http.data(_settings(project))


async def update_settings(request: Request, caller: Caller) -> Response:
    """PUT /api/projects/{project_id}/settings."""
    project_id = request.path("project_id")
    await request.db.look_up(service.named, caller.account_id, project_id)
    body = http.json.parse(request.body)
    if not body.keys() & _SETTINGS:
        raise Invalid(f"Give at least one setting: {', '.join(_SETTINGS)}")
    project = await request.db.write(
        service.counted, caller, service.decide, caller.account_id, project_id, body, caller.actor
    )
    return http.data(_settings(project))


async def get_api_key(request: Request, caller: Caller) -> Response:
    """GET /api/projects/{project_id}/api-key."""
    project_id = request.path("project_id")
    key = await request.db.look_through(issuing.current_key, caller.account_id, project_id)
    return http.data(_shown_key(project_id, key))


async def create_api_key(request: Request, caller: Caller) -> Response:
    """POST /api/projects/{project_id}/api-key."""
    project_id = request.path("project_id")
    await request.db.look_up(service.named, caller.account_id, project_id)
    overlap_s = _overlap(http.json.parse_optional(request.body))
    key, kept = await request.db.write(
        service.counted,
        caller,
        issuing.issue_key,
        caller.account_id,
        project_id,
        overlap_s,
        caller.actor,
    )
    return http.data(_shown_key(project_id, kept, key), status=201)


async def get_usage(request: Request, caller: Caller) -> Response:
    """GET /api/usage."""
    plan = caller.plan
    with db.at_primary():
        used, period = await request.db.look_up(plans.used_now, caller.allowance)
        active = await request.db.look_up(store.count_active, caller.account_id)
    return http.data(
        {
            "plan": plan.name,
            "period": {"start": clock.iso(period.start), "end": clock.iso(period.end)},
            "apiCalls": {"used": used.calls, "limit": plan.calls},
            "feedback": {"used": used.items, "limit": plan.items, "held": used.held},
            "projects": {"used": active, "limit": plan.projects},
        }
    )


def _optional_slug(body: dict[str, Any]) -> str | None:
    return slugs.checked(body["slug"]) if body.get("slug") is not None else None


def _optional_status(body: dict[str, Any]) -> Status | None:
    status = body.get("status")
    if status is None:
        return None
    if status not in list(Status):
        raise Invalid(f"The status must be one of {', '.join(Status)}")
    return Status(status)


def _overlap(body: dict[str, Any]) -> int:
    overlap_s = body.get("overlapSeconds", 0)
    if type(overlap_s) is not int or not 0 <= overlap_s <= LONGEST_OVERLAP_S:
        raise Invalid(f"overlapSeconds must be a whole number from 0 to {LONGEST_OVERLAP_S}")
    return overlap_s


def _claim(request: Request, caller: Caller, name: str, slug: str | None) -> Claim | None:
    key = request.idempotency_key
    if key is None:
        return None
    content = hashlib.sha256(f"{name}\0{slug or ''}".encode()).hexdigest()
    return Claim(caller.account_id, NO_PROJECT, "createProject", idempotency.checked(key), content)


def _settings(project: Project) -> dict[str, Any]:
    return {"allowedDomains": project.allowed_domains, **settings.shown(project.settings)}


def _shown_key(project_id: str, key: ApiKey | None, whole: str | None = None) -> dict[str, Any]:
    last_used_at = key.last_used_at if key else None
    return {
        "projectId": project_id,
        "apiKey": whole,
        "maskedKey": key.masked if key else None,
        "createdAt": clock.iso(key.created_at) if key else None,
        "lastUsedAt": clock.iso(last_used_at) if last_used_at else None,
    }


routes = [
    http.resource(
        "/api/projects",
        GET=by_key(list_projects),
        POST=by_key(create_project, least=Role.ADMIN),
    ),
    http.resource(
        "/api/projects/{project_id}",
        GET=by_key(get_project),
        PUT=by_key(update_project, least=Role.ADMIN),
        DELETE=by_key(delete_project, least=Role.ADMIN),
    ),
    http.resource(
        "/api/projects/{project_id}/settings",
        GET=by_key(get_settings),
        PUT=by_key(update_settings, least=Role.ADMIN),
    ),
    http.resource(
        "/api/projects/{project_id}/api-key",
        GET=by_key(get_api_key),
        POST=by_key(create_api_key, least=Role.ADMIN),
    ),
    http.resource("/api/usage", GET=by_key(get_usage, counts=False)),
]
