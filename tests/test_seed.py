"""`miniback seed --demo`: the same people, projects and feedback for the same moment."""

import json
from collections.abc import Callable
from typing import Any

import pytest

from tests.house import House, running
from tests.visitor import PASSWORD, Visitor, said

AT = "2026-11-03T12:00:00Z"
STORY = """
SELECT document, status, source, created_at, updated_at FROM feedback ORDER BY created_at, id
"""


def seeded(house: House, *more: str) -> dict[str, Any]:
    filled = house.run("seed", "--demo", "--password", PASSWORD, "--json", *more)
    assert filled.returncode == 0, filled.stderr
    people: dict[str, Any] = json.loads(filled.stdout)
    return people


def without_ids(rows: list[tuple[Any, ...]]) -> list[tuple[Any, ...]]:
    return sorted((json.loads(row[0] + "}")["message"], *row[1:]) for row in rows)


@pytest.fixture
def empty(new_house: Callable[..., House], database: str) -> House:
    house = new_house(database)
    house.folder.mkdir(exist_ok=True)
    return house


def test_the_demo_has_its_people_projects_and_items(empty: House) -> None:
    seeded(empty, "--at", AT)

    assert empty.row("SELECT count(*) FROM users") == (2,)
    assert empty.row("SELECT count(*) FROM members") == (2,)
    assert empty.row("SELECT count(*) FROM projects") == (4,)
    assert empty.row("SELECT count(*) FROM feedback") == (640,)


def test_the_same_moment_gives_the_same_demo(new_house: Callable[..., House]) -> None:
    stories = []
    for _ in range(2):
        house = new_house("sqlite")
        seeded(house, "--at", AT)
        stories.append(without_ids(house.rows(STORY)))

    assert stories[0] == stories[1]


def test_nothing_in_the_demo_happens_after_its_moment(empty: House) -> None:
    seeded(empty, "--at", AT)

    (latest, changed) = empty.row("SELECT max(created_at), max(updated_at) FROM feedback")
    assert latest < AT
    assert changed <= 1_793_707_200_000


def test_tallies_and_usage_of_the_demo_equal_its_rows(empty: House) -> None:
    seeded(empty, "--at", AT)

    assert empty.row("SELECT CAST(sum(items) AS BIGINT) FROM tallies") == (640,)
    assert empty.row("SELECT CAST(sum(items) AS BIGINT) FROM usage") == (640,)
    counted = "SELECT status, CAST(sum(items) AS BIGINT) FROM tallies GROUP BY status"
    listed = "SELECT status, count(*) FROM feedback GROUP BY status"
    assert sorted(row for row in empty.rows(counted) if row[1]) == sorted(empty.rows(listed))


def test_the_demos_people_sign_in_and_its_keys_work(empty: House) -> None:
    people = seeded(empty)
    with running(empty):
        visitor = Visitor(empty)
        assert visitor.sign_in(people["owner"]).status_code == 303
        assert "Storefront" in said(visitor.get("/projects"))
        key = people["keys"]["storefront"]
        found = empty.client.get("/api/feedback?search=checkout", headers={"x-api-key": key})
        assert found.json()["pagination"]["total"] > 0


def test_the_demo_goes_into_no_database_with_people_in_it(empty: House) -> None:
    seeded(empty)

    again = empty.run("seed", "--demo")
    assert again.returncode == 3
    assert "empty" in again.stderr
    assert empty.row("SELECT count(*) FROM feedback") == (640,)


@pytest.mark.parametrize("arguments", [[], ["--demo", "--at", "yesterday"], ["--demo", "extra"]])
def test_wrong_words_are_wrong_usage(empty: House, arguments: list[str]) -> None:
    assert empty.run("seed", *arguments).returncode == 2


def test_a_password_that_is_too_short_fills_nothing(empty: House) -> None:
    assert empty.run("seed", "--demo", "--password", "short").returncode == 3
