"""Changes of one project at the same time, by several processes on one database."""

import dataclasses
import functools
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor

import httpx2
import pytest

from miniback import plans
from tests.house import PATIENCE_S, Account, House, running, until

AT_ONCE = 12
ROUNDS = 12


@pytest.fixture(scope="module")
def many(database: str, new_house: Callable[..., House]) -> Iterator[House]:
    """A server of three processes."""
    with running(new_house(database, workers=3)) as house:
        yield house


@pytest.fixture
def bob(many: House) -> Iterator[Account]:
    """Bob, with a connection a call: those that are kept tend to lead to one process."""
    limits = httpx2.Limits(max_keepalive_connections=0)
    with httpx2.Client(base_url=many.base_url, limits=limits, timeout=PATIENCE_S) as client:
        yield dataclasses.replace(many.account(plans.PRO), client=client)


def at_once(calls: list[Callable[[], httpx2.Response]]) -> list[httpx2.Response]:
    with ThreadPoolExecutor(len(calls)) as threads:
        return [each.result() for each in [threads.submit(call) for call in calls]]


def second_project(who: Account) -> str:
    created = who.post("/api/projects", json={"name": "Second"})
    return f"/api/projects/{created.json()['data']['id']}"


def active_projects(house: House, who: Account) -> int:
    return int(house.row("SELECT active_projects FROM accounts WHERE id = :id", id=who.id)[0])


def test_keys_made_at_once_leave_one_current_key(many: House, bob: Account) -> None:
    path = second_project(bob)

    for _ in range(ROUNDS):
        answers = at_once([lambda: bob.post(path + "/api-key")] * AT_ONCE)

        assert {answer.status_code for answer in answers} == {201}
    current = "SELECT count(*) FROM api_keys WHERE project_id = :id AND expires_at IS NULL"
    assert many.row(current, id=path.rpartition("/")[2]) == (1,)


def test_of_deletions_at_once_one_is_carried_out(many: House, bob: Account) -> None:
    for _ in range(ROUNDS):
        path = second_project(bob)

        answers = at_once([functools.partial(bob.delete, path)] * AT_ONCE)

        assert Counter(each.status_code for each in answers) == {200: 1, 404: AT_ONCE - 1}
    assert active_projects(many, bob) == 1


def test_pauses_at_once_free_one_place(many: House, bob: Account) -> None:
    path = second_project(bob)

    for _ in range(ROUNDS):
        bob.put(path, json={"status": "ACTIVE"})
        answers = at_once([lambda: bob.put(path, json={"status": "PAUSED"})] * AT_ONCE)

        assert {answer.status_code for answer in answers} == {200}
    assert active_projects(many, bob) == 1


def test_a_new_name_and_new_domains_at_once_are_both_kept(bob: Account) -> None:
    path = second_project(bob)
    domains = ["example.com"]

    for number in range(ROUNDS):
        bob.put(path + "/settings", json={"allowedDomains": []})
        name = f"Name {number}"
        at_once(
            [
                lambda: bob.put(path + "/settings", json={"allowedDomains": domains}),
                lambda name=name: bob.put(path, json={"name": name}),  # type: ignore[misc]
            ]
        )

        assert bob.get(path).json()["data"]["name"] == name
        assert bob.get(path + "/settings").json()["data"]["allowedDomains"] == domains


def test_feedback_beside_a_deletion_leaves_no_row_behind(many: House, bob: Account) -> None:
    path = second_project(bob)

    at_once(
        [lambda: bob.post(path + "/feedback", json={"message": "late"})] * AT_ONCE
        + [lambda: bob.delete(path)]
    )

    project_id = path.rpartition("/")[2]
    gone = "SELECT count(*) FROM deletions WHERE project_id = :id"

    until(lambda: many.row(gone, id=project_id) == (0,), "the project to be cleared away")
    for table in ("feedback", "tallies"):
        assert many.row(f"SELECT count(*) FROM {table} WHERE project_id = :id", id=project_id) == (
            0,
        )
