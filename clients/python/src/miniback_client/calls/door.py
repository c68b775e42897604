"""The public door, through which visitors send: it knows slugs and no keys."""

from collections.abc import Mapping, Sequence
from typing import Any

from miniback_client.call import Answer, Call, idempotent, path
from miniback_client.calls.answers import bare, data, one
from miniback_client.models import Challenge, FeedbackSummary, ImageType
from miniback_client.reading import UNSET, Unset, body, read


def submit(
    project_slug: str,
    message: str,
    *,
    context: Mapping[str, Any] | None = None,
    attachments: Sequence[str] | Unset = UNSET,
    user_hash: str | Unset = UNSET,
    elapsed_ms: int | Unset = UNSET,
    altcha: str | Unset = UNSET,
    origin: str | None = None,
    idempotency_key: str | None = None,
) -> Call[FeedbackSummary]:
    """Send feedback as a visitor; `origin` is the site, where the project names those allowed.

    What the plan has no room for, and what looks like spam, is answered in the same way: it is
    kept back.
    """
    content = body(
        message=message,
        project_slug=project_slug,
        context=context,
        attachments=attachments,
        user_hash=user_hash,
        elapsed_ms=elapsed_ms,
        altcha=altcha,
    )
    return Call(
        "POST",
        "/api/feedback",
        one(FeedbackSummary),
        content=content,
        headers=idempotent(idempotency_key) | _origin(origin),
        is_keyed=False,
    )


def challenge(slug: str) -> Call[Challenge]:
    """Return a challenge, for whoever was refused with the code `proof_required`."""
    return Call("GET", path("/w/{}/challenge", slug), _challenge, is_keyed=False)


def upload(
    slug: str, image: bytes, content_type: ImageType, *, origin: str | None = None
) -> Call[str]:
    """Send an image ahead, and return its id for the `attachments` of a submission.

    One that no submission names is thrown away, so that sending it twice does no harm.
    """
    return Call(
        "POST",
        path("/w/{}/attachments", slug),
        _id,
        image=(content_type, image),
        headers=_origin(origin),
        is_keyed=False,
    )


def _origin(origin: str | None) -> dict[str, str]:
    return {"origin": origin} if origin else {}


def _challenge(answer: Answer) -> Challenge:
    return read(Challenge, bare(answer))


def _id(answer: Answer) -> str:
    return str(data(answer)["id"])
