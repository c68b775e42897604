"""Reading and spoiling audit logs, as a test and as somebody with the database's file would."""

import json
from typing import Any, NamedTuple

from miniback.db import Tx
from tests.house import House

FIELDS = "number, action, way, user_id, project_id, details"
# What whoever has the database itself can take away.
_GUARDS = {
    "sqlite": [
        *("DROP TRIGGER audit_log_is_not_changed", "DROP TRIGGER audit_log_is_not_deleted"),
        *("DROP TRIGGER audit_log_is_not_replaced", "DROP TRIGGER audit_head_goes_forward"),
        "DROP TRIGGER audit_head_is_not_deleted",
    ],
    "postgres": [
        "ALTER TABLE audit_log DISABLE TRIGGER USER",
        "ALTER TABLE audit_heads DISABLE TRIGGER USER",
    ],
}


class Recorded(NamedTuple):
    """An entry as a test looks at it."""

    number: int
    action: str
    way: str
    user_id: str
    project_id: str
    details: dict[str, Any]


def log_of(house: House, account_id: str) -> list[Recorded]:
    """All entries of an account, in their order."""
    sql = f"SELECT {FIELDS} FROM audit_log WHERE account_id = :id ORDER BY number"
    rows = house.rows(sql, id=account_id)
    return [
        Recorded(number, action, way, user_id, project_id, json.loads(details))
        for number, action, way, user_id, project_id, details in rows
    ]


def last(house: House, account_id: str) -> Recorded:
    """The last entry of an account."""
    return log_of(house, account_id)[-1]


def unguard(house: House, database: str) -> None:
    """Take the triggers away, in a house of one's own."""

    def drop(tx: Tx) -> None:
        for statement in _GUARDS[database]:
            tx.run(statement)

    house.tx(drop)


def verified(house: House, *options: str) -> tuple[int, dict[str, Any]]:
    """Run the command that verifies, and return its exit code and what it found."""
    done = house.run("audit", "verify", "--json", *options)
    return done.returncode, json.loads(done.stdout)
