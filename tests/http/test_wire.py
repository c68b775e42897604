"""How answers and queries are written (contract section 1)."""

import re
from datetime import UTC, datetime
from typing import Any

import pytest

from tests.house import Account, House

TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z")


def test_success_is_an_object_of_data_alone(bob: Account) -> None:
    assert list(bob.get("/api/projects").json()) == ["data"]


@pytest.mark.parametrize("path", ["/api/feedback", "/api/projects/{project}/feedback"])
def test_the_two_feedback_lists_add_pagination(bob: Account, path: str) -> None:
    answer = bob.get(path.format(project=bob.project_id))

    assert list(answer.json()) == ["data", "pagination"]


@pytest.mark.parametrize(
    ("method", "path", "body", "status"),
    [
        ("POST", "/api/projects", {"name": ""}, 400),
        ("GET", "/api/feedback?status=OLD", None, 400),
        ("GET", "/api/projects/proj_1/feedback", None, 403),
        ("GET", "/api/projects/proj_1", None, 404),
        ("GET", "/api/nowhere", None, 404),
        ("PATCH", "/api/projects", None, 405),
        ("POST", "/api/feedback", {"message": "A"}, 400),
        ("POST", "/api/feedback", {"message": "A", "projectSlug": "nobodys"}, 404),
    ],
)
def test_failure_is_a_text_and_nothing_in_its_place(
    bob: Account, method: str, path: str, body: Any, status: int
) -> None:
    answer = bob.call(method, path, json=body)

    assert answer.status_code == status
    assert isinstance(answer.json()["error"], str)
    assert set(answer.json()) <= {"error", "code", "details"}


@pytest.mark.parametrize("path", ["/api/projects", "/api/nowhere"])
def test_answers_are_declared_as_json(bob: Account, path: str) -> None:
    assert bob.get(path).headers["content-type"] == "application/json"


def test_answers_are_utf8(bob: Account) -> None:
    message = "Grüße, 世界 😀"

    item = bob.say(message)

    assert message.encode() in bob.get(f"/api/feedback/{item['id']}").content


def test_times_are_utc_with_milliseconds(bob: Account) -> None:
    item = bob.get(f"/api/feedback/{bob.say()['id']}").json()["data"]
    project = bob.get(f"/api/projects/{bob.project_id}").json()["data"]
    key = bob.get(f"/api/projects/{bob.project_id}/api-key").json()["data"]

    times = [at for each in (item, project) for at in (each["createdAt"], each["updatedAt"])]
    assert all(TIME.fullmatch(at) for at in [*times, key["createdAt"]])


def test_the_time_of_an_item_is_that_of_its_making(bob: Account) -> None:
    before = datetime.now(UTC)
    item = bob.say()
    after = datetime.now(UTC)

    made = datetime.fromisoformat(item["createdAt"])
    assert before.replace(microsecond=before.microsecond // 1000 * 1000) <= made <= after


@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        ("POST", "/api/projects", {"name": "A"}),
        ("PUT", "/api/projects/{project}", {"name": "A"}),
        ("PUT", "/api/projects/{project}/settings", {"allowedDomains": []}),
        ("POST", "/api/projects/{project}/api-key", {}),
        ("POST", "/api/projects/{project}/feedback", {"message": "A"}),
        ("PUT", "/api/feedback/{item}", {"status": "NEW"}),
    ],
)
def test_unknown_fields_are_ignored(bob: Account, method: str, path: str, body: Any) -> None:
    path = path.format(project=bob.project_id, item=bob.say()["id"])

    answer = bob.call(method, path, json={**body, "unknown": {"deep": [1]}, "id": 7})

    assert answer.is_success
    assert "unknown" not in answer.text


def test_unknown_fields_are_ignored_at_the_door(house: House, bob: Account) -> None:
    sent = {"message": "A", "projectSlug": bob.slug, "unknown": 1}

    assert house.client.post("/api/feedback", json=sent).status_code == 201


@pytest.mark.parametrize("path", ["/api/projects", "/api/feedback", "/api/projects/{id}/feedback"])
def test_unknown_query_parameters_are_ignored(bob: Account, path: str) -> None:
    path = path.format(id=bob.project_id)
    bob.say()

    assert bob.get(path + "?unknown=1&Status=OLD").json() == bob.get(path).json()


LIST = ["status", "limit", "offset"]
INBOX = ["project", "projectSlug", "status", "source", "search", "start", "end", "page", "pageSize"]
VALUES = {
    "status": "NEW",
    "limit": "1",
    "offset": "0",
    "source": "API",
    "search": "word",
    "start": "2025-01-01",
    "end": "2125-01-01",
    "page": "1",
    "pageSize": "1",
}
every_parameter = pytest.mark.parametrize(
    ("path", "name"),
    [("/api/feedback", name) for name in INBOX]
    + [("/api/projects/{id}/feedback", name) for name in LIST],
)


@every_parameter
def test_an_empty_query_value_counts_as_absent(bob: Account, path: str, name: str) -> None:
    path = path.format(id=bob.project_id)
    bob.say()

    assert bob.get(f"{path}?{name}=").json() == bob.get(path).json()


@every_parameter
def test_a_parameter_given_twice_is_refused(bob: Account, path: str, name: str) -> None:
    value = {**VALUES, "project": bob.project_id, "projectSlug": bob.slug}[name]

    answer = bob.get(f"{path.format(id=bob.project_id)}?{name}={value}&{name}={value}")

    assert answer.status_code == 400
    assert name in answer.json()["error"]


@pytest.mark.parametrize("method", ["GET", "POST"])
def test_a_key_given_twice_in_the_query_is_refused(house: House, bob: Account, method: str) -> None:
    query = f"?api_key={bob.key}&api_key={bob.key}"

    answer = house.client.request(method, bob.feedback_path + query, json={"message": "A"})

    assert answer.status_code == 400
