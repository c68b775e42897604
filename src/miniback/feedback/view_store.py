"""SQL for saved views: filters that somebody has given a name, for the whole account."""

from typing import NamedTuple

from miniback.db import Tx

MOST = 30


class View(NamedTuple):
    """A filter of the inbox with a name; `query` is that of its address."""

    id: str
    name: str
    query: str


def all_of(tx: Tx, account_id: str) -> list[View]:
    """Return an account's views, the oldest first."""
    rows = tx.all(
        "SELECT id, name, query FROM views WHERE account_id = :account_id ORDER BY id LIMIT :limit",
        account_id=account_id,
        limit=MOST,
    )
    return [View(*row) for row in rows]


def insert(tx: Tx, account_id: str, view: View) -> None:
    """Add a view."""
    tx.run(
        "INSERT INTO views (account_id, id, name, query) VALUES (:account_id, :id, :name, :query)",
        account_id=account_id,
        **view._asdict(),
    )


def update(tx: Tx, account_id: str, view: View) -> bool:
    """Give a view another name and filter; False where there is no such view."""
    return bool(
        tx.run(
            "UPDATE views SET name = :name, query = :query"
            " WHERE account_id = :account_id AND id = :id",
            account_id=account_id,
            **view._asdict(),
        )
    )


def delete(tx: Tx, account_id: str, view_id: str) -> bool:
    """Delete a view."""
    return bool(
        tx.run(
            "DELETE FROM views WHERE account_id = :account_id AND id = :id",
            account_id=account_id,
            id=view_id,
        )
    )
