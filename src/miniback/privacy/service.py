"""What is done for one person, and what the audit log tells of it without naming them."""

import hashlib
import hmac
from collections.abc import Sequence
from typing import NamedTuple

from miniback import audit, feedback, idempotency, projects, vault
from miniback.audit import Action, Actor
from miniback.db import Tx
from miniback.feedback import Found, Submitted
from miniback.idempotency import Claim

MOST_LISTED = 50
_SECRET = "people in the audit log"  # noqa: S105 - a name
_MARK_DIGITS = 16
NO_PROJECT = ("", "")


class Person(NamedTuple):
    """Whom it is about: as they were named, and the subjects by which their items are found."""

    name: str
    subjects: Sequence[str]


class Sent(NamedTuple):
    """What a person has sent, with name and slug of each project, by id."""

    found: Found
    projects: dict[str, tuple[str, str]]

    def place(self, item: Submitted) -> tuple[str, str]:
        """Return name and slug of an item's project, empty for one that is being deleted."""
        return self.projects.get(item.project_id, NO_PROJECT)


def find(tx: Tx, account_id: str, person: Person) -> Sent:
    """Find what a person has sent to all projects of an account."""
    found = feedback.find_submitter(tx, account_id, person.subjects, MOST_LISTED)
    return Sent(found, projects.names(tx, account_id, sorted(found.counts)))


def note_export(tx: Tx, account_id: str, person: Person, actor: Actor) -> int:
    """Log that a person's items are handed out, and return how many there are."""
    total = feedback.find_submitter(tx, account_id, person.subjects, 1).total
    details = {"person": _mark(tx, account_id, person), "items": total}
    audit.record(tx, account_id, Action.PERSON_EXPORTED, actor, details)
    return total


def begin_erasing(tx: Tx, account_id: str, person: Person, actor: Actor) -> str:
    """Write down that all that a person has sent is to be erased; return the erasure's id."""
    told = {"person": _mark(tx, account_id, person)}
    return feedback.begin_erasure(tx, account_id, person.subjects, actor, told)


def begin_erasing_once(tx: Tx, person: Person, actor: Actor, claim: Claim) -> str:
    """Do the same, unless this very form has done it already; return that erasure's id then."""
    account_id = claim.account_id
    kept = idempotency.find(tx, account_id, claim.project_id, claim.call, [claim.key])
    if earlier := kept.get(claim.key):
        return earlier.answer
    erasure_id = begin_erasing(tx, account_id, person, actor)
    idempotency.keep(tx, [(claim, erasure_id)])
    return erasure_id


def _mark(tx: Tx, account_id: str, person: Person) -> str:
    """Return by what the log knows a person again; of no use without this server's secret."""
    key = vault.secret_within(tx, _SECRET)
    told = f"{account_id} {person.name.strip().casefold()}".encode()
    return hmac.new(key, told, hashlib.sha256).hexdigest()[:_MARK_DIGITS]
