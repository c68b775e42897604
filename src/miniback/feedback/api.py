"""REST endpoints for feedback by API key (contract section 5)."""

from miniback import http, idempotency, projects
from miniback.accounts import Role
from miniback.errors import Forbidden, Invalid, NotFound, Refusal
from miniback.feedback import filters, listing, models, service
from miniback.feedback.listing import Filter, Slice
from miniback.feedback.models import Source
from miniback.feedback.submissions import Entrance, Submission
from miniback.feedback.submitting import submit
from miniback.http import Request, Response
from miniback.plans import rate_headers
from miniback.projects import Caller, keyed

DEFAULT_LIMIT = 50
DEFAULT_PAGE_SIZE = 10
MOST_LISTED = 100
# Skipping this many rows in the index takes less than a millisecond; more goes to a thread.
_NEAR = 2_000
REPLAYED = ((b"idempotent-replayed", b"true"),)


async def create_feedback(request: Request) -> Response:
    """POST /api/projects/{project_id}/feedback.

    The one hot call: who calls is found out in the batch that also keeps the item, so a revoked key
    stops at once and no look-up is made twice.
    """
    if member := await projects.member_of(request, Role.MEMBER):
        return await _create_by_session(request, member)
    key_hash = projects.hash_of_key(request)
    try:
        submission = _submission(request, Entrance.KEY, None, key_hash)
        accepted = await submit(request, submission)
    except Refusal as refusal:
        return await _refused_by_key(request, refusal)
    answer = Response(201, accepted.body)
    if accepted.is_replay:  # it has spent nothing, so it was not told what is left
        replay = answer.with_headers(REPLAYED)
        return await projects.with_rates(request, accepted.caller, replay)
    return answer.with_headers(rate_headers(accepted.caller.allowance, accepted.used))


async def _create_by_session(request: Request, member: Caller) -> Response:
    try:
        submission = _submission(request, Entrance.SESSION, member.account_id, None)
    except Invalid:
        await _require_project(request, member, request.path("project_id"))
        raise
    accepted = await submit(request, submission)
    return Response(201, accepted.body, REPLAYED if accepted.is_replay else ())


async def list_project_feedback(request: Request, caller: Caller) -> Response:
    """GET /api/projects/{project_id}/feedback."""
    project_id = request.path("project_id")
    await _require_project(request, caller, project_id)
    limit = min(request.whole_number("limit", DEFAULT_LIMIT, 1), MOST_LISTED)
    offset = request.whole_number("offset", 0, 0)
    chosen = Filter(caller.account_id, project_id, _status(request))
    page = await _page(request, chosen, [], Slice(listing.SUMMARY, limit, offset))
    items = ",".join([summary for (summary,) in page.rows])
    pagination = {
        "total": page.total,
        "limit": limit,
        "offset": offset,
        "hasMore": page.has_more,
    }
    return _list(items, pagination)


