"""Sessions: a token in a cookie, of which only a hash is kept (ASVS 7.2 to 7.5)."""

from miniback import clock, ids
from miniback.accounts import session_store, tokens
from miniback.accounts.models import OpenSession, Session
from miniback.accounts.session_store import Beginning
from miniback.db import Tx
from miniback.errors import NotFound

ID = "session"
IDLE_MS = 7 * clock.DAY_MS
LONGEST_MS = 30 * clock.DAY_MS
TOUCH_EVERY_MS = 60 * clock.SECOND_MS
MOST_LISTED = 100
_LONGEST_AGENT = 200


def start(tx: Tx, user_id: str, account_id: str, address: str, user_agent: str) -> str:
    """Begin a session and return its token, which is known to the browser alone."""
    token = tokens.new()
    beginning = Beginning(
        tokens.hashed(token),
        ids.new(ID),
        user_id,
        account_id,
        address,
        user_agent[:_LONGEST_AGENT],
    )
    session_store.insert(tx, beginning, clock.now())
    return token


def is_alive(session: Session) -> bool:
    """Tell whether a session is within its limits: 7 days unused, 30 days in all.

    A clock that was set back ends no session.
    """
    now = clock.now()
    return session.seen_at > now - IDLE_MS and session.created_at > now - LONGEST_MS


def of_person(tx: Tx, user_id: str) -> list[OpenSession]:
    """Return the sessions that a person has open, the one last used first."""
    now = clock.now()
    found = session_store.all_of(tx, user_id, now - IDLE_MS, MOST_LISTED)
    return [each for each in found if each.created_at > now - LONGEST_MS]


def end(tx: Tx, user_id: str, session_id: str) -> None:
    """End one session of a person, or raise NotFound."""
    if not ids.is_one(ID, session_id) or not session_store.delete(tx, user_id, session_id):
        raise NotFound("This session has ended already")


def forget_old(tx: Tx, limit: int) -> int:
    """Delete up to `limit` sessions that are over, and return how many it were."""
    now = clock.now()
    return session_store.delete_old(tx, now - IDLE_MS, now - LONGEST_MS, limit)
