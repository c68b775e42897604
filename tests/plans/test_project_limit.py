"""How many projects may run, and what a smaller plan pauses (contract section 3)."""

import json
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from miniback import plans, projects, settings
from miniback.app import plan_table
from miniback.errors import Forbidden
from miniback.plans import Allowance
from tests.house import Account, House
from tests.plans.figures import used

REACHED = {"error": "Project limit reached. Upgrade your plan to create more projects."}


def fill(account: Account, count: int) -> list[dict[str, Any]]:
    """Make projects and return them."""
    answers = [account.post("/api/projects", json={"name": f"No {n}"}) for n in range(count)]
    assert {answer.status_code for answer in answers} == {201}
    return [answer.json()["data"] for answer in answers]


def statuses(house: House, account: Account) -> list[str]:
    """Return the statuses of an account's projects, oldest first."""
    sql = "SELECT status FROM projects WHERE account_id = :id ORDER BY id"
    return [status for (status,) in house.rows(sql, id=account.id)]


def set_plan(house: House, account: Account, plan: str) -> list[str]:
    """Put an account on another plan and return the names of the projects that this pauses."""
    table = plan_table(settings.read({}))
    paused = house.tx(projects.change_plan, account.id, table[plan])
    return [project.name for project in paused]


def test_free_has_one_project(house: House, alice: Account) -> None:
    free = Allowance(alice.id, plan_table(settings.read({}))[plans.FREE], 0)

    with pytest.raises(Forbidden, match="Project limit reached"):
        house.tx(projects.create, free, "A second", None)


def test_starter_has_ten_projects(carol: Account) -> None:
    fill(carol, 9)

    refused = carol.post("/api/projects", json={"name": "The eleventh"})

    assert (refused.status_code, refused.json()) == (403, REACHED)


def test_pro_has_more_projects_than_anyone_counts(bob: Account) -> None:
    fill(bob, 11)

    assert len(bob.get("/api/projects").json()["data"]) == 12


def test_a_paused_project_makes_room_for_another(carol: Account) -> None:
    fill(carol, 9)
    carol.put(f"/api/projects/{carol.project_id}", json={"status": "PAUSED"})

    assert carol.post("/api/projects", json={"name": "Another"}).status_code == 201


def test_a_deleted_project_makes_room_for_another(carol: Account) -> None:
    first = fill(carol, 9)[0]
    carol.delete(f"/api/projects/{first['id']}")

    assert carol.post("/api/projects", json={"name": "Another"}).status_code == 201


def test_deleting_a_paused_project_makes_no_second_room(carol: Account) -> None:
    first = fill(carol, 9)[0]
    carol.put(f"/api/projects/{first['id']}", json={"status": "PAUSED"})
    carol.delete(f"/api/projects/{first['id']}")
    fill(carol, 1)

    assert carol.post("/api/projects", json={"name": "Too many"}).status_code == 403


def test_pausing_twice_makes_room_once(carol: Account) -> None:
    first = fill(carol, 9)[0]
    for _ in range(2):
        carol.put(f"/api/projects/{first['id']}", json={"status": "PAUSED"})
    fill(carol, 1)

    assert carol.post("/api/projects", json={"name": "Too many"}).status_code == 403


def test_resuming_past_the_limit_is_refused(house: House, carol: Account) -> None:
    first = fill(carol, 9)[0]
    carol.put(f"/api/projects/{first['id']}", json={"status": "PAUSED"})
    fill(carol, 1)

    refused = carol.put(f"/api/projects/{first['id']}", json={"status": "ACTIVE"})

    assert (refused.status_code, refused.json()) == (403, REACHED)
    assert statuses(house, carol).count("ACTIVE") == 10


def test_a_refused_resumption_changes_no_name(carol: Account) -> None:
    first = fill(carol, 9)[0]
    carol.put(f"/api/projects/{first['id']}", json={"status": "PAUSED"})
    fill(carol, 1)

    carol.put(f"/api/projects/{first['id']}", json={"status": "ACTIVE", "name": "New"})

    shown = carol.get(f"/api/projects/{first['id']}").json()["data"]
    assert (shown["name"], shown["status"]) == ("No 0", "PAUSED")


def test_a_project_past_the_limit_costs_no_call(house: House, carol: Account) -> None:
    fill(carol, 9)

    carol.post("/api/projects", json={"name": "The eleventh"})

    assert used(house, carol) == (9, 0, 0)


def test_a_name_may_change_at_the_limit(carol: Account) -> None:
    first = fill(carol, 9)[0]

    assert carol.put(f"/api/projects/{first['id']}", json={"name": "New"}).status_code == 200


def test_the_limit_is_exact_when_many_create_at_once(carol: Account) -> None:
    def create(number: int) -> int:
        return carol.post("/api/projects", json={"name": f"No {number}"}).status_code

    with ThreadPoolExecutor(20) as threads:
        answers = Counter(threads.map(create, range(20)))

    assert answers == {201: 9, 403: 11}


def test_the_limit_is_exact_when_many_resume_at_once(house: House, bob: Account) -> None:
    made = fill(bob, 14)
    bob.delete(f"/api/projects/{made[0]['id']}")
    set_plan(house, bob, plans.STARTER)
    bob.delete(f"/api/projects/{made[1]['id']}")

    def resume(project: dict[str, Any]) -> int:
        return bob.put(f"/api/projects/{project['id']}", json={"status": "ACTIVE"}).status_code

    with ThreadPoolExecutor(4) as threads:
        answers = Counter(threads.map(resume, made[-4:]))
    assert answers == {200: 1, 403: 3}


def test_a_downgrade_pauses_the_newest_projects(house: House, bob: Account) -> None:
    fill(bob, 12)

    paused = set_plan(house, bob, plans.STARTER)

    assert paused == ["No 11", "No 10", "No 9"]
    assert statuses(house, bob) == ["ACTIVE"] * 10 + ["PAUSED"] * 3


def test_a_downgrade_says_which_projects_it_pauses(house: House, bob: Account) -> None:
    last = fill(bob, 1)[0]

    done = house.run("account", "set-plan", "--account", bob.id, "--plan", "FREE", "--json")

    assert json.loads(done.stdout) == {
        "account": {"id": bob.id, "plan": "FREE"},
        "pausedProjects": [{"id": last["id"], "name": last["name"], "slug": last["slug"]}],
    }


def test_a_downgrade_tells_a_person_which_projects_it_pauses(house: House, bob: Account) -> None:
    made = fill(bob, 1)

    done = house.run("account", "set-plan", "--email", bob.email, "--plan", plans.FREE)

    assert f"Paused No 0 ({made[0]['slug']})" in done.stdout


def test_a_downgrade_leaves_projects_that_are_paused_already(house: House, bob: Account) -> None:
    made = fill(bob, 10)
    bob.put(f"/api/projects/{made[-1]['id']}", json={"status": "PAUSED"})

    assert set_plan(house, bob, plans.STARTER) == []


def test_after_a_downgrade_nothing_more_can_be_resumed(house: House, bob: Account) -> None:
    last = fill(bob, 10)[-1]
    set_plan(house, bob, plans.STARTER)

    refused = bob.put(f"/api/projects/{last['id']}", json={"status": "ACTIVE"})

    assert (refused.status_code, refused.json()) == (403, REACHED)


def test_an_upgrade_lets_a_paused_project_be_resumed(house: House, bob: Account) -> None:
    last = fill(bob, 10)[-1]
    set_plan(house, bob, plans.STARTER)
    set_plan(house, bob, plans.PRO)

    assert bob.put(f"/api/projects/{last['id']}", json={"status": "ACTIVE"}).status_code == 200
