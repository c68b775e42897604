"""The calls on projects (contract section 4)."""

import re
from typing import Any

import pytest

from miniback.db import Tx
from tests.feedback.batch import id_at, new_project
from tests.house import Account, House

MEMBERS = ["id", "name", "slug", "status", "createdAt", "updatedAt"]
ABSENT = id_at("proj", 1)
NAME_RULE = [
    *("", " ", "\t \n", "\u00a0", "n" * 101, " " + "é" * 101, "a\u0007b", "a\nb", "a\u007fb"),
    *("a\u0085b", "a\u001fb", 1, None, True, [], ["a"], {"a": 1}),
]


def path(who: Account) -> str:
    return f"/api/projects/{who.project_id}"


def test_creating_answers_201_with_the_object(bob: Account) -> None:
    response = bob.post(
        "/api/projects", json={"name": "New Project", "slug": "created-by-" + bob.slug}
    )

    assert response.status_code == 201
    project = response.json()["data"]
    assert list(project) == MEMBERS
    assert re.fullmatch(r"proj_[0-9a-v]{24}", project["id"])
    assert (project["name"], project["slug"]) == ("New Project", "created-by-" + bob.slug)
    assert project["status"] == "ACTIVE"
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z", project["createdAt"])
    assert project["updatedAt"] == project["createdAt"]


def test_getting_answers_200_with_what_creating_gave(bob: Account) -> None:
    project = new_project(bob)

    response = bob.get(f"/api/projects/{project['id']}")

    assert (response.status_code, response.json()) == (200, {"data": project})


def test_the_list_shows_the_newest_first(bob: Account) -> None:
    made = [new_project(bob, f"Project {number}")["id"] for number in range(3)]

    response = bob.get("/api/projects")

    assert response.status_code == 200
    assert list(response.json()) == ["data"]
    assert [each["id"] for each in response.json()["data"]] == [*reversed(made), bob.project_id]
    assert all(list(each) == MEMBERS for each in response.json()["data"])


def test_the_list_shows_paused_projects_too(bob: Account) -> None:
    bob.put(path(bob), json={"status": "PAUSED"})

    (project,) = bob.get("/api/projects").json()["data"]

    assert project["status"] == "PAUSED"


def test_the_list_ends_at_the_newest_1000(house: House, bob: Account) -> None:
    ids = [id_at("proj", (1 << 51) + number) for number in range(1_000)]
    house.tx(_insert, bob.id, ids)

    listed = [each["id"] for each in bob.get("/api/projects").json()["data"]]

    assert listed == ids[::-1]


def test_the_list_shows_no_other_accounts_projects(bob: Account, mallory: Account) -> None:
    listed = mallory.get("/api/projects").json()["data"]

    assert [each["id"] for each in listed] == [mallory.project_id]


@pytest.mark.parametrize(
    "changes", [{"name": "Renamed"}, {"status": "PAUSED"}, {"name": "Both", "status": "PAUSED"}]
)
def test_updating_answers_200_with_the_changed_object(
    bob: Account, changes: dict[str, str]
) -> None:
    before = bob.get(path(bob)).json()["data"]

    response = bob.put(path(bob), json=changes)

    assert response.status_code == 200
    after = response.json()["data"]
    assert list(after) == MEMBERS
    assert after == {**before, **changes, "updatedAt": after["updatedAt"]}
    assert after["updatedAt"] > before["updatedAt"]
    assert bob.get(path(bob)).json()["data"] == after


def test_updating_the_slug_is_seen_at_once(bob: Account) -> None:
    slug = "changed-" + bob.slug

    response = bob.put(path(bob), json={"slug": slug})

    assert (response.status_code, response.json()["data"]["slug"]) == (200, slug)
    assert bob.get(path(bob)).json()["data"]["slug"] == slug


@pytest.mark.parametrize("body", [{}, {"colour": "red"}, {"slug": None}])
def test_an_update_that_names_no_field_is_400(bob: Account, body: dict[str, Any]) -> None:
    response = bob.put(path(bob), json=body)

    assert response.status_code == 400
    assert isinstance(response.json()["error"], str)


def test_unknown_fields_are_ignored(bob: Account) -> None:
    response = bob.put(path(bob), json={"name": "Renamed", "id": "proj_1", "colour": "red"})

    assert response.status_code == 200
    assert response.json()["data"]["id"] == bob.project_id


def test_deleting_answers_200_with_the_id(bob: Account) -> None:
    project_id = new_project(bob)["id"]

    response = bob.delete(f"/api/projects/{project_id}")

    assert response.status_code == 200
    assert response.json() == {"data": {"id": project_id, "deleted": True}}


@pytest.mark.parametrize("method", ["GET", "PUT", "DELETE"])
@pytest.mark.parametrize(
    "project_id",
    [
        ABSENT,
        "proj_1",
        "nothing",
        "PROJ_" + "0" * 24,
        ABSENT + "%00",
        "%ff",
        ABSENT.upper(),
        "é" * 24,
    ],
)
def test_an_absent_project_is_404(bob: Account, method: str, project_id: str) -> None:
    response = bob.call(method, f"/api/projects/{project_id}")

    assert (response.status_code, response.json()) == (404, {"error": "Project not found"})


