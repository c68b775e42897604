"""Which of two refusals comes first (contract section 1, last line)."""

from typing import Any

import pytest

from tests.house import Account, House
from tests.plans.figures import spend

ABSENT = "proj_" + "0" * 24
NO_ITEM = "/api/feedback/feedback_" + "0" * 24
GZIP = {"content-encoding": "gzip"}
FORM = {"content-type": "multipart/form-data; boundary=x"}
LARGE = b" " * 163_841
BROKEN = b'{"message":'
KEY_REQUIRED = (
    "API key is required. Provide it via 'x-api-key' header or 'api_key' query parameter."
)
NO_SUCH_KEY = "Invalid API key or project not found"
WRONG_KEY = {"x-api-key": "mbk_wrong"}
NO_KEY = {"x-api-key": ""}
ONCE = {"idempotency-key": "once"}


@pytest.mark.parametrize("path", ["/api/nowhere", "/api/projects", f"/api/projects/{ABSENT}"])
@pytest.mark.parametrize(
    ("headers", "body", "status"), [(GZIP, b"{}", 415), (FORM, b"{}", 415), (NO_KEY, LARGE, 413)]
)
def test_the_guard_comes_before_path_method_and_key(
    house: House, path: str, headers: dict[str, str], body: bytes, status: int
) -> None:
    answer = house.client.request("PATCH", path, content=body, headers=headers)

    assert answer.status_code == status


@pytest.mark.parametrize("method", ["PATCH", "GET"])
def test_a_wrong_path_comes_before_method_and_key(house: House, method: str) -> None:
    answer = house.client.request(method, "/api/nowhere", headers=WRONG_KEY)

    assert answer.status_code == 404


@pytest.mark.parametrize("headers", [WRONG_KEY, NO_KEY])
def test_a_wrong_method_comes_before_the_key(house: House, headers: dict[str, str]) -> None:
    answer = house.client.patch("/api/projects", headers=headers)

    assert answer.status_code == 405


@pytest.mark.parametrize(
    ("headers", "status", "text"),
    [(NO_KEY, 401, KEY_REQUIRED), (WRONG_KEY, 403, NO_SUCH_KEY)],
)
@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", f"/api/projects/{ABSENT}"),
        ("PUT", f"/api/projects/{ABSENT}/settings"),
        ("DELETE", NO_ITEM),
        ("POST", "/api/projects"),
        ("POST", f"/api/projects/{ABSENT}/feedback"),
        ("GET", "/api/feedback?status=OLD"),
    ],
)
def test_the_key_comes_before_project_and_fields(
    house: House, method: str, path: str, headers: dict[str, str], status: int, text: str
) -> None:
    answer = house.client.request(method, path, content=BROKEN, headers=headers)

    assert (answer.status_code, answer.json()) == (status, {"error": text})


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", f"/api/projects/{ABSENT}"),
        ("PUT", f"/api/projects/{ABSENT}"),
        ("POST", f"/api/projects/{ABSENT}/api-key"),
        ("GET", f"/api/projects/{ABSENT}/feedback"),
        ("PUT", NO_ITEM),
        ("POST", "/api/projects"),
    ],
)
def test_the_plan_comes_before_project_fields_and_quota(
    house: House, alice: Account, method: str, path: str
) -> None:
    spend(house, alice)

    answer = alice.call(method, path, content=BROKEN)

    assert answer.status_code == 401
    assert answer.json()["error"].startswith(f"{method} requests are available on paid plans only.")


