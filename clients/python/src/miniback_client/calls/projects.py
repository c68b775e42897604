"""Projects, their settings and their keys."""

from collections.abc import Mapping, Sequence
from typing import Any

from miniback_client.call import Call, idempotent, nothing, path
from miniback_client.calls.answers import one, several
from miniback_client.models import ApiKey, Project, ProjectSettings, ProjectStatus, Proof
from miniback_client.reading import UNSET, Unset, body

PROJECTS = "/api/projects"
PROJECT = "/api/projects/{}"
SETTINGS = "/api/projects/{}/settings"
API_KEY = "/api/projects/{}/api-key"


def all_projects() -> Call[list[Project]]:
    """List the account's projects, newest first, 1,000 at most."""
    return Call("GET", PROJECTS, several(Project))


def get(project_id: str) -> Call[Project]:
    """Return a project."""
    return Call("GET", path(PROJECT, project_id), one(Project))


def create(
    name: str, *, slug: str | None = None, idempotency_key: str | None = None
) -> Call[Project]:
    """Make a project; without a slug one is made from the name."""
    return Call(
        "POST",
        PROJECTS,
        one(Project),
        content=body(name=name, slug=slug),
        headers=idempotent(idempotency_key),
    )


def update(
    project_id: str,
    *,
    name: str | Unset = UNSET,
    slug: str | Unset = UNSET,
    status: ProjectStatus | Unset = UNSET,
) -> Call[Project]:
    """Change what is given and leave the rest as it is."""
    content = body(name=name, slug=slug, status=status)
    return Call("PUT", path(PROJECT, project_id), one(Project), content=content)


def delete(project_id: str) -> Call[None]:
    """Delete a project with all its feedback and its keys, for good."""
    return Call("DELETE", path(PROJECT, project_id), nothing)


def settings(project_id: str) -> Call[ProjectSettings]:
    """Return a project's settings."""
    return Call("GET", path(SETTINGS, project_id), one(ProjectSettings))


def update_settings(
    project_id: str,
    *,
    widget: Mapping[str, Any] | Unset = UNSET,
    proof: Proof | Unset = UNSET,
    visitor_limit: int | Unset | None = UNSET,
    retention_days: int | Unset | None = UNSET,
    allowed_domains: Sequence[str] | Unset = UNSET,
) -> Call[ProjectSettings]:
    """Change what is given; the members of `widget` are named as the API names them."""
    content = body(
        widget=widget,
        proof=proof,
        visitor_limit=visitor_limit,
        retention_days=retention_days,
        allowed_domains=allowed_domains,
    )
    return Call("PUT", path(SETTINGS, project_id), one(ProjectSettings), content=content)


def api_key(project_id: str) -> Call[ApiKey]:
    """Tell whether a project has a key, and when it was last used; not the key itself."""
    return Call("GET", path(API_KEY, project_id), one(ApiKey))


def rotate_api_key(project_id: str, *, overlap_seconds: int = 0) -> Call[ApiKey]:
    """Make a new key, told this once; the old one works for `overlap_seconds` more."""
    return Call(
        "POST",
        path(API_KEY, project_id),
        one(ApiKey),
        content=body(overlap_seconds=overlap_seconds),
        is_repeatable=False,
    )
