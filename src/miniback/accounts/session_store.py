"""SQL for sessions, by the hash of their token and by the person."""

from collections.abc import Sequence
from typing import NamedTuple

from miniback.accounts.models import Account, OpenSession, Role, Session, User
from miniback.db import Marks, Tx


class Beginning(NamedTuple):
    """What is kept of a session when it begins."""

    token_hash: str
    id: str
    user_id: str
    account_id: str
    address: str
    user_agent: str


def insert(tx: Tx, session: Beginning, now: int) -> None:
    """Begin a session."""
    tx.run(
        "INSERT INTO sessions (token_hash, id, user_id, account_id, created_at, seen_at, address,"
        "                      user_agent)"
        " VALUES (:token_hash, :id, :user_id, :account_id, :now, :now, :address, :user_agent)",
        **session._asdict(),
        now=now,
    )


def find(tx: Tx, token_hash: str) -> Session | None:
    """Look up a session with its person, account and role; who asks judges its age."""
    row = tx.one(
        """
        SELECT users.id, users.email, users.name, users.time_zone, users.theme, users.density,
               users.has_shortcuts, users.is_administrator, accounts.id, accounts.plan,
               accounts.anchor, sessions.id, members.role, members.dismissed, sessions.created_at,
               sessions.seen_at, sessions.mark
          FROM sessions
          JOIN users ON users.id = sessions.user_id
          JOIN members ON members.account_id = sessions.account_id
                      AND members.user_id = sessions.user_id
          JOIN accounts ON accounts.id = sessions.account_id
         WHERE sessions.token_hash = :token_hash
        """,
        token_hash=token_hash,
    )
    if row is None:
        return None
    user = User(
        id=row[0],
        email=row[1],
        name=row[2],
        time_zone=row[3],
        theme=row[4],
        density=row[5],
        has_shortcuts=bool(row[6]),
        is_administrator=bool(row[7]),
    )
    account = Account(*row[8:11])
    session_id, role, *rest = row[11:]
    return Session(session_id, user, account, Role(role), *rest)


def touch(tx: Tx, session_id: str, user_id: str, now: int) -> None:
    """Note that a session is used."""
    tx.run(
        "UPDATE sessions SET seen_at = :now"
        " WHERE user_id = :user_id AND id = :id AND seen_at < :now",
        now=now,
        user_id=user_id,
        id=session_id,
    )


def all_of(tx: Tx, user_id: str, oldest: int, limit: int) -> list[OpenSession]:
    """Return a person's sessions seen since a time, the latest first."""
    rows = tx.all(
        "SELECT id, created_at, seen_at, address, user_agent FROM sessions"
        " WHERE user_id = :user_id AND seen_at > :oldest ORDER BY seen_at DESC LIMIT :limit",
        user_id=user_id,
        oldest=oldest,
        limit=limit,
    )
    return [OpenSession(*row) for row in rows]


def delete(tx: Tx, user_id: str, session_id: str) -> bool:
    """End one session of a person."""
    return bool(
        tx.run(
            "DELETE FROM sessions WHERE user_id = :user_id AND id = :id",
            user_id=user_id,
            id=session_id,
        )
    )


def delete_all_but(tx: Tx, user_id: str, session_id: str) -> int:
    """End all sessions of a person but one, '' for none; return how many ended."""
    return tx.run(
        "DELETE FROM sessions WHERE user_id = :user_id AND id <> :id",
        user_id=user_id,
        id=session_id,
    )


def delete_old(tx: Tx, seen_before: int, created_before: int, limit: int) -> int:
    """Delete up to `limit` sessions that are unused, or have lasted, for too long."""
    return tx.run(
        "DELETE FROM sessions WHERE token_hash IN ("
        "   SELECT token_hash FROM sessions WHERE seen_at < :seen_before"
        "    OR created_at < :created_before LIMIT :limit)",
        seen_before=seen_before,
        created_before=created_before,
        limit=limit,
    )


def find_mark(tx: Tx, token_hash: str) -> int | None:
    """Return how much was changed by a session."""
    row = tx.one("SELECT mark FROM sessions WHERE token_hash = :token_hash", token_hash=token_hash)
    return row[0] if row else None


def add_marks(tx: Tx, token_hashes: Sequence[str]) -> int:
    """Count a change by each of some sessions."""
    return tx.run(
        "UPDATE sessions SET mark = mark + 1 WHERE token_hash IN (:token_hashes[])",
        token_hashes=list(token_hashes),
    )


MARKS = Marks(find_mark, add_marks)
