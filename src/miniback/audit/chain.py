"""How entries hang together: each has a hash of itself and of the one before (ADR 0020)."""

import hashlib
from collections.abc import Sequence
from typing import NamedTuple

import msgspec

from miniback.audit.models import Entry, Head


class Fault(NamedTuple):
    """The first entry of a log that is not as it was recorded, and what is wrong with it."""

    number: int
    problem: str


def hashed(account_id: str, entry: Entry, before: str) -> str:
    """Return the hash that an entry must have behind another one's, whatever it says itself.

    Of a JSON list of texts and one number, without blanks, in UTF-8: anybody can compute it.
    """
    fields = [
        before,
        account_id,
        entry.number,
        entry.id,
        entry.action,
        entry.by.way,
        entry.by.user_id,
        entry.by.project_id,
        entry.details,
    ]
    return hashlib.sha256(msgspec.json.encode(fields)).hexdigest()


def follow(account_id: str, after: Head, entries: Sequence[Entry]) -> tuple[Head, Fault | None]:
    """Go on along a chain; return where it stands then, and the first entry that is wrong."""
    for entry in entries:
        expected = after.number + 1
        if entry.number != expected:
            return after, Fault(expected, "is missing")
        if hashed(account_id, entry, after.hash) != entry.hash:
            return after, Fault(expected, "is not what was recorded, or not in its place")
        after = Head(entry.number, entry.hash)
    return after, None


def at_its_end(reached: Head, head: Head | None) -> Fault | None:
    """Return what is wrong where the last entry is not the one that the head names."""
    if head is None:
        return Fault(reached.number + 1, "may be missing: nothing says where the log ends")
    if head.number > reached.number:
        return Fault(reached.number + 1, f"is missing, and all after it up to {head.number}")
    if head.number < reached.number:
        return Fault(head.number + 1, "was put behind the end of the log")
    if head.hash != reached.hash:
        return Fault(reached.number, "is not the one with which the log ended")
    return None
