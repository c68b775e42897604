"""Values for every name in a statement, taken from rows that are there: the worst that may be.

What is compared as equal is a row's own; a bound lies where most rows are within it.
"""

import re
from collections.abc import Sequence
from typing import Any, NamedTuple

from miniback.db import Engine, Row
from miniback.db.engine import Session
from miniback.db.tenancy import DISTRIBUTED, REFERENCE
from tests.statements import filled

# What a page shows, and how many rows a statement is given at once.
PAGE = 50
_LOW, _HIGH = -1, 2**60
_BEFORE_ALL, _AFTER_ALL = "", "~"
_NOTHING = "nothing"
_NAMES = re.compile(r"(?<!:):([a-z_]+)(\[\])?")
_QUOTED = re.compile(r"'[^']*'")
_TABLES = re.compile(r"\b(?:FROM|JOIN|INTO|UPDATE)\s+([a-z_]+)")
_BOUND = r"([a-z_.]+) {sign} :{name}\b"
_EQUAL = r"([a-z_.]+) (?:=|IN) \(?:{name}\b"
_BETWEEN = r"([a-z_.]+) BETWEEN {ends}"
# Names that are not those of a column, and what they stand for.
_FIXED = {"limit": PAGE, "most": PAGE, "offset": 0, "count": 1}
_COLUMNS = {
    "keys": "idempotency_key",
    "key": "idempotency_key",
    "key_hashes": "key_hash",
    "folded": "folded",
    "user_ids": "user_id",
    "after": "shelf",
    "first": "subject",
    "second": "subject",
    "third": "subject",
}
# Without these a statement would mean nothing.
_KEPT = {
    *("account_id", "account_ids", "project_id", "target_id", "limit", "most", "offset"),
    *("status", "shelf", "before", "after"),
}


def tables(sql: str) -> list[str]:
    """Return the tables that a statement names, with what it calls so itself."""
    return _TABLES.findall(_QUOTED.sub("''", sql))


class Sample(NamedTuple):
    """Some rows of each table, all of one account where they belong to accounts."""

    columns: dict[str, Sequence[str]]
    rows: dict[str, Sequence[Row]]

    def values(self, sql: str, *, is_hit: bool = True) -> dict[str, Any]:
        """Return a value for every name of a statement; without a hit nothing else is found."""
        sql = _QUOTED.sub("''", sql)
        known = [table for table in tables(sql) if table in self.columns]
        named = {name: bool(many) for name, many in _NAMES.findall(sql)}
        return {
            name: self._value(sql, known, name, is_list, is_hit or name in _KEPT)
            for name, is_list in named.items()
        }

    def _value(self, sql: str, known: Sequence[str], name: str, is_list: bool, is_hit: bool) -> Any:
        bound = self._bound(sql, known, name)
        if bound is not None:
            return bound
        if name in _FIXED:
            return _FIXED[name]
        compared = re.search(_EQUAL.replace("{name}", name), sql.partition(" WHERE ")[2])
        column = compared[1].rpartition(".")[2] if compared else name
        found = self._cells(known, column) or self._cells(known, name)
        found = found or self._cells(known, _COLUMNS.get(name, name)) or [0]
        if compared and not is_hit:
            found = [_NOTHING if isinstance(found[0], str) else _LOW]
        return list(dict.fromkeys(found)) if is_list else found[0]

    def _bound(self, sql: str, known: Sequence[str], name: str) -> int | str | None:
        """Return the end that takes in most where a name is a bound, None where it is not."""
        for sign, ends, (number, text) in (
            ("<=?", ":[a-z_]+ AND :{name}", (_HIGH, _AFTER_ALL)),
            (">=?", ":{name}", (_LOW, _BEFORE_ALL)),
        ):
            found = re.search(_BOUND.format(sign=sign, name=name), sql) or re.search(
                _BETWEEN.format(ends=ends.format(name=name)) + r"\b", sql
            )
            if found:
                cells = self._cells(known, found[1].rpartition(".")[2])
                return text if cells and isinstance(cells[0], str) else number
        return None

    def _cells(self, known: Sequence[str], name: str) -> list[Any]:
        """Return what stands under a name in the first of some tables that has it."""
        for table in known:
            if name in self.columns[table]:
                place = self.columns[table].index(name)
                return [row[place] for row in self.rows[table]]
        return []


def sample(engine: Engine, session: Session, account: int) -> Sample:
    """Take some rows of an account's first project out of the middle of each of its tables."""
    columns: dict[str, Sequence[str]] = {}
    rows: dict[str, Sequence[Row]] = {}
    for table in (*DISTRIBUTED, *REFERENCE):
        columns[table] = [name for name, _ in filled.columns(engine, session, table)]
        rows[table] = _some(session, table, columns[table], account) if columns[table] else []
    return Sample(columns, rows)


def _some(session: Session, table: str, columns: Sequence[str], account: int) -> Sequence[Row]:
    """Return rows up to the middle."""
    place = {DISTRIBUTED.get(table, "account_id"): filled.account_id(account)}
    if "project_id" in columns and table not in filled.OF_GONE_PROJECTS:
        place["project_id"] = filled.first_project(account)
    named = {name: value for name, value in place.items() if name in columns}
    where = " AND ".join(["0 = 0", *(f"{name} = :{name}" for name in named)])
    first = ", ".join(columns[:2])
    (count,) = session.all(f"SELECT count(*) FROM {table} WHERE {where}", **named)[0]
    return session.all(
        f"SELECT * FROM {table} WHERE {where} ORDER BY {first} LIMIT :limit OFFSET :offset",
        **named,
        limit=PAGE,
        offset=max(0, count // 2 - PAGE),
    )