async def list_feedback(request: Request, caller: Caller) -> Response:
    """GET /api/feedback."""
    fields = filters.read(request.query)
    chosen, words = await request.db.look_through(filters.chosen, caller.account_id, fields)
    number = request.whole_number("page", 1, 1)
    size = min(request.whole_number("pageSize", DEFAULT_PAGE_SIZE, 1), MOST_LISTED)
    page = await _page(request, chosen, words, Slice(listing.ITEM, size, (number - 1) * size))
    shown = await request.db.look_up(service.with_names, caller.account_id, page.rows)
    pagination: dict[str, int | bool] = {
        "page": number,
        "pageSize": size,
        "total": page.total,
        "totalPages": -(-page.total // size),
        "hasMore": page.has_more,
    }
    if not page.is_total_exact:
        pagination["totalIsExact"] = False
    return _list(",".join([each.json for each in shown]), pagination)


async def get_feedback(request: Request, caller: Caller) -> Response:
    """GET /api/feedback/{feedback_id}."""
    shown = await request.db.look_up(service.find, caller.account_id, request.path("feedback_id"))
    return _whole(shown)


async def update_feedback(request: Request, caller: Caller) -> Response:
    """PUT /api/feedback/{feedback_id}."""
    feedback_id = request.path("feedback_id")
    await request.db.look_up(service.find, caller.account_id, feedback_id)
    status = models.checked_status(http.json.parse(request.body).get("status"))
    shown = await request.db.write(
        projects.counted,
        caller,
        service.set_status,
        caller.account_id,
        feedback_id,
        status,
        caller.actor,
    )
    return _whole(shown)


async def delete_feedback(request: Request, caller: Caller) -> Response:
    """DELETE /api/feedback/{feedback_id}."""
    feedback_id = request.path("feedback_id")
    account_id, actor = caller.account_id, caller.actor
    await request.db.write(projects.counted, caller, service.delete, account_id, feedback_id, actor)
    return http.data({"id": feedback_id, "deleted": True})


def source_of(request: Request) -> Source:
    """Return the source that a request names: the widget says so, all else is API."""
    is_widget = request.header(b"x-feedback-source").strip().lower() == "widget"
    return Source.WIDGET if is_widget else Source.API


def checked_idempotency_key(request: Request) -> str | None:
    """Return a submission's Idempotency-Key, None where it has none."""
    key = request.idempotency_key
    return None if key is None else idempotency.checked(key)


def _submission(
    request: Request, entrance: Entrance, account_id: str | None, key_hash: str | None
) -> Submission:
    content = http.json.parse(request.body)
    return Submission(
        entrance=entrance,
        project_id=request.path("project_id"),
        account_id=account_id,
        key_hash=key_hash,
        draft=models.read_draft(content, request.body),
        source=source_of(request),
        idempotency_key=checked_idempotency_key(request),
    )


async def _refused_by_key(request: Request, refusal: Refusal) -> Response:
    """Answer a refusal, after those that come before it: an unknown key, a project not there."""
    caller = await projects.identify(request)
    project_id = request.path("project_id")
    try:
        if isinstance(refusal, Invalid):
            await _require_project(request, caller, project_id)
        response = http.refused(refusal)
    except Forbidden as earlier:
        response = http.refused(earlier)
    return await projects.with_rates(request, caller, response)


async def _require_project(request: Request, caller: Caller, project_id: str) -> None:
    """Refuse a project that is absent or foreign, in the words of an unknown key (contract 2)."""
    if project_id == caller.project_id:
        return
    try:
        await request.db.look_up(projects.named, caller.account_id, project_id)
    except NotFound as error:
        raise projects.no_such_key() from error


def _status(request: Request) -> models.Status | None:
    status = request.query("status")
    return models.checked_status(status) if status else None


async def _page(request: Request, chosen: Filter, words: list[str], wanted: Slice) -> service.Page:
    """Read a page: on the loop where it is near and bounded, in a thread where it may scan.

    An account's list may have to pass over a project that is being cleared away.
    """
    is_near = (
        chosen.project_id
        and wanted.offset <= _NEAR
        and not words
        and not chosen.is_dated
        and not chosen.labels
    )
    run = request.db.look_through if is_near else request.db.read
    return await run(service.page, chosen, words, wanted)


def _list(items: str, pagination: dict[str, int | bool]) -> Response:
    body = b'{"data":[%b],"pagination":%b}' % (items.encode(), http.encode(pagination))
    return Response(200, body)


def _whole(shown: service.Shown) -> Response:
    return Response(200, b'{"data":%b}' % shown.json.encode())


routes = [
    # The hot call first: the router tries addresses in their order.
    http.resource(
        "/api/projects/{project_id}/feedback",
        POST=create_feedback,
        GET=keyed(list_project_feedback),
    ),
    http.resource(
        "/api/feedback/{feedback_id}",
        GET=keyed(get_feedback),
        PUT=keyed(update_feedback, least=Role.MEMBER),
        DELETE=keyed(delete_feedback, least=Role.MEMBER),
    ),
]
