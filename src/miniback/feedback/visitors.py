"""A visitor at the public door: what is known of them without keeping who they are (contract 6)."""

import hashlib
import hmac
import re
from collections.abc import Sequence
from enum import StrEnum
from typing import Any, NamedTuple

from miniback import clock, http
from miniback.feedback.models import Draft
from miniback.projects import Proof

VISITORS = "visitors"
MOST_ATTACHMENTS = 3
# Stands in a submission that our own page without a script has made; no body of a client can say
# so to its advantage, since it leads to quarantine and nowhere else.
WITHOUT_SCRIPT = "withoutScript"
WINDOW_MS = 15 * 60 * clock.SECOND_MS
# Nobody reads a form and writes a sentence in so short a time.
_QUICKEST_MS = 1_500
_MOST_LINKS = 2
# Shorter texts are sent twice by honest people: "Great!", "It does not work".
_WORDS_TO_REPEAT = 5
_LINK = re.compile(r"https?://|www\.", re.IGNORECASE)


class Sign(StrEnum):
    """What speaks against a submission; the trap alone is enough, of the others it takes two.

    A form without a script cannot prove anything: where it should, its words wait in quarantine.
    """

    TRAP = "TRAP"
    QUICK = "QUICK"
    LINKS = "LINKS"
    REPEATED = "REPEATED"
    UNPROVEN = "UNPROVEN"


class Solved(NamedTuple):
    """A challenge that this visitor's browser has solved: its signature, and when it ends."""

    challenge: str
    expires_at: int


class Visit(NamedTuple):
    """What the door judges a submission by; the visitor is a hash of today.

    The limits are submissions in 15 minutes, 0 for none. `fingerprint` is that of the text, '' for
    one too short to tell. `user_id` is whom the customer's server has vouched for, '' for nobody.
    """

    visitor: str
    visitor_limit: int
    project_limit: int
    signs: tuple[Sign, ...]
    fingerprint: str
    proof: Proof
    solved: Solved | None
    attachments: tuple[str, ...]
    has_script: bool
    user_id: str


def visitor(secret_of_today: bytes, project_id: str, address: str) -> str:
    """Return a name for whoever comes from an address today; of no use to anybody else."""
    told = f"{project_id} {http.neighbourhood(address)}".encode()
    return hmac.new(secret_of_today, told, hashlib.sha256).hexdigest()


def signs(content: dict[str, Any], message: str) -> tuple[Sign, ...]:
    """Return what speaks against a body by itself.

    Programs that know nothing of the trap and the time send neither, which says nothing.
    """
    elapsed = content.get("elapsedMs")
    is_quick = isinstance(elapsed, int | float) and elapsed < _QUICKEST_MS
    found = (
        (Sign.TRAP, bool(content.get("website"))),
        (Sign.QUICK, is_quick),
        (Sign.LINKS, len(_LINK.findall(message)) > _MOST_LINKS),
    )
    return tuple(sign for sign, is_there in found if is_there)


def fingerprint(draft: Draft) -> str:
    """Return what a text is known by when it comes again, whatever its case and punctuation."""
    return fingerprint_of(draft.words)


def fingerprint_of(words: Sequence[str]) -> str:
    """Return the same for the words of a text; '' where they are too few to tell."""
    if len(words) < _WORDS_TO_REPEAT:
        return ""
    return hashlib.sha256(" ".join(words).encode()).hexdigest()


def vouched_for(secret: str, user_id: object, user_hash: object) -> str:
    """Return a visitor's id where its HMAC-SHA256 by the project's secret comes along, else ''."""
    if not secret or not isinstance(user_id, str) or not isinstance(user_hash, str) or not user_id:
        return ""
    right = hmac.new(secret.encode(), user_id.encode(), hashlib.sha256).hexdigest()
    return user_id if hmac.compare_digest(right.encode(), user_hash.lower().encode()) else ""


def attachments(content: dict[str, Any]) -> tuple[str, ...]:
    """Return the attachments that a body names; more than may be are left out."""
    named = content.get("attachments")
    if not isinstance(named, list):
        return ()
    return tuple(each for each in named[:MOST_ATTACHMENTS] if isinstance(each, str))
