"""Held feedback: kept past a plan's limit, shown once the plan has room (contract section 6)."""

from collections.abc import Callable, Iterator
from typing import Any

import httpx2
import pytest

from miniback import clock, ids, plans
from miniback.db import Tx
from miniback.plans.periods import period_at
from tests.feedback.batch import id_at
from tests.house import Account, House, running, until
from tests.inbox.acting import wrong_counts

# FREE may read here, so that the same account can be looked at before and after.
PLANS = '{"FREE": {"items": 5, "calls": 50, "reads": true}, "STARTER": {"items": 8}}'
MONTH_US = 40 * 86_400_000_000


@pytest.fixture(scope="module")
def small(database: str, new_house: Callable[..., House]) -> Iterator[House]:
    """A server whose FREE plan ends after five items."""
    with running(new_house(database, environment={"MINIBACK_PLANS": PLANS})) as house:
        yield house


@pytest.fixture
def alice(small: House) -> Account:
    return small.account(plans.FREE)


def knock(who: Account, message: str, **headers: str) -> httpx2.Response:
    body = {"message": message, "projectSlug": who.slug}
    return who.client.post("/api/feedback", json=body, headers=headers)


# Nobody has looked at them, and all came by the widget or by a key.
RECEIVED = "SELECT CAST(sum(new_widget + new_api) AS BIGINT) FROM arrivals WHERE account_id = :id"


def spent(who: Account, held: int = 0) -> list[str]:
    """Use up an account's items, then have some held; return the ids of all."""
    answers = [knock(who, f"word{number}") for number in range(5 + held)]
    assert [each.status_code for each in answers] == [201] * (5 + held)
    return [each.json()["data"]["id"] for each in answers]


def listed(who: Account, query: str = "") -> list[str]:
    body = who.get("/api/feedback?pageSize=100" + query).json()
    assert body["pagination"]["total"] == len(body["data"])
    return [each["id"] for each in body["data"]]


def shelves(house: House, who: Account) -> dict[str, int]:
    sql = "SELECT shelf, count(*) FROM feedback WHERE account_id = :id GROUP BY shelf"
    return dict(house.rows(sql, id=who.id))


def set_plan(house: House, who: Account, plan: str) -> None:
    done = house.run("account", "set-plan", "--account", who.id, "--plan", plan)
    assert done.returncode == 0, done.stderr


def test_past_the_limit_the_door_answers_201_and_holds(small: House, alice: Account) -> None:
    spent(alice)

    response = knock(alice, "One more")

    assert response.status_code == 201
    assert list(response.json()["data"]) == ["id", "message", "context", "status", "createdAt"]
    assert shelves(small, alice) == {"LIVE": 5, "HELD": 1}


def test_past_the_plans_number_of_held_items_the_door_answers_429(
    small: House, alice: Account
) -> None:
    spent(alice, held=5)

    response = knock(alice, "One too many")

    assert response.status_code == 429
    end = alice.get("/api/usage").json()["data"]["period"]["end"]
    text = f"Monthly limit of 5 feedback items reached. It resets at {end}."
    assert response.json() == {"error": text}
    assert int(response.headers["retry-after"]) > 0
    assert response.headers["access-control-allow-origin"] == "*"
    assert shelves(small, alice) == {"LIVE": 5, "HELD": 5}


def test_a_keyed_post_past_the_limit_is_429_and_never_held(small: House, alice: Account) -> None:
    spent(alice)

    response = alice.post(alice.feedback_path, json={"message": "By key"})

    assert response.status_code == 429
    assert response.json()["error"].startswith("Monthly limit of 5 feedback items reached.")
    assert shelves(small, alice) == {"LIVE": 5}


def test_held_items_are_in_no_list_total_or_search(alice: Account) -> None:
    live = spent(alice, held=3)[4::-1]

    assert listed(alice) == live
    assert listed(alice, "&search=word") == live
    assert listed(alice, "&start=2020-01-01") == live
    assert listed(alice, "&search=word&start=2020-01-01") == live
    assert listed(alice, f"&project={alice.project_id}&status=NEW&source=API") == live
    body = alice.get(alice.feedback_path).json()
    assert ([each["id"] for each in body["data"]], body["pagination"]["total"]) == (live, 5)


