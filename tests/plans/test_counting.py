"""What counts and what is free (contract section 3)."""

from typing import Any

import pytest

from miniback import plans, projects, settings
from miniback.app import plan_table
from tests.house import Account, House, until
from tests.plans.figures import spend, use, used

ABSENT = "0" * 24
KEY = {"idempotency-key": "once"}


def test_a_post_of_feedback_costs_one_call_and_one_item(house: House, alice: Account) -> None:
    alice.say()

    assert used(house, alice) == (1, 1, 0)


def test_a_post_to_another_project_of_the_account_costs_the_same(
    house: House, carol: Account
) -> None:
    second = carol.post("/api/projects", json={"name": "Second"}).json()["data"]["id"]
    before = used(house, carol)

    carol.post(f"/api/projects/{second}/feedback", json={"message": "A"})

    assert used(house, carol) == (before[0] + 1, before[1] + 1, 0)


@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        ("GET", "/api/projects", None),
        ("HEAD", "/api/projects", None),
        ("POST", "/api/projects", {"name": "Second"}),
        ("GET", "/api/projects/{project}", None),
        ("PUT", "/api/projects/{project}", {"name": "New"}),
        ("PUT", "/api/projects/{project}", {"name": "My Website"}),
        ("DELETE", "/api/projects/{project}", None),
        ("GET", "/api/projects/{project}/settings", None),
        ("PUT", "/api/projects/{project}/settings", {"allowedDomains": []}),
        ("GET", "/api/projects/{project}/api-key", None),
        ("POST", "/api/projects/{project}/api-key", None),
        ("GET", "/api/projects/{project}/feedback", None),
        ("GET", "/api/feedback", None),
        ("GET", "/api/feedback?search=word", None),
        ("GET", "/api/feedback/{item}", None),
        ("PUT", "/api/feedback/{item}", {"status": "RESOLVED"}),
        ("PUT", "/api/feedback/{item}", {"status": "NEW"}),
        ("DELETE", "/api/feedback/{item}", None),
    ],
)
def test_any_other_call_costs_one_call(
    house: House, carol: Account, method: str, path: str, body: Any
) -> None:
    item = carol.say()["id"]

    answer = carol.call(method, path.format(project=carol.project_id, item=item), json=body)

    assert answer.is_success
    assert used(house, carol) == (2, 1, 0)


@pytest.mark.parametrize(
    ("method", "path", "body", "status"),
    [
        ("POST", "/api/projects/{project}/feedback", {"message": ""}, 400),
        ("POST", "/api/projects", {"name": ""}, 400),
        ("PUT", "/api/projects/{project}", {}, 400),
        ("GET", "/api/feedback?status=OLD", None, 400),
        ("GET", "/api/projects/{project}/feedback?limit=0", None, 400),
        ("POST", "/api/projects/{project}/api-key", {"overlapSeconds": -1}, 400),
        ("POST", f"/api/projects/proj_{ABSENT}/feedback", {"message": "A"}, 403),
        ("GET", f"/api/projects/proj_{ABSENT}/feedback", None, 403),
        ("GET", f"/api/projects/proj_{ABSENT}", None, 404),
        ("DELETE", f"/api/projects/proj_{ABSENT}", None, 404),
        ("GET", f"/api/feedback/feedback_{ABSENT}", None, 404),
        ("PUT", f"/api/feedback/feedback_{ABSENT}", {"status": "NEW"}, 404),
        ("DELETE", f"/api/feedback/feedback_{ABSENT}", None, 404),
        ("GET", "/api/nowhere", None, 404),
        ("PATCH", "/api/projects", None, 405),
        ("PUT", "/api/projects/{project}", {"slug": "SLUG-OF-ANOTHER"}, 409),
    ],
)
def test_a_refusal_is_free(
    house: House, carol: Account, bob: Account, method: str, path: str, body: Any, status: int
) -> None:
    if status == 409:
        body = {"slug": bob.slug}

    answer = carol.call(method, path.format(project=carol.project_id), json=body)

    assert answer.status_code == status
    assert used(house, carol) == (0, 0, 0)


def test_a_call_that_the_plan_does_not_open_is_free(house: House, alice: Account) -> None:
    alice.get("/api/projects")

    assert used(house, alice) == (0, 0, 0)


def test_a_body_that_the_guard_refuses_is_free(house: House, alice: Account) -> None:
    alice.post(alice.feedback_path, content=b"{}", headers={"content-encoding": "gzip"})

    assert used(house, alice) == (0, 0, 0)


def test_a_post_to_a_paused_project_is_free(house: House, carol: Account) -> None:
    carol.put(f"/api/projects/{carol.project_id}", json={"status": "PAUSED"})
    before = used(house, carol)

    carol.post(carol.feedback_path, json={"message": "A"})

    assert used(house, carol) == before


@pytest.mark.parametrize("message", ["A", "B"])
def test_a_replayed_or_contradicted_post_is_free(
    house: House, alice: Account, message: str
) -> None:
    alice.post(alice.feedback_path, json={"message": "A"}, headers=KEY)

    again = alice.post(alice.feedback_path, json={"message": message}, headers=KEY)

    assert again.status_code == (201 if message == "A" else 422)
    assert used(house, alice) == (1, 1, 0)


@pytest.mark.parametrize("name", ["A", "B"])
def test_a_replayed_or_contradicted_project_is_free(
    house: House, carol: Account, name: str
) -> None:
    carol.post("/api/projects", json={"name": "A"}, headers=KEY)

    again = carol.post("/api/projects", json={"name": name}, headers=KEY)

    assert again.status_code == (201 if name == "A" else 422)
    assert used(house, carol) == (1, 0, 0)


