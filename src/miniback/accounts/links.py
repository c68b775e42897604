"""One-time links: whoever holds one may do one thing, once, within an hour (ASVS 6.4)."""

from enum import StrEnum

from miniback import clock
from miniback.accounts import tokens
from miniback.db import Tx
from miniback.errors import Forbidden

LIFE_MS = 60 * 60 * clock.SECOND_MS


class Purpose(StrEnum):
    """What a link opens."""

    SET_UP = "SET_UP"
    RESET_PASSWORD = "RESET_PASSWORD"  # noqa: S105 - not a password
    SIGN_UP = "SIGN_UP"


def issue(tx: Tx, purpose: Purpose, subject: str) -> str:
    """Make a link's token for a subject; an earlier one for the same stops."""
    token = tokens.new()
    tx.run(
        "INSERT INTO one_time_links (token_hash, purpose, subject, expires_at)"
        " VALUES (:token_hash, :purpose, :subject, :expires_at)"
        " ON CONFLICT (purpose, subject) DO UPDATE"
        "    SET token_hash = excluded.token_hash, expires_at = excluded.expires_at",
        token_hash=tokens.hashed(token),
        purpose=purpose.value,
        subject=subject,
        expires_at=clock.now() + LIFE_MS,
    )
    return token


def withdraw(tx: Tx, purpose: Purpose, subject: str) -> None:
    """Let a link that was made for a subject work no more."""
    tx.run(
        "DELETE FROM one_time_links WHERE purpose = :purpose AND subject = :subject",
        purpose=purpose.value,
        subject=subject,
    )


def subject_of(tx: Tx, purpose: Purpose, token: str) -> str:
    """Return for whom a link is, without using it up, or raise Forbidden."""
    row = None
    if tokens.is_one(token):
        row = tx.one(
            "SELECT subject FROM one_time_links"
            " WHERE token_hash = :token_hash AND purpose = :purpose AND expires_at > :now",
            token_hash=tokens.hashed(token),
            purpose=purpose.value,
            now=clock.now(),
        )
    if row is None:
        raise _no_such_link()
    return str(row[0])


def use_up(tx: Tx, purpose: Purpose, token: str) -> str:
    """Use a link up and return for whom it was, or raise Forbidden; two at once cannot both."""
    subject = subject_of(tx, purpose, token)
    gone = tx.run(
        "DELETE FROM one_time_links WHERE token_hash = :token_hash",
        token_hash=tokens.hashed(token),
    )
    if not gone:
        raise _no_such_link()
    return subject


def forget_old(tx: Tx, limit: int) -> int:
    """Delete up to `limit` links whose time is over, and return how many it were."""
    return tx.run(
        "DELETE FROM one_time_links WHERE token_hash IN ("
        "   SELECT token_hash FROM one_time_links WHERE expires_at <= :now"
        "    ORDER BY expires_at LIMIT :limit)",
        now=clock.now(),
        limit=limit,
    )


def _no_such_link() -> Forbidden:
    return Forbidden("This link does not work: it was used, has expired, or is mistyped")