@pytest.mark.parametrize("method", ["GET", "PUT", "DELETE"])
def test_a_held_item_is_404_by_its_id(small: House, alice: Account, method: str) -> None:
    held = spent(alice, held=1)[-1]

    response = alice.call(method, f"/api/feedback/{held}", json={"status": "RESOLVED"})

    assert (response.status_code, response.json()) == (404, {"error": "Feedback not found"})
    assert shelves(small, alice) == {"LIVE": 5, "HELD": 1}


def test_usage_tells_how_many_are_held(alice: Account) -> None:
    spent(alice, held=2)

    usage = alice.get("/api/usage").json()["data"]["feedback"]

    assert usage == {"used": 5, "limit": 5, "held": 2}


def test_a_retry_of_a_held_submission_is_not_held_twice(small: House, alice: Account) -> None:
    spent(alice)

    first, second = (knock(alice, "Again", **{"idempotency-key": "one"}) for _ in range(2))

    assert (second.content, second.headers["idempotent-replayed"]) == (first.content, "true")
    assert shelves(small, alice) == {"LIVE": 5, "HELD": 1}


def test_a_raise_of_the_plan_releases_what_is_held(small: House, alice: Account) -> None:
    said = spent(alice, held=5)

    set_plan(small, alice, "PRO")

    until(lambda: listed(alice) == said[::-1], "all to be released")
    assert listed(alice, "&search=word") == said[::-1]
    assert listed(alice, "&search=word9") == [said[9]]
    assert shelves(small, alice) == {"LIVE": 10}


def test_an1_what_is_held_is_counted_when_it_is_released(small: House, alice: Account) -> None:
    said = spent(alice, held=5)
    assert wrong_counts(small, alice) == 0
    held = small.row(RECEIVED, id=alice.id)

    set_plan(small, alice, "PRO")

    until(lambda: listed(alice) == said[::-1], "all to be released")
    assert (held, small.row(RECEIVED, id=alice.id)) == ((5,), (10,))
    assert wrong_counts(small, alice) == 0


def test_a_raise_releases_the_oldest_as_far_as_the_plan_goes(small: House, alice: Account) -> None:
    said = spent(alice, held=5)

    set_plan(small, alice, "STARTER")

    until(lambda: shelves(small, alice) == {"LIVE": 8, "HELD": 2}, "three to be released")
    assert listed(alice) == said[7::-1]
    usage = alice.get("/api/usage").json()["data"]["feedback"]
    assert usage == {"used": 8, "limit": 8, "held": 2}


def test_a_released_item_keeps_its_id_time_and_text(small: House, alice: Account) -> None:
    spent(alice)
    held = knock(alice, "Held words").json()["data"]
    set_plan(small, alice, "PRO")

    found = until(lambda: _item(alice, held["id"]), "the item to be released")

    assert {name: found[name] for name in held} == held
    assert found["updatedAt"] == held["createdAt"]


def test_a_released_item_can_be_changed_and_deleted(small: House, alice: Account) -> None:
    held = spent(alice, held=1)[-1]
    set_plan(small, alice, "PRO")
    until(lambda: _item(alice, held), "the item to be released")

    changed = alice.put(f"/api/feedback/{held}", json={"status": "RESOLVED"})

    assert changed.status_code == 200
    assert listed(alice, "&status=RESOLVED&search=word5") == [held]
    assert alice.delete(f"/api/feedback/{held}").status_code == 200
    assert len(listed(alice)) == 5


def test_a_change_to_no_bigger_plan_releases_nothing(small: House, alice: Account) -> None:
    live = spent(alice, held=2)[4::-1]
    set_plan(small, alice, "FREE")
    # The worker has seen to the change once nothing of it waits any more.
    sql = "SELECT 1 FROM outbox WHERE account_id = :id"
    until(lambda: small.rows(sql, id=alice.id) == [], "the change to be seen to")

    assert listed(alice) == live
    assert shelves(small, alice) == {"LIVE": 5, "HELD": 2}


