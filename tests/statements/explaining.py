"""What each database says of a statement: how it goes about it, and how much work that is."""

import itertools
import re
from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

import apsw
from psycopg import sql as written

from miniback.db.engine import Session
from miniback.db.postgres import PostgresSession
from miniback.db.sqlite import SqliteSession
from miniback.db.statements import statements
from miniback.db.tenancy import DISTRIBUTED, REFERENCE
from tests.statements.samples import PAGE

TABLES = {*DISTRIBUTED, *REFERENCE}
_QUOTED = re.compile(r"'(?:[^']|'')*'")
_WORD = re.compile(r"[a-z_]+")


class Step(NamedTuple):
    """One thing that a plan does: to a table by an index with what it is bound by, or a sort."""

    what: str
    table: str = ""
    way: str = ""
    bound: tuple[str, ...] = ()

    def __str__(self) -> str:
        told = [self.what, self.table, f"by {self.way}" if self.way else ""]
        bound = f"({', '.join(self.bound)})" if self.bound else ""
        return " ".join(part for part in (*told, bound) if part)


class Plan(NamedTuple):
    """All that a plan does, in no order, and what carrying it out came to."""

    steps: tuple[Step, ...]
    work: int


def prepare(session: Session) -> None:
    """Let a server plan as it would for a table that is too large to be read as a whole."""
    if isinstance(session, PostgresSession):
        # The driver would forget what is prepared here with each rollback.
        session.connection.prepare_threshold = None
        for setting in ("enable_seqscan = off", "random_page_cost = 1.1"):
            session.connection.execute(f"SET {setting}".encode())


def explain(
    session: Session, sql: str, values: Mapping[str, Any], *, again: bool = False
) -> list[Plan]:
    """Say how a statement is carried out, and undo it.

    With `again` also how it is once it was sent so often that a server may keep a plan for it.
    """
    session.hold()
    try:
        if isinstance(session, SqliteSession):
            return [Plan(_sqlite_steps(session, sql, values), _sqlite_work(session, sql, values))]
        assert isinstance(session, PostgresSession)
        return _postgres_plans(session, sql, values, again=again)
    finally:
        session.undo()
        session.release()


# How a line of EXPLAIN QUERY PLAN names what is read; what it says of other things is of no weight.
_READS = re.compile(
    r"(SCAN|SEARCH) (\w+)(?: (?:LEFT-JOIN|EXISTS))?"
    r"(?: (?:USING|VIRTUAL TABLE) (?:COVERING )?(?:PARTIAL )?(?:INDEX|(INTEGER PRIMARY KEY)) ?"
    r"(\w*))?"
    r".*?(?:\((.*)\))?$"
)


def _sqlite_steps(session: SqliteSession, sql: str, values: Mapping[str, Any]) -> tuple[Step, ...]:
    lines = [row[3] for row in session.all("EXPLAIN QUERY PLAN " + sql, **values)]
    return tuple(sorted({step for line in lines for step in _sqlite_step(line)}))


def _sqlite_step(line: str) -> Iterator[Step]:
    if line.startswith("USE TEMP B-TREE"):
        yield Step("sort", line.removeprefix("USE TEMP B-TREE FOR ").lower())
    elif (found := _READS.match(line)) and found[2] in TABLES:
        bound = re.findall(r"\w+(?=[=<>])", found[5] or "")
        index = "rowid" if found[3] else found[4] or ""
        # Without a bound it is the first row or the last of all.
        yield Step("search" if bound else "scan", found[2], index, tuple(bound))


def _sqlite_work(session: SqliteSession, sql: str, values: Mapping[str, Any]) -> int:
    """Return how many steps SQLite's machine took."""
    steps = []
    session.connection.trace_v2(
        apsw.SQLITE_TRACE_PROFILE,
        lambda told: steps.append(told["stmt_status"]["SQLITE_STMTSTATUS_VM_STEP"]),
    )
    try:
        session.all(sql, **dict(values))
    finally:
        session.connection.trace_v2(0, None)
    return sum(steps)


