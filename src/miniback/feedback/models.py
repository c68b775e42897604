"""Feedback and its rules: what may be said, and how it is laid out (contract section 5)."""

import json as plain_json
import unicodedata
from enum import StrEnum
from typing import Any, NamedTuple

import msgspec

from miniback import clock, text
from miniback.errors import Invalid
from miniback.feedback import facets
from miniback.http import encode, json

ID = "feedback"
LONGEST_MESSAGE = 10_000
LARGEST_CONTEXT_BYTES = 16 * 1024
DEEPEST_CONTEXT = 8
EMPTY_CONTEXT = "{}"
_BEFORE_ID = '{"id":"'
_BEFORE_MESSAGE = ',"message":'
_BEFORE_CONTEXT = ',"context":'
_INVISIBLE = ("Cf", "Cc", "Zs", "Zl", "Zp")


class Status(StrEnum):
    """How far the team has dealt with it."""

    NEW = "NEW"
    REVIEWED = "REVIEWED"
    RESOLVED = "RESOLVED"


class Source(StrEnum):
    """Where it came in."""

    WIDGET = "WIDGET"
    API = "API"


class Shelf(StrEnum):
    """Where it lies: in sight, held back by the plan's limit, or suspected (contract section 6)."""

    LIVE = "LIVE"
    HELD = "HELD"
    SPAM = "SPAM"


class Draft(NamedTuple):
    """Feedback as it is sent: JSON of message and context as they will be stored, and its words.

    `facets` is what the context tells, as facets.of_context() writes it.
    """

    message_json: str
    context_json: str
    words: list[str]
    facets: str


class Item(NamedTuple):
    """Feedback as it is kept.

    `document` is the JSON of id, message and context, without its closing brace: what can change is
    written behind it when the item is shown. `created_at` is written as the API shows it, the time
    in its id; `updated_at` in milliseconds. `facets` is '' for what came before they were read.
    """

    position: int
    document: str
    status: str
    source: str
    created_at: str
    updated_at: int
    project_id: str
    facets: str

    @property
    def id(self) -> str:
        """Its public id, which the document begins with."""
        return self.document[len(_BEFORE_ID) : self.document.index('"', len(_BEFORE_ID))]

    @property
    def words(self) -> list[str]:
        """The words of its message, the same at any time."""
        return text.words(message_of(self.document))


def read_draft(content: dict[str, Any], body: bytes) -> Draft:
    """Take message and context out of a body that json.parse() has read, or raise Invalid."""
    message = _checked_message(content.get("message"))
    context = content.get("context")
    if context is None:
        context_json = EMPTY_CONTEXT.encode()
    else:
        context_json = _checked_context(context, json.context_as_sent(body))
    told = facets.of_context(context or {})
    return Draft(encode(message).decode(), context_json.decode(), text.words(message), told)


def document(item_id: str, draft: Draft) -> str:
    """Write the part of an item that never changes."""
    return f'{{"id":"{item_id}","message":{draft.message_json},"context":{draft.context_json}'


def summary(document: str, status: str, created_at: str) -> str:
    """Write an item as the project's list and the answer to a submission show it."""
    return f'{document},"status":"{status}","createdAt":"{created_at}"}}'


def whole(item: Item, name: str, slug: str) -> str:
    """Write an item as everything else shows it, with its project's name and slug."""
    project = encode({"id": item.project_id, "name": name, "slug": slug}).decode()
    return (
        f'{item.document},"status":"{item.status}","source":"{item.source}",'
        f'"createdAt":"{item.created_at}","updatedAt":"{clock.iso(item.updated_at)}",'
        f'"project":{project}}}'
    )


def without_blanks(context_json: str) -> bytes:
    """Return a context as what it says, so that a retry may write it with other blanks."""
    return encode(msgspec.json.decode(context_json))


def labels(project_id: str, status: str, source: str, told: str) -> list[str]:
    """Return the tokens by which the search index filters; `_` keeps them apart from words."""
    return ["_" + project_id, "_" + status, "_" + source, *facets.labels(told)]


def checked_status(status: object) -> Status:
    """Return a status, raising Invalid unless it is one to the letter."""
    if not isinstance(status, str) or status not in list(Status):
        raise Invalid(f"The status must be one of {', '.join(Status)}")
    return Status(status)


def checked_source(source: str) -> Source:
    """Return a source, raising Invalid unless it is one to the letter."""
    if source not in list(Source):
        raise Invalid(f"The source must be one of {', '.join(Source)}")
    return Source(source)


def _checked_message(message: object) -> str:
    if not isinstance(message, str) or is_blank(message):
        raise Invalid("Message is required and must be a string")
    if len(message) > LONGEST_MESSAGE:
        raise Invalid(
            f"Message is {len(message)} characters long; at most {LONGEST_MESSAGE} are allowed"
        )
    return message


def is_blank(message: str) -> bool:
    """Tell whether nothing is left of a text that could be seen (contract section 5)."""
    start = message.strip()[:1]
    if start.isascii():
        return not start
    return all(unicodedata.category(each) in _INVISIBLE or each.isspace() for each in message)


def _checked_context(context: object, context_json: bytes) -> bytes:
    """Return a context as it was sent, without blanks where only those make it too large."""
    if not isinstance(context, dict):
        raise Invalid("Context must be an object")
    # The brackets in the bytes are a quick bound; only beyond it is the depth looked at.
    most = context_json.count(b"{") + context_json.count(b"[")
    if most > DEEPEST_CONTEXT and json.depth(context) > DEEPEST_CONTEXT:
        raise Invalid(f"Context is nested more than {DEEPEST_CONTEXT} levels deep")
    if len(context_json) <= LARGEST_CONTEXT_BYTES:
        return context_json
    compact = _compact(context_json)
    if len(compact) > LARGEST_CONTEXT_BYTES:
        raise Invalid(
            f"Context is {len(compact)} bytes of JSON; at most {LARGEST_CONTEXT_BYTES} are allowed"
        )
    return compact


def _compact(context_json: bytes) -> bytes:
    """Write JSON without blanks and needless escapes, numbers as the tokens they were."""
    content = plain_json.loads(context_json, parse_int=_token, parse_float=_token)
    return encode(content)


def _token(number: str) -> msgspec.Raw:
    return msgspec.Raw(number.encode())


def parts(document: str) -> tuple[str, str]:
    """Return the JSON of message and of context in an item's document, as they are kept.

    No string of JSON holds a quotation mark without a backslash, so the name stands there once.
    """
    before, _, context = document.partition(_BEFORE_CONTEXT)
    return before[before.index(_BEFORE_MESSAGE) + len(_BEFORE_MESSAGE) :], context


def message_of(document: str) -> str:
    """Return the message in an item's document, for a page."""
    message: str = msgspec.json.decode(document + "}")["message"]
    return message
