"""SQL for an account's tags."""

from collections.abc import Sequence
from typing import NamedTuple

from miniback.db import Tx


class Tag(NamedTuple):
    """A tag of an account; `folded` is its name without regard to case."""

    id: str
    name: str
    folded: str


def all_of(tx: Tx, account_id: str, limit: int) -> list[Tag]:
    """Return an account's tags by name."""
    rows = tx.all(
        "SELECT id, name, folded FROM tags WHERE account_id = :account_id"
        " ORDER BY folded LIMIT :limit",
        account_id=account_id,
        limit=limit,
    )
    return [Tag(*row) for row in rows]


def named(tx: Tx, account_id: str, folded: Sequence[str]) -> list[Tag]:
    """Return those of some tags that there are."""
    rows = tx.all(
        "SELECT id, name, folded FROM tags"
        " WHERE account_id = :account_id AND folded IN (:folded[])",
        account_id=account_id,
        folded=list(folded),
    )
    return [Tag(*row) for row in rows]


def insert(tx: Tx, account_id: str, tag: Tag) -> bool:
    """Add a tag; False where the account has one of that name."""
    return bool(
        tx.run(
            "INSERT INTO tags (account_id, id, name, folded)"
            " VALUES (:account_id, :id, :name, :folded) ON CONFLICT DO NOTHING",
            account_id=account_id,
            **tag._asdict(),
        )
    )


def insert_all(tx: Tx, account_id: str, tags: Sequence[Tag]) -> None:
    """Add tags, but for those whose name the account has."""
    tx.run_many(
        "INSERT INTO tags (account_id, id, name, folded)"
        " VALUES (:account_id, :id, :name, :folded) ON CONFLICT DO NOTHING",
        [{"account_id": account_id, **tag._asdict()} for tag in tags],
    )


def rename(tx: Tx, account_id: str, tag: Tag) -> bool:
    """Give a tag another name; False where there is no such tag."""
    return bool(
        tx.run(
            "UPDATE tags SET name = :name, folded = :folded"
            " WHERE account_id = :account_id AND id = :id",
            account_id=account_id,
            **tag._asdict(),
        )
    )


def delete(tx: Tx, account_id: str, tag_id: str) -> bool:
    """Delete a tag; what carries it is cleared separately."""
    return bool(
        tx.run(
            "DELETE FROM tags WHERE account_id = :account_id AND id = :id",
            account_id=account_id,
            id=tag_id,
        )
    )
