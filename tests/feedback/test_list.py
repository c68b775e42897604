"""GET /api/feedback: pages, filters and dates (contract section 5)."""
# ruff: noqa: RUF001 - look-alike letters are what is tested

from datetime import UTC, datetime
from typing import Any

import pytest

from miniback import plans
from miniback.feedback import Source
from tests.feedback.batch import fill, new_project, place
from tests.house import Account, House

STATUSES = ("NEW", "REVIEWED", "RESOLVED")
NOT_FOUND = {"error": "Project not found"}


def shown(who: Account, **query: Any) -> list[str]:
    """Return the ids that a query lists."""
    response = who.get("/api/feedback", params=query)
    assert response.status_code == 200, response.text
    return [each["id"] for each in response.json()["data"]]


def pagination(who: Account, **query: Any) -> dict[str, Any]:
    found: dict[str, Any] = who.get("/api/feedback", params=query).json()["pagination"]
    return found


def test_the_list_shows_whole_objects_newest_first(bob: Account) -> None:
    said = [bob.say(f"Number {number}") for number in range(3)]

    response = bob.get("/api/feedback")

    assert response.status_code == 200
    assert list(response.json()) == ["data", "pagination"]
    assert [each["id"] for each in response.json()["data"]] == [each["id"] for each in said[::-1]]
    for item in response.json()["data"]:
        assert item == bob.get(f"/api/feedback/{item['id']}").json()["data"]
        assert list(item)[-3:] == ["createdAt", "updatedAt", "project"]


def test_the_first_10_are_the_page_where_nothing_is_said(house: House, bob: Account) -> None:
    ids = fill(house, bob, ["m"] * 11)

    body = bob.get("/api/feedback").json()

    assert [each["id"] for each in body["data"]] == ids[:0:-1]
    expected = {"page": 1, "pageSize": 10, "total": 11, "totalPages": 2, "hasMore": True}
    assert list(body["pagination"].items()) == list(expected.items())


def test_an_empty_list_has_no_pages(bob: Account) -> None:
    body = bob.get("/api/feedback").json()

    assert body["data"] == []
    assert body["pagination"] == {
        "page": 1,
        "pageSize": 10,
        "total": 0,
        "totalPages": 0,
        "hasMore": False,
    }


@pytest.mark.parametrize(
    ("page", "size", "positions", "pages", "has_more"),
    [
        (1, 2, [4, 3], 3, True),
        (2, 2, [2, 1], 3, True),
        (3, 2, [0], 3, False),
        (4, 2, [], 3, False),
        (1, 5, [4, 3, 2, 1, 0], 1, False),
        (2, 4, [0], 2, False),
        (2**53, 100, [], 1, False),
    ],
)
def test_page_and_page_size_are_honoured_to_the_letter(
    house: House,
    bob: Account,
    page: int,
    size: int,
    positions: list[int],
    pages: int,
    has_more: bool,
) -> None:
    ids = fill(house, bob, ["m"] * 5)

    assert shown(bob, page=page, pageSize=size) == [ids[each] for each in positions]
    assert pagination(bob, page=page, pageSize=size) == {
        "page": page,
        "pageSize": size,
        "total": 5,
        "totalPages": pages,
        "hasMore": has_more,
    }


@pytest.mark.parametrize("size", [101, 5_000, 2**53])
def test_a_page_size_over_100_is_served_as_100_and_echoed(
    house: House, bob: Account, size: int
) -> None:
    fill(house, bob, ["m"] * 101)

    assert len(shown(bob, pageSize=size)) == 100
    assert pagination(bob, pageSize=size)["pageSize"] == 100
    assert pagination(bob, pageSize=size)["totalPages"] == 2


@pytest.mark.parametrize("name", ["page", "pageSize"])
@pytest.mark.parametrize(
    "value", ["0", "-1", "1.5", "abc", "1e1", "%2B1", "٣", str(2**53 + 1), "9" * 400]
)
def test_what_is_no_such_number_is_400(bob: Account, name: str, value: str) -> None:
    response = bob.get(f"/api/feedback?{name}={value}")

    assert response.status_code == 400
    assert name in response.json()["error"]


