"""Projects and whoever calls with one of their keys."""

from enum import StrEnum
from typing import NamedTuple

import msgspec

from miniback import clock, ids
from miniback.audit import Actor, Way
from miniback.errors import Invalid
from miniback.plans import Allowance, Plan
from miniback.projects.settings import AS_IT_COMES, Settings

ID = "proj"
LONGEST_NAME = 100
# The contract (section 2) wants the last use written within 60 s.
TOUCH_EVERY_MS = 30 * clock.SECOND_MS
_LAST_CONTROL = 0x1F
_DELETE, _LAST_C1 = 0x7F, 0x9F


class Status(StrEnum):
    """Whether a project takes feedback."""

    ACTIVE = "ACTIVE"
    PAUSED = "PAUSED"


class Project(msgspec.Struct, frozen=True):
    """A website or app that collects feedback; `updated_at` in milliseconds."""

    account_id: str
    id: str
    name: str
    slug: str
    status: str
    allowed_domains: list[str]
    updated_at: int
    settings: Settings = AS_IT_COMES


class ApiKey(msgspec.Struct, frozen=True):
    """What may be known of a key after it was shown; times in milliseconds."""

    account_id: str
    project_id: str
    key_hash: str
    masked: str
    created_at: int
    last_used_at: int | None


class Caller(NamedTuple):
    """Whoever calls: the holder of an API key, with its project, or a member by their session.

    A session has no project and no key, but a person. A key's last use and its end are in
    milliseconds, None where it has none. `mark`: how much was changed by the key.
    """

    account_id: str
    project_id: str
    key_hash: str
    project_status: str
    allowance: Allowance
    user_id: str = ""
    last_used_at: int | None = None
    expires_at: int | None = None
    mark: int = 0

    @property
    def actor(self) -> Actor:
        """Who does something by the API: a person, or whoever holds a project's key."""
        return Actor(Way.API, self.user_id, self.project_id)

    @property
    def plan(self) -> Plan:
        """The account's plan."""
        return self.allowance.plan

    @classmethod
    def by_session(cls, allowance: Allowance, user_id: str) -> "Caller":
        """Return a member of an account, who has no key."""
        return cls(allowance.account_id, "", "", "", allowance, user_id)

    def lives(self, now: int) -> bool:
        """Tell whether the key has not expired."""
        return self.expires_at is None or self.expires_at > now

    def is_touch_due(self, now: int) -> bool:
        """Tell whether the time of the key's last use is old enough to be written anew."""
        return not self.last_used_at or self.last_used_at < now - TOUCH_EVERY_MS

    @property
    def is_session(self) -> bool:
        """Whether a person calls, whose calls are not counted (contract section 2)."""
        return not self.key_hash


def checked_name(name: object) -> str:
    """Return a project's name, trimmed; Invalid unless 1-100 characters, no controls, are left."""
    tidy = name.strip() if isinstance(name, str) else ""
    if not 1 <= len(tidy) <= LONGEST_NAME or any(map(_is_control, tidy)):
        raise Invalid(
            f"The name must be 1 to {LONGEST_NAME} characters, without control characters"
        )
    return tidy


def shown(project: Project) -> dict[str, str]:
    """Lay a project out as the API reference does."""
    return {
        "id": project.id,
        "name": project.name,
        "slug": project.slug,
        "status": project.status,
        "createdAt": clock.iso(ids.created_at(project.id)),
        "updatedAt": clock.iso(project.updated_at),
    }


def _is_control(character: str) -> bool:
    code = ord(character)
    return code <= _LAST_CONTROL or _DELETE <= code <= _LAST_C1
