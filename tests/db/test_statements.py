"""One SQL for two engines: how values, lists, quotes and signs come through."""

from typing import Any

import pytest

from miniback import db
from miniback.db import Engine, Tx
from miniback.db.statements import statements

AWKWARD = (
    "plain",
    "",
    "it's",
    '"quoted"',
    "50 % off %s %(x)s",
    ":name and ::cast",
    "back\\slash",
    "ключ 鍵 🔑",
    "a\nb\tc",
    "'; DROP TABLE scraps; --",
)


def one(engine: Engine, sql: str, **values: Any) -> Any:
    return db.run(engine, lambda tx: tx.one(sql, **values))


@pytest.mark.parametrize("text", AWKWARD)
def test_a_text_comes_back_as_it_was_bound(engine: Engine, text: str) -> None:
    db.run(engine, lambda tx: tx.run("INSERT INTO scraps VALUES (:text, :n)", text=text, n=1))

    assert one(engine, "SELECT word FROM scraps WHERE word = :text", text=text) == (text,)


@pytest.mark.parametrize("number", [0, -1, 2**31, 2**53 + 1, 2**63 - 1, -(2**63)])
def test_a_whole_number_comes_back_as_it_was_bound(engine: Engine, number: int) -> None:
    db.run(engine, lambda tx: tx.run("INSERT INTO scraps VALUES ('n', :n)", n=number))

    assert one(engine, "SELECT number FROM scraps WHERE number = :n", n=number) == (number,)


def test_nothing_comes_back_as_none(engine: Engine) -> None:
    db.run(engine, lambda tx: tx.run("INSERT INTO scraps VALUES (:text, :n)", text=None, n=None))

    assert one(engine, "SELECT word, number FROM scraps") == (None, None)


@pytest.mark.parametrize("words", [[], ["a"], ["a", "c"], ["it's", "%", '"', "c"], ["c", "c"]])
def test_a_list_finds_what_is_in_it(engine: Engine, words: list[str]) -> None:
    def put(tx: Tx) -> None:
        tx.run_many("INSERT INTO scraps VALUES (:w, 1)", [{"w": w} for w in "abc%"])

    db.run(engine, put)
    sql = "SELECT word FROM scraps WHERE word IN (:words[]) ORDER BY word"
    found = db.run(engine, lambda tx: tx.all(sql, words=words))

    assert found == [(word,) for word in sorted(set(words) & set("abc%"))]


def test_a_list_may_hold_numbers(engine: Engine) -> None:
    rows = [{"n": n} for n in (1, 2, 2**62)]
    db.run(engine, lambda tx: tx.run_many("INSERT INTO scraps VALUES ('n', :n)", rows))

    sql = "SELECT number FROM scraps WHERE number IN (:numbers[]) ORDER BY number"
    found = db.run(engine, lambda tx: tx.all(sql, numbers=[2, 2**62, 7]))
    assert found == [(2,), (2**62,)]


@pytest.mark.parametrize(
    ("sql", "row"),
    [
        ("SELECT '100 %', :n", ("100 %", 7)),
        ("SELECT ':n [] %s', :n", (":n [] %s", 7)),
        ("SELECT 'it''s :n', :n", ("it's :n", 7)),
        ("SELECT 7 % 4, :n", (3, 7)),
        ("SELECT :n, :n + 1", (7, 8)),
        ("SELECT CASE WHEN 'abc' LIKE 'a%' THEN :n ELSE 0 END", (7,)),
    ],
    ids=["per cent", "mark in quotes", "quote in quotes", "modulo", "value twice", "like"],
)
def test_signs_in_a_statement_mean_what_they_say(
    engine: Engine, sql: str, row: tuple[Any, ...]
) -> None:
    # A bare value has no type of its own on PostgreSQL.
    sql = (
        sql.replace(":n", "CAST(:n AS BIGINT)") if "':n" not in sql and "s :n'" not in sql else sql
    )

    assert one(engine, sql, n=7) == row


def test_the_number_of_changed_rows_is_told(engine: Engine) -> None:
    def use(tx: Tx) -> list[int]:
        return [
            tx.run_many("INSERT INTO scraps VALUES (:w, 1)", [{"w": w} for w in "abc"]),
            tx.run("UPDATE scraps SET number = 2 WHERE word <> :w", w="a"),
            tx.run("DELETE FROM scraps WHERE word = :w", w="none"),
            tx.run("DELETE FROM scraps"),
        ]

    assert db.run(engine, use) == [3, 2, 0, 3]


def test_rows_that_are_changed_may_be_returned(engine: Engine) -> None:
    sql = "INSERT INTO scraps VALUES (:word, 1) RETURNING word, number"

    assert one(engine, sql, word="a") == ("a", 1)


def test_a_statement_knows_which_of_its_values_are_lists() -> None:
    rewrite = statements(value="<{name}>", listed="AMONG <{name}>", percent="%%")

    statement = rewrite(
        "SELECT ':a %', x::text FROM t WHERE a = :a_b AND b IN (:cs[]) AND c % 2 = 0"
    )

    assert statement.lists == ("cs",)
    assert statement.sql == (
        "SELECT ':a %%', x::text FROM t WHERE a = <a_b> AND b AMONG <cs> AND c %% 2 = 0"
    )
