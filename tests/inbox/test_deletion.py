"""Deleting a project takes along all that its team has added and done."""

from miniback.accounts import Role
from tests.feedback.batch import new_project
from tests.house import Account, House, until
from tests.inbox.acting import act, assign, figures_are_right, note, set_status, tag, undo
from tests.visitor import member_of, owner_of

TABLES = (
    *("feedback", "annotations", "notes", "changes", "deleted_feedback", "suspicions"),
    "submitters",
)


def rows_of(house: House, project_id: str) -> dict[str, int]:
    """How many rows each table has of a project."""
    sql = "SELECT count(*) FROM {} WHERE project_id = :id"
    return {table: house.row(sql.format(table), id=project_id)[0] for table in TABLES}


def work_through(house: House, who: Account, project_id: str) -> dict[str, object]:
    """Leave rows of every kind in a project; return the act that deleted one."""
    member = member_of(house, who, Role.MEMBER)
    path = f"/api/projects/{project_id}/feedback"
    said = {"message": "needle", "context": {"userId": "7"}}
    made = [member.call("POST", path, json=said).json() for _ in range(4)]
    kept, gone, spam, _ = (each["data"]["id"] for each in made)
    set_status(who, kept, "RESOLVED")
    tag(who, gone, "bug")
    assign(who, spam, who.email)
    note(who, kept, "remember")
    act(member, "SPAM", spam)
    return act(member, "DELETE", gone)


def test_a_deleted_project_takes_all_its_rows_along(house: House, bob: Account) -> None:
    work_through(house, bob, bob.project_id)
    assert 0 not in rows_of(house, bob.project_id).values()

    bob.delete(f"/api/projects/{bob.project_id}")

    nothing = dict.fromkeys(TABLES, 0)
    until(lambda: rows_of(house, bob.project_id) == nothing, "every row to be gone")


def test_another_project_of_the_account_keeps_its_rows(house: House, bob: Account) -> None:
    other = new_project(bob)["id"]
    work_through(house, bob, bob.project_id)
    bea = owner_of(house, bob)
    path = f"/api/projects/{other}/feedback"
    bea.call("POST", path, json={"message": "needle"})
    before = rows_of(house, bob.project_id)

    bob.delete(f"/api/projects/{other}")

    until(lambda: not any(rows_of(house, other).values()), "every row to be gone")
    assert rows_of(house, bob.project_id) == before
    figures_are_right(house, bob)


def test_what_was_deleted_in_a_project_that_is_gone_is_not_brought_back(
    house: House, bob: Account
) -> None:
    other = new_project(bob)["id"]
    done = work_through(house, bob, other)
    bob.delete(f"/api/projects/{other}")

    undo(owner_of(house, bob), done)

    until(lambda: not any(rows_of(house, other).values()), "every row to be gone")
    assert bob.get("/api/feedback?search=needle").json()["data"] == []
    assert house.rows("SELECT 1 FROM tallies WHERE project_id = :id", id=other) == []
