"""Every statement names the account whose rows it means, wherever it names a table of accounts."""

import re
from collections.abc import Iterator

import pytest

from miniback.db.tenancy import DISTRIBUTED, REFERENCE
from tests.statements import sources

_READ = re.compile(r"(?:\b(?:FROM|JOIN)|^UPDATE)\s+([a-z_]+)")
_ADDED = re.compile(r"\bINTO\s+([a-z_]+)\s*\(([^)]*)\)")
_CLAUSE = re.compile(r"ON CONFLICT \(([^)]*)\)")
_SETS = re.compile(r"\bUNION(?: ALL)?\b")

# Who means rows of all accounts, or of whichever a key leads to.
OF_ALL = {
    "accounts/store.py find_credentials": "a person's accounts, whoever signs in",
    "accounts/store.py find_credentials_of": "a person's accounts, whoever signs in",
    "accounts/store.py find_owned": "a person's accounts, for a command",
    "backups/newest.py newest": "how new all data is",
    "doctor/database.py _clock": "the newest item of all",
    "feedback/attachment_store.py forget_unclaimed": "a worker clears away",
    "feedback/bin_store.py ids_at": "whose a position is, which SQLite gives once",
    "feedback/bin_store.py rested": "a worker clears away",
    "feedback/change_store.py forget_ends": "a worker clears away",
    "feedback/gate_store.py forget_old": "a worker clears away",
    "feedback/spam_store.py over": "a worker clears away",
    "idempotency.py forget_old": "a worker clears away",
    "imports/store.py abandoned": "a worker clears away",
    "notifications/delivery_store.py forget_ended": "a worker clears away",
    "notifications/target_store.py claim": "a worker takes up what is due",
    "notifications/target_store.py is_any_due": "a worker takes up what is due",
    "heard.py _take": "a worker takes up what is due",
    "heard.py is_any": "whether there is anything to take up",
    "heard.py oldest": "how late the workers are",
    "outbox.py waiting": "a worker takes up what is due",
    "outbox.py claim": "a worker takes up what is due",
    "outbox.py is_any_due": "a worker takes up what is due",
    "projects/retention.py take_due": "a worker takes up what is due",
    "feedback/rollup_store.py has_additions": "counts of all accounts are added up together",
    "feedback/rollup_store.py take_additions": "counts of all accounts are added up together",
}


def parts(sql: str) -> Iterator[str]:
    """Yield each SELECT of a statement by itself, without those in its brackets."""
    plain = re.sub(r"'[^']*'", "''", sources.plain(sql))
    while found := re.search(r"\(\s*(?:SELECT|WITH)\b", plain):
        end = _closing(plain, found.start())
        yield from parts(plain[found.start() + 1 : end])
        plain = f"{plain[: found.start()]}*{plain[end + 1 :]}"
    yield from _SETS.split(plain)


def _closing(sql: str, start: int) -> int:
    depth = 0
    for place in range(start, len(sql)):
        depth += {"(": 1, ")": -1}.get(sql[place], 0)
        if depth == 0:
            return place
    raise AssertionError(sql)


def strays(sql: str) -> list[str]:
    """Return the tables of accounts in a statement that it does not ask for the account."""
    found = []
    for part in parts(sql):
        read = _READ.findall(part)
        asked = part.partition(" JOIN " if " JOIN " in part else " WHERE ")[2]
        found += [
            table
            for table in read
            if table in DISTRIBUTED and not re.search(_name(table, len(read)), asked)
        ]
        found += [
            table
            for table, columns in _ADDED.findall(part)
            if table in DISTRIBUTED and DISTRIBUTED[table] not in columns
        ]
    return found


def _name(table: str, tables: int) -> str:
    """Return how a statement of so many tables names whose rows of one it means."""
    column = DISTRIBUTED[table]
    return rf"\b{table}\.{column}\b" if tables > 1 else rf"\b{column}\b"


STATEMENTS = [
    (site.name, site.sql)
    for site in sources.sites()
    if site.sql and not site.path.startswith("db/")
]


def test_every_statement_names_its_account() -> None:
    found = {name for name, sql in STATEMENTS if strays(sql)}

    assert found - OF_ALL.keys() == set()


@pytest.mark.parametrize(
    "sql",
    [
        "SELECT 1 FROM notes WHERE id = :id",
        "SELECT 1 FROM notes JOIN tags ON tags.id = notes.id WHERE notes.account_id = :account_id",
        "DELETE FROM notes WHERE account_id = :account_id AND id IN (SELECT id FROM notes LIMIT 1)",
        "SELECT 1 FROM tags WHERE account_id = :a UNION ALL SELECT 1 FROM notes WHERE id = :id",
        "UPDATE tags SET account_id = :account_id WHERE id = :id",
    ],
)
def test_one_that_does_not_is_found(sql: str) -> None:
    assert strays(sql)


def test_what_makes_a_row_unique_holds_within_an_account() -> None:
    found = [
        (name, table[1], conflict[1])
        for name, sql in STATEMENTS
        if (conflict := _CLAUSE.search(sql)) and (table := _ADDED.search(sql))
        if table[1] not in REFERENCE and DISTRIBUTED[table[1]] not in conflict[1]
    ]

    assert found == []


def test_every_exception_is_needed() -> None:
    names = {site.name for site in sources.sites()}

    assert OF_ALL.keys() - names == set()
