"""Making an item of a row whose cells have found their meaning, by the rules of the API."""

import re
from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

import msgspec

from miniback import clock, feedback, ids
from miniback.errors import Invalid
from miniback.feedback import Brought, Draft, Source, Status
from miniback.http import encode, json
from miniback.imports import times
from miniback.imports.models import Plan, Taken, Target

MOST_TAGS = 20
# What other programs call it; theirs stands in the context too, where it says more than ours.
_STATUSES = {
    Status.NEW: "new open opened unread unresolved pending todo active inbox backlog received",
    Status.REVIEWED: (
        "reviewed underreview read seen acknowledged planned inprogress started progress"
        " ongoing considering ignored accepted"
    ),
    Status.RESOLVED: (
        "resolved closed complete completed done shipped released fixed declined duplicate"
        " archived rejected cancelled canceled wontfix implemented answered"
    ),
}
_BY_WORD = {word: status for status, words in _STATUSES.items() for word in words.split()}
_NO_LETTERS = re.compile(r"[\W_]+")
_BESIDE = (Target.NAME, Target.EMAIL, Target.URL, Target.RATING, Target.KIND, Target.USER_AGENT)
_LONGEST_SHOWN = 40
_NUMBER = re.compile(r"-?\d{1,15}(\.\d{1,10})?")


class Place(NamedTuple):
    """Where rows go, and the ids of the account's members by their addresses."""

    plan: Plan
    people: Mapping[str, str]


def fitted(taken: Taken, cells: Mapping[str, Any], place: Place) -> Brought:
    """Make an item of a row, or raise Invalid with a sentence about it.

    Before the account's tags are known its `tags` are names.
    """
    plan, fields, context = place.plan, taken.fields, dict(taken.context)
    status = _status(fields.get(Target.STATUS), context)
    source = _source(fields.get(Target.SOURCE), context)
    created_at = _created_at(fields, plan)
    tags = _tags(fields.get(Target.TAGS), plan, context)
    assignee_id = _assignee(fields.get(Target.ASSIGNEE), place, context)
    draft = drafted(encode(_message(fields)), _context(fields, context))
    item_id = _id(fields, cells, created_at, plan)
    created_at = ids.created_at(item_id)
    updated_at = created_at
    if Target.UPDATED_AT in fields:
        updated_at = max(created_at, times.read("updatedAt", fields[Target.UPDATED_AT]))
    return Brought(
        id=item_id,
        project_id=plan.project_id,
        draft=draft,
        updated_at=updated_at,
        status=status,
        source=source,
        tags=tags,
        assignee_id=assignee_id,
    )


def drafted(message: bytes, context: bytes) -> Draft:
    """Take the JSON of a message and a context for feedback, as the API would, or raise Invalid."""
    body = b'{"message":' + message + b',"context":' + context + b"}"
    return feedback.read_draft(json.parse(body), body)


def from_the_past(item_id: str) -> str:
    """Return an item's id, raising Invalid where the time in it is still to come."""
    if ids.created_at(item_id) > clock.now() + clock.DAY_MS:
        raise Invalid(f"{item_id} is of a time that is still to come")
    return item_id


def words_of_tags(value: object) -> list[str]:
    """Return the tags of a cell: names with commas between, or a list of names or objects."""
    if isinstance(value, str):
        return [each.strip() for each in value.split(",") if each.strip()]
    if isinstance(value, list):
        names = [each.get("name") if isinstance(each, dict) else each for each in value]
        return [str(each) for each in names if each]
    return []


def _message(fields: Mapping[Target, Any]) -> str:
    message, title = (_text(fields.get(each)) for each in (Target.MESSAGE, Target.TITLE))
    if title and message and not message.startswith(title):
        return f"{title}\n\n{message}"
    return message or title


def _text(value: object) -> str:
    if value is None or isinstance(value, list | dict):
        return ""
    return str(value)


def _created_at(fields: Mapping[Target, Any], plan: Plan) -> int:
    if Target.CREATED_AT in fields:
        return times.read("createdAt", fields[Target.CREATED_AT])
    return plan.undated


def _status(value: object, context: dict[str, Any]) -> Status:
    if value is None:
        return Status.NEW
    status = _BY_WORD.get(_NO_LETTERS.sub("", str(value).lower()))
    if status is None:
        raise Invalid(f"status is none that is known: {str(value)[:_LONGEST_SHOWN]!r}")
    if str(value).upper() != status:
        context.setdefault("status", value)
    return status


def _source(value: object, context: dict[str, Any]) -> Source:
    if isinstance(value, str) and value.upper() in list(Source):
        return Source(value.upper())
    if value is not None:
        context.setdefault("source", value)
    return Source.API


def _tags(value: object, plan: Plan, context: dict[str, Any]) -> tuple[str, ...]:
    """Return the tags that an item can have; others stay in its context."""
    taken: dict[str, None] = {}
    left = []
    for word in words_of_tags(value):
        name = _tag(word)
        known = name if plan.tags is None else plan.tags.get(name.casefold(), "")
        if known and len(taken) < MOST_TAGS:
            taken[known] = None
        else:
            left.append(word)
    if left:
        context.setdefault("tags", left)
    return tuple(taken)


def _tag(word: str) -> str:
    try:
        return feedback.checked_tag(word)
    except Invalid:
        return ""


def _assignee(value: object, place: Place, context: dict[str, Any]) -> str:
    if not value:
        return ""
    found = place.people.get(str(value).strip().lower(), "")
    if not found:
        context.setdefault("assignee", value)
    return found


def _context(fields: Mapping[Target, Any], context: dict[str, Any]) -> bytes:
    """Write the context: what the row has as such, and beside it what has no other place."""
    beside = {str(each): _plain(each, fields[each]) for each in _BESIDE if each in fields}
    given = fields.get(Target.CONTEXT)
    if isinstance(given, str):
        raw = given.encode()
        given = _parsed(raw)
        if given is not None and (beside | context).keys() <= given.keys():
            return raw
    if isinstance(given, dict):
        return _encoded(
            {**given, **{k: v for k, v in (beside | context).items() if k not in given}}
        )
    if Target.CONTEXT in fields:
        context = {**context, "context": fields[Target.CONTEXT]}
    return _encoded({**context, **beside})


def _encoded(context: dict[str, Any]) -> bytes:
    try:
        return encode(context)
    except (UnicodeEncodeError, RecursionError, TypeError, ValueError) as error:
        raise Invalid("The row holds text or numbers that JSON cannot say") from error


def _parsed(raw: bytes) -> dict[str, Any] | None:
    try:
        given = msgspec.json.decode(raw)
    except (msgspec.DecodeError, RecursionError):
        return None
    return given if isinstance(given, dict) else None


def _plain(target: Target, value: Any) -> Any:
    """Return what is a number as one where it is meant as one."""
    if target is Target.RATING and isinstance(value, str) and _NUMBER.fullmatch(value.strip()):
        number = float(value)
        return int(number) if number.is_integer() else number
    return value


def _id(fields: Mapping[Target, Any], cells: Mapping[str, Any], created_at: int, plan: Plan) -> str:
    """Return the same id for the same row whenever it comes; one of ours is kept."""
    own = fields.get(Target.ID)
    if isinstance(own, str) and ids.is_one(feedback.ID, own):
        return from_the_past(own)
    seed: Iterable[Any] = ["id", own] if own is not None else ["row", dict(cells)]
    return ids.made(feedback.ID, created_at, _encoded({plan.project_id: seed}))
