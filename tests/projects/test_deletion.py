"""Deleting a project: gone at once for every reader, its rows in the end (contract section 4)."""

from collections.abc import Callable

import pytest

from miniback import plans
from miniback.db import Query, Tx
from miniback.projects import service
from tests.feedback.batch import fill, new_project
from tests.house import Account, House, running, until
from tests.projects.calls import OF_A_PROJECT

MANY = 3_000
TABLES = ("projects", "api_keys", "feedback", "tallies", "idempotency_keys", "deletions")
HOUR_MS = 3_600_000


def rows_left(house: House, who: Account, project_id: str) -> dict[str, int]:
    """Count what every table, the outbox and the search index still hold of a project."""
    left = {
        table: house.row(f"SELECT count(*) FROM {table} WHERE project_id = :id", id=project_id)[0]
        for table in TABLES
        if table != "projects"
    }
    left["projects"] = len(house.rows("SELECT 1 FROM projects WHERE id = :id", id=project_id))
    left["outbox"] = len(house.rows("SELECT 1 FROM outbox WHERE subject = :id", id=project_id))
    query = Query(who.id, ["_" + project_id], None, [], 0, 2**63 - 1)
    left["search"] = house.tx(lambda tx: tx.count_found(query))[0]
    return {name: count for name, count in left.items() if count}


def _delete_and_wait(tx: Tx, who: Account) -> None:
    """Delete a project as the call does, and keep the worker from its rows for an hour."""
    service.delete(tx, who.id, who.project_id)
    sql = "UPDATE outbox SET due_at = due_at + :ms WHERE subject = :id"
    assert tx.run(sql, ms=HOUR_MS, id=who.project_id) == 1


@pytest.fixture(scope="module")
def half(house: House) -> tuple[Account, Account]:
    """A deleted project whose rows all lie there yet, and a caller of the same account."""
    dave = house.account(plans.PRO)
    dave.post(dave.feedback_path, json={"message": "m"}, headers={"idempotency-key": "one"})
    fill(house, dave, [f"needle {number}" for number in range(20)])
    other = new_project(dave)["id"]
    kept = fill(house, dave, ["needle kept"], project_id=other)
    key = dave.post(f"/api/projects/{other}/api-key").json()["data"]["apiKey"]
    house.tx(_delete_and_wait, dave)
    caller = Account(dave.id, dave.plan, kept[0], other, "", key, dave.client)
    assert rows_left(house, dave, dave.project_id)["feedback"] == 21
    return dave, caller


@pytest.mark.parametrize(
    ("method", "path"),
    OF_A_PROJECT,
)
def test_every_address_of_the_project_is_404_at_once(
    half: tuple[Account, Account], method: str, path: str
) -> None:
    gone, caller = half

    response = caller.call(method, f"/api/projects/{gone.project_id}{path}", json={"name": "n"})

    assert (response.status_code, response.json()) == (404, {"error": "Project not found"})


@pytest.mark.parametrize("method", ["GET", "POST"])
def test_its_feedback_is_403_at_once(half: tuple[Account, Account], method: str) -> None:
    gone, caller = half

    response = caller.call(method, gone.feedback_path, json={"message": "m"})

    assert response.status_code == 403
    assert response.json() == {"error": "Invalid API key or project not found"}


def test_its_key_opens_nothing_at_once(half: tuple[Account, Account]) -> None:
    gone, _ = half

    for response in (gone.get("/api/projects"), gone.post(gone.feedback_path, json={})):
        assert response.status_code == 403
        assert response.json() == {"error": "Invalid API key or project not found"}


def test_it_is_gone_from_the_list_of_projects_at_once(half: tuple[Account, Account]) -> None:
    _, caller = half

    listed = [each["id"] for each in caller.get("/api/projects").json()["data"]]

    assert listed == [caller.project_id]


@pytest.mark.parametrize(
    "query",
    [
        *("", "status=NEW", "source=API", "status=NEW&source=API", "search=needle", "search=n"),
        *("start=2020-01-01", "end=2100-01-01", "search=needle&status=NEW", "pageSize=100"),
        *("search=needle&start=2020-01-01", "start=2020-01-01&status=NEW&source=API"),
    ],
)
def test_its_items_are_gone_from_the_accounts_lists_totals_and_searches_at_once(
    half: tuple[Account, Account], query: str
) -> None:
    _, caller = half

    body = caller.get("/api/feedback?" + query).json()

    assert [each["id"] for each in body["data"]] == [caller.email]
    pagination = body["pagination"]
    assert (pagination["total"], pagination["totalPages"], pagination["hasMore"]) == (1, 1, False)


def test_no_page_behind_the_last_shows_its_items(half: tuple[Account, Account]) -> None:
    _, caller = half

    for query in ("", "&search=needle", "&start=2020-01-01", "&status=NEW"):
        body = caller.get("/api/feedback?pageSize=1&page=2" + query).json()
        assert (body["data"], body["pagination"]["hasMore"]) == ([], False)


@pytest.mark.parametrize("method", ["GET", "PUT", "DELETE"])
def test_each_of_its_items_is_404_at_once(
    house: House, half: tuple[Account, Account], method: str
) -> None:
    gone, caller = half
    sql = "SELECT min(id) FROM feedback WHERE project_id = :id"
    (item,) = house.row(sql, id=gone.project_id)

    response = caller.call(method, f"/api/feedback/{item}", json={"status": "RESOLVED"})

    assert (response.status_code, response.json()) == (404, {"error": "Feedback not found"})


