"""What a team does to feedback: actions, and the changes that they make."""

from enum import StrEnum
from typing import NamedTuple

import msgspec

from miniback.feedback.models import Item, Shelf, Status

CHANGE, ACT = "change", "act"


class Kind(StrEnum):
    """What is done, or has been done, to an item."""

    STATUS = "STATUS"
    DELETE = "DELETE"
    RESTORE = "RESTORE"
    TAG = "TAG"
    UNTAG = "UNTAG"
    ASSIGN = "ASSIGN"
    NOTE = "NOTE"
    UNNOTE = "UNNOTE"
    SPAM = "SPAM"
    NOT_SPAM = "NOT_SPAM"
    RELEASE = "RELEASE"


class Action(msgspec.Struct, frozen=True):
    """Something to do to items: a status to give, a tag's id, a person's id to assign to.

    `value` is '' where the kind says it all, and for "assigned to nobody".
    """

    kind: Kind
    value: str = ""

    @classmethod
    def status(cls, status: Status) -> "Action":
        """Return the giving of a status."""
        return cls(Kind.STATUS, status.value)


class Change(NamedTuple):
    """One thing that was done to one item: what it was and what it became."""

    id: str
    position: int
    project_id: str
    kind: str
    was: str
    became: str
    user_id: str
    way: str
    act: str


class Annotation(NamedTuple):
    """What the team has added to an item: ids of tags, in order of age, and who sees to it."""

    tags: tuple[str, ...] = ()
    assignee_id: str = ""


class Note(NamedTuple):
    """What somebody in the team has written about an item."""

    id: str
    position: int
    user_id: str
    content: str


class Placed(NamedTuple):
    """An item and the shelf that it lies on."""

    item: Item
    shelf: Shelf
