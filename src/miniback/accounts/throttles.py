"""How often something may be tried, kept in the database: a restart gives no new tries (T18)."""

import hashlib
from collections.abc import Sequence
from typing import NamedTuple

from miniback import clock
from miniback.db import Tx
from miniback.errors import TooMany

_MINUTE_MS = 60 * clock.SECOND_MS
_FORGOTTEN_AT_ONCE = 100
# No transaction waits so long for another.
_LONGEST_WAIT_MS = 30 * clock.SECOND_MS


class Limit(NamedTuple):
    """So many tries of a subject within a window that begins with the first."""

    subject: str
    most: int
    window_ms: int


def sign_in_limits(email: str, neighbourhood: str) -> list[Limit]:
    """Return what holds for signing in: per address, per address and person, per person."""
    anybody = Limit(_subject("address", neighbourhood), 100, 15 * _MINUTE_MS)
    return [anybody, *limits_of_person(email, neighbourhood)]


def limits_of_person(email: str, neighbourhood: str) -> list[Limit]:
    """Return those of the limits that speak of one person.

    The second holds however many addresses try; the owner then comes in by a link.
    """
    return [
        Limit(_subject("pair", email, neighbourhood), 5, 5 * _MINUTE_MS),
        Limit(_subject("person", email), 20, 15 * _MINUTE_MS),
    ]


def password_limits(user_id: str) -> list[Limit]:
    """Return what holds for telling one's password again while signed in.

    A limit of its own: strangers who fail to sign in keep nobody from changing their password.
    """
    return [Limit(_subject("again", user_id), 10, 15 * _MINUTE_MS)]


def link_limits(email: str, neighbourhood: str) -> list[Limit]:
    """Return what holds for asking for a link by mail: nobody's mailbox is filled by us."""
    return [
        Limit(_subject("mails from", neighbourhood), 20, 60 * _MINUTE_MS),
        Limit(_subject("mails to", email), 3, 60 * _MINUTE_MS),
    ]


def question_limits(email: str) -> list[Limit]:
    """Return what holds for asking an address whether it wants to be told: once a day (T31)."""
    return [Limit(_subject("question to", email), 1, clock.DAY_MS)]


def try_once(tx: Tx, limits: Sequence[Limit]) -> None:
    """Count a try against each limit in turn; raise TooMany at the first that is reached.

    Counted before the deed, so that many at once are not all let through. A try that is refused is
    counted nowhere: one address alone cannot use up a person's tries.
    """
    now = clock.now()
    _forget_some(tx, now)
    for limit in limits:
        if ends_at := _count(tx, limit, now):
            wait_s = max(1, -((now - ends_at) // clock.SECOND_MS))
            raise TooMany(f"Too many tries. Wait {_told(wait_s)}, then try again.", wait_s)


def give_back(tx: Tx, limits: Sequence[Limit]) -> None:
    """Take a try back that turned out to be right: signing in often is no attack."""
    tx.run_many(
        "UPDATE throttles SET tries = tries - 1 WHERE subject = :subject AND tries > 0",
        [{"subject": limit.subject} for limit in limits],
    )


def lift(tx: Tx, limits: Sequence[Limit]) -> None:
    """Forget the tries of somebody who has shown in another way who they are."""
    tx.run_many(
        "DELETE FROM throttles WHERE subject = :subject",
        [{"subject": limit.subject} for limit in limits],
    )


def _count(tx: Tx, limit: Limit, now: int) -> int | None:
    """Count a try; return the end of the window where there were too many before.

    A window that ends much later than one that begins now is from a clock that was ahead; a little
    later it ends where another process has begun it while this one waited for the row.
    """
    row = tx.one(
        """
        INSERT INTO throttles (subject, tries, ends_at) VALUES (:subject, 1, :ends_at)
        ON CONFLICT (subject) DO UPDATE
           SET tries = CASE WHEN throttles.ends_at BETWEEN :now + 1 AND :latest
                            THEN throttles.tries + 1 ELSE 1 END,
               ends_at = CASE WHEN throttles.ends_at BETWEEN :now + 1 AND :latest
                              THEN throttles.ends_at ELSE excluded.ends_at END
        RETURNING tries, ends_at
        """,
        subject=limit.subject,
        ends_at=now + limit.window_ms,
        latest=now + limit.window_ms + _LONGEST_WAIT_MS,
        now=now,
    )
    return row[1] if row and row[0] > limit.most else None


def _forget_some(tx: Tx, now: int) -> None:
    tx.run(
        "DELETE FROM throttles WHERE subject IN ("
        "   SELECT subject FROM throttles WHERE ends_at <= :now ORDER BY ends_at LIMIT :limit)",
        now=now,
        limit=_FORGOTTEN_AT_ONCE,
    )


def _subject(kind: str, *parts: str) -> str:
    return hashlib.sha256("\0".join((kind, *parts)).encode()).hexdigest()


def _told(seconds: int) -> str:
    return f"{seconds} seconds" if seconds < 60 else f"{-(-seconds // 60)} minutes"  # noqa: PLR2004
