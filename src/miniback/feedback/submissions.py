"""Feedback on its way in, and what becomes of it."""

from enum import StrEnum
from typing import NamedTuple

from miniback import clock, ids
from miniback.feedback import models
from miniback.feedback.models import Draft, Source, Status
from miniback.feedback.visitors import Visit
from miniback.plans import Usage
from miniback.projects import Caller


class Entrance(StrEnum):
    """How feedback comes in: by an API key, by a member's session, or at the public door."""

    KEY = "KEY"
    SESSION = "SESSION"
    DOOR = "DOOR"


class Submission(NamedTuple):
    """Feedback on its way in: by which entrance, for which project, and what.

    By key the account is found by the key's hash; else it is named, and there is no key. Only
    what comes in at the door has a visit, by which it is judged.
    """

    entrance: Entrance
    project_id: str
    account_id: str | None
    key_hash: str | None
    draft: Draft
    source: Source
    idempotency_key: str | None
    visit: Visit | None = None


class Accepted(NamedTuple):
    """Feedback that was taken in, now or, as a replay, by an earlier request."""

    id: str
    document: str
    is_replay: bool
    caller: Caller
    used: Usage

    @property
    def body(self) -> bytes:
        """The JSON of the answer."""
        created_at = clock.iso(ids.created_at(self.id))
        return f'{{"data":{models.summary(self.document, Status.NEW, created_at)}}}'.encode()
