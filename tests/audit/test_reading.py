"""The log as people and programs read it: the newest first, by filters, and nobody else's."""

from datetime import UTC, datetime, timedelta

import pytest

from miniback.accounts import Role
from tests.audit.logs import log_of
from tests.house import Account, House
from tests.visitor import member_of, owner, said

PATH = "/settings/audit-log"


def today(days: int = 0) -> str:
    return (datetime.now(UTC) + timedelta(days=days)).date().isoformat()


def test_the_page_tells_in_words_what_was_done_by_whom_and_that_the_chain_holds(
    house: House,
) -> None:
    bob = owner(house)
    bob.submit("/settings/profile", name="Bob Brown", time_zone="UTC")
    bob.submit(f"/projects/{bob.account.slug}/pause", "/usage")
    bob.account.post(f"/api/projects/{bob.account.project_id}/api-key")

    page = bob.get(PATH)

    text = said(page)
    assert "Project changed: status Bob Brown · My Website" in text
    assert "API key made, which ends in" in text
    assert "By API key ( My Website )" in text
    assert "The chain holds: entries 1 to 5 were verified just now." in text
    assert f'href="/projects/{bob.account.slug}"' in page.text
    (digest,) = house.row("SELECT hash FROM audit_heads WHERE account_id = :id", id=bob.account.id)
    assert digest in page.text


def test_the_page_pages_by_what_is_older(house: House) -> None:
    bob = owner(house)
    path = f"/api/projects/{bob.account.project_id}"
    for number in range(52):
        bob.account.put(path, json={"name": f"Name {number}"})

    first, second = bob.get(PATH), bob.get(f"{PATH}?before=6")

    assert first.text.count("Project changed") == 50
    assert 'href="/settings/audit-log?before=6"' in first.text
    assert second.text.count("Project changed") == 2
    assert "Account created" in second.text
    assert "?before=" not in second.text


def test_the_filters_leave_what_they_say(house: House) -> None:
    bob = owner(house)
    bob.submit("/projects/new", "/usage", name="Second")
    grace = member_of(house, bob.account, Role.ADMIN)
    grace.submit(f"/projects/{bob.account.slug}/pause", "/usage")
    (grace_id,) = house.row("SELECT id FROM users WHERE email = :email", email=grace.email)

    def listed(query: str) -> int:
        return bob.get(f"{PATH}?{query}").text.count('<li><div class="grow">')

    assert listed("") == 6
    assert listed("group=projects") == 4
    assert listed("group=account") == 2
    assert listed(f"person={grace_id}") == 1
    assert listed(f"from={today()}&to={today()}") in (0, 6)  # a day may end meanwhile
    assert listed(f"from={today(-1)}&to={today(1)}") == 6
    assert listed(f"from={today(2)}") == 0
    assert listed("group=unheard-of") == 6
    assert bob.get(f"{PATH}?from=yesterday").status_code == 422


def test_a_broken_chain_is_told_on_the_page(house: House) -> None:
    bob = owner(house)
    add = (
        "INSERT INTO audit_log SELECT account_id, number + 1, id, action, way, user_id,"
        " project_id, details, hash FROM audit_log WHERE account_id = :id AND number = 3"
    )
    house.change(add, id=bob.account.id)

    page = said(bob.get(PATH))

    assert "The chain is broken: entry 4 is not what was recorded" in page


@pytest.mark.parametrize("role", [Role.MEMBER, Role.VIEWER])
def test_the_tab_is_for_those_who_may_open_it(house: House, role: Role) -> None:
    bob = owner(house)
    member = member_of(house, bob.account, role)

    assert 'href="/settings/audit-log"' in bob.get("/settings/profile").text
    assert 'href="/settings/audit-log"' not in member.get("/settings/profile").text


def test_the_api_gives_entries_the_newest_first(house: House, bob: Account) -> None:
    answer = bob.get("/api/audit-log?limit=2")

    newest = answer.json()["data"]
    assert [each["number"] for each in newest] == [3, 2]
    assert newest[0]["action"] == "key.issued"
    assert newest[0]["by"] == {"way": "SYSTEM", "userId": None, "projectId": None}
    assert newest[0]["details"]["key"] == bob.key[-4:]
    older = bob.get("/api/audit-log?before=2").json()["data"]
    assert [each["action"] for each in older] == ["account.created"]


@pytest.mark.parametrize(
    ("query", "count"),
    [
        ("action=key.issued", 1),
        ("action=key", 1),
        ("action=project", 1),
        ("action=session", 0),
        ("from=2020-01-01", 3),
        ("to=2020-01-01", 0),
        ("from=2020-01-01T00:00:00Z&to=2100-01-01", 3),
    ],
)
def test_the_api_filters(bob: Account, query: str, count: int) -> None:
    assert len(bob.get(f"/api/audit-log?{query}").json()["data"]) == count


@pytest.mark.parametrize(
    "query", ["action=nothing", "action=key.", "from=x", "to=2025-13-01", "before=0", "limit=x"]
)
def test_the_api_refuses_what_makes_no_sense(bob: Account, query: str) -> None:
    assert bob.get(f"/api/audit-log?{query}").status_code == 400


def test_nobody_sees_anothers_log(house: House, bob: Account) -> None:
    mallory = owner(house)
    theirs = {each.details["projectId"] for each in log_of(house, bob.id) if each.number > 1}

    page = mallory.get(PATH).text + mallory.get(f"{PATH}.csv").text
    listed = mallory.account.get("/api/audit-log").text

    assert [each for each in (*theirs, bob.id, bob.key[-4:]) if each in page + listed] == []
