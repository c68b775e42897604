"""The public door: feedback from a page, by the project's slug and without a key (contract 6)."""

from typing import Any

from miniback import http, projects
from miniback.db import Tx
from miniback.errors import Forbidden, Invalid, NotFound
from miniback.feedback import api, intake, models
from miniback.feedback.submissions import Entrance, Submission
from miniback.http import Request, Response
from miniback.projects import Project

_PREFLIGHT = (
    (b"access-control-allow-methods", b"POST"),
    (b"access-control-allow-headers", b"content-type, x-feedback-source, idempotency-key"),
    (b"access-control-max-age", b"86400"),
)


async def submit_feedback(request: Request) -> Response:
    """POST /api/feedback: keys and cookies are ignored here."""
    content = http.json.parse(request.body)
    project = await request.db.look_through(_project_of, _slug(content))
    origin, own_origin = request.header(b"origin"), request.state["own_origin"]
    if not projects.is_allowed(project.allowed_domains, origin, own_origin):
        raise Forbidden("This site is not allowed to send feedback to this project")
    submission = Submission(
        entrance=Entrance.DOOR,
        project_id=project.id,
        account_id=project.account_id,
        key_hash=None,
        draft=models.read_draft(content, request.body),
        source=api.source_of(request),
        idempotency_key=api.checked_idempotency_key(request),
    )
    accepted = await request.db.batch(intake.submit_all, submission, request.state["plans"])
    # What is left of the account's allowance is none of a visitor's business.
    return Response(201, accepted.body, api.REPLAYED if accepted.is_replay else ())


async def preflight_feedback(_request: Request) -> Response:
    """OPTIONS /api/feedback: let a page of any site ask; the domains are judged at the POST."""
    return Response(204, b"", _PREFLIGHT)


def _slug(content: dict[str, Any]) -> str:
    slug = content.get("projectSlug")
    if not isinstance(slug, str) or not slug:
        raise Invalid("projectSlug is required and must be a string")
    return slug


def _project_of(tx: Tx, slug: str) -> Project:
    place = projects.project_of_slug(tx, slug) if projects.is_slug(slug) else None
    project = projects.find(tx, *place) if place else None
    if project is None:
        raise NotFound("Project not found")
    return project


routes = [
    http.resource(
        "/api/feedback",
        GET=projects.keyed(api.list_feedback),
        POST=submit_feedback,
        OPTIONS=preflight_feedback,
    ),
]
OPEN_PATHS = ("/api/feedback",)
