"""Secrets that this server makes for itself and keeps in its database, for every process the same.

Some are of one day only: what was hashed with one cannot be told from chance once it is forgotten.
"""

import secrets

from miniback import clock
from miniback.db import Database, Tx

_BYTES = 32
_MOST_KNOWN = 100


class Vault:
    """Gives out secrets by name, each read once a process."""

    def __init__(self, db: Database) -> None:
        self._db = db
        self._known: dict[str, bytes] = {}

    async def secret(self, name: str) -> bytes:
        """Return a secret that stays."""
        return await self._known_or_made(name, None)

    async def secret_of_today(self, name: str) -> bytes:
        """Return a secret that nobody will know the day after tomorrow."""
        today = clock.now() // clock.DAY_MS
        return await self._known_or_made(f"{name} {today}", (today + 2) * clock.DAY_MS)

    async def _known_or_made(self, name: str, ends_at: int | None) -> bytes:
        if name not in self._known:
            value = await self._db.look_up(_find, name)
            if value is None:
                value = await self._db.write(_make, name, ends_at)
            if len(self._known) >= _MOST_KNOWN:
                self._known.clear()
            self._known[name] = bytes.fromhex(value)
        return self._known[name]


def secret_within(tx: Tx, name: str) -> bytes:
    """Return a secret that stays, for work that is done within a transaction."""
    return bytes.fromhex(_find(tx, name) or _make(tx, name, None))


def forget_old(tx: Tx, limit: int) -> int:
    """Delete up to `limit` secrets whose day is over, and return how many it were."""
    return tx.run(
        "DELETE FROM secrets WHERE name IN ("
        "   SELECT name FROM secrets WHERE ends_at <= :now ORDER BY ends_at LIMIT :limit)",
        now=clock.now(),
        limit=limit,
    )


def lend(tx: Tx, name: str, ends_at: int) -> None:
    """Keep a name until somebody comes for it, or its time is over."""
    tx.run(
        "INSERT INTO secrets (name, value, ends_at) VALUES (:name, '', :ends_at)",
        name=name,
        ends_at=ends_at,
    )


def is_lent(tx: Tx, name: str) -> bool:
    """Tell whether a name is kept."""
    row = tx.one(
        "SELECT 1 FROM secrets WHERE name = :name AND ends_at > :now", name=name, now=clock.now()
    )
    return row is not None


def take_back(tx: Tx, name: str) -> bool:
    """Forget a name; of several who come for it one gets True."""
    taken = tx.run(
        "DELETE FROM secrets WHERE name = :name AND ends_at > :now", name=name, now=clock.now()
    )
    return taken > 0


def _find(tx: Tx, name: str) -> str | None:
    row = tx.one("SELECT value FROM secrets WHERE name = :name", name=name)
    return row[0] if row else None


def _make(tx: Tx, name: str, ends_at: int | None) -> str:
    """Make a secret, or return the one that another process has made meanwhile."""
    row = tx.one(
        "INSERT INTO secrets (name, value, ends_at) VALUES (:name, :value, :ends_at)"
        " ON CONFLICT (name) DO UPDATE SET name = excluded.name RETURNING value",
        name=name,
        value=secrets.token_hex(_BYTES),
        ends_at=ends_at,
    )
    if row is None:
        raise RuntimeError("A secret that was just written is not there")
    return str(row[0])
