"""Forms of the inbox that do something to items: one, some, or all that a filter finds."""

import time
from typing import NamedTuple

from miniback import accounts, feedback, http, idempotency, ids
from miniback.accounts import Visit, for_members
from miniback.db import Tx
from miniback.errors import Invalid, NotFound
from miniback.feedback import Action, Actor, Bulk, Kind, Note, Status
from miniback.http import Request, Response
from miniback.idempotency import Claim
from miniback.inbox import asked
from miniback.inbox.asked import PATH, Asked

MOST_AT_ONCE = 100
# Whoever asks waits so long for a change of very many; then it goes on without them.
LONGEST_WAIT_S = 2.0
FIRST_PORTION, LARGEST_PORTION, LONGEST_PORTION_S = 50, 1_000, 0.05
_NOTE_CALL = "note by form"
_ITEM = "item-"
# Where a button names no value, a field beside it does.
_FIELDS = {Kind.TAG.value: "tag", Kind.UNTAG.value: "tag", Kind.ASSIGN.value: "assignee"}
_PLAIN = {kind.value: kind for kind in (Kind.DELETE, Kind.SPAM, Kind.NOT_SPAM)}
# Texts of the catalogue, for one and for many.
_TOLD = {
    Status.NEW.value: ("%(count)s item is new again", "%(count)s items are new again"),
    Status.REVIEWED.value: ("%(count)s item reviewed", "%(count)s items reviewed"),
    Status.RESOLVED.value: ("%(count)s item resolved", "%(count)s items resolved"),
    Kind.DELETE.value: ("%(count)s item deleted", "%(count)s items deleted"),
    Kind.SPAM.value: ("%(count)s item marked as spam", "%(count)s items marked as spam"),
    Kind.NOT_SPAM.value: ("%(count)s item is no spam", "%(count)s items are no spam"),
    Kind.TAG.value: ("%(count)s item tagged", "%(count)s items tagged"),
    Kind.UNTAG.value: ("A tag taken off %(count)s item", "A tag taken off %(count)s items"),
    Kind.ASSIGN.value: ("%(count)s item assigned", "%(count)s items assigned"),
}
_NOBODYS = ("%(count)s item is nobody's now", "%(count)s items are nobody's now")


class Done(NamedTuple):
    """What came of an act: its name, how many items it changed, whether that is all.

    `gone` is how many of those that were chosen are not there any more.
    """

    act: str
    items: int
    is_over: bool
    gone: int = 0


async def act_on_items(request: Request, visit: Visit) -> Response:
    """POST /inbox/act: an action on the items that are checked, or on all that the list has."""
    form = visit.form
    wanted = asked.parsed(form["query"].removeprefix("?"))
    items = _items(visit)
    if not items and not form["all"]:
        raise Invalid("Choose at least one item first")
    if _must_be_sure(visit, items):
        return await _confirm_page(visit, wanted, items)
    action = await request.db.write(_action, visit.account_id, *_named(visit))
    if form["all"]:
        done = await _all_of(request, visit, wanted, action)
    else:
        done = await request.db.write(_some, visit, items, action)
    return _answer(visit, wanted, action, done)


async def undo(request: Request, visit: Visit) -> Response:
    """POST /inbox/undo/{act}: take back what one act has done, as far as it still holds."""
    actor, act = visit.actor, request.path("act")
    if not ids.is_one(feedback.ACT, act):
        raise NotFound("Not found")
    begun = await request.db.write(feedback.begin_undo, visit.account_id, act, actor)
    done = await _go_on(request, visit, begun)
    told = visit.count("%(count)s item is as before", "%(count)s items are as before", done.items)
    if _wants_json(request):
        return http.data({"done": done.items, "isOver": done.is_over, "told": told})
    return visit.tell(PATH, told)


async def set_tags(request: Request, visit: Visit) -> Response:
    """POST /inbox/{item_id}/tags: names with commas between, just these."""
    names = [name for name in visit.form["tags"].split(",") if name.strip()]
    tags = feedback.checked_tags(names)
    item_id = request.path("item_id")
    await request.db.write(feedback.set_tags, visit.account_id, item_id, tags, visit.actor)
    return _back(visit, item_id, visit.say("Tags saved"))


async def set_assignee(request: Request, visit: Visit) -> Response:
    """POST /inbox/{item_id}/assignee."""
    item_id, who = request.path("item_id"), visit.form["assignee"] or None
    await request.db.write(feedback.assign, visit.account_id, item_id, who, visit.actor)
    return _back(visit, item_id, visit.say("Assignee saved"))


async def add_note(request: Request, visit: Visit) -> Response:
    """POST /inbox/{item_id}/notes: sent twice, by a double click, it makes one note."""
    item_id, content = request.path("item_id"), feedback.checked_note(visit.form["content"])
    claim = Claim(visit.account_id, idempotency.NO_PROJECT, _NOTE_CALL, visit.form.once, "")
    await request.db.write(_note_once, item_id, content, visit.actor, claim)
    return _back(visit, item_id, visit.say("Note added"))


async def delete_note(request: Request, visit: Visit) -> Response:
    """POST /inbox/{item_id}/notes/{note_id}/delete."""
    item_id, note_id = request.path("item_id"), request.path("note_id")
    account_id, actor = visit.account_id, visit.actor
    await request.db.write(feedback.delete_note, account_id, item_id, note_id, actor)
    return _back(visit, item_id, visit.say("Note deleted"))


def _items(visit: Visit) -> list[str]:
    """Return the ids of the items that are checked, or that a script has listed."""
    listed = visit.form["items"].split(",") if visit.form["items"] else []
    checked = [name.removeprefix(_ITEM) for name in visit.form.values if name.startswith(_ITEM)]
    found = [each for each in (*listed, *checked) if ids.is_one(feedback.ID, each)]
    if len(found) > MOST_AT_ONCE:
        raise Invalid(f"Choose at most {MOST_AT_ONCE} items, or all that the list has")
    return found


