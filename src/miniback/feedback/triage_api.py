"""REST endpoints for what a team adds to feedback: tags, assignee, notes (beyond the reference)."""

from collections.abc import Callable
from typing import TypeVar

from miniback import clock, http, ids, projects
from miniback.accounts import Person, Role, people
from miniback.db import Tx
from miniback.errors import Invalid
from miniback.feedback import bulk, service, tag_store, team
from miniback.feedback.acts import Action, Kind, Note
from miniback.feedback.listing import LAST_POSITION, Filter
from miniback.feedback.tag_store import Tag
from miniback.http import Request, Response
from miniback.projects import Caller, keyed

T = TypeVar("T")


async def get_tags(request: Request, caller: Caller) -> Response:
    """GET /api/feedback/{feedback_id}/tags."""
    added = await _added(request, caller)
    return http.data({"tags": [tag.name for tag in added.tags]})


async def set_tags(request: Request, caller: Caller) -> Response:
    """PUT /api/feedback/{feedback_id}/tags: just these, in place of those that it has."""
    await _require_item(request, caller)
    names = team.checked_tags(http.json.parse(request.body).get("tags"))
    tags = await _change(request, caller, team.set_tags, names)
    return http.data({"tags": [tag.name for tag in tags]})


async def get_assignee(request: Request, caller: Caller) -> Response:
    """GET /api/feedback/{feedback_id}/assignee."""
    added = await _added(request, caller)
    return http.data({"assignee": _shown_person(added.assignee)})


async def set_assignee(request: Request, caller: Caller) -> Response:
    """PUT /api/feedback/{feedback_id}/assignee: the id or the address of a member, or null."""
    await _require_item(request, caller)
    content = http.json.parse(request.body)
    who = content.get("assignee")
    if "assignee" not in content or not (who is None or isinstance(who, str)):
        raise Invalid("assignee must be the id or the address of a member, or null")
    person = await _change(request, caller, team.assign, who)
    return http.data({"assignee": _shown_person(person)})


async def list_notes(request: Request, caller: Caller) -> Response:
    """GET /api/feedback/{feedback_id}/notes, the oldest first."""
    added = await _added(request, caller)
    authors = await request.db.look_up(people, caller.account_id)
    return http.data([_shown_note(note, authors) for note in added.notes])


async def add_note(request: Request, caller: Caller) -> Response:
    """POST /api/feedback/{feedback_id}/notes."""
    await _require_item(request, caller)
    content = team.checked_note(http.json.parse(request.body).get("content"))
    note = await _change(request, caller, team.add_note, content)
    authors = await request.db.look_up(people, caller.account_id)
    return http.data(_shown_note(note, authors), 201)


async def delete_note(request: Request, caller: Caller) -> Response:
    """DELETE /api/feedback/{feedback_id}/notes/{note_id}."""
    note_id = request.path("note_id")
    await _change(request, caller, team.delete_note, note_id)
    return http.data({"id": note_id, "deleted": True})


async def list_tags(request: Request, caller: Caller) -> Response:
    """GET /api/tags, by name."""
    tags = await request.db.look_up(team.tags_of, caller.account_id)
    return http.data([_shown_tag(tag) for tag in tags])


async def rename_tag(request: Request, caller: Caller) -> Response:
    """PUT /api/tags/{tag_id}."""
    account_id, tag_id = caller.account_id, request.path("tag_id")
    await request.db.look_up(team.require_tag, account_id, tag_id)
    name = team.checked_tag(http.json.parse(request.body).get("name"))
    tag = await request.db.write(
        projects.counted, caller, team.rename_tag, account_id, tag_id, name
    )
    return http.data(_shown_tag(tag))


async def delete_tag(request: Request, caller: Caller) -> Response:
    """DELETE /api/tags/{tag_id}: from all that has it, by and by."""
    tag_id = request.path("tag_id")
    await request.db.write(projects.counted, caller, _delete_tag, caller, tag_id)
    return http.data({"id": tag_id, "deleted": True})


def _delete_tag(tx: Tx, caller: Caller, tag_id: str) -> None:
    team.require_tag(tx, caller.account_id, tag_id)
    tag_store.delete(tx, caller.account_id, tag_id)
    tagged = Filter(caller.account_id, labels=(tag_id,))
    action = Action(Kind.UNTAG, tag_id)
    over = bulk.Bulk.over(tagged, [], action, caller.actor)
    bulk.begin(tx, caller.account_id, over, LAST_POSITION)


def _item(request: Request, caller: Caller) -> tuple[str, str]:
    return caller.account_id, request.path("feedback_id")


async def _change(request: Request, caller: Caller, change: Callable[..., T], value: object) -> T:
    """Change the item that the address names, counted as a call."""
    account_id, item_id = _item(request, caller)
    return await request.db.write(
        projects.counted, caller, change, account_id, item_id, value, caller.actor
    )


async def _require_item(request: Request, caller: Caller) -> None:
    """Refuse an item that is not there before what is wrong with the body (contract section 1)."""
    await request.db.look_up(service.find, *_item(request, caller))


async def _added(request: Request, caller: Caller) -> team.Added:
    return await request.db.look_through(team.added_to, *_item(request, caller))


def _shown_person(person: Person | None) -> dict[str, str] | None:
    if person is None:
        return None
    return {"id": person.id, "email": person.email, "name": person.name}


def _shown_note(note: Note, authors: dict[str, Person]) -> dict[str, object]:
    return {
        "id": note.id,
        "content": note.content,
        "author": _shown_person(authors.get(note.user_id)),
        "createdAt": clock.iso(ids.created_at(note.id)),
    }


def _shown_tag(tag: Tag) -> dict[str, str]:
    return {"id": tag.id, "name": tag.name}


routes = [
    http.resource(
        "/api/feedback/{feedback_id}/tags",
        GET=keyed(get_tags),
        PUT=keyed(set_tags, least=Role.MEMBER),
    ),
    http.resource(
        "/api/feedback/{feedback_id}/assignee",
        GET=keyed(get_assignee),
        PUT=keyed(set_assignee, least=Role.MEMBER),
    ),
    http.resource(
        "/api/feedback/{feedback_id}/notes",
        GET=keyed(list_notes),
        POST=keyed(add_note, least=Role.MEMBER),
    ),
    http.resource(
        "/api/feedback/{feedback_id}/notes/{note_id}",
        DELETE=keyed(delete_note, least=Role.MEMBER),
    ),
    http.resource("/api/tags", GET=keyed(list_tags)),
    http.resource(
        "/api/tags/{tag_id}",
        PUT=keyed(rename_tag, least=Role.MEMBER),
        DELETE=keyed(delete_tag, least=Role.MEMBER),
    ),
]
