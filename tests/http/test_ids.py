"""Ids are opaque, prefixed, URL-safe and rise with time (contract section 1)."""

import re
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime

from miniback import ids
from tests.house import Account, House

SHAPE = re.compile(r"(proj|feedback)_[0-9a-v]{24}")


def number(item_id: str) -> int:
    return int(item_id.rpartition("_")[2], 32)


def test_a_project_has_an_id_with_its_prefix_and_fixed_width(bob: Account) -> None:
    made = bob.post("/api/projects", json={"name": "A"}).json()["data"]

    found = SHAPE.fullmatch(made["id"])
    assert found
    assert found[1] == "proj"


def test_feedback_has_an_id_with_its_prefix_and_fixed_width(bob: Account) -> None:
    found = SHAPE.fullmatch(bob.say()["id"])

    assert found
    assert found[1] == "feedback"


def test_the_time_in_an_id_of_feedback_is_its_created_at(bob: Account) -> None:
    item = bob.say()

    made = datetime.fromtimestamp((number(item["id"]) >> 64) // 1000 / 1000, UTC)
    assert item["createdAt"] == made.strftime("%Y-%m-%dT%H:%M:%S.") + f"{made:%f}"[:3] + "Z"


def test_the_time_in_an_id_of_a_project_is_its_created_at(bob: Account) -> None:
    project = bob.get(f"/api/projects/{bob.project_id}").json()["data"]

    made = datetime.fromisoformat(project["createdAt"]).timestamp()
    assert (number(project["id"]) >> 64) // 1000 == round(made * 1000)


def test_ids_of_one_process_rise(bob: Account) -> None:
    made = [bob.say()["id"] for _ in range(20)]

    assert made == sorted(made)


def test_feedback_that_arrives_at_once_has_ids_of_its_own(bob: Account) -> None:
    with ThreadPoolExecutor(10) as threads:
        items = list(threads.map(lambda _: bob.say(), range(50)))

    assert len({number(item["id"]) >> 64 for item in items}) == 50


def test_the_microseconds_rise_strictly_however_fast_ids_are_made() -> None:
    def many(_: int) -> list[int]:
        return [number(ids.new("x")) >> 64 for _ in range(5_000)]

    with ThreadPoolExecutor(4) as threads:
        lists = list(threads.map(many, range(4)))

    assert all(made == sorted(made) for made in lists)
    assert len({each for made in lists for each in made}) == 20_000


def test_an_id_holds_the_microsecond_of_its_making() -> None:
    before = time.time_ns() // 1000
    made = number(ids.new("x")) >> 64

    assert before <= made <= before + 60_000_000


def test_each_of_the_64_random_bits_takes_both_values() -> None:
    made = [number(ids.new("x")) & (2**64 - 1) for _ in range(200)]

    assert all(0 < sum(each >> bit & 1 for each in made) < 200 for bit in range(64))


def test_no_id_is_a_row_number(house: House, bob: Account) -> None:
    bob.say()

    assert bob.get("/api/feedback/1").status_code == 404
    assert bob.get("/api/projects/1").status_code == 404
