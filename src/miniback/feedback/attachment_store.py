"""SQL for images that visitors send along."""

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from miniback import clock
from miniback.db import Tx

ID = "attachment"
WAITS_MS = clock.DAY_MS


class Attachment(NamedTuple):
    """An image that belongs to an item: `size` in bytes."""

    id: str
    content_type: str
    size: int


class Kept(NamedTuple):
    """Where an image belongs, and since when it is here."""

    id: str
    project_id: str
    position: int
    uploaded_at: int


class Claimed(NamedTuple):
    """An image that belongs to the item at a position; its time in milliseconds."""

    id: str
    position: int
    content_type: str
    uploaded_at: int


def insert(
    tx: Tx, account_id: str, attachment_id: str, project_id: str, content_type: str, content: bytes
) -> None:
    """Add an image that no item has named yet."""
    tx.run(
        "INSERT INTO attachments (account_id, id, project_id, content_type, content, uploaded_at)"
        " VALUES (:account_id, :id, :project_id, :content_type, :content, :now)",
        account_id=account_id,
        id=attachment_id,
        project_id=project_id,
        content_type=content_type,
        content=content,
        now=clock.now(),
    )


def insert_new(
    tx: Tx, account_id: str, attachment: Kept, content_type: str, content: bytes
) -> bool:
    """Add an image that belongs to an item; False where it is there."""
    return bool(
        tx.run(
            "INSERT INTO attachments (account_id, id, project_id, position, content_type,"
            "                         content, uploaded_at)"
            " VALUES (:account_id, :id, :project_id, :position, :content_type, :content,"
            "         :uploaded_at) ON CONFLICT DO NOTHING",
            account_id=account_id,
            content_type=content_type,
            content=content,
            **attachment._asdict(),
        )
    )


def count_waiting(tx: Tx, account_id: str, project_id: str, most: int) -> int:
    """Return how many images of a project wait for their item, `most` where there are more."""
    row = tx.one(
        "SELECT count(*) FROM ("
        "  SELECT 1 FROM attachments WHERE account_id = :account_id AND project_id = :project_id"
        "     AND position IS NULL LIMIT :most) AS waiting",
        account_id=account_id,
        project_id=project_id,
        most=most,
    )
    return int(row[0]) if row else 0


def claim(tx: Tx, rows: Sequence[Mapping[str, Any]]) -> None:
    """Give images to items: each row has account, project, image and the item's position.

    One that is not there, is another project's or belongs to an item already stays as it is.
    """
    tx.run_many(
        "UPDATE attachments SET position = :position"
        " WHERE account_id = :account_id AND id = :id AND project_id = :project_id"
        "   AND position IS NULL",
        rows,
    )


def of_items(tx: Tx, account_id: str, positions: Sequence[int]) -> dict[int, list[Attachment]]:
    """Return what came with items, by position."""
    rows = tx.all(
        "SELECT position, id, content_type, length(content) FROM attachments"
        " WHERE account_id = :account_id AND position IN (:positions[])",
        account_id=account_id,
        positions=list(positions),
    )
    found: dict[int, list[Attachment]] = {}
    # In order here: an order by the id would lead SQLite through all of the account's.
    for position, *rest in sorted(rows):
        found.setdefault(position, []).append(Attachment(*rest))
    return found


def claimed_since(tx: Tx, account_id: str, after: str, limit: int) -> list[Claimed]:
    """Return the images of an account's items after an image's id, in the order of their ids."""
    rows = tx.all(
        "SELECT id, position, content_type, uploaded_at FROM attachments"
        " WHERE account_id = :account_id AND id > :after AND position IS NOT NULL"
        " ORDER BY id LIMIT :limit",
        account_id=account_id,
        after=after,
        limit=limit,
    )
    return [Claimed(*row) for row in rows]


def contents(tx: Tx, account_id: str, attachment_ids: Sequence[str]) -> dict[str, bytes]:
    """Return the bytes of some images, a few at a time: each has up to a megabyte."""
    rows = tx.all(
        "SELECT id, content FROM attachments WHERE account_id = :account_id AND id IN (:ids[])",
        account_id=account_id,
        ids=list(attachment_ids),
    )
    return {attachment_id: bytes(content) for attachment_id, content in rows}


def find(tx: Tx, account_id: str, position: int, attachment_id: str) -> tuple[str, bytes] | None:
    """Return the type and the bytes of an image that belongs to an item."""
    row = tx.one(
        "SELECT content_type, content FROM attachments"
        " WHERE account_id = :account_id AND id = :id AND position = :position",
        account_id=account_id,
        id=attachment_id,
        position=position,
    )
    return (row[0], bytes(row[1])) if row else None


def delete_of(tx: Tx, account_id: str, positions: Sequence[int]) -> None:
    """Delete what came with items."""
    tx.run(
        "DELETE FROM attachments WHERE account_id = :account_id AND position IN (:positions[])",
        account_id=account_id,
        positions=list(positions),
    )


def forget_unclaimed(tx: Tx, limit: int) -> int:
    """Delete up to `limit` images that no item has named within a day; return how many."""
    return tx.run(
        """
        DELETE FROM attachments WHERE (account_id, id) IN (
            SELECT account_id, id FROM attachments
             WHERE position IS NULL AND uploaded_at <= :oldest ORDER BY uploaded_at LIMIT :limit)
        """,
        oldest=clock.now() - WAITS_MS,
        limit=limit,
    )