def test_the_first_read_of_a_new_period_releases_what_is_held(small: House, alice: Account) -> None:
    count = len(spent(alice, held=4))
    held = small.tx(_a_period_ago, alice)

    alice.get("/api/projects")

    until(lambda: shelves(small, alice) == {"LIVE": count}, "all to be released")
    assert listed(alice, "&search=word&end=" + _shown(held[-1])) == held[::-1]
    usage = alice.get("/api/usage").json()["data"]["feedback"]
    assert usage == {"used": 4, "limit": 5, "held": 0}


def test_the_first_submission_of_a_new_period_leaves_room_for_the_oldest(
    small: House, alice: Account
) -> None:
    spent(alice, held=5)
    held = small.tx(_a_period_ago, alice)

    new = knock(alice, "First of the month").json()["data"]["id"]

    until(lambda: shelves(small, alice) == {"LIVE": 10, "HELD": 1}, "four to be released")
    assert _item(alice, new)
    assert [bool(_item(alice, each)) for each in held] == [True] * 4 + [False]


def test_the_first_keyed_post_of_a_new_period_releases_too(small: House, alice: Account) -> None:
    spent(alice, held=2)
    small.tx(_a_period_ago, alice)

    alice.say("First of the month")

    until(lambda: shelves(small, alice) == {"LIVE": 8}, "both to be released")


def test_what_was_held_in_an_earlier_period_keeps_its_created_at(
    small: House, alice: Account
) -> None:
    spent(alice, held=1)
    (held,) = small.tx(_a_period_ago, alice)
    alice.get("/api/projects")

    found = until(lambda: _item(alice, held), "the item to be released")

    assert found["createdAt"] == _shown(held)


def test_a_deleted_project_takes_its_held_items_along(small: House, alice: Account) -> None:
    spent(alice, held=3)

    alice.delete(f"/api/projects/{alice.project_id}")

    until(lambda: shelves(small, alice) == {}, "every row to be gone")


def test_a_deleted_projects_held_items_are_held_no_more(small: House, alice: Account) -> None:
    spent(alice, held=2)

    alice.delete(f"/api/projects/{alice.project_id}")

    until(
        lambda: small.rows("SELECT held FROM usage WHERE account_id = :a", a=alice.id) == [(0,)],
        "the held items to be counted no more",
    )


def _item(who: Account, item_id: str) -> dict[str, Any] | None:
    response = who.get(f"/api/feedback/{item_id}")
    return response.json()["data"] if response.status_code == 200 else None


def _shown(item_id: str) -> str:
    return clock.iso(ids.created_at(item_id))


def _a_period_ago(tx: Tx, who: Account) -> list[str]:
    """Move usage and held items 40 days back, as if time had passed; return their new ids."""
    (anchor,) = tx.one("SELECT anchor FROM accounts WHERE id = :id", id=who.id) or (0,)
    start = period_at(anchor, clock.now() - MONTH_US // 1_000).start
    tx.run("UPDATE usage SET period_start = :s WHERE account_id = :id", s=start, id=who.id)
    sql = "SELECT position, id FROM feedback WHERE account_id = :id AND shelf = 'HELD'"
    return [_moved(tx, who, *row) for row in tx.all(sql + " ORDER BY position", id=who.id)]


def _moved(tx: Tx, who: Account, position: int, item_id: str) -> str:
    new = id_at("feedback", (position >> 11) - MONTH_US)
    tx.run(
        "UPDATE feedback SET position = :new_position, id = :new, updated_at = :at,"
        " created_at = :shown, document = replace(document, :old, :new_text)"
        " WHERE account_id = :account_id AND position = :position",
        account_id=who.id,
        position=position,
        new_position=ids.position(new),
        old=item_id,
        new=new,
        new_text=new,
        at=ids.created_at(new),
        shown=_shown(new),
    )
    return new
