"""What the team adds to feedback: tags, who sees to it, notes; and the images sent along."""

from collections.abc import Sequence

from miniback_client.call import Answer, Call, nothing, path
from miniback_client.calls.answers import data, one, several
from miniback_client.models import Attachment, Image, Note, Person, Tag
from miniback_client.reading import body, read

TAGS = "/api/feedback/{}/tags"
ASSIGNEE = "/api/feedback/{}/assignee"
NOTES = "/api/feedback/{}/notes"
ATTACHMENTS = "/api/feedback/{}/attachments"


def tags(feedback_id: str) -> Call[list[str]]:
    """Return the names of an item's tags."""
    return Call("GET", path(TAGS, feedback_id), _tags)


def set_tags(feedback_id: str, tags: Sequence[str]) -> Call[list[str]]:
    """Give an item just these tags; those that there are none of yet are made."""
    return Call("PUT", path(TAGS, feedback_id), _tags, content=body(tags=list(tags)))


def assignee(feedback_id: str) -> Call[Person | None]:
    """Return who sees to an item."""
    return Call("GET", path(ASSIGNEE, feedback_id), _assignee)


def set_assignee(feedback_id: str, assignee: str | None) -> Call[Person | None]:
    """Say who sees to an item, by id or address; None for nobody."""
    content = body(assignee=assignee)
    return Call("PUT", path(ASSIGNEE, feedback_id), _assignee, content=content)


def notes(feedback_id: str) -> Call[list[Note]]:
    """List an item's notes, the oldest first."""
    return Call("GET", path(NOTES, feedback_id), several(Note))


def add_note(feedback_id: str, content: str) -> Call[Note]:
    """Add a note. The server knows no repeats here, so it is sent again only if it was refused."""
    written = body(content=content)
    where = path(NOTES, feedback_id)
    return Call("POST", where, one(Note), content=written, is_repeatable=False)


def delete_note(feedback_id: str, note_id: str) -> Call[None]:
    """Delete a note for good."""
    return Call("DELETE", path(NOTES + "/{}", feedback_id, note_id), nothing)


def attachments(feedback_id: str) -> Call[list[Attachment]]:
    """List the images that came with an item."""
    return Call("GET", path(ATTACHMENTS, feedback_id), several(Attachment))


def attachment(feedback_id: str, attachment_id: str) -> Call[Image]:
    """Return an image."""
    return Call("GET", path(ATTACHMENTS + "/{}", feedback_id, attachment_id), _image)


def all_tags() -> Call[list[Tag]]:
    """List the account's tags by name."""
    return Call("GET", "/api/tags", several(Tag))


def rename_tag(tag_id: str, name: str) -> Call[Tag]:
    """Give a tag another name, on all items that have it."""
    return Call("PUT", path("/api/tags/{}", tag_id), one(Tag), content=body(name=name))


def delete_tag(tag_id: str) -> Call[None]:
    """Delete a tag, and take it off all items."""
    return Call("DELETE", path("/api/tags/{}", tag_id), nothing)


def _tags(answer: Answer) -> list[str]:
    names: list[str] = data(answer)["tags"]
    return names


def _assignee(answer: Answer) -> Person | None:
    person = data(answer)["assignee"]
    return None if person is None else read(Person, person)


def _image(answer: Answer) -> Image:
    return Image(answer.headers.get("content-type", ""), answer.content)