@pytest.mark.parametrize(
    ("method", "path", "status", "text"),
    [
        ("POST", f"/api/projects/{ABSENT}/feedback", 403, NO_SUCH_KEY),
        ("GET", f"/api/projects/{ABSENT}/feedback?limit=0", 403, NO_SUCH_KEY),
        ("GET", f"/api/projects/{ABSENT}/feedback?status=A&status=B", 403, NO_SUCH_KEY),
        ("PUT", f"/api/projects/{ABSENT}", 404, "Project not found"),
        ("DELETE", f"/api/projects/{ABSENT}", 404, "Project not found"),
        ("PUT", f"/api/projects/{ABSENT}/settings", 404, "Project not found"),
        ("POST", f"/api/projects/{ABSENT}/api-key", 404, "Project not found"),
        ("PUT", NO_ITEM, 404, "Feedback not found"),
        ("DELETE", NO_ITEM, 404, "Feedback not found"),
    ],
)
def test_project_and_item_come_before_fields_and_quota(
    house: House, carol: Account, method: str, path: str, status: int, text: str
) -> None:
    spend(house, carol)

    answer = carol.call(method, path, content=BROKEN)

    assert (answer.status_code, answer.json()) == (status, {"error": text})


def test_the_project_comes_before_the_idempotency_key(carol: Account) -> None:
    path = f"/api/projects/{ABSENT}/feedback"

    answer = carol.post(path, json={"message": "A"}, headers={"idempotency-key": "k" * 256})

    assert answer.status_code == 403


@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        ("POST", "/api/projects/{project}/feedback", {"message": ""}),
        ("POST", "/api/projects", {"name": ""}),
        ("PUT", "/api/projects/{project}", {"status": "GONE"}),
        ("PUT", "/api/projects/{project}/settings", {}),
        ("POST", "/api/projects/{project}/api-key", {"overlapSeconds": -1}),
        ("PUT", "/api/feedback/{item}", {"status": "GONE"}),
        ("GET", "/api/feedback?page=0", None),
        ("GET", "/api/projects/{project}/feedback?limit=0", None),
    ],
)
def test_fields_come_before_the_quota(
    house: House, carol: Account, method: str, path: str, body: Any
) -> None:
    path = path.format(project=carol.project_id, item=carol.say()["id"])
    spend(house, carol)

    assert carol.call(method, path, json=body).status_code == 400


def test_fields_come_before_a_used_idempotency_key(carol: Account) -> None:
    carol.post(carol.feedback_path, json={"message": "A"}, headers=ONCE)

    answer = carol.post(carol.feedback_path, json={"message": ""}, headers=ONCE)

    assert answer.status_code == 400


def test_fields_come_before_a_pause(carol: Account) -> None:
    carol.put(f"/api/projects/{carol.project_id}", json={"status": "PAUSED"})

    assert carol.post(carol.feedback_path, json={"message": ""}).status_code == 400


@pytest.mark.parametrize(("message", "status"), [("A", 201), ("B", 422)])
def test_a_used_idempotency_key_comes_before_pause_and_quota(
    house: House, carol: Account, message: str, status: int
) -> None:
    carol.post(carol.feedback_path, json={"message": "A"}, headers=ONCE)
    carol.put(f"/api/projects/{carol.project_id}", json={"status": "PAUSED"})
    spend(house, carol)

    answer = carol.post(carol.feedback_path, json={"message": message}, headers=ONCE)

    assert answer.status_code == status


@pytest.mark.parametrize(("name", "status"), [("A", 201), ("B", 422)])
def test_a_used_idempotency_key_of_a_project_comes_before_the_quota(
    house: House, carol: Account, name: str, status: int
) -> None:
    carol.post("/api/projects", json={"name": "A"}, headers=ONCE)
    spend(house, carol)

    assert carol.post("/api/projects", json={"name": name}, headers=ONCE).status_code == status


def test_a_pause_comes_before_the_quota(house: House, carol: Account) -> None:
    carol.put(f"/api/projects/{carol.project_id}", json={"status": "PAUSED"})
    spend(house, carol)

    answer = carol.post(carol.feedback_path, json={"message": "A"})

    assert (answer.status_code, answer.json()) == (
        403,
        {"error": "Project is paused", "code": "project_paused"},
    )


def test_the_project_limit_comes_before_the_quota(house: House, carol: Account) -> None:
    for number in range(9):
        carol.post("/api/projects", json={"name": f"No {number}"})
    spend(house, carol)

    assert carol.post("/api/projects", json={"name": "The eleventh"}).status_code == 403
