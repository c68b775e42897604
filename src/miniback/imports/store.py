"""SQL for imports and the pieces of their files."""

from collections.abc import Sequence
from typing import Any

import msgspec

from miniback import clock
from miniback.db import Tx
from miniback.imports.models import (
    ENDED,
    WAITING,
    Import,
    Look,
    Plan,
    Problem,
    Progress,
    Report,
    State,
)

MOST_LISTED = 20
_COLUMNS = (
    "account_id, id, file_name, size, state, look, plan, report, progress, reason, updated_at"
)
_FIND = (
    "SELECT " + _COLUMNS + " FROM imports"  # noqa: S608 - constants
    " WHERE account_id = :account_id AND id = :id"
)
_HOLD = (
    "UPDATE imports SET updated_at = updated_at"  # noqa: S608
    " WHERE account_id = :account_id AND id = :id RETURNING " + _COLUMNS
)
_NEWEST = (
    "SELECT " + _COLUMNS + " FROM imports"  # noqa: S608
    " WHERE account_id = :account_id ORDER BY id DESC LIMIT :limit"
)


def insert(tx: Tx, account_id: str, import_id: str, file_name: str) -> None:
    """Add an import whose file is on its way."""
    tx.run(
        "INSERT INTO imports (account_id, id, file_name, size, state, look, plan, report,"
        "                     progress, problems, reason, updated_at)"
        " VALUES (:account_id, :id, :file_name, 0, 'UPLOADING', '', '', '{}', '{}', '[]', '',"
        "         :now)",
        account_id=account_id,
        id=import_id,
        file_name=file_name,
        now=clock.now(),
    )


def find(tx: Tx, account_id: str, import_id: str) -> Import | None:
    """Look up one import of an account."""
    row = tx.one(_FIND, account_id=account_id, id=import_id)
    return _import(row) if row else None


def hold(tx: Tx, account_id: str, import_id: str) -> Import | None:
    """Look up one import that nobody else changes before this transaction ends."""
    row = tx.one(_HOLD, account_id=account_id, id=import_id)
    return _import(row) if row else None


def newest(tx: Tx, account_id: str) -> list[Import]:
    """Return an account's newest imports, the newest first."""
    return [_import(row) for row in tx.all(_NEWEST, account_id=account_id, limit=MOST_LISTED)]


def count_waiting(tx: Tx, account_id: str, most: int) -> int:
    """Return how many imports of an account have not ended, `most` where there are more."""
    row = tx.one(
        "SELECT count(*) FROM (SELECT 1 FROM imports WHERE account_id = :account_id"
        "   AND state NOT IN ('DONE', 'CANCELLED', 'FAILED') LIMIT :most) AS waiting",
        account_id=account_id,
        most=most,
    )
    return int(row[0]) if row else 0


def update(tx: Tx, each: Import) -> None:
    """Write what has become of an import."""
    tx.run(
        "UPDATE imports SET size = :size, state = :state, look = :look, plan = :plan,"
        "       report = :report, progress = :progress, reason = :reason, updated_at = :now"
        " WHERE account_id = :account_id AND id = :id",
        account_id=each.account_id,
        id=each.id,
        size=each.size,
        state=each.state.value,
        look=_written(each.look) if each.look else "",
        plan=_written(each.plan) if each.plan else "",
        report=_written(each.report),
        progress=_written(each.progress),
        reason=each.reason,
        now=clock.now(),
    )


def keep_problems(tx: Tx, account_id: str, import_id: str, problems: Sequence[Problem]) -> None:
    """Write which rows cannot be taken."""
    tx.run(
        "UPDATE imports SET problems = :problems WHERE account_id = :account_id AND id = :id",
        account_id=account_id,
        id=import_id,
        problems=_written(list(problems)),
    )


def problems(tx: Tx, account_id: str, import_id: str) -> list[Problem]:
    """Return the rows that cannot be taken."""
    row = tx.one(
        "SELECT problems FROM imports WHERE account_id = :account_id AND id = :id",
        account_id=account_id,
        id=import_id,
    )
    return msgspec.json.decode(row[0], type=list[Problem]) if row else []


def insert_piece(tx: Tx, account_id: str, import_id: str, number: int, content: bytes) -> None:
    """Keep a piece of a file, and note that it is still on its way."""
    tx.run(
        "INSERT INTO import_pieces (account_id, import_id, number, content)"
        " VALUES (:account_id, :import_id, :number, :content)",
        account_id=account_id,
        import_id=import_id,
        number=number,
        content=content,
    )
    tx.run(
        "UPDATE imports SET updated_at = :now WHERE account_id = :account_id AND id = :id",
        account_id=account_id,
        id=import_id,
        now=clock.now(),
    )


def piece(tx: Tx, account_id: str, import_id: str, number: int) -> bytes | None:
    """Return a piece of a file, None behind its end."""
    row = tx.one(
        "SELECT content FROM import_pieces"
        " WHERE account_id = :account_id AND import_id = :import_id AND number = :number",
        account_id=account_id,
        import_id=import_id,
        number=number,
    )
    return bytes(row[0]) if row else None


def delete_pieces(tx: Tx, account_id: str, import_id: str, limit: int) -> int:
    """Delete up to `limit` pieces of a file; return how many it were."""
    place = {"account_id": account_id, "import_id": import_id}
    found = tx.all(
        "SELECT number FROM import_pieces"
        " WHERE account_id = :account_id AND import_id = :import_id LIMIT :limit",
        **place,
        limit=limit,
    )
    return tx.run(
        "DELETE FROM import_pieces WHERE account_id = :account_id AND import_id = :import_id"
        "   AND number IN (:numbers[])",
        **place,
        numbers=[number for (number,) in found],
    )


def delete(tx: Tx, account_id: str, import_id: str) -> None:
    """Delete an import."""
    tx.run(
        "DELETE FROM imports WHERE account_id = :account_id AND id = :id",
        account_id=account_id,
        id=import_id,
    )


def abandoned(tx: Tx, uploading: int, waiting: int, ended: int) -> tuple[str, str] | None:
    """Return account and id of an import that nobody has touched since some time.

    The times are those of a file on its way, of one that waits for a person, and of what has ended.
    """
    row = tx.one(
        "SELECT account_id, id FROM imports"
        " WHERE (state = 'UPLOADING' AND updated_at <= :uploading)"
        "    OR (state IN (:waiting_states[]) AND updated_at <= :waiting)"
        "    OR (state IN (:ended_states[]) AND updated_at <= :ended) LIMIT 1",
        uploading=uploading,
        waiting=waiting,
        ended=ended,
        waiting_states=[state.value for state in WAITING],
        ended_states=[state.value for state in ENDED],
    )
    return (row[0], row[1]) if row else None


def _written(value: object) -> str:
    return msgspec.json.encode(value).decode()


def _import(row: tuple[Any, ...]) -> Import:
    account_id, import_id, name, size, state, look, plan, report, progress, reason, at = row
    return Import(
        account_id,
        import_id,
        name,
        size,
        State(state),
        msgspec.json.decode(look, type=Look) if look else None,
        msgspec.json.decode(plan, type=Plan) if plan else None,
        msgspec.json.decode(report, type=Report),
        msgspec.json.decode(progress, type=Progress),
        reason,
        at,
    )