def test_a_failure_is_free(house: House, carol: Account) -> None:
    house.change("UPDATE accounts SET plan = 'LOST' WHERE id = :id", id=carol.id)

    assert carol.post(carol.feedback_path, json={"message": "A"}).status_code == 500
    assert used(house, carol) == (0, 0, 0)


@pytest.mark.parametrize("method", ["GET", "HEAD"])
def test_the_usage_call_is_free(house: House, carol: Account, method: str) -> None:
    assert carol.call(method, "/api/usage").status_code == 200
    assert used(house, carol) == (0, 0, 0)


def test_a_widgets_submission_costs_one_item_and_no_call(house: House, alice: Account) -> None:
    sent = {"message": "A", "projectSlug": alice.slug}

    assert house.client.post("/api/feedback", json=sent).status_code == 201
    assert used(house, alice) == (0, 1, 0)


def test_calls_of_pro_are_counted_too(house: House, bob: Account) -> None:
    for _ in range(3):
        bob.get("/api/projects")
    bob.say()

    until(lambda: used(house, bob) == (4, 1, 0), "four calls of Bob's to be counted")


def test_a_post_past_the_items_takes_no_call(house: House, carol: Account) -> None:
    use(house, carol, (7, 5_000, 0))

    carol.post(carol.feedback_path, json={"message": "A"})

    assert used(house, carol) == (7, 5_000, 0)


def test_a_post_past_the_calls_takes_no_item(house: House, carol: Account) -> None:
    use(house, carol, (10_000, 7, 0))

    carol.post(carol.feedback_path, json={"message": "A"})

    assert used(house, carol) == (10_000, 7, 0)


@pytest.mark.parametrize(
    ("figures", "what"),
    [
        ((300, 0, 0), "300 API calls"),
        ((0, 300, 0), "300 feedback items"),
        ((300, 300, 0), "300 API calls"),
    ],
)
def test_a_refusal_names_the_limit_that_is_reached_calls_first(
    house: House, alice: Account, figures: tuple[int, int, int], what: str
) -> None:
    use(house, alice, figures)

    refused = alice.post(alice.feedback_path, json={"message": "A"})

    assert refused.status_code == 429
    assert refused.json()["error"].startswith(f"Monthly limit of {what} reached. It resets at ")


@pytest.mark.parametrize("method", ["GET", "POST"])
def test_a_refusal_says_when_the_period_ends(house: House, carol: Account, method: str) -> None:
    end = carol.get("/api/usage").json()["data"]["period"]["end"]
    spend(house, carol)

    refused = carol.call(method, carol.feedback_path, json={"message": "A"})

    assert refused.json() == {
        "error": f"Monthly limit of 10000 API calls reached. It resets at {end}."
    }


@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        ("GET", "/api/projects", None),
        ("POST", "/api/projects", {"name": "Second"}),
        ("PUT", "/api/projects/{project}", {"name": "New"}),
        ("DELETE", "/api/projects/{project}", None),
        ("PUT", "/api/projects/{project}/settings", {"allowedDomains": ["example.com"]}),
        ("POST", "/api/projects/{project}/api-key", None),
        ("PUT", "/api/feedback/{item}", {"status": "RESOLVED"}),
        ("DELETE", "/api/feedback/{item}", None),
    ],
)
def test_a_call_past_the_limit_changes_nothing(
    house: House, carol: Account, method: str, path: str, body: Any
) -> None:
    item = f"/api/feedback/{carol.say()['id']}"
    before = [carol.get(path).json() for path in ("/api/projects", item)]
    spend(house, carol)
    path = path.format(project=carol.project_id, item=item.rsplit("/", 1)[1])

    assert carol.call(method, path, json=body).status_code == 429
    use(house, carol, (0, 0, 0))
    assert [carol.get(path).json() for path in ("/api/projects", item)] == before


def test_a_spent_account_may_still_ask_for_its_usage(house: House, carol: Account) -> None:
    spend(house, carol)

    assert carol.get("/api/usage").status_code == 200


def test_a_new_period_begins_with_nothing_used(house: House, alice: Account) -> None:
    use(house, alice, (300, 300, 0), months_ago=1)

    assert alice.post(alice.feedback_path, json={"message": "A"}).status_code == 201


def test_a_change_of_plan_keeps_anchor_and_counters(house: House, alice: Account) -> None:
    alice.say()
    sql = "SELECT anchor, calls, items, period_start FROM accounts JOIN usage ON account_id = id"
    before = house.row(sql + " WHERE id = :id", id=alice.id)

    house.tx(projects.change_plan, alice.id, plan_table(settings.read({}))[plans.STARTER])

    assert house.row(sql + " WHERE id = :id", id=alice.id) == before
    assert alice.get("/api/usage").json()["data"]["apiCalls"] == {"used": 1, "limit": 10_000}


def test_the_counter_is_the_accounts_and_not_the_projects(house: House, carol: Account) -> None:
    second = carol.post("/api/projects", json={"name": "Second"}).json()["data"]["id"]
    use(house, carol, (10_000, 0, 0))

    refused = carol.post(f"/api/projects/{second}/feedback", json={"message": "A"})

    assert refused.status_code == 429


def test_one_accounts_calls_do_not_count_for_another(house: House, alice: Account) -> None:
    other = house.account(plans.FREE)
    spend(house, other)

    assert alice.post(alice.feedback_path, json={"message": "A"}).status_code == 201