@pytest.mark.parametrize(
    "name",
    ["page", "pageSize", "status", "source", "project", "projectSlug", "search", "start", "end"],
)
def test_a_parameter_given_twice_is_400(bob: Account, name: str) -> None:
    response = bob.get(f"/api/feedback?{name}=1&{name}=1")

    assert response.status_code == 400
    assert name in response.json()["error"]


def test_empty_values_and_unknown_parameters_change_nothing(bob: Account) -> None:
    item = bob.say()
    names = [
        "page",
        "pageSize",
        "status",
        "source",
        "project",
        "projectSlug",
        "search",
        "start",
        "end",
    ]

    assert shown(bob, **dict.fromkeys(names, ""), colour="red", limit="0") == [item["id"]]


@pytest.mark.parametrize("status", ["new", "Reviewed", "DONE", "NEW,RESOLVED", "API", "NEW "])
def test_an_unknown_status_is_400_and_told_the_valid_ones(bob: Account, status: str) -> None:
    response = bob.get("/api/feedback", params={"status": status})

    assert response.status_code == 400
    assert all(each in response.json()["error"] for each in STATUSES)


@pytest.mark.parametrize("source", ["widget", "Api", "EMAIL", "API,WIDGET", "NEW", " API"])
def test_an_unknown_source_is_400_and_told_the_valid_ones(bob: Account, source: str) -> None:
    response = bob.get("/api/feedback", params={"source": source})

    assert response.status_code == 400
    assert all(each in response.json()["error"] for each in ("WIDGET", "API"))


@pytest.mark.parametrize("status", [None, *STATUSES])
@pytest.mark.parametrize("source", [None, *Source])
@pytest.mark.parametrize("in_project", [True, False])
def test_filters_combine(
    gallery: dict[str, tuple[str, str, str]],
    dave: Account,
    status: str | None,
    source: str | None,
    in_project: bool,
) -> None:
    wanted = {
        "project": dave.project_id if in_project else None,
        "status": status,
        "source": source,
    }
    chosen = {name: value for name, value in wanted.items() if value}

    expected = [
        item
        for item, labels in gallery.items()
        if all(value in (None, label) for value, label in zip(wanted.values(), labels, strict=True))
    ]
    assert shown(dave, pageSize=100, **chosen) == expected[::-1]
    assert pagination(dave, pageSize=100, **chosen)["total"] == len(expected)


@pytest.fixture(scope="module")
def dave(house: House) -> Account:
    return house.account(plans.PRO)


@pytest.fixture(scope="module")
def gallery(house: House, dave: Account) -> dict[str, tuple[str, str, str]]:
    """One or two items of every kind in two projects: project, status and source by id."""
    found = {}
    projects = [dave.project_id, new_project(dave)["id"]]
    for number, status in enumerate([*STATUSES, *STATUSES[::-1], "NEW"]):
        for project in projects:
            for source in Source:
                (item,) = fill(house, dave, [f"m{number}"], project, source)
                dave.put(f"/api/feedback/{item}", json={"status": status})
                found[item] = (project, status, source.value)
    return found


@pytest.mark.parametrize("parameter", ["project", "projectSlug"])
def test_a_slug_names_the_project(bob: Account, parameter: str) -> None:
    item, other = bob.say(), new_project(bob)

    assert shown(bob, **{parameter: bob.slug}) == [item["id"]]
    assert shown(bob, **{parameter: other["slug"]}) == []


def test_an_id_names_the_project(bob: Account) -> None:
    item, other = bob.say(), new_project(bob)

    assert shown(bob, project=bob.project_id) == [item["id"]]
    assert shown(bob, project=other["id"]) == []


def test_project_and_project_slug_may_both_name_the_same(bob: Account) -> None:
    item = bob.say()
    new_project(bob)

    assert shown(bob, project=bob.project_id, projectSlug=bob.slug) == [item["id"]]
    assert shown(bob, project=bob.slug, projectSlug=bob.slug) == [item["id"]]


