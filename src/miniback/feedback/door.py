"""The public door: feedback from a page, by the project's slug and without a key (contract 6)."""

from typing import Any, NamedTuple

from miniback import http, projects
from miniback.db import Tx
from miniback.errors import Forbidden, Invalid, NotFound, TooMany
from miniback.feedback import api, attachments, intake, models, proofs, visitors
from miniback.feedback.models import Draft, Source
from miniback.feedback.submissions import Accepted, Entrance, Submission
from miniback.feedback.submitting import submit
from miniback.feedback.visitors import Visit
from miniback.http import Request, Response
from miniback.projects import Project

_ASKED_FIRST = (
    (b"access-control-allow-methods", b"POST"),
    (b"access-control-allow-headers", b"content-type, x-feedback-source, idempotency-key"),
    (b"access-control-max-age", b"86400"),
)


class Place(NamedTuple):
    """Where something is sent to, and by which secret visitors are vouched for there."""

    project: Project
    identity_secret: str


async def submit_feedback(request: Request) -> Response:
    """POST /api/feedback: keys and cookies are ignored here."""
    content = http.json.parse(request.body)
    place = await place_named(request, _slug(content))
    check_site(request, place.project)
    draft = models.read_draft(content, request.body)
    key = api.checked_idempotency_key(request)
    accepted = await take_in(request, place, content, draft, api.source_of(request), key)
    # What is left of the account's allowance is none of a visitor's business.
    return Response(201, accepted.body, api.REPLAYED if accepted.is_replay else ())


async def take_in(
    request: Request,
    place: Place,
    content: dict[str, Any],
    draft: Draft,
    source: Source,
    idempotency_key: str | None,
) -> Accepted:
    """Take in what a visitor sends, judged by what stands beside it in `content`."""
    visit = await _visit(request, place, content, draft)
    waiting = request.state["waiting"]
    waiting.check(visit.visitor)
    submission = Submission(
        entrance=Entrance.DOOR,
        project_id=place.project.id,
        account_id=place.project.account_id,
        key_hash=None,
        draft=draft,
        source=source,
        idempotency_key=idempotency_key,
        visit=visit,
    )
    try:
        accepted = await submit(request, submission)
    except TooMany as refusal:
        waiting.note(visit.visitor, refusal.retry_after_s or 1)
        raise
    return accepted


async def preflight(_request: Request) -> Response:
    """OPTIONS: let a page of any site ask; the domains are judged at the POST."""
    return Response(204, b"", _ASKED_FIRST)


async def get_challenge(request: Request) -> Response:
    """GET /w/{slug}/challenge: work for a browser whose visitor has something to say."""
    place = await place_named(request, request.path("slug"))
    secret = await request.state["vault"].secret(proofs.SECRET)
    return Response(200, http.encode(proofs.challenge(secret, place.project.id)))


async def upload_attachment(request: Request) -> Response:
    """POST /w/{slug}/attachments: an image, for an item that will name it."""
    place = await place_named(request, request.path("slug"))
    project = place.project
    check_site(request, project)
    if project.status != projects.Status.ACTIVE:
        raise intake.paused()
    image = attachments.checked(request.body)
    visitor = await _visitor(request, project)
    limit = _visitor_limit(request, project)
    attachment_id = await request.db.write(attachments.store, project, visitor, limit, image)
    return http.data({"id": attachment_id}, status=201)


def check_site(request: Request, project: Project) -> None:
    """Refuse a page of a site that is not allowed to send feedback to a project."""
    origin, own_origin = request.header(b"origin"), request.state["own_origin"]
    if not projects.is_allowed(project.allowed_domains, origin, own_origin):
        text = "This site is not allowed to send feedback to this project"
        raise Forbidden(text, code="site_not_allowed")


async def place_named(request: Request, slug: str) -> Place:
    """Find a project by a slug of its, or raise NotFound."""
    return await request.db.look_up(_place_of, slug)


async def _visit(request: Request, place: Place, content: dict[str, Any], draft: Draft) -> Visit:
    project = place.project
    context = content.get("context") or {}
    payload, proof = content.get("altcha"), project.settings.proof
    solved = None
    if payload and proof is not projects.Proof.OFF:
        secret = await request.state["vault"].secret(proofs.SECRET)
        solved = proofs.solved(secret, project.id, payload)
    return Visit(
        visitor=await _visitor(request, project),
        visitor_limit=_visitor_limit(request, project),
        project_limit=request.state["settings"].project_limit,
        signs=visitors.signs(content, content["message"]),
        fingerprint=visitors.fingerprint(draft),
        proof=proof,
        solved=solved,
        attachments=visitors.attachments(content),
        has_script=content.get(visitors.WITHOUT_SCRIPT) is not True,
        user_id=visitors.vouched_for(
            place.identity_secret, context.get("userId"), content.get("userHash")
        ),
    )


async def _visitor(request: Request, project: Project) -> str:
    secret = await request.state["vault"].secret_of_today(visitors.VISITORS)
    return visitors.visitor(secret, project.id, request.address)


def _visitor_limit(request: Request, project: Project) -> int:
    limit: int = project.settings.visitor_limit or request.state["settings"].visitor_limit
    return limit


def _slug(content: dict[str, Any]) -> str:
    slug = content.get("projectSlug")
    if not isinstance(slug, str) or not slug:
        raise Invalid("projectSlug is required and must be a string")
    return slug


def _place_of(tx: Tx, slug: str) -> Place:
    found = projects.place_of_slug(tx, slug) if projects.is_slug(slug) else None
    if found is None:
        raise NotFound("Project not found")
    return Place(*found)


routes = [
    http.resource(
        "/api/feedback",
        GET=projects.keyed(api.list_feedback),
        POST=submit_feedback,
        OPTIONS=preflight,
    ),
    http.resource("/w/{slug}/challenge", GET=get_challenge),
    http.resource("/w/{slug}/attachments", POST=upload_attachment, OPTIONS=preflight),
]
OPEN_PATHS = ("/api/feedback",)
