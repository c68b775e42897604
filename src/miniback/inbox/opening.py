"""Reading one item with all that is known of it, and its neighbours in the list."""

from typing import NamedTuple

import msgspec

from miniback import accounts, feedback, ids, notifications
from miniback.accounts import Person, Session
from miniback.db import Tx
from miniback.feedback import Added, Attachment, Change, Item, Kind, Note, Search, Shelf, Shown, Tag
from miniback.inbox import context
from miniback.inbox.asked import Asked
from miniback.inbox.context import Context
from miniback.notifications import Heard

MOST_CHANGES = 200
_NAMED = (Kind.TAG, Kind.UNTAG, Kind.ASSIGN)
_LONGEST_TITLE = 60
# Marks that turn the direction of what follows: a title has no cell of its own to keep them in.
_WITHOUT_DIRECTIONS = dict.fromkeys(
    (0x061C, 0x200E, 0x200F, *range(0x202A, 0x202F), *range(0x2066, 0x206A))
)
# Texts of the catalogue.
_TOLD = {
    Kind.STATUS: "Status",
    Kind.DELETE: "Deleted",
    Kind.RESTORE: "Brought back",
    Kind.TAG: "Tagged",
    Kind.UNTAG: "Tag taken off",
    Kind.ASSIGN: "Assigned",
    Kind.NOTE: "Note added",
    Kind.UNNOTE: "Note deleted",
    Kind.SPAM: "Marked as spam",
    Kind.NOT_SPAM: "Taken out of spam",
    Kind.RELEASE: "Released from the limit",
}


class Event(NamedTuple):
    """A line of an item's timeline; `who` is '' where nobody is known by name.

    `what` names the tag or the assignee, '' where there is none or it is gone.
    """

    at: int
    change: Change
    who: str
    what: str

    @property
    def told(self) -> str:
        """What was done, a text of the catalogue."""
        return _TOLD[Kind(self.change.kind)]


class Written(NamedTuple):
    """A note with its author's name, '' for none, and when it was made."""

    note: Note
    who: str
    at: int


class Opened(NamedTuple):
    """One item with all that is known of it, and its neighbours in the list, '' at an end.

    `verified` is the id of the visitor whom the customer's own server has vouched for, '' for none.
    """

    shown: Shown
    shelf: Shelf
    message: str
    context: Context
    tags: list[Tag]
    assignee: Person | None
    notes: list[Written]
    timeline: list[Event | Heard]
    reasons: list[str]
    attachments: list[Attachment]
    verified: str
    newer: str
    older: str

    @property
    def item(self) -> Item:
        """The item itself."""
        return self.shown.item

    @property
    def created_at(self) -> int:
        """When it came in, in milliseconds."""
        return ids.position_time(self.item.position)

    @property
    def title(self) -> str:
        """The beginning of the message, for the window's title."""
        return context.shortened(self.message.translate(_WITHOUT_DIRECTIONS), _LONGEST_TITLE)

    @property
    def raw(self) -> str:
        """The object of the API, laid out."""
        return msgspec.json.format(self.shown.json, indent=2)


def opened(tx: Tx, session: Session, asked: Asked, item_id: str) -> Opened:
    """Return an item of the account on whatever shelf, or raise NotFound."""
    account_id = session.account.id
    shown, shelf = feedback.find_anywhere(tx, account_id, item_id)
    item = shown.item
    added = feedback.added_at(tx, account_id, item.position)
    changes = feedback.changes_of(tx, account_id, item.position, MOST_CHANGES)
    people = accounts.people_named(tx, account_id, _named(added, changes))
    search = asked._replace(shelf=shelf).search(tx, session)
    return Opened(
        shown=shown,
        shelf=shelf,
        message=feedback.message_of(item.document),
        context=context.laid_out(item.document),
        tags=added.tags,
        assignee=added.assignee,
        notes=[
            Written(note, _label(people, note.user_id), ids.created_at(note.id))
            for note in added.notes
        ],
        timeline=_timeline(tx, account_id, changes, item.position, people),
        reasons=context.reasons(
            feedback.reasons(tx, account_id, [item.position]).get(item.position, "")
        ),
        attachments=feedback.attachments_of(tx, account_id, [item.position]).get(item.position, []),
        verified=feedback.vouched_for(tx, account_id, item.position),
        newer=_neighbour(tx, search, item.position, is_newer=True),
        older=_neighbour(tx, search, item.position, is_newer=False),
    )


def _named(added: Added, changes: list[Change]) -> set[str]:
    """Return the ids of all people whom a timeline and notes name."""
    named = {note.user_id for note in added.notes} | {change.user_id for change in changes}
    assigned = [change for change in changes if change.kind == Kind.ASSIGN]
    return named | {each for change in assigned for each in (change.was, change.became)}


def _timeline(
    tx: Tx, account_id: str, changes: list[Change], position: int, people: dict[str, Person]
) -> list[Event | Heard]:
    """Return what was done to an item, and who was told of it, the newest first."""
    names = {tag.id: tag.name for tag in feedback.tags_of(tx, account_id)}
    names |= {person.id: person.label for person in people.values()}
    done = [
        Event(
            ids.created_at(change.id),
            change,
            _label(people, change.user_id),
            names.get(change.became or change.was, "") if change.kind in _NAMED else "",
        )
        for change in changes
    ]
    heard = notifications.heard_of(tx, account_id, position)
    return sorted([*done, *heard], key=lambda line: line.at, reverse=True)


def _neighbour(tx: Tx, search: Search, position: int, *, is_newer: bool) -> str:
    chosen = search.filter
    if is_newer:
        beside = chosen._replace(oldest=max(chosen.oldest, position + 1))
        found = feedback.positions(tx, beside, search.words, 1, "ASC")
    else:
        beside = chosen._replace(newest=min(chosen.newest, position - 1))
        found = feedback.positions(tx, beside, search.words, 1)
    rows = feedback.at_positions(tx, chosen.account_id, found, "id") if found else []
    return str(rows[0][0]) if rows else ""


def _label(people: dict[str, Person], user_id: str) -> str:
    """Return what a person is called, '' for nobody who is known."""
    person = people.get(user_id)
    return person.label if person else ""
