"""What a team adds to an item: tags, an assignee, notes."""

from collections.abc import Sequence
from typing import NamedTuple

from miniback import accounts, ids
from miniback.accounts import Person
from miniback.audit import Actor
from miniback.db import Tx
from miniback.errors import Conflict, Invalid, NotFound
from miniback.feedback import annotation_store, models, service, store, tag_store, triage
from miniback.feedback.acts import Action, Annotation, Kind, Note
from miniback.feedback.models import Item, Shelf
from miniback.feedback.moves import Moved, State, states
from miniback.feedback.tag_store import Tag

TAG, NOTE = "tag", "note"
LONGEST_TAG, LONGEST_NOTE = 40, 4_000
MOST_TAGS_OF_ACCOUNT, MOST_NOTES = 200, 100


class Added(NamedTuple):
    """All that the team has added to an item; notes with the oldest first."""

    tags: list[Tag]
    assignee: Person | None
    notes: list[Note]


def added_to(tx: Tx, account_id: str, item_id: str) -> Added:
    """Return what was added to an item in sight, or raise NotFound."""
    return added_at(tx, account_id, service.find(tx, account_id, item_id).item.position)


def added_at(tx: Tx, account_id: str, position: int) -> Added:
    """Return what was added to the item at a position, whatever shelf it lies on."""
    annotation = annotation_store.of_items(tx, account_id, [position]).get(position, Annotation())
    tags = [tag for tag in tags_of(tx, account_id) if tag.id in annotation.tags]
    people = accounts.people_named(tx, account_id, {annotation.assignee_id})
    notes = annotation_store.notes_of(tx, account_id, [position])
    return Added(tags, people.get(annotation.assignee_id), notes)


def tags_of(tx: Tx, account_id: str) -> list[Tag]:
    """Return all tags of an account, by name."""
    return tag_store.all_of(tx, account_id, MOST_TAGS_OF_ACCOUNT)


def set_tags(
    tx: Tx, account_id: str, item_id: str, names: Sequence[str], actor: Actor
) -> list[Tag]:
    """Give an item just these tags, making those that there are none of; or raise NotFound."""
    position = service.find(tx, account_id, item_id).item.position
    wanted = [tag_named(tx, account_id, name) for name in names]
    had = annotation_store.of_items(tx, account_id, [position]).get(position, Annotation()).tags
    act = triage.new_act()
    wanted_ids = {tag.id for tag in wanted}
    for tag_id in sorted(set(had) - wanted_ids):
        triage.carry_out(tx, account_id, [position], Action(Kind.UNTAG, tag_id), actor, act)
    for tag_id in sorted(wanted_ids - set(had)):
        triage.carry_out(tx, account_id, [position], Action(Kind.TAG, tag_id), actor, act)
    return added_to(tx, account_id, item_id).tags


def tag_named(tx: Tx, account_id: str, name: str) -> Tag:
    """Return the account's tag of a name that checked_tag() has passed, making it if need be."""
    folded = name.casefold()
    found = tag_store.named(tx, account_id, [folded])
    if found:
        return found[0]
    if len(tags_of(tx, account_id)) >= MOST_TAGS_OF_ACCOUNT:
        raise Conflict(f"An account has at most {MOST_TAGS_OF_ACCOUNT} tags; delete one first")
    tag = Tag(ids.new(TAG), name, folded)
    # Somebody else may have made it since; then theirs is the one.
    tag_store.insert(tx, account_id, tag)
    return tag_store.named(tx, account_id, [folded])[0]


def rename_tag(tx: Tx, account_id: str, tag_id: str, name: str) -> Tag:
    """Give a tag another name; Conflict where another has it, NotFound where there is no such."""
    require_tag(tx, account_id, tag_id)
    tag = Tag(tag_id, name, name.casefold())
    others = tag_store.named(tx, account_id, [tag.folded])
    if any(other.id != tag_id for other in others):
        raise Conflict(f"There is already a tag '{others[0].name}'")
    tag_store.rename(tx, account_id, tag)
    return tag


def require_tag(tx: Tx, account_id: str, tag_id: str) -> None:
    """Raise NotFound where the account has no tag of an id."""
    if all(tag.id != tag_id for tag in tags_of(tx, account_id)):
        raise NotFound("Tag not found")


def assign(tx: Tx, account_id: str, item_id: str, who: str | None, actor: Actor) -> Person | None:
    """Make somebody of the account, by id or address, see to an item; None for nobody."""
    position = service.find(tx, account_id, item_id).item.position
    person = accounts.person_named(tx, account_id, who) if who else None
    action = Action(Kind.ASSIGN, person.id if person else "")
    triage.carry_out(tx, account_id, [position], action, actor, triage.new_act())
    return person


def add_note(tx: Tx, account_id: str, item_id: str, content: str, actor: Actor) -> Note:
    """Write a note on an item."""
    item, before = _held(tx, account_id, item_id)
    if len(annotation_store.notes_of(tx, account_id, [item.position])) >= MOST_NOTES:
        raise Conflict(f"An item has at most {MOST_NOTES} notes; delete one first")
    note = Note(ids.new(NOTE), item.position, actor.user_id, content)
    annotation_store.insert_note(tx, account_id, item.project_id, note)
    (after,) = states(tx, account_id, [(item, Shelf.LIVE)])
    moved = [Moved(before, after, "", note.id)]
    triage.settle(tx, account_id, moved, Kind.NOTE, actor, triage.new_act())
    return note


def delete_note(tx: Tx, account_id: str, item_id: str, note_id: str, actor: Actor) -> None:
    """Delete a note for good, or raise NotFound."""
    item, before = _held(tx, account_id, item_id)
    is_one = ids.is_one(NOTE, note_id)
    if not is_one or not annotation_store.delete_note(tx, account_id, item.position, note_id):
        raise NotFound("Note not found")
    (after,) = states(tx, account_id, [(item, Shelf.LIVE)])
    moved = [Moved(before, after, note_id, "")]
    triage.settle(tx, account_id, moved, Kind.UNNOTE, actor, triage.new_act())


def _held(tx: Tx, account_id: str, item_id: str) -> tuple[Item, State]:
    """Return an item in sight, which nobody changes before this transaction ends."""
    position = service.find(tx, account_id, item_id).item.position
    for item in store.hold_all(tx, account_id, [position]):
        (state,) = states(tx, account_id, [(item, Shelf.LIVE)])
        return item, state
    raise NotFound("Feedback not found")


def checked_tag(name: object) -> str:
    """Return a tag's name, trimmed; Invalid unless 1 to 40 visible characters without a comma."""
    tidy = " ".join(name.split()) if isinstance(name, str) else ""
    if not 1 <= len(tidy) <= LONGEST_TAG or not tidy.isprintable() or "," in tidy:
        raise Invalid(f"A tag has 1 to {LONGEST_TAG} visible characters and no comma")
    return tidy


def checked_tags(names: object) -> list[str]:
    """Return the tags that an item is to have, or raise Invalid."""
    if not isinstance(names, list):
        raise Invalid("tags must be a list of names")
    if len(names) > triage.MOST_TAGS:
        raise Invalid(f"An item has at most {triage.MOST_TAGS} tags")
    return list(dict.fromkeys(map(checked_tag, names)))


def checked_note(content: object) -> str:
    """Return a note, or raise Invalid for one that is blank or too long."""
    if not isinstance(content, str) or models.is_blank(content):
        raise Invalid("content is required and must be a string")
    if len(content) > LONGEST_NOTE:
        raise Invalid(f"A note has at most {LONGEST_NOTE} characters")
    return content
