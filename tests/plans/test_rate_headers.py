"""What is left of a plan stands in the headers of every keyed answer (contract section 3)."""

import re
from datetime import UTC, datetime
from typing import Any

import httpx2
import pytest

from miniback import plans
from tests.house import Account, House
from tests.plans.figures import use

ABSENT = "0" * 24
STATE = re.compile(r'"api-calls";r=(\d+);t=(\d+), "feedback";r=(\d+);t=(\d+)')


def left(answer: httpx2.Response) -> tuple[int, int]:
    """Return the calls and the items that an answer says are left."""
    found = STATE.fullmatch(answer.headers["ratelimit"])
    assert found, answer.headers["ratelimit"]
    assert found[2] == found[4]
    return int(found[1]), int(found[3])


def seconds(text: str) -> float:
    return datetime.fromisoformat(text).timestamp()


def period(account: Account) -> tuple[float, float]:
    """Return start and end of the current period as the usage call tells them."""
    told = account.get("/api/usage").json()["data"]["period"]
    return seconds(told["start"]), seconds(told["end"])


def test_the_policy_of_starter_is_written_as_the_draft_has_it(carol: Account) -> None:
    start, end = period(carol)

    policy = carol.get("/api/projects").headers["ratelimit-policy"]

    w = int(end - start)
    assert policy == f'"api-calls";q=10000;w={w}, "feedback";q=5000;w={w}'


def test_the_policy_of_free_is_written_as_the_draft_has_it(alice: Account) -> None:
    policy = alice.post(alice.feedback_path, json={"message": "A"}).headers["ratelimit-policy"]

    found = re.fullmatch(r'"api-calls";q=300;w=(\d+), "feedback";q=300;w=(\d+)', policy)
    assert found
    assert found[1] == found[2]
    assert int(found[1]) / 86_400 in (28, 29, 30, 31)


def test_the_reset_is_the_end_of_the_period(carol: Account) -> None:
    _, end = period(carol)

    before = datetime.now(UTC).timestamp()
    answer = carol.get("/api/projects")
    after = datetime.now(UTC).timestamp()

    found = STATE.fullmatch(answer.headers["ratelimit"])
    assert found
    assert end - after <= int(found[2]) <= end - before + 1


@pytest.mark.parametrize("method", ["GET", "POST"])
def test_retry_after_at_a_limit_is_the_end_of_the_period(
    house: House, carol: Account, method: str
) -> None:
    _, end = period(carol)
    use(house, carol, (10_000, 0, 0))

    before = datetime.now(UTC).timestamp()
    answer = carol.call(method, carol.feedback_path, json={"message": "A"})
    after = datetime.now(UTC).timestamp()

    assert end - after <= int(answer.headers["retry-after"]) <= end - before + 1


def test_each_post_leaves_one_call_and_one_item_less(alice: Account) -> None:
    answers = [alice.post(alice.feedback_path, json={"message": "A"}) for _ in range(3)]

    assert [left(answer) for answer in answers] == [(299, 299), (298, 298), (297, 297)]


def test_each_read_leaves_one_call_less(carol: Account) -> None:
    answers = [carol.get("/api/projects") for _ in range(3)]

    assert [left(answer) for answer in answers] == [(9_999, 5_000), (9_998, 5_000), (9_997, 5_000)]


def test_a_change_leaves_one_call_less(carol: Account) -> None:
    answer = carol.put(f"/api/projects/{carol.project_id}", json={"name": "New"})

    assert left(answer) == (9_999, 5_000)


def test_the_last_call_leaves_nothing(house: House, alice: Account) -> None:
    use(house, alice, (299, 299, 0))

    assert left(alice.post(alice.feedback_path, json={"message": "A"})) == (0, 0)


def test_nothing_is_left_at_a_limit(house: House, alice: Account) -> None:
    use(house, alice, (300, 300, 0))

    assert left(alice.post(alice.feedback_path, json={"message": "A"})) == (0, 0)


