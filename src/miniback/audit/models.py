"""What the audit log holds: what was done, by whom, and by what."""

from enum import StrEnum
from typing import Any, NamedTuple

import msgspec

from miniback import ids

ID = "audit"


class Way(StrEnum):
    """By what somebody does something."""

    PAGE = "PAGE"
    API = "API"
    CLI = "CLI"
    SYSTEM = "SYSTEM"


class Actor(NamedTuple):
    """Who does something: `user_id` is '' where no person is known, as behind an API key.

    `project_id` is the project whose API key it was, '' where there was none.
    """

    way: Way
    user_id: str = ""
    project_id: str = ""


BY_COMMAND = Actor(Way.CLI)
BY_ITSELF = Actor(Way.SYSTEM)


class Action(StrEnum):
    """What is recorded; a noun and a verb each."""

    SESSION_BEGUN = "session.begun"
    SESSION_REFUSED = "session.refused"
    SESSION_ENDED = "session.ended"
    PASSWORD_CHANGED = "password.changed"  # noqa: S105 - not a password
    PASSWORD_RESET = "password.reset"  # noqa: S105 - not a password
    EMAIL_CHANGED = "email.changed"
    ACCOUNT_CREATED = "account.created"
    MEMBER_ADDED = "member.added"
    PLAN_CHANGED = "plan.changed"
    PROJECT_CREATED = "project.created"
    PROJECT_CHANGED = "project.changed"
    PROJECT_DELETED = "project.deleted"
    KEY_ISSUED = "key.issued"
    KEY_REVOKED = "key.revoked"
    SECRET_MADE = "secret.made"  # noqa: S105 - not a secret
    SECRET_ROTATED = "secret.rotated"  # noqa: S105 - not a secret
    TARGET_ADDED = "target.added"
    TARGET_CHANGED = "target.changed"
    TARGET_ENABLED = "target.enabled"
    TARGET_DISABLED = "target.disabled"
    TARGET_REMOVED = "target.removed"
    FEEDBACK_DELETED = "feedback.deleted"
    FEEDBACK_RESTORED = "feedback.restored"
    FEEDBACK_EXPORTED = "feedback.exported"
    SPAM_PURGED = "spam.purged"
    RETENTION_APPLIED = "retention.applied"
    PERSON_EXPORTED = "person.exported"
    PERSON_ERASED = "person.erased"
    ARCHIVE_EXPORTED = "archive.exported"
    IMPORT_STARTED = "import.started"
    IMPORT_FINISHED = "import.finished"
    IMPORT_CANCELLED = "import.cancelled"
    IMPORT_FAILED = "import.failed"
    LOG_EXPORTED = "log.exported"


class Entry(NamedTuple):
    """Something that was done; its time is the one in its id.

    `details` is JSON as it is kept. `hash` covers all of it and the hash of the entry before.
    """

    number: int
    id: str
    action: str
    by: Actor
    details: str
    hash: str

    @property
    def at(self) -> int:
        """When it was done, in milliseconds."""
        return ids.created_at(self.id)

    @property
    def told(self) -> dict[str, Any]:
        """The details, read."""
        read: dict[str, Any] = msgspec.json.decode(self.details)
        return read


class Head(NamedTuple):
    """Where an account's log ends: number and hash of the last entry; 0 and '' before the first."""

    number: int
    hash: str


START = Head(0, "")