@pytest.mark.parametrize("method", ["GET", "PUT", "DELETE"])
def test_another_accounts_project_is_404(bob: Account, mallory: Account, method: str) -> None:
    response = mallory.call(method, path(bob), json={"name": "Mine"})

    assert (response.status_code, response.json()) == (404, {"error": "Project not found"})
    assert bob.get(path(bob)).json()["data"]["name"] == "My Website"


def test_a_slug_is_no_address_of_a_project(bob: Account) -> None:
    assert bob.get(f"/api/projects/{bob.slug}").status_code == 404


@pytest.mark.parametrize("name", NAME_RULE)
def test_a_name_that_breaks_the_rule_is_400_when_creating(bob: Account, name: object) -> None:
    response = bob.post("/api/projects", json={"name": name})

    assert response.status_code == 400
    assert isinstance(response.json()["error"], str)
    assert len(bob.get("/api/projects").json()["data"]) == 1


def test_a_project_without_a_name_is_400(bob: Account) -> None:
    assert bob.post("/api/projects", json={"slug": "no-name"}).status_code == 400


@pytest.mark.parametrize("name", [each for each in NAME_RULE if each is not None])
def test_a_name_that_breaks_the_rule_is_400_when_updating(bob: Account, name: object) -> None:
    response = bob.put(path(bob), json={"name": name})

    assert response.status_code == 400
    assert bob.get(path(bob)).json()["data"]["name"] == "My Website"


@pytest.mark.parametrize(
    "name", ["n", "n" * 100, "😀" * 100, "Ünïcödé", "日本語", "a\u200db", "<b>"]
)
def test_a_name_of_1_to_100_characters_is_kept_as_it_is(bob: Account, name: str) -> None:
    assert new_project(bob, name)["name"] == name


@pytest.mark.parametrize("name", ["  Shop  ", "\u3000Shop\u00a0", "\n\tShop\r\n"])
def test_a_name_is_trimmed(bob: Account, name: str) -> None:
    assert new_project(bob, name)["name"] == "Shop"


def test_a_name_of_100_characters_may_stand_between_blanks(bob: Account) -> None:
    assert new_project(bob, " " + "n" * 100 + " ")["name"] == "n" * 100


def test_names_may_repeat(bob: Account) -> None:
    first, second = new_project(bob, "Twin"), new_project(bob, "Twin")

    assert first["name"] == second["name"] == "Twin"
    assert first["slug"] != second["slug"]


@pytest.mark.parametrize("status", ["active", "Paused", "DELETED", "", 1, [], {}, True])
def test_an_unknown_project_status_is_400(bob: Account, status: object) -> None:
    response = bob.put(path(bob), json={"status": status})

    assert response.status_code == 400
    assert bob.get(path(bob)).json()["data"]["status"] == "ACTIVE"


def test_a_paused_project_takes_no_feedback(bob: Account) -> None:
    bob.put(path(bob), json={"status": "PAUSED"})

    response = bob.post(bob.feedback_path, json={"message": "Anybody there?"})

    assert (response.status_code, response.json()) == (
        403,
        {"error": "Project is paused", "code": "project_paused"},
    )
    assert bob.get(bob.feedback_path).json()["pagination"]["total"] == 0


def test_a_project_may_be_paused_through_the_key_of_another(bob: Account) -> None:
    other = new_project(bob)["id"]
    bob.put(f"/api/projects/{other}", json={"status": "PAUSED"})

    response = bob.post(f"/api/projects/{other}/feedback", json={"message": "Anybody there?"})

    assert (response.status_code, response.json()) == (
        403,
        {"error": "Project is paused", "code": "project_paused"},
    )


def test_a_paused_project_keeps_its_data_and_can_be_read(bob: Account) -> None:
    item = bob.say("Kept")
    bob.put(path(bob), json={"status": "PAUSED"})

    assert bob.get(f"/api/feedback/{item['id']}").json()["data"]["message"] == "Kept"
    assert bob.get("/api/feedback?search=kept").json()["pagination"]["total"] == 1
    assert [each["id"] for each in bob.get(bob.feedback_path).json()["data"]] == [item["id"]]


def test_a_paused_projects_feedback_can_be_changed_and_deleted(bob: Account) -> None:
    item = f"/api/feedback/{bob.say()['id']}"
    bob.put(path(bob), json={"status": "PAUSED"})

    assert bob.put(item, json={"status": "RESOLVED"}).status_code == 200
    assert bob.delete(item).status_code == 200


def test_a_resumed_project_takes_feedback_again(bob: Account) -> None:
    bob.put(path(bob), json={"status": "PAUSED"})
    bob.put(path(bob), json={"status": "ACTIVE"})

    assert bob.say("Hello again")["message"] == "Hello again"


def _insert(tx: Tx, account_id: str, project_ids: list[str]) -> None:
    tx.run_many(
        "INSERT INTO projects (account_id, id, name, slug, status, allowed_domains, updated_at)"
        " VALUES (:account_id, :id, 'Many', :id, 'ACTIVE', '[]', 0)",
        [{"account_id": account_id, "id": each} for each in project_ids],
    )
