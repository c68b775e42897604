"""GET /api/projects/{id}/feedback (contract section 5)."""

import pytest

from tests.feedback.batch import fill, new_project
from tests.house import Account, House

BEYOND = str(2**53 + 1)


def test_the_list_shows_the_newest_first_with_pagination(bob: Account) -> None:
    said = [bob.say(f"Number {number}", context={"n": number}) for number in range(3)]

    response = bob.get(bob.feedback_path)

    assert response.status_code == 200
    assert list(response.json()) == ["data", "pagination"]
    assert response.json()["data"] == said[::-1]
    expected = {"total": 3, "limit": 50, "offset": 0, "hasMore": False}
    assert list(response.json()["pagination"].items()) == list(expected.items())


def test_an_item_of_the_list_leaves_out_source_change_and_project(bob: Account) -> None:
    bob.say()

    (item,) = bob.get(bob.feedback_path).json()["data"]

    assert list(item) == ["id", "message", "context", "status", "createdAt"]


def test_an_empty_list_is_200(bob: Account) -> None:
    response = bob.get(bob.feedback_path)

    assert response.status_code == 200
    assert response.json()["data"] == []
    assert response.json()["pagination"] == {
        "total": 0,
        "limit": 50,
        "offset": 0,
        "hasMore": False,
    }


def test_50_items_are_a_page_where_no_limit_is_given(house: House, bob: Account) -> None:
    ids = fill(house, bob, ["m"] * 51)

    body = bob.get(bob.feedback_path).json()

    assert [each["id"] for each in body["data"]] == ids[:0:-1]
    assert body["pagination"] == {"total": 51, "limit": 50, "offset": 0, "hasMore": True}


@pytest.mark.parametrize("limit", ["101", "1000", str(2**53)])
def test_a_limit_over_100_is_served_as_100_and_echoed(
    house: House, bob: Account, limit: str
) -> None:
    fill(house, bob, ["m"] * 101)

    body = bob.get(bob.feedback_path, params={"limit": limit}).json()

    assert len(body["data"]) == 100
    assert body["pagination"] == {"total": 101, "limit": 100, "offset": 0, "hasMore": True}


@pytest.mark.parametrize(
    ("limit", "offset", "shown", "has_more"),
    [
        (2, 0, [4, 3], True),
        (2, 2, [2, 1], True),
        (2, 3, [1, 0], False),
        (2, 4, [0], False),
        (2, 5, [], False),
        (5, 0, [4, 3, 2, 1, 0], False),
        (4, 0, [4, 3, 2, 1], True),
        (1, 2**53, [], False),
    ],
)
def test_limit_and_offset_are_honoured_to_the_letter(
    house: House, bob: Account, limit: int, offset: int, shown: list[int], has_more: bool
) -> None:
    ids = fill(house, bob, ["m"] * 5)

    body = bob.get(bob.feedback_path, params={"limit": limit, "offset": offset}).json()

    assert [each["id"] for each in body["data"]] == [ids[number] for number in shown]
    expected = {"total": 5, "limit": limit, "offset": offset, "hasMore": has_more}
    assert body["pagination"] == expected


@pytest.mark.parametrize("name", ["limit", "offset"])
@pytest.mark.parametrize(
    "value",
    [
        "-1",
        "1.5",
        "1e2",
        "abc",
        "0x10",
        "1_0",
        "%2B1",
        "%201",
        "1%20",
        "٣",
        "¹",
        "NaN",
        BEYOND,
        "9" * 400,
    ],
)
def test_what_is_no_such_number_is_400(bob: Account, name: str, value: str) -> None:
    response = bob.get(f"{bob.feedback_path}?{name}={value}")

    assert response.status_code == 400
    assert name in response.json()["error"]


def test_a_limit_of_0_is_400(bob: Account) -> None:
    assert bob.get(bob.feedback_path + "?limit=0").status_code == 400


def test_an_offset_with_leading_zeros_is_not_taken_for_another(bob: Account) -> None:
    response = bob.get(bob.feedback_path + "?offset=" + "0" * 30 + "7")

    assert response.status_code == 400 or response.json()["pagination"]["offset"] == 7


@pytest.mark.parametrize(
    "query", ["limit=&offset=&status=", "", "colour=red&page=0&search=nothing"]
)
def test_empty_values_and_unknown_parameters_change_nothing(bob: Account, query: str) -> None:
    item = bob.say()

    body = bob.get(f"{bob.feedback_path}?{query}").json()

    assert body["data"] == [item]
    assert body["pagination"]["limit"] == 50


@pytest.mark.parametrize("query", ["limit=1&limit=1", "offset=0&offset=1", "status=NEW&status=NEW"])
def test_a_parameter_given_twice_is_400(bob: Account, query: str) -> None:
    response = bob.get(f"{bob.feedback_path}?{query}")

    assert response.status_code == 400
    assert query.partition("=")[0] in response.json()["error"]


@pytest.mark.parametrize("status", ["new", "New", "DONE", "NEW,REVIEWED", " NEW", "WIDGET", "*"])
def test_an_unknown_status_is_400_and_told_the_valid_ones(bob: Account, status: str) -> None:
    response = bob.get(bob.feedback_path, params={"status": status})

    assert response.status_code == 400
    assert all(each in response.json()["error"] for each in ("NEW", "REVIEWED", "RESOLVED"))


@pytest.mark.parametrize("status", ["NEW", "REVIEWED", "RESOLVED"])
def test_a_status_filters_and_total_counts_what_it_leaves(bob: Account, status: str) -> None:
    said = {each: bob.say(each)["id"] for each in ("NEW", "REVIEWED", "RESOLVED")}
    for name, item in said.items():
        bob.put(f"/api/feedback/{item}", json={"status": name})

    body = bob.get(bob.feedback_path, params={"status": status, "limit": 1}).json()

    assert [(each["id"], each["status"]) for each in body["data"]] == [(said[status], status)]
    assert body["pagination"] == {"total": 1, "limit": 1, "offset": 0, "hasMore": False}


def test_the_list_is_of_that_project_alone(house: House, bob: Account) -> None:
    other = new_project(bob)["id"]
    ids = fill(house, bob, ["there"], project_id=other)
    bob.say("here")

    body = bob.get(f"/api/projects/{other}/feedback").json()

    assert [each["id"] for each in body["data"]] == ids
    assert body["pagination"]["total"] == 1


@pytest.mark.parametrize("project_id", ["proj_" + "0" * 24, "proj_1", "%00", "my-website"])
def test_the_list_of_an_absent_project_is_403(bob: Account, project_id: str) -> None:
    response = bob.get(f"/api/projects/{project_id}/feedback")

    assert response.status_code == 403
    assert response.json() == {"error": "Invalid API key or project not found"}