def test_an_earlier_and_the_present_slug_agree(bob: Account) -> None:
    item = bob.say()
    bob.put(f"/api/projects/{bob.project_id}", json={"slug": "now-" + bob.slug})

    assert shown(bob, project=bob.slug, projectSlug="now-" + bob.slug) == [item["id"]]


def test_project_and_project_slug_that_disagree_are_404(bob: Account) -> None:
    other = new_project(bob)["slug"]

    response = bob.get("/api/feedback", params={"project": bob.project_id, "projectSlug": other})

    assert (response.status_code, response.json()) == (404, NOT_FOUND)


@pytest.mark.parametrize("parameter", ["project", "projectSlug"])
@pytest.mark.parametrize(
    "name", ["nothing-here", "proj_1", "proj_" + "0" * 24, "\0", "ä", "x" * 500]
)
def test_a_project_that_is_absent_is_404(bob: Account, parameter: str, name: str) -> None:
    response = bob.get("/api/feedback", params={parameter: name})

    assert (response.status_code, response.json()) == (404, NOT_FOUND)


@pytest.mark.parametrize("parameter", ["project", "projectSlug"])
def test_another_accounts_project_is_404(bob: Account, mallory: Account, parameter: str) -> None:
    for name in (bob.slug, bob.project_id):
        response = mallory.get("/api/feedback", params={parameter: name})

        assert (response.status_code, response.json()) == (404, NOT_FOUND)


def test_items_carry_their_projects_present_name_and_slug(bob: Account) -> None:
    bob.say()
    changes = {"name": "New name", "slug": "new-" + bob.slug}
    bob.put(f"/api/projects/{bob.project_id}", json=changes)

    (item,) = bob.get("/api/feedback").json()["data"]

    assert list(item["project"].items()) == [("id", bob.project_id), *changes.items()]


# Microseconds into 2025-01-31; ids are finer than the milliseconds that are shown.
DAY = int(datetime(2025, 1, 31, tzinfo=UTC).timestamp()) * 1_000_000
NOON = DAY + 12 * 3_600_000_000
TIMES = [DAY - 1, DAY, NOON, NOON + 999, NOON + 1_000, DAY + 86_399_999_999, DAY + 86_400_000_000]


@pytest.fixture(scope="module")
def erin(house: House) -> Account:
    return house.account(plans.PRO)


@pytest.fixture(scope="module")
def dated(house: House, erin: Account) -> list[str]:
    return [place(house, erin, at, "Some day") for at in TIMES]


@pytest.mark.parametrize("search", ["", "&search=some+day"], ids=["list", "search"])
@pytest.mark.parametrize(
    ("query", "first", "last"),
    [
        ("start=2025-01-31", 1, 6),
        ("start=2025-02-01", 6, 6),
        ("end=2025-01-31", 0, 5),
        ("end=2025-01-30", 0, 0),
        ("start=2025-01-31&end=2025-01-31", 1, 5),
        ("start=2025-01-31T00:00:00Z", 1, 6),
        ("start=2025-01-31T12:00:00Z", 2, 6),
        ("start=2025-01-31T12:00:00", 2, 6),
        ("start=2025-01-31T12:00:00.000Z", 2, 6),
        ("start=2025-01-31t12:00:00z", 2, 6),
        ("start=2025-01-31T12:00:00.001Z", 4, 6),
        ("start=2025-01-31T12:00:00.001", 4, 6),
        ("start=2025-01-31T12:00:00.1Z", 5, 6),
        ("end=2025-01-31T12:00:00Z", 0, 3),
        ("end=2025-01-31T12:00:00", 0, 3),
        ("end=2025-01-31T12:00:00.000Z", 0, 3),
        ("end=2025-01-31T12:00:00.001Z", 0, 4),
        ("end=2025-01-31T12:00:00.001000Z", 0, 4),
        ("end=2025-01-31T11:59:59.999Z", 0, 1),
        ("end=2025-01-31T23:59:59.999Z", 0, 5),
        ("end=2025-01-31T00:00:00Z", 0, 1),
        ("start=2025-01-31T13:00:00%2B01:00", 2, 6),
        ("start=2025-01-31T13:00:00+01:00", 2, 6),
        ("start=2025-01-31T13:00:00%2001:00", 2, 6),
        ("start=2025-01-31T07:00:00-05:00", 2, 6),
        ("start=2025-01-31T12:00:00-00:00", 2, 6),
        ("end=2025-01-31T17:30:00.000%2B05:30", 0, 3),
        ("start=2025-01-31T12:00:00Z&end=2025-01-31T12:00:00Z", 2, 3),
        ("start=0001-01-01T00:00:00%2B23:59", 0, 6),
        ("end=9999-12-31T23:59:59-23:59", 0, 6),
        ("start=1969-12-31&end=9999-12-31", 0, 6),
    ],
)
def test_dates_are_inclusive_to_the_millisecond(
    erin: Account, dated: list[str], query: str, first: int, last: int, search: str
) -> None:
    body = erin.get(f"/api/feedback?{query}{search}").json()

    assert [each["id"] for each in body["data"]] == dated[first : last + 1][::-1]
    assert body["pagination"]["total"] == last + 1 - first