def _must_be_sure(visit: Visit, items: list[str]) -> bool:
    """Tell whether somebody is about to delete many, and has not been asked yet."""
    is_many = len(items) > 1 or bool(visit.form["all"])
    return visit.form["action"] == Kind.DELETE and is_many and not visit.form["sure"]


def _named(visit: Visit) -> tuple[str, str]:
    """Return what is to be done as it was sent: `RESOLVED`, `DELETE`, `TAG:a name`, `ASSIGN:…`."""
    kind, colon, value = visit.form["action"].partition(":")
    return kind, value if colon else visit.form[_FIELDS.get(kind, "")]


def _action(tx: Tx, account_id: str, kind: str, value: str) -> Action:
    if kind in list(Status):
        return Action(Kind.STATUS, kind)
    if kind in _PLAIN:
        return Action(_PLAIN[kind])
    if kind == Kind.TAG:
        return Action(Kind.TAG, feedback.tag_named(tx, account_id, feedback.checked_tag(value)).id)
    if kind == Kind.UNTAG:
        # No item has one that there is not.
        name = feedback.checked_tag(value).casefold()
        found = [tag.id for tag in feedback.tags_of(tx, account_id) if tag.folded == name]
        return Action(Kind.UNTAG, found[0] if found else "")
    if kind == Kind.ASSIGN:
        person = accounts.person_named(tx, account_id, value) if value else None
        return Action(Kind.ASSIGN, person.id if person else "")
    raise Invalid("Choose what is to be done")


def _some(tx: Tx, visit: Visit, items: list[str], action: Action) -> Done:
    """Act on the items that are still there; NotFound where none is."""
    act, positions = feedback.new_act(), [ids.position(each) for each in items]
    there = feedback.at_positions(tx, visit.account_id, positions, "position")
    if not there:
        raise NotFound("Feedback not found")
    count = feedback.do_at_once(tx, visit.allowance, positions, action, visit.actor, act)
    return Done(act, count, True, len(items) - len(there))


async def _all_of(request: Request, visit: Visit, wanted: Asked, action: Action) -> Done:
    """Begin an act on all that the list had when it was last shown, and go on for a while."""
    shown = asked.position(visit.form["newest"])
    limit = feedback.LAST_POSITION if shown is None else shown
    search = await request.db.look_through(wanted.search, visit.session)
    bulk = Bulk.over(search.filter, search.words, action, visit.actor)
    latest = min(limit, search.filter.newest)
    act = await request.db.write(feedback.begin, visit.account_id, bulk, latest)
    return await _go_on(request, visit, act)


async def _go_on(request: Request, visit: Visit, act: str) -> Done:
    portion, until = FIRST_PORTION, time.monotonic() + LONGEST_WAIT_S
    while True:
        began = time.monotonic()
        progress = await request.db.write(feedback.go_on, visit.allowance, act, portion)
        took_s = time.monotonic() - began
        if progress.is_over or began > until:
            return Done(act, progress.done, progress.is_over)
        if took_s < LONGEST_PORTION_S / 3:
            portion = min(LARGEST_PORTION, portion * 2)
        elif took_s > LONGEST_PORTION_S:
            portion = max(1, portion // 2)


def _answer(visit: Visit, wanted: Asked, action: Action, done: Done) -> Response:
    key = action.value if action.kind is Kind.STATUS else action.kind.value
    is_nobodys = action.kind is Kind.ASSIGN and not action.value
    told = visit.count(*(_NOBODYS if is_nobodys else _TOLD[key]), done.items)
    if done.gone:
        told += ". " + visit.count(
            "%(count)s was deleted elsewhere", "%(count)s were deleted elsewhere", done.gone
        )
    if not done.is_over:
        told += ". " + visit.say("The rest follows.")
    if _wants_json(visit.request):
        return http.data(
            {"done": done.items, "act": done.act, "isOver": done.is_over, "told": told}
        )
    return visit.tell(wanted.address, told, f"{PATH}/undo/{done.act}" if done.items else "")


async def _confirm_page(visit: Visit, wanted: Asked, items: list[str]) -> Response:
    return await visit.page(
        "inbox/templates/confirm.html",
        asked=wanted,
        items=items,
        count=len(items) if not visit.form["all"] else visit.form["total"],
    )


def _note_once(tx: Tx, item_id: str, content: str, actor: Actor, claim: Claim) -> Note | None:
    """Write a note, unless this very form has written one already."""
    account_id = claim.account_id
    if idempotency.find(tx, account_id, claim.project_id, claim.call, [claim.key]):
        return None
    note = feedback.add_note(tx, account_id, item_id, content, actor)
    idempotency.keep(tx, [(claim, note.id)])
    return note


def _back(visit: Visit, item_id: str, told: str) -> Response:
    wanted = asked.parsed(visit.form["query"].removeprefix("?"))
    return visit.tell(wanted.item(item_id), told)


def _wants_json(request: Request) -> bool:
    return request.header(b"accept").startswith("application/json")


routes = [
    http.resource(f"{PATH}/act", POST=for_members(act_on_items)),
    http.resource(f"{PATH}/undo/{{act}}", POST=for_members(undo)),
    http.resource(f"{PATH}/{{item_id}}/tags", POST=for_members(set_tags)),
    http.resource(f"{PATH}/{{item_id}}/assignee", POST=for_members(set_assignee)),
    http.resource(f"{PATH}/{{item_id}}/notes", POST=for_members(add_note)),
    http.resource(f"{PATH}/{{item_id}}/notes/{{note_id}}/delete", POST=for_members(delete_note)),
]
