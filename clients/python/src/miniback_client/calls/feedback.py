"""Feedback: sending, listing, finding, working through it."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any, TypedDict, Unpack

from miniback_client.call import Call, idempotent, nothing, path
from miniback_client.calls.answers import one, paged
from miniback_client.models import Feedback, FeedbackSummary, Page, Source, Status
from miniback_client.reading import body, query
from miniback_client.walking import Question, Walk, covering

ITEM = "/api/feedback/{}"


class Filters(TypedDict, total=False):
    """What narrows the feedback of all projects; all that are given must be met."""

    project: str
    project_slug: str
    status: Status
    source: Source
    search: str
    start: date | datetime | str
    end: date | datetime | str
    tag: str
    assignee: str
    path: str
    browser: str
    device: str
    language: str
    rating: int | str


def submit(
    project_id: str,
    message: str,
    *,
    context: Mapping[str, Any] | None = None,
    idempotency_key: str | None = None,
) -> Call[FeedbackSummary]:
    """Send feedback by key: the one call that is open to keys on every plan."""
    return Call(
        "POST",
        path("/api/projects/{}/feedback", project_id),
        one(FeedbackSummary),
        content=body(message=message, context=context),
        headers=idempotent(idempotency_key),
    )


def page(
    project_id: str, *, status: Status | None = None, limit: int = 50, offset: int = 0
) -> Call[Page[FeedbackSummary]]:
    """List a part of a project's feedback, newest first."""
    return Call(
        "GET",
        path("/api/projects/{}/feedback", project_id),
        paged(FeedbackSummary),
        query=query(status=status, limit=limit, offset=offset),
    )


def each(project_id: str, *, status: Status | None = None) -> Walk[FeedbackSummary]:
    """Walk a project's feedback from the newest to the oldest, each item once."""

    def ask(question: Question) -> Call[Page[FeedbackSummary]]:
        return page(project_id, status=status, limit=100, offset=question.offset)

    return Walk(ask, by_time=False)


def search_page(
    *, page: int = 1, page_size: int = 10, **filters: Unpack[Filters]
) -> Call[Page[Feedback]]:
    """List a page of the feedback of all projects, newest first."""
    given = query(**filters, page=page, page_size=page_size)
    return Call("GET", "/api/feedback", paged(Feedback), query=given)


def search(**filters: Unpack[Filters]) -> Walk[Feedback]:
    """Walk the feedback of all projects from the newest to the oldest, each item once."""

    def ask(question: Question) -> Call[Page[Feedback]]:
        number, size = covering(question.offset)
        narrowed = filters.copy()
        if question.until:
            narrowed["end"] = question.until
        return search_page(page=number, page_size=size, **narrowed)

    return Walk(ask, by_time=True)


def get(feedback_id: str) -> Call[Feedback]:
    """Return one item."""
    return Call("GET", path(ITEM, feedback_id), one(Feedback))


def set_status(feedback_id: str, status: Status) -> Call[Feedback]:
    """Set how far an item has been dealt with."""
    content = body(status=status)
    return Call("PUT", path(ITEM, feedback_id), one(Feedback), content=content)


def delete(feedback_id: str) -> Call[None]:
    """Delete an item for good."""
    return Call("DELETE", path(ITEM, feedback_id), nothing)