@pytest.mark.parametrize("search", ["", "&search=some+day"], ids=["list", "search"])
@pytest.mark.parametrize(
    "query",
    [
        "start=2025-02-01&end=2025-01-31",
        "start=2025-01-31T12:00:01Z&end=2025-01-31T12:00:00Z",
        "start=2026-01-01",
        "end=2024-12-31",
        "end=1900-01-01",
        "end=0001-01-01",
        "start=9999-12-31",
    ],
)
def test_a_range_without_items_or_upside_down_is_an_empty_list(
    erin: Account, dated: list[str], query: str, search: str
) -> None:
    response = erin.get(f"/api/feedback?{query}{search}")

    assert (response.status_code, response.json()["data"]) == (200, [])
    expected = {"page": 1, "pageSize": 10, "total": 0, "totalPages": 0, "hasMore": False}
    assert response.json()["pagination"] == expected


@pytest.mark.parametrize("name", ["start", "end"])
@pytest.mark.parametrize(
    "value",
    [
        *("yesterday", "2025", "2025-01", "2025-1-1", "20250131", "2025-02-30", "2025-13-01"),
        *("2025-00-10", "2025-01-32", "31-01-2025", "2025/01/31", "2025-W05-5", "2025-031"),
        *("1738324800", "1738324800000", "2025-01-31T", "2025-01-31T12", "2025-01-31T12:00"),
        *("2025-01-31T25:00:00Z", "2025-01-31T24:00:00Z", "2025-01-31T12:60:00Z"),
        *("2025-01-31T12:00:00.Z", "2025-01-31T12:00:00,5Z", "2025-01-31T12:00:00ZZ"),
        *("2025-01-31T12:00:00%2B0100", "2025-01-31T12:00:00%2B01", "2025-01-31T12:00:00-25:00"),
        *("2025-01-31T12:00:00%2B01:60", "2025-01-31Z", "2025-01-31%2B01:00", "-2025-01-31"),
        *("２０２５-01-31", "2025-01-31%0A", "2025-01-31T12:00:00Z%00", "'2025-01-31'", "null"),
    ],
)
def test_what_is_no_date_is_400(bob: Account, name: str, value: str) -> None:
    response = bob.get(f"/api/feedback?{name}={value}")

    assert response.status_code == 400
    assert name in response.json()["error"]


def test_dates_combine_with_pages_and_filters(erin: Account, dated: list[str]) -> None:
    query = {"start": "2025-01-31", "end": "2025-01-31", "status": "NEW", "source": "API"}

    pages = [shown(erin, **query, pageSize=2, page=page) for page in (1, 2, 3, 4)]

    assert [each for page in pages for each in page] == dated[1:6][::-1]
    assert pagination(erin, **query, pageSize=2, page=2)["hasMore"] is True
    assert pagination(erin, **query, pageSize=2, page=3)["hasMore"] is False
    assert shown(erin, **{**query, "source": "WIDGET"}) == []
