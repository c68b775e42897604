"""The search index on SQLite: an FTS5 table of tokens alone, found by account.

Contentless, because a token list can be made again from the item; `detail=none` and
`columnsize=0`, because neither phrases nor ranks are asked for. The tokenizer only splits at
blanks: every byte above ASCII and the underscore belong to a token.
"""

from collections.abc import Iterator, Sequence
from typing import Any

from miniback.db.transaction import Entry, Query

ADD = "INSERT INTO feedback_search (rowid, tokens) VALUES (?, ?)"
REMOVE = "INSERT INTO feedback_search (feedback_search, rowid, tokens) VALUES ('delete', ?, ?)"
MERGE = "INSERT INTO feedback_search (feedback_search, rank) VALUES ('merge', 64)"
MERGE_SOME = "INSERT INTO feedback_search (feedback_search, rank) VALUES ('merge', :pages)"
OPTIMIZE = "INSERT INTO feedback_search (feedback_search) VALUES ('optimize')"
_FIND = """
    SELECT rowid FROM feedback_search
     WHERE feedback_search MATCH :query AND rowid BETWEEN :oldest AND :newest
     ORDER BY rowid {order}
     LIMIT :limit OFFSET :offset
"""
FIND = {order: _FIND.replace("{order}", order) for order in ("DESC", "ASC")}
COUNT = """
    SELECT count(*) FROM feedback_search
     WHERE feedback_search MATCH :query AND rowid BETWEEN :oldest AND :newest
"""


def rows(entries: Sequence[Entry]) -> Iterator[tuple[int, str]]:
    """Lay entries out as the table has them."""
    for account_id, position, tokens in entries:
        scope = _scope(account_id)
        yield position, scope + f" {scope}".join(dict.fromkeys(tokens))


def values(query: Query) -> dict[str, Any]:
    """Lay a query out in FTS5's own language; tokens are quoted, so none of it can leak in."""
    scope = _scope(query.account_id)
    terms = [f'"{scope}{token}"' for token in query.all_of]
    if query.prefix is not None:
        terms.append(f'"{scope}{query.prefix}"*')
    match = "(" + " AND ".join(terms) + ")"
    for token in query.none_of:
        match += f' NOT "{scope}{token}"'
    return {"query": match, "oldest": query.oldest, "newest": query.newest}


def _scope(account_id: str) -> str:
    """Begin every token with its account, so that a query meets no row of anybody else's."""
    return account_id.partition("_")[2] + "_"