_numbered = statements(value="<{name}>", listed="= ANY(<{name}>)", percent="%")
_READING = ("Seq Scan", "Index Scan", "Index Only Scan", "Bitmap Index Scan", "Tid Scan")
_SAY = written.SQL("EXPLAIN EXECUTE ")
_DO = written.SQL("EXPLAIN (ANALYZE, TIMING OFF, BUFFERS OFF, FORMAT JSON) EXECUTE ")
# So often the server plans for the values that it is given; then it may keep a plan for any.
_UNTIL_GENERIC = 5
_numbers = itertools.count()
_COMPARED = re.compile(r'\b([a-z_]+)"?\)?(?:::\w+)? (?:=|<|>|IS)')
_SORTING = ("Sort", "Incremental Sort", "Unique", "SetOp")


def _postgres_plans(
    session: PostgresSession, sql: str, values: Mapping[str, Any], *, again: bool
) -> list[Plan]:
    """Return the plan for these values, and the one that the server keeps."""
    names = list(dict.fromkeys(re.findall(r"<(\w+)>", _numbered(sql).sql)))
    text = re.sub(r"<(\w+)>", lambda found: f"${names.index(found[1]) + 1}", _numbered(sql).sql)
    given = [values[name] for name in names]
    kinds = f"({', '.join(map(_kind, given))})" if given else ""
    name, plans = f"explained_{next(_numbers)}", []
    session.connection.execute(f"PREPARE {name} {kinds} AS {text}".encode())
    marks = written.SQL(", ").join(map(written.Literal, given))
    call = written.SQL(name + (" ({})" if given else "")).format(marks)
    for warming in (0, _UNTIL_GENERIC) if again else (0,):
        for _ in range(warming):
            session.connection.execute(_SAY + call)
        session.connection.execute("SAVEPOINT once")
        row = session.connection.execute(_DO + call).fetchone()
        session.connection.execute("ROLLBACK TO once")
        assert row
        nodes = list(_nodes(row[0][0]["Plan"]))
        steps = {step for node in nodes for step in _postgres_step(node)}
        plans.append(Plan(tuple(sorted(steps)), sum(map(_rows, nodes))))
    return plans


def _kind(value: Any) -> str:
    """Return the type that the driver sends a value as."""
    if value == []:
        return "unknown"
    if isinstance(value, list):
        return "bigint[]" if value and isinstance(value[0], int) else "text[]"
    return (
        "bigint" if isinstance(value, int) else "bytea" if isinstance(value, bytes) else "unknown"
    )


def _nodes(node: dict[str, Any]) -> Iterator[dict[str, Any]]:
    yield node
    for child in node.get("Plans", ()):
        child.setdefault("Relation Name", node.get("Relation Name", ""))
        yield from _nodes(child)


def _postgres_step(node: dict[str, Any]) -> Iterator[Step]:
    kind, table = node["Node Type"], node.get("Relation Name", "")
    if kind in _SORTING or (kind == "Aggregate" and node["Strategy"] != "Plain"):
        if sum(child["Actual Rows"] * child["Actual Loops"] for child in node["Plans"]) > PAGE:
            yield Step("sort", kind.lower())
    elif kind == "Seq Scan" and table in TABLES:
        yield Step("scan", table)
    elif kind in _READING and table in TABLES:
        condition = _QUOTED.sub("", node.get("Index Cond", ""))
        bound = dict.fromkeys(_COMPARED.findall(condition))
        what = "search" if bound else "scan"
        yield Step(what, table, node["Index Name"], tuple(bound))


def _rows(node: dict[str, Any]) -> int:
    """Return how many rows a node has touched."""
    touched = node["Actual Rows"] + sum(
        count for name, count in node.items() if name.startswith("Rows Removed")
    )
    return int(touched * node["Actual Loops"])
