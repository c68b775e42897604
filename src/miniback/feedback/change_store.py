"""SQL for the changes of items: what was done, when, by whom and by what."""

from collections.abc import Sequence

from miniback import ids
from miniback.db import Tx
from miniback.feedback.acts import CHANGE, Change

_COLUMNS = ", ".join(Change._fields)


def insert_all(tx: Tx, account_id: str, changes: Sequence[Change]) -> None:
    """Add changes."""
    tx.put_many(
        "INSERT INTO changes (account_id, id, position, project_id, kind, was, became, user_id,"
        "                     way, act)"
        " VALUES (:account_id, :id, :position, :project_id, :kind, :was, :became, :user_id,"
        "         :way, :act)",
        [{"account_id": account_id, **change._asdict()} for change in changes],
    )


def insert_new(tx: Tx, account_id: str, changes: Sequence[Change]) -> int:
    """Add changes, but for those that are there; return how many it were."""
    return tx.run_many(
        "INSERT INTO changes (account_id, id, position, project_id, kind, was, became, user_id,"
        "                     way, act)"
        " VALUES (:account_id, :id, :position, :project_id, :kind, :was, :became, :user_id,"
        "         :way, :act) ON CONFLICT DO NOTHING",
        [{"account_id": account_id, **change._asdict()} for change in changes],
    )


def of_item(tx: Tx, account_id: str, position: int, limit: int) -> list[Change]:
    """Return the latest changes of an item, the newest first."""
    rows = tx.all(
        "SELECT " + _COLUMNS + " FROM changes"  # noqa: S608 - constants
        " WHERE account_id = :account_id AND position = :position"
        " ORDER BY id DESC LIMIT :limit",
        account_id=account_id,
        position=position,
        limit=limit,
    )
    return [Change(*row) for row in rows]


def statuses_of(tx: Tx, account_id: str, positions: Sequence[int], limit: int) -> list[Change]:
    """Return the changes of status that some items have had, each item's oldest first."""
    rows = tx.all(
        "SELECT " + _COLUMNS + " FROM changes"  # noqa: S608 - constants
        " WHERE account_id = :account_id AND position IN (:positions[]) AND kind = 'STATUS'"
        " ORDER BY position, id LIMIT :limit",
        account_id=account_id,
        positions=list(positions),
        limit=limit,
    )
    return [Change(*row) for row in rows]


def of_act(tx: Tx, account_id: str, act: str, before: str, limit: int) -> list[Change]:
    """Return changes that were made by one act, the last first, from before a change's id."""
    rows = tx.all(
        "SELECT " + _COLUMNS + " FROM changes"  # noqa: S608 - constants
        " WHERE account_id = :account_id AND act = :act AND id < :before"
        " ORDER BY id DESC LIMIT :limit",
        account_id=account_id,
        act=act,
        before=before,
        limit=limit,
    )
    return [Change(*row) for row in rows]


def since(tx: Tx, account_id: str, after: str, limit: int) -> list[Change]:
    """Return the changes of an account after a change's id, the oldest first."""
    rows = tx.all(
        "SELECT " + _COLUMNS + " FROM changes"  # noqa: S608 - constants
        " WHERE account_id = :account_id AND id > :after ORDER BY id LIMIT :limit",
        account_id=account_id,
        after=after,
        limit=limit,
    )
    return [Change(*row) for row in rows]


def last(tx: Tx, account_id: str) -> str:
    """Return the id of an account's last change; of one that never was where there is none."""
    row = tx.one(
        "SELECT id FROM changes WHERE account_id = :account_id ORDER BY id DESC LIMIT 1",
        account_id=account_id,
    )
    return str(row[0]) if row else ids.lowest(CHANGE, 0)


def delete_of(tx: Tx, account_id: str, positions: Sequence[int]) -> None:
    """Delete all changes of items but the one that tells that they are gone."""
    tx.run(
        "DELETE FROM changes WHERE account_id = :account_id AND position IN (:positions[])"
        "   AND kind <> 'DELETE'",
        account_id=account_id,
        positions=list(positions),
    )


def forget_ends(tx: Tx, before: int, limit: int) -> int:
    """Delete up to `limit` changes, made before a time, that tell of the end of what is gone."""
    return tx.run(
        "DELETE FROM changes WHERE kind = 'DELETE' AND id IN ("
        "   SELECT id FROM changes WHERE kind = 'DELETE' AND id < :before AND NOT EXISTS ("
        "      SELECT 1 FROM feedback WHERE feedback.account_id = changes.account_id"
        "         AND feedback.position = changes.position)"
        "    ORDER BY id LIMIT :limit)",
        before=ids.lowest(CHANGE, before),
        limit=limit,
    )