def test_less_than_nothing_is_left_as_nothing(house: House, alice: Account) -> None:
    use(house, alice, (10_000, 5_000, 0))

    assert left(alice.post(alice.feedback_path, json={"message": "A"})) == (0, 0)


def test_a_replay_says_what_is_left(alice: Account) -> None:
    once = {"idempotency-key": "once"}
    first = alice.post(alice.feedback_path, json={"message": "A"}, headers=once)

    again = alice.post(alice.feedback_path, json={"message": "A"}, headers=once)

    assert again.headers["idempotent-replayed"] == "true"
    assert left(again) == left(first)


def test_a_replayed_project_says_what_is_left(carol: Account) -> None:
    once = {"idempotency-key": "once"}
    first = carol.post("/api/projects", json={"name": "A"}, headers=once)

    assert left(carol.post("/api/projects", json={"name": "A"}, headers=once)) == left(first)


def test_the_usage_call_says_what_is_left(house: House, carol: Account) -> None:
    use(house, carol, (7, 5, 0))

    assert left(carol.get("/api/usage")) == (9_993, 4_995)


@pytest.mark.parametrize(
    ("method", "path", "body", "status"),
    [
        ("POST", "/api/projects/{project}/feedback", {"message": ""}, 400),
        ("GET", "/api/feedback?status=OLD", None, 400),
        ("GET", "/api/projects/{project}/feedback?limit=0", None, 400),
        ("POST", f"/api/projects/proj_{ABSENT}/feedback", {"message": "A"}, 403),
        ("GET", f"/api/projects/proj_{ABSENT}/feedback", None, 403),
        ("GET", f"/api/projects/proj_{ABSENT}", None, 404),
        ("GET", f"/api/feedback/feedback_{ABSENT}", None, 404),
        ("DELETE", f"/api/feedback/feedback_{ABSENT}", None, 404),
    ],
)
def test_a_refusal_says_what_is_left(
    house: House, carol: Account, method: str, path: str, body: Any, status: int
) -> None:
    use(house, carol, (7, 5, 0))

    answer = carol.call(method, path.format(project=carol.project_id), json=body)

    assert (answer.status_code, left(answer)) == (status, (9_993, 4_995))


def test_a_refusal_of_the_plan_says_what_is_left(alice: Account) -> None:
    assert left(alice.get("/api/projects")) == (300, 300)


def test_a_refusal_of_a_paused_project_says_what_is_left(carol: Account) -> None:
    carol.put(f"/api/projects/{carol.project_id}", json={"status": "PAUSED"})

    answer = carol.post(carol.feedback_path, json={"message": "A"})

    assert (answer.status_code, left(answer)) == (403, (9_999, 5_000))


def test_a_contradicted_post_says_what_is_left(alice: Account) -> None:
    once = {"idempotency-key": "once"}
    alice.post(alice.feedback_path, json={"message": "A"}, headers=once)

    answer = alice.post(alice.feedback_path, json={"message": "B"}, headers=once)

    assert (answer.status_code, left(answer)) == (422, (299, 299))


@pytest.mark.parametrize(
    ("method", "path"),
    [("GET", "/api/projects"), ("GET", "/api/usage"), ("GET", "/api/nowhere"), ("POST", "own")],
)
def test_pro_has_no_rate_headers(bob: Account, method: str, path: str) -> None:
    path = bob.feedback_path if path == "own" else path

    answer = bob.call(method, path, json={"message": "A"})

    assert not [name for name in answer.headers if name.startswith("ratelimit")]


def test_an_unknown_key_has_no_rate_headers(house: House) -> None:
    answer = house.client.get("/api/projects", headers={"x-api-key": "mbk_" + "0" * 36})

    assert not [name for name in answer.headers if name.startswith("ratelimit")]


def test_a_visitor_is_not_told_what_is_left_of_the_account(house: House) -> None:
    alice = house.account(plans.FREE)

    answer = house.client.post("/api/feedback", json={"message": "A", "projectSlug": alice.slug})

    assert answer.status_code == 201
    assert not [name for name in answer.headers if name.startswith("ratelimit")]
