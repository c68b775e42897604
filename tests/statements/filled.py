"""A database with one account of very much and many of little, filled straight into its tables.

Every column of a row is made from the row's number, so that the samples can name one again.
"""

from collections.abc import Sequence

from miniback.db import Engine
from miniback.db.engine import Session
from miniback.db.postgres import PostgresSession
from miniback.db.tenancy import DISTRIBUTED, REFERENCE

# Accounts are numbered; the first is the large one.
LARGE, SMALL = 1, 50
SMALL_ONES = 300
ROWS_OF_SMALL = 2
MOST = 50_000
PROJECTS = 30
FIRST_NUMBER = 1_000_000

# How many rows the large account has where that is not `MANY`: what people make by hand is little.
MANY = 10_000
SIZES = {
    "accounts": 1,
    "audit_heads": 1,
    "bulk_acts": 5,
    "deletions": 2,
    "erasures": 5,
    "feedback": MOST,
    "feedback_search": MOST,
    "former_members": 200,
    "imports": 50,
    "import_pieces": 200,
    "insights": 1,
    "listeners": 4,
    "members": 20,
    "projects": PROJECTS,
    "tags": 100,
    "tallies": PROJECTS * 18,
    "targets": 20,
    "usage": 36,
    "users": 20,
    "views": 50,
    "api_keys": PROJECTS,
    "backups": 100,
    "sightings": 100,
    "slugs": 2 * PROJECTS,
    "widget_files": 100,
    "secrets": 1_000,
}
_LEFT_ALONE = ("high_water", "migrations")
OF_GONE_PROJECTS = ("deletions",)

_OWN_PROJECT = "'proj_' || (1000 + a) || '_' || (n - 1)"
_TARGET = (
    "'id_' || (CASE WHEN a = 1 THEN 1000002 + 2 * (n / 2 % 2 * (n % 20)) ELSE 1000000 + g END)"
)
_STATE = "CASE n % 3 WHEN 0 THEN 'NEW' WHEN 1 THEN 'REVIEWED' ELSE 'RESOLVED' END"
_SHELF = "CASE n % 20 WHEN 0 THEN 'HELD' WHEN 1 THEN 'SPAM' ELSE 'LIVE' END"
_SOURCE = "CASE n % 7 WHEN 0 THEN 'API' ELSE 'WIDGET' END"
_WAY = "CASE n % 2 WHEN 0 THEN 'PAGE' ELSE 'SYSTEM' END"

# What stands in a column of any table, and in one of a single table.
_COLUMNS = {
    "account_id": "'acc_' || (1000 + a)",
    "project_id": "'proj_' || (1000 + a) || '_' || project",
    "number": "n",
    "status": _STATE,
    "shelf": _SHELF,
    "source": _SOURCE,
    "way": _WAY,
    "role": "'OWNER'",
    "theme": "'DARK'",
    "density": "'COMPACT'",
    "purpose": "'SIGN_UP'",
    "grain": "1",
    "call": "'call_' || (n % 3)",
    "event": "'event_' || (n % 4)",
    "dimension": "'dimension_' || (n % 4)",
}
_CELLS = {
    "accounts.id": "'acc_' || (1000 + a)",
    "api_keys.expires_at": "NULL",
    "api_keys.project_id": _OWN_PROJECT,
    "attachments.position": "CASE WHEN n % 10 = 0 THEN NULL ELSE 1000000 + g END",
    "attempts.delivery_id": "'id_' || (1000000 + g)",
    "audit_heads.number": "10000",
    "backups.reason": "'SCHEDULE'",
    "backups.failure": "''",
    "changes.act": "'act_' || (1000000 + g / 100)",
    "changes.kind": "CASE n % 10 WHEN 0 THEN 'DELETE' ELSE 'STATUS' END",
    "deletions.project_id": "'gone_' || g",
    "deliveries.status": "CASE n % 2 WHEN 0 THEN 'WAITING' ELSE 'DELIVERED' END",
    # Half of all deliveries are to one target.
    "deliveries.target_id": _TARGET,
    "import_pieces.import_id": "'id_' || (CASE WHEN a = 1 THEN 1000002 ELSE 1000000 + g END)",
    "imports.state": "'DONE'",
    "projects.id": _OWN_PROJECT,
    "projects.status": "'ACTIVE'",
    "targets.schedule": "'INSTANT'",
    "targets.status": "'ACTIVE'",
    "tallies.project_id": "'proj_' || (1000 + a) || '_' || ((n - 1) / 18)",
    "tallies.shelf": "CASE n % 3 WHEN 0 THEN 'HELD' WHEN 1 THEN 'SPAM' ELSE 'LIVE' END",
    "tallies.source": "CASE n / 9 % 2 WHEN 0 THEN 'API' ELSE 'WIDGET' END",
    "tallies.status": "CASE n / 3 % 3 WHEN 0 THEN 'NEW' WHEN 1 THEN 'REVIEWED' ELSE 'RESOLVED' END",
    "feedback_search.tokens": "array_to_tsvector(ARRAY["
    "(1000 + a) || '_word' || n % 500, (1000 + a) || '_often' || n % 2])",
    "users.id": "'user_id_' || (1000000 + g)",
}