@pytest.mark.parametrize("parameter", ["project", "projectSlug"])
def test_it_is_404_as_a_filter_at_once(half: tuple[Account, Account], parameter: str) -> None:
    gone, caller = half
    for name in (gone.slug, gone.project_id):
        response = caller.get("/api/feedback", params={parameter: name})

        assert (response.status_code, response.json()) == (404, {"error": "Project not found"})


def test_the_public_door_knows_it_no_more(half: tuple[Account, Account]) -> None:
    gone, _ = half

    body = {"message": "m", "projectSlug": gone.slug}
    response = gone.client.post("/api/feedback", json=body)

    assert (response.status_code, response.json()) == (404, {"error": "Project not found"})


def test_it_counts_no_more_as_a_project(half: tuple[Account, Account]) -> None:
    _, caller = half

    assert caller.get("/api/usage").json()["data"]["projects"]["used"] == 1


def test_the_rows_of_every_table_follow(house: House, bob: Account) -> None:
    bob.post(bob.feedback_path, json={"message": "m"}, headers={"idempotency-key": "one"})
    bob.put(f"/api/feedback/{bob.say()['id']}", json={"status": "RESOLVED"})
    fill(house, bob, ["needle"] * 450)

    assert bob.delete(f"/api/projects/{bob.project_id}").status_code == 200

    until(lambda: rows_left(house, bob, bob.project_id) == {}, "every row to be gone")


def test_other_projects_of_the_account_keep_their_rows(house: House, bob: Account) -> None:
    kept, gone = bob.say("needle")["id"], new_project(bob)["id"]
    fill(house, bob, ["needle"] * 300, project_id=gone)
    bob.delete(f"/api/projects/{gone}")
    until(lambda: rows_left(house, bob, gone) == {}, "every row to be gone")

    for query in ("", "?search=needle", "?start=2020-01-01"):
        body = bob.get("/api/feedback" + query).json()
        assert [each["id"] for each in body["data"]] == [kept]
        assert body["pagination"]["total"] == 1


def test_clearing_is_resumed_after_a_kill(database: str, new_house: Callable[..., House]) -> None:
    with running(new_house(database)) as house:
        bob = house.account()
        fill(house, bob, ["needle and more words"] * MANY)
        assert bob.delete(f"/api/projects/{bob.project_id}").status_code == 200
        house.kill()
        assert rows_left(house, bob, bob.project_id)["feedback"] > 0

        # Whoever held the lease is dead; it runs out after a minute, or now.
        house.change("UPDATE outbox SET due_at = 0")
        house.start()

        until(lambda: rows_left(house, bob, bob.project_id) == {}, "every row to be gone")


def test_the_server_answers_while_it_clears(house: House, bob: Account, mallory: Account) -> None:
    fill(house, bob, ["needle"] * 1_000)
    bob.delete(f"/api/projects/{bob.project_id}")

    def is_cleared() -> bool:
        assert mallory.say("In between")["status"] == "NEW"
        return rows_left(house, bob, bob.project_id) == {}

    until(is_cleared, "every row to be gone")


def test_its_slugs_stay_the_accounts(house: House, bob: Account, mallory: Account) -> None:
    gone = new_project(bob, slug="first-" + bob.slug)
    bob.put(f"/api/projects/{gone['id']}", json={"slug": "second-" + bob.slug})
    bob.delete(f"/api/projects/{gone['id']}")
    until(lambda: rows_left(house, bob, gone["id"]) == {}, "every row to be gone")

    for slug in ("first-" + bob.slug, "second-" + bob.slug):
        body = {"name": "Mine", "slug": slug}
        refused = mallory.post("/api/projects", json=body)
        assert (refused.status_code, refused.json()) == (409, {"error": "Slug is already taken"})
        assert bob.post("/api/projects", json=body).json()["data"]["slug"] == slug


def test_a_name_does_not_give_its_slug_to_another_account(bob: Account, mallory: Account) -> None:
    gone = new_project(bob, "Gone " + bob.slug)
    bob.delete(f"/api/projects/{gone['id']}")

    assert new_project(mallory, "Gone " + bob.slug)["slug"] != gone["slug"]


def test_a_deleted_project_makes_room_for_another(house: House, carol: Account) -> None:
    made = [new_project(carol)["id"] for _ in range(9)]
    refused = carol.post("/api/projects", json={"name": "Eleventh"})
    carol.delete(f"/api/projects/{made[0]}")

    assert refused.status_code == 403
    assert new_project(carol, "Tenth")["name"] == "Tenth"


def test_deleting_a_paused_project_makes_no_room_twice(carol: Account) -> None:
    made = [new_project(carol)["id"] for _ in range(9)]
    carol.put(f"/api/projects/{made[0]}", json={"status": "PAUSED"})
    new_project(carol, "In its place")
    carol.delete(f"/api/projects/{made[0]}")

    assert carol.post("/api/projects", json={"name": "Eleventh"}).status_code == 403


def test_deleting_twice_is_404(bob: Account) -> None:
    path = f"/api/projects/{new_project(bob)['id']}"
    bob.delete(path)

    response = bob.delete(path)

    assert (response.status_code, response.json()) == (404, {"error": "Project not found"})
