"""The lines of an archive's members: each an object, checked before anything of it is believed."""

from typing import Any, NamedTuple

import msgspec

from miniback import feedback, ids, projects
from miniback.accounts import Person, checked_email
from miniback.errors import Invalid
from miniback.feedback import Brought, Image, Shelf, Source, Status, Tag, View, Way
from miniback.imports import fitting, times
from miniback.projects import Copy

LARGEST_IMAGE_BYTES = feedback.LARGEST_ATTACHMENT_BYTES
LONGEST_NAME, LONGEST_QUERY, _LONGEST_WORD = 100, 4_000, 100
_EMPTY = msgspec.Raw(b"{}")


class _Line(msgspec.Struct, rename="camel"):
    """What lines have in common."""

    id: str


class _Person(_Line):
    email: str
    name: str = ""


class _Project(_Line):
    name: str
    slug: str
    updated_at: str | int
    old_slugs: list[str] = []
    status: projects.Status = projects.Status.ACTIVE
    settings: dict[str, Any] = {}


class _Named(_Line):
    name: str
    query: str = ""


class _Item(_Line):
    project_id: str
    status: Status
    source: Source
    updated_at: str | int
    message: msgspec.Raw
    shelf: Shelf = Shelf.LIVE
    context: msgspec.Raw = _EMPTY
    context_text: str | None = None
    tags: list[str] = []
    assignee: str | None = None
    reason: str | None = None
    since: str | int | None = None
    identity: str | None = None


class NoteLine(_Line):
    """A note, of an item that it names by the id there."""

    feedback_id: str
    content: str
    person_id: str | None = None


class ChangeLine(_Line):
    """Something that was done to an item."""

    feedback_id: str
    project_id: str
    kind: feedback.Kind
    was: str
    became: str
    way: Way
    act: str
    person_id: str | None = None


class ImageLine(_Line):
    """An image that belongs to an item, and where its bytes are."""

    feedback_id: str
    project_id: str
    uploaded_at: str | int
    file: str


class Pictured(NamedTuple):
    """An image's line with its bytes, checked."""

    line: ImageLine
    image: Image
    uploaded_at: int


_decoders = {
    kind: msgspec.json.Decoder(kind).decode
    for kind in (_Person, _Project, _Named, _Item, NoteLine, ChangeLine, ImageLine)
}


def person(line: bytes) -> Person:
    """Read somebody who is named by other lines."""
    each: _Person = _decoders[_Person](line)  # type: ignore[assignment] # by its own kind
    if not 1 <= len(each.id) <= _LONGEST_WORD or not each.id.isascii():
        raise Invalid("the id is none of a person")
    return Person(each.id, checked_email(each.email), each.name.strip()[:LONGEST_NAME], "")


def project(line: bytes) -> Copy:
    """Read a project."""
    each: _Project = _decoders[_Project](line)  # type: ignore[assignment]
    _check(projects.ID, each.id)
    return Copy(
        each.id,
        projects.checked_name(each.name),
        each.slug,
        tuple(each.old_slugs),
        each.status.value,
        times.read("updatedAt", each.updated_at),
        each.settings,
    )


def tag(line: bytes) -> Tag:
    """Read a tag."""
    each: _Named = _decoders[_Named](line)  # type: ignore[assignment]
    _check(feedback.TAG, each.id)
    name = feedback.checked_tag(each.name)
    return Tag(each.id, name, name.casefold())


def view(line: bytes) -> View:
    """Read a saved view."""
    each: _Named = _decoders[_Named](line)  # type: ignore[assignment]
    _check("view", each.id)
    if not 1 <= len(each.name) <= LONGEST_NAME or len(each.query) > LONGEST_QUERY:
        raise Invalid("the view's name or filter is too long")
    return View(each.id, each.name, each.query)


def item(line: bytes) -> Brought:
    """Read an item, its message and context by the rules of the API, but to the byte."""
    each: _Item = _decoders[_Item](line)  # type: ignore[assignment]
    _check(feedback.ID, each.id)
    raw = bytes(each.context) if each.context_text is None else each.context_text.encode()
    return Brought(
        id=fitting.from_the_past(each.id),
        project_id=each.project_id,
        draft=fitting.drafted(bytes(each.message), raw),
        updated_at=times.read("updatedAt", each.updated_at),
        shelf=each.shelf,
        status=each.status,
        source=each.source,
        tags=tuple(each.tags[: fitting.MOST_TAGS]),
        assignee_id=each.assignee or "",
        reason=each.reason or "",
        since=times.read("since", each.since) if each.since is not None else 0,
        identity=each.identity or "",
    )


def note(line: bytes) -> NoteLine:
    """Read a note."""
    each: NoteLine = _decoders[NoteLine](line)  # type: ignore[assignment]
    _check(feedback.NOTE, each.id)
    _check(feedback.ID, each.feedback_id)
    feedback.checked_note(each.content)
    return each


def change(line: bytes) -> ChangeLine:
    """Read something that was done to an item."""
    each: ChangeLine = _decoders[ChangeLine](line)  # type: ignore[assignment]
    _check(feedback.CHANGE, each.id)
    _check(feedback.ID, each.feedback_id)
    if any(len(word) > _LONGEST_WORD for word in (each.was, each.became, each.act)):
        raise Invalid("was, became or act is too long")
    return each


def image(line: bytes) -> ImageLine:
    """Read where an image is, and what it belongs to."""
    each: ImageLine = _decoders[ImageLine](line)  # type: ignore[assignment]
    _check(feedback.ATTACHMENT, each.id)
    _check(feedback.ID, each.feedback_id)
    return each


def pictured(line: ImageLine, content: bytes) -> Pictured:
    """Look at an image's bytes, which say what it is."""
    if len(content) > LARGEST_IMAGE_BYTES:
        raise Invalid(f"the image is larger than {LARGEST_IMAGE_BYTES} bytes")
    image = feedback.checked_image(content)
    return Pictured(line, image, times.read("uploadedAt", line.uploaded_at))


def _check(prefix: str, value: str) -> None:
    if not ids.is_one(prefix, value):
        raise Invalid(f"the id is none of a {prefix}: {value[:_LONGEST_WORD]!r}")
