"""Spreading the tables of a PostgreSQL database over the nodes of a Citus cluster."""

from collections.abc import Mapping
from typing import Any

import psycopg

from miniback.db.tenancy import DISTRIBUTED, REFERENCE, Spread
from miniback.db.transaction import Tx
from miniback.errors import Misconfigured

# For a transaction that changes tables. A server without Citus takes both for names of no meaning.
SETTINGS = (
    # One statement after the other: a second one that changes a spread table is refused while the
    # first runs on all shards at once.
    "SET LOCAL citus.multi_shard_modify_mode = 'sequential'",
    # Triggers that write elsewhere are not safe there. Ours only refuse (ADR 0020).
    "SET LOCAL citus.enable_unsafe_triggers = on",
)
_FOUND = """
    SELECT relname, colocationid,
           CASE WHEN partmethod = 'h' THEN column_to_column_name(logicalrelid, partkey) ELSE '' END
      FROM pg_dist_partition
      JOIN pg_class ON pg_class.oid = logicalrelid
     WHERE relnamespace = CAST(current_schema() AS regnamespace)
       AND (partmethod = 'h' OR repmodel = 't')
"""
_HAS_TRIGGERS = (
    "SELECT 1 FROM pg_trigger WHERE tgrelid = CAST(:table AS regclass) AND NOT tgisinternal LIMIT 1"
)


_ALL = [
    *(Spread(table, column) for table, column in DISTRIBUTED.items()),
    *(Spread(table, "") for table in REFERENCE),
]


def is_there(tx: Tx) -> bool:
    """Tell whether the database has what spreads tables: the functions of Citus."""
    row = tx.one(
        "SELECT 1 FROM pg_proc"
        " WHERE proname = 'create_distributed_table' AND pg_function_is_visible(oid) LIMIT 1"
    )
    return row is not None


def missing(tx: Tx) -> list[Spread]:
    """Return what is still to be spread; raise Misconfigured where somebody spread it otherwise."""
    found = {table: (column, group) for table, group, column in tx.all(_FOUND)}
    beside = found.get("accounts", ("", 0))[1]
    for table, column in _ALL:
        there, group = found.get(table, (column, beside))
        if there != column or (column and group != beside):
            raise Misconfigured(
                f"The table {table} is spread over the nodes in another way than Miniback's; run"
                f" SELECT undistribute_table('{table}') in the database, then this command again"
            )
    return [each for each in _ALL if each.table not in found]


def spread(tx: Tx, one: Spread) -> Spread:
    """Spread a table with all that is in it; until the end of the transaction nobody writes it."""
    try:
        if one.column:
            beside = "none" if one.table == "accounts" else "accounts"
            tx.all(
                "SELECT create_distributed_table("
                ":table, :column, 'hash', colocate_with => :beside)",
                beside=beside,
                **one._asdict(),
            )
        else:
            tx.all("SELECT create_reference_table(:table)", table=one.table)
        _clear(tx, one.table)
    except psycopg.Error as error:
        raise Misconfigured(
            f"The table {one.table} could not be spread: {error}. What was spread before stays so;"
            " run miniback migrate --distribute again to go on"
        ) from error
    return one


def spread_new(tx: Tx) -> None:
    """Spread what a migration has made, where everything else is spread already."""
    if not is_there(tx):
        return
    new = missing(tx)
    if Spread("migrations", "") not in new:
        for each in new:
            spread(tx, each)


def by_account(values: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """Take apart a question about several accounts, whose rows Citus cannot lock together."""
    return [{**values, "account_ids": [account_id]} for account_id in values["account_ids"]]


def _clear(tx: Tx, table: str) -> None:
    """Delete the rows that stay behind unseen, so that what is erased later is gone everywhere."""
    # The audit log refuses to be emptied; its rows have been copied by then.
    has_triggers = tx.one(_HAS_TRIGGERS, table=table) is not None
    if has_triggers:
        tx.run("ALTER TABLE {table} DISABLE TRIGGER USER".replace("{table}", table))
    tx.all("SELECT truncate_local_data_after_distributing_table(:table)", table=table)
    if has_triggers:
        tx.run("ALTER TABLE {table} ENABLE TRIGGER USER".replace("{table}", table))
