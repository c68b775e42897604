"""The search index through the door: who finds what, on both databases alike."""

from collections.abc import Iterator

import pytest

from miniback import db
from miniback.db import Engine, Entry, Query

MINE, YOURS = "acct_mine", "acct_yours"
LAST = 2**63 - 1
ENTRIES = [
    Entry(MINE, 10, ["red", "apple", "_new"]),
    Entry(MINE, 20, ["red", "apples", "_new"]),
    Entry(MINE, 30, ["green", "apple", "apple", "_old"]),
    Entry(MINE, 40, ["größe", "東京", "naïve", "_old"]),
    Entry(YOURS, 25, ["red", "apple", "_new"]),
]


@pytest.fixture
def index(engine: Engine) -> Iterator[Engine]:
    """An engine whose index holds the entries above."""
    db.run(engine, lambda tx: tx.index(ENTRIES))
    yield engine
    db.run(engine, lambda tx: tx.unindex(ENTRIES))


def query(
    *all_of: str, prefix: str | None = None, none_of: tuple[str, ...] = (), account: str = MINE
) -> Query:
    return Query(account, all_of, prefix, none_of, 0, LAST)


def find(engine: Engine, asked: Query, limit: int = 100, offset: int = 0) -> list[int]:
    return db.run(engine, lambda tx: tx.find(asked, limit, offset))


@pytest.mark.parametrize(
    ("asked", "positions"),
    [
        (query("red"), [20, 10]),
        (query("red", "apple"), [10]),
        (query("apple", "red"), [10]),
        (query(prefix="appl"), [30, 20, 10]),
        (query("red", prefix="apples"), [20]),
        (query("_new", prefix="a"), [20, 10]),
        (query(prefix="apple", none_of=("_old",)), [20, 10]),
        (query("green", "red"), []),
        (query("gr"), []),
        (query("größe"), [40]),
        (query(prefix="東"), [40]),
        (query("red", account=YOURS), [25]),
        (query("red", account="acct_min"), []),
    ],
)
def test_a_query_finds_what_has_its_tokens(
    index: Engine, asked: Query, positions: list[int]
) -> None:
    assert find(index, asked) == positions
    assert db.run(index, lambda tx: tx.count_found(asked)) == (len(positions), True)


def test_hits_come_in_pages_newest_first(index: Engine) -> None:
    asked = query(prefix="appl")

    assert [find(index, asked, 2, offset) for offset in (0, 2, 4)] == [[30, 20], [10], []]


def test_a_query_may_be_bounded_in_time(index: Engine) -> None:
    asked = query(prefix="appl")._replace(oldest=20, newest=30)

    assert find(index, asked) == [30, 20]
    assert find(index, asked._replace(newest=29)) == [20]


def test_what_is_taken_out_is_found_no_more(index: Engine) -> None:
    db.run(index, lambda tx: tx.unindex([ENTRIES[0]]))
    assert find(index, query("red")) == [20]

    db.run(index, lambda tx: tx.index([ENTRIES[0]]))
    assert find(index, query("red")) == [20, 10]


def test_an_index_that_is_rolled_back_finds_nothing(index: Engine) -> None:
    def fail(tx: db.Tx) -> None:
        tx.index([Entry(MINE, 50, ["red"])])
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        db.run(index, fail)

    assert find(index, query("red")) == [20, 10]
