"""Accounts, the people who belong to them, and what each may do."""

import re
from enum import StrEnum

import msgspec

from miniback.errors import Invalid

LONGEST_EMAIL = 254
LONGEST_NAME = 100
_EMAIL = re.compile(
    r"[^@\s\x00-\x1f\x7f\"(),:;<>\[\\\]]+@[^@\s\x00-\x1f\x7f.]+(\.[^@\s\x00-\x1f\x7f.]+)*"
)


class Role(StrEnum):
    """What a member may do in an account; each may also what those below it may."""

    OWNER = "OWNER"
    ADMIN = "ADMIN"
    MEMBER = "MEMBER"
    VIEWER = "VIEWER"

    def includes(self, other: "Role") -> bool:
        """Tell whether this role may do all that another may."""
        ranks = list(Role)
        return ranks.index(self) <= ranks.index(other)


class Theme(StrEnum):
    """Light, dark, or as the person's system has it."""

    SYSTEM = "SYSTEM"
    LIGHT = "LIGHT"
    DARK = "DARK"


class Density(StrEnum):
    """How close things stand to each other on a page."""

    COMFORTABLE = "COMFORTABLE"
    COMPACT = "COMPACT"


class Account(msgspec.Struct, frozen=True):
    """A workspace: who pays, on which plan, since when."""

    id: str
    plan: str
    anchor: int


class User(msgspec.Struct, frozen=True):
    """A person, and how they want to see things; a `time_zone` of '' is the browser's."""

    id: str
    email: str
    name: str = ""
    time_zone: str = ""
    theme: str = Theme.SYSTEM
    density: str = Density.COMFORTABLE
    has_shortcuts: bool = True
    is_administrator: bool = False


class Person(msgspec.Struct, frozen=True):
    """A member of an account as the others see them."""

    id: str
    email: str
    name: str
    role: str

    @property
    def label(self) -> str:
        """What they are called: by their name, else by their address."""
        return self.name or self.email


class Session(msgspec.Struct, frozen=True):
    """A person who is signed in, in one of their accounts; times in milliseconds."""

    id: str
    user: User
    account: Account
    role: Role
    dismissed: str
    created_at: int
    seen_at: int
    # How much was changed by it.
    mark: int


class OpenSession(msgspec.Struct, frozen=True):
    """A session as its owner sees it in a list; addresses go with it (contract section 6)."""

    id: str
    created_at: int
    seen_at: int
    address: str
    user_agent: str


def checked_email(email: str) -> str:
    """Return an address in lower case, raising Invalid unless it has the form of one."""
    tidy = email.strip().lower()
    if len(tidy) > LONGEST_EMAIL or not _EMAIL.fullmatch(tidy):
        raise Invalid(f"'{email}' is not an email address")
    return tidy


def checked_person_name(name: str) -> str:
    """Return a person's name, trimmed; Invalid where it is too long or holds control characters."""
    tidy = name.strip()
    if len(tidy) > LONGEST_NAME or not (tidy.isprintable() or not tidy):
        raise Invalid(f"The name must have at most {LONGEST_NAME} characters, all of them visible")
    return tidy
