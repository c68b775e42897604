"""One person is found by address, by id and by an id that was vouched for, wherever it lies."""

import json
from collections.abc import Callable
from typing import Any

import pytest

from miniback import db, feedback, ids
from tests.feedback.batch import new_project
from tests.house import House, until
from tests.privacy.sent import ADA, PEOPLE, found, say, say_all, vouched
from tests.visitor import Member, owner, said

# As it was before there were submitters.
_BEFORE = ("DROP TABLE submitters", "DROP TABLE erasures", "DROP TABLE audit_log")
_AFTER = ("DROP TABLE earlier_audit_log", "DROP TABLE audit_heads")
_WITHOUT_COLUMN = (
    "DROP INDEX projects_that_forget",
    "ALTER TABLE projects DROP COLUMN forgets_at",
    "DELETE FROM migrations WHERE name = '0010_duties.sql' OR name LIKE '0012%'",
)


@pytest.fixture
def bob(house: House) -> Member:
    """The owner of an account, signed in."""
    return owner(house)


def test_a_person_is_found_by_address_on_every_shelf_and_in_the_bin(
    house: House, bob: Member
) -> None:
    items = say_all(bob)
    say(bob.account, email="eve@example.test")

    assert sorted(found(house, bob.account, ADA.upper())) == sorted(items.values())


@pytest.mark.parametrize(
    ("context", "user_id"),
    [
        ({"userId": "user-7"}, "user-7"),
        ({"user_id": " user-8 "}, "user-8"),
        ({"userId": 42}, "42"),
        ({"userId": "x\u2028" * 1_000}, None),
        ({"userId": "é" * 300}, "é" * 300),
        ({"userId": 10**400}, None),
    ],
)
def test_a_person_is_found_by_the_id_that_came_along(
    house: House, bob: Member, context: dict[str, Any], user_id: str | None
) -> None:
    item = say(bob.account, **context)

    assert user_id is None or found(house, bob.account, user_id) == [item]


def test_ids_that_differ_in_case_are_two_people(house: House, bob: Member) -> None:
    say(bob.account, userId="user-A")

    assert found(house, bob.account, "user-a") == []


def test_a_person_is_found_by_an_id_that_was_vouched_for(house: House, bob: Member) -> None:
    item = vouched(bob, "user-7")

    assert found(house, bob.account, "user-7") == [item]
    sql = "SELECT subject FROM submitters WHERE account_id = :id ORDER BY subject"
    subjects = [each for (each,) in house.rows(sql, id=bob.account.id)]
    assert subjects == ["user:user-7", "verified:user-7"]


@pytest.mark.parametrize("context", [{}, {"email": None}, {"email": ["a@b.c"], "userId": {}}])
def test_an_item_that_tells_nothing_costs_nothing(
    house: House, bob: Member, context: dict[str, Any]
) -> None:
    say(bob.account, **context)

    assert house.rows("SELECT 1 FROM submitters WHERE account_id = :id", id=bob.account.id) == []


def test_items_that_came_before_are_found_too(
    database: str, new_house: Callable[..., House]
) -> None:
    house = new_house(database).start()
    bob = owner(house)
    other = new_project(bob.account)["id"]
    items = [*say_all(bob).values(), vouched(bob, "user-7")]
    bob.call("POST", f"/api/projects/{other}/feedback", json={"message": "One"})
    assert house.stop() == 0
    for statement in (*_BEFORE, *_AFTER, *_WITHOUT_COLUMN):
        house.change(statement)

    db.migrate(db.engine_for(house.database_url))
    house.start()

    sql = "SELECT 1 FROM outbox WHERE event = 'submitters.missing'"
    until(lambda: not house.rows(sql), "older items to be entered")
    assert sorted(found(house, bob.account, ADA)) == sorted(items[:3])
    assert found(house, bob.account, "user-7") == [items[3]]
    assert house.stop() == 0


def test_items_that_are_brought_from_elsewhere_are_found(house: House, bob: Member) -> None:
    content = {"message": "One", "context": {"email": ADA}}
    draft = feedback.read_draft(content, json.dumps(content).encode())
    item = ids.new(feedback.ID)
    brought = feedback.Brought(item, bob.account.project_id, draft, 0, identity="user-7")

    house.tx(feedback.bring_in, bob.account.id, [brought])

    assert found(house, bob.account, ADA) == found(house, bob.account, "user-7") == [item]


def test_nobody_finds_what_is_anothers(house: House, bob: Member) -> None:
    say(owner(house).account, email=ADA)

    assert found(house, bob.account, ADA) == []
    assert "Nothing has come with this address" in said(bob.submit(PEOPLE, who=ADA))
