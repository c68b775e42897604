"""Lists are walked whole, each item once, while items come and go."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from miniback import clock
from tests.clients.speakers import Speaker
from tests.feedback import batch
from tests.house import Account, House, until

DATABASES = ("sqlite",)
MANY = 640
# Larger than the pages of a walk, so that whole pages of one moment must be told apart.
AT_ONE_MOMENT = 250
Walk = Callable[[Speaker, Account], Iterator[Any]]

both_lists = pytest.mark.parametrize(
    "walk",
    [
        lambda client, bob: client.walk("feedback.each", bob.project_id),
        lambda client, _: client.walk("feedback.search"),
    ],
    ids=["by offset", "by page"],
)


Fill = Callable[[int], list[str]]


@pytest.fixture
def fill(serving: House, bob: Account) -> Fill:
    """Have that many items come in, the whole lot within a moment; return ids, newest first."""
    return lambda number: batch.fill(serving, bob, ["A word"] * number)[::-1]


@both_lists
def test_c3_640_items_are_given_once_while_new_ones_arrive(
    client: Speaker, bob: Account, fill: Fill, walk: Walk
) -> None:
    there = [item_id for _ in range(16) for item_id in fill(MANY // 16)]
    there.sort(reverse=True)

    given = []
    for number, item in enumerate(walk(client, bob)):
        given.append(item["id"])
        if number % 20 == 0:
            fill(3)

    assert given == there


@both_lists
def test_more_than_a_page_arrives_between_two_pages(
    client: Speaker, bob: Account, fill: Fill, walk: Walk
) -> None:
    there = fill(150)

    given = []
    for number, item in enumerate(walk(client, bob)):
        given.append(item["id"])
        if number == 50:
            fill(230)

    assert given == there


@both_lists
def test_none_is_missed_while_those_given_are_deleted(
    client: Speaker, bob: Account, fill: Fill, walk: Walk
) -> None:
    there = fill(130)

    given = []
    for item in walk(client, bob):
        given.append(item["id"])
        bob.delete(f"/api/feedback/{item['id']}")

    assert given == there


@pytest.mark.parametrize("name", ["feedback.each", "feedback.search"])
def test_none_is_missed_while_those_given_leave_the_filter(
    client: Speaker, bob: Account, fill: Fill, name: str
) -> None:
    there = fill(130)
    projects = [bob.project_id] if name == "feedback.each" else []

    given = []
    for number, item in enumerate(client.walk(name, *projects, status="NEW")):
        given.append(item["id"])
        bob.put(f"/api/feedback/{item['id']}", json={"status": "RESOLVED"})
        if number % 40 == 0:
            fill(2)

    assert given == there


@both_lists
def test_many_items_of_one_moment_are_given_once(
    client: Speaker, bob: Account, fill: Fill, walk: Walk
) -> None:
    there = fill(AT_ONE_MOMENT)

    assert [item["id"] for item in walk(client, bob)] == there


def test_a_filter_holds_while_walking(client: Speaker, bob: Account, fill: Fill) -> None:
    (old,) = fill(1)
    end = bob.get(f"/api/feedback/{old}").json()["data"]["createdAt"]
    until(lambda: clock.iso(clock.now()) > end, "the next millisecond")
    fill(120)
    found = [item["id"] for item in client.walk("feedback.search", end=end)]

    assert found == [old]


def test_an_empty_list_ends_at_once(client: Speaker, bob: Account) -> None:
    assert list(client.walk("feedback.each", bob.project_id)) == []
    assert list(client.walk("feedback.search", search="nothing")) == []
