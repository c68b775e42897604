"""The search index on PostgreSQL: a GIN index over token lists, found by account.

`array_to_tsvector` and quoted lexemes keep the server's own text parser out of it. A word that
nearly every item has would be slow to collect, so past `MOST_COUNTED` hits the newest items are
walked instead: with so many hits a page is full after a few steps.
"""

from collections.abc import Sequence
from typing import Any, LiteralString

import psycopg

from miniback.db.transaction import Entry, Query, Row

MOST_COUNTED = 100_000

ADD = """
    INSERT INTO feedback_search (account_id, position, tokens)
    VALUES (%(account_id)s, %(position)s, array_to_tsvector(string_to_array(%(tokens)s, ' ')))
"""
# The same for rows of one text, as postgres_rows.py writes them.
ADD_ALL = """
    INSERT INTO feedback_search (account_id, position, tokens)
    SELECT account_id, position, array_to_tsvector(string_to_array(tokens, ' '))
      FROM json_to_recordset(%(rows)s) AS given (account_id TEXT, position BIGINT, tokens TEXT)
"""
REMOVE = "DELETE FROM feedback_search WHERE account_id = %(account_id)s AND position = %(position)s"
_COLLECT = """
    WITH hits AS MATERIALIZED (
        SELECT position FROM feedback_search
         WHERE account_id = %(account_id)s AND tokens @@ CAST(%(query)s AS tsquery)
           AND position BETWEEN %(oldest)s AND %(newest)s
         LIMIT %(most)s
    )
"""
_COUNT = _COLLECT + "SELECT count(*) FROM hits"  # noqa: S608 - constants
_FIND = (
    _COLLECT  # noqa: S608 - constants
    + """
    SELECT position, (SELECT count(*) FROM hits) FROM hits
     ORDER BY position {order}
     LIMIT %(limit)s OFFSET %(offset)s
"""
)
_WALK = """
    SELECT position FROM feedback_search
     WHERE account_id = %(account_id)s AND tokens @@ CAST(%(query)s AS tsquery)
       AND position BETWEEN %(oldest)s AND %(newest)s
     ORDER BY position {order}
     LIMIT %(limit)s OFFSET %(offset)s
"""
_IN_ORDER: dict[str, tuple[LiteralString, LiteralString]] = {
    "DESC": (_FIND.replace("{order}", "DESC"), _WALK.replace("{order}", "DESC")),
    "ASC": (_FIND.replace("{order}", "ASC"), _WALK.replace("{order}", "ASC")),
}


def rows(entries: Sequence[Entry]) -> list[dict[str, Any]]:
    """Lay entries out as the table has them."""
    return [
        {
            "account_id": account_id,
            "position": position,
            # One text, since the driver looks at each of a list; no token holds a blank.
            "tokens": " ".join(map(_scope(account_id).__add__, dict.fromkeys(tokens))),
        }
        for account_id, position, tokens in entries
    ]


def find(
    cursor: psycopg.Cursor[Row], query: Query, limit: int, offset: int, order: str
) -> list[int]:
    """Return one page of hits, collecting them all or, where there are too many, walking."""
    values = {**_values(query), "limit": limit, "offset": offset}
    found = cursor.execute(_IN_ORDER[order][0], values).fetchall()
    if found and found[0][1] <= MOST_COUNTED:
        return [position for position, _ in found]
    if not found and count(cursor, query)[1]:
        return []
    cursor.execute("SET LOCAL enable_bitmapscan = off")
    return [position for (position,) in cursor.execute(_IN_ORDER[order][1], values)]


def count(cursor: psycopg.Cursor[Row], query: Query) -> tuple[int, bool]:
    """Return the number of hits and True, or `MOST_COUNTED` and False where there are more."""
    row = cursor.execute(_COUNT, _values(query)).fetchone()
    found = row[0] if row else 0
    return min(found, MOST_COUNTED), found <= MOST_COUNTED


def _values(query: Query) -> dict[str, Any]:
    scope = _scope(query.account_id)
    terms = [f"'{scope}{token}'" for token in query.all_of]
    if query.prefix is not None:
        terms.append(f"'{scope}{query.prefix}':*")
    terms += [f"!'{scope}{token}'" for token in query.none_of]
    return {
        "account_id": query.account_id,
        "query": " & ".join(terms),
        "oldest": query.oldest,
        "newest": query.newest,
        "most": MOST_COUNTED + 1,
    }


def _scope(account_id: str) -> str:
    """Begin every token with its account, so that a query meets no row of anybody else's."""
    return account_id.partition("_")[2] + "_"
