"""Every page of some 300 items, in each filter, as a plain list has it (contract section 5)."""

from typing import NamedTuple

import pytest

from miniback import feedback, plans
from miniback.db import Tx
from miniback.feedback import Source, Status
from tests.feedback.batch import fill, new_project
from tests.house import Account, House

COUNT = 300


class Kept(NamedTuple):
    """What the model knows of an item."""

    id: str
    project: str
    status: str
    source: str


@pytest.fixture(scope="module")
def dave(house: House) -> Account:
    return house.account(plans.PRO)


@pytest.fixture(scope="module")
def model(house: House, dave: Account) -> list[Kept]:
    """The account's items, newest first: kinds come in runs and in turns."""
    projects = [dave.project_id, new_project(dave)["id"]]
    kept: list[Kept] = []
    for number in range(0, COUNT, 10):
        project = projects[number % 30 == 0]
        source = list(Source)[number // 50 % 2]
        for at, item in enumerate(fill(house, dave, ["m"] * 10, project, source)):
            status = list(Status)[(number // 100 + (at % 3 == 0)) % 3]
            kept.append(Kept(item, project, status.value, source.value))
    house.tx(_set_statuses, dave.id, kept)
    return kept[::-1]


def _set_statuses(tx: Tx, account_id: str, kept: list[Kept]) -> None:
    for each in kept:
        feedback.set_status(tx, account_id, each.id, Status(each.status), feedback.BY_COMMAND)


@pytest.mark.parametrize("status", ["", *Status])
@pytest.mark.parametrize("limit", [7, 100])
def test_every_page_of_a_projects_list_is_that_of_a_plain_list(
    dave: Account, model: list[Kept], status: str, limit: int
) -> None:
    kept = [each for each in model if each.project == dave.project_id]
    ids = [each.id for each in kept if status in ("", each.status)]
    for offset in range(0, len(ids) + limit + 1, limit):
        query = {"status": status, "limit": limit, "offset": offset}
        body = dave.get(dave.feedback_path, params=query).json()
        assert [each["id"] for each in body["data"]] == ids[offset : offset + limit]
        expected = (len(ids), offset + limit < len(ids))
        assert (body["pagination"]["total"], body["pagination"]["hasMore"]) == expected


@pytest.mark.parametrize("status", ["", *Status])
@pytest.mark.parametrize("source", ["", *Source])
@pytest.mark.parametrize("in_project", [True, False])
def test_every_page_of_the_accounts_list_is_that_of_a_plain_list(
    dave: Account, model: list[Kept], status: str, source: str, in_project: bool
) -> None:
    project = dave.project_id if in_project else ""
    wanted = (project, status, source)
    ids = [
        each.id
        for each in model
        if all(b in ("", a) for a, b in zip(each[1:], wanted, strict=True))
    ]
    query = {"project": project, "status": status, "source": source, "pageSize": 17}
    for page in range(1, len(ids) // 17 + 3):
        body = dave.get("/api/feedback", params={**query, "page": page}).json()
        assert [each["id"] for each in body["data"]] == ids[17 * (page - 1) : 17 * page]
        expected = (len(ids), page * 17 < len(ids))
        assert (body["pagination"]["total"], body["pagination"]["hasMore"]) == expected


@pytest.mark.parametrize("before_end", [-1, 0, 1, 2, 99, 100, 101])
@pytest.mark.parametrize("limit", [1, 2, 100])
def test_the_last_pages_end_where_the_list_ends(
    dave: Account, model: list[Kept], before_end: int, limit: int
) -> None:
    ids = [each.id for each in model if each.project == dave.project_id]
    offset = len(ids) - before_end

    body = dave.get(dave.feedback_path, params={"limit": limit, "offset": offset}).json()

    assert [each["id"] for each in body["data"]] == ids[offset : offset + limit]
    assert body["pagination"]["hasMore"] == (offset + limit < len(ids))


def test_pages_from_the_middle_agree_with_both_ends(dave: Account, model: list[Kept]) -> None:
    ids = [each.id for each in model if each.project == dave.project_id]

    middle = len(ids) // 2
    for offset in range(middle - 3, middle + 4):
        body = dave.get(dave.feedback_path, params={"limit": 5, "offset": offset}).json()
        assert [each["id"] for each in body["data"]] == ids[offset : offset + 5]


def test_every_page_of_a_dated_list_is_that_of_a_plain_list(
    dave: Account, model: list[Kept]
) -> None:
    ids = [each.id for each in model]
    for page in range(1, 6):
        query = {"start": "2020-01-01", "pageSize": 70, "page": page}
        body = dave.get("/api/feedback", params=query).json()
        assert [each["id"] for each in body["data"]] == ids[70 * (page - 1) : 70 * page]
        assert body["pagination"]["total"] == COUNT