def fill(engine: Engine) -> None:
    """Fill every table, and let the database look at what is in it."""
    session = engine.connect(writes=True)
    session.begin_write()
    _number_rows(session)
    for table in (*DISTRIBUTED, *REFERENCE):
        if found := () if table in _LEFT_ALONE else columns(engine, session, table):
            session.run(_filling(table, found), most=SIZES.get(table, MANY))
    session.run("DROP TABLE made")
    session.commit()
    if isinstance(session, PostgresSession):
        # Of all rows, not of some by chance.
        session.connection.execute("SET default_statistics_target = 2000")
        session.connection.execute("ANALYZE")
    session.close()


def _number_rows(session: Session) -> None:
    """Number the rows to be: `a` the account's, `n` within it, `g` among all, by age."""
    session.run("CREATE TABLE made (a BIGINT, n BIGINT, g BIGINT, project BIGINT)")
    session.run(
        "WITH RECURSIVE counted (n) AS ("
        "   SELECT CAST(1 AS BIGINT) UNION ALL SELECT n + 1 FROM counted WHERE n < :most)"
        " INSERT INTO made SELECT 1, n, 2 * n, CASE WHEN n % 2 = 0 THEN 0 ELSE n % 30 END"
        "   FROM counted",
        most=MOST,
    )
    session.run_many(
        "INSERT INTO made VALUES (:a, :n, :g, 0)",
        [
            {"a": a, "n": n, "g": number(a, n) - FIRST_NUMBER}
            for a in range(LARGE + 1, LARGE + 1 + SMALL_ONES)
            for n in range(1, ROWS_OF_SMALL + 1)
        ],
    )


def number(account: int, row: int) -> int:
    """Return the number among all of a row of an account."""
    own = 2 * row if account == LARGE else 2 * (60 * account + 20 * row) + 1
    return FIRST_NUMBER + own


def account_id(account: int) -> str:
    """Return the id of an account."""
    return f"acc_{1000 + account}"


def first_project(account: int) -> str:
    """Return the id of an account's first project, which has half of all that it has."""
    return f"proj_{1000 + account}_0"


def columns(engine: Engine, session: Session, table: str) -> Sequence[tuple[str, str]]:
    """Return a table's columns and their types; none of one that only the other database has."""
    if engine.name == "sqlite":
        sql = "SELECT name, type FROM pragma_table_info(:name) WHERE :name <> 'feedback_search'"
    else:
        sql = (
            "SELECT column_name, data_type FROM information_schema.columns"
            " WHERE table_schema = current_schema() AND table_name = :name"
        )
    return [(name, kind) for name, kind in session.all(sql, name=table)]


def _filling(table: str, cells: Sequence[tuple[str, str]]) -> str:
    names = ", ".join(name for name, _ in cells)
    made = ", ".join(_cell(table, name, kind) for name, kind in cells)
    return f"INSERT INTO {table} ({names}) SELECT {made} FROM made WHERE n <= :most"


def _cell(table: str, column: str, kind: str) -> str:
    """Return what makes a cell; a number where nothing else is said."""
    if found := _CELLS.get(f"{table}.{column}"):
        return found
    is_number = kind.lower() in ("bigint", "integer")
    if column in _COLUMNS and not (column == "status" and is_number):
        return _COLUMNS[column]
    if kind.lower() in ("blob_data", "bytea"):
        return "'content'"
    return "1000000 + g" if is_number else f"'{column}_' || (1000000 + g)"
