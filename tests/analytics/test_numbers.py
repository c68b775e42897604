"""AN1: each number of the analytics is what a direct count of the rows says."""

import statistics
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any

import pytest

from miniback import ids, plans
from miniback.accounts import Role
from miniback.feedback import rollups
from tests.analytics.past import Said, counted, live_through, say_at
from tests.house import Account, House, until
from tests.inbox.acting import act, undo, wrong_counts
from tests.visitor import Member, member_of, owner_of

NAMES = {
    "path": "paths",
    "browser": "browsers",
    "device": "devices",
    "language": "languages",
    "rating": "ratings",
}
# Summer time ended in Paris on 25 October, in New York on 1 November, in Lord Howe on 5 April.
RANGES = [("2026-10-20", "2026-11-05"), ("2026-10-25", "2026-10-25"), ("2026-09-01", "2026-11-20")]
ZONES = ["Europe/Paris", "Asia/Kathmandu", "America/New_York", "UTC"]
Past = tuple[Account, Member, list[Said]]


@pytest.fixture(scope="module")
def past(house: House) -> Past:
    """Bea and what she has been told over eleven weeks, with all that can become of it."""
    who = house.account(plans.PRO)
    bea = member_of(house, who, Role.ADMIN)
    said = live_through(house, who, datetime(2026, 9, 3, tzinfo=UTC), 77, 160)
    chosen = [each.id for each in said]
    act(bea, "RESOLVED", *chosen[:60])
    act(bea, "NEW", *chosen[10:20])
    act(bea, "REVIEWED", *chosen[60:90])
    act(bea, "DELETE", *chosen[5:15], *chosen[100:105])
    undo(bea, act(bea, "DELETE", *chosen[20:25]))
    undo(bea, act(bea, "RESOLVED", *chosen[90:95]))
    act(bea, "SPAM", *chosen[30:36])
    who.delete(f"/api/feedback/{chosen[40]}")
    return who, bea, said


def analytics(who: Account, **query: str) -> dict[str, Any]:
    answer = who.get("/api/analytics", params=query)
    assert answer.status_code == 200, answer.text
    data: dict[str, Any] = answer.json()["data"]
    return data


@pytest.mark.parametrize("zone", ZONES)
@pytest.mark.parametrize(("first", "last"), RANGES)
def test_an1_every_number_is_that_of_the_rows(
    house: House, past: Past, first: str, last: str, zone: str
) -> None:
    who, _, said = past
    rows = counted(house, who, said, first, last, zone)

    told = analytics(who, start=first, end=last, timeZone=zone)

    assert told["received"] == rows["days"].total() > 0
    assert told["open"] == rows["status"]["NEW"] + rows["status"]["REVIEWED"]
    assert told["resolved"] == rows["status"]["RESOLVED"]
    assert (told["widget"], told["api"]) == (rows["source"]["WIDGET"], rows["source"]["API"])
    assert {day["date"]: day["received"] for day in told["days"] if day["received"]} == rows["days"]
    for name, shown in NAMES.items():
        values = {each["value"]: each["items"] for each in told[shown]["values"]}
        assert values == rows[name], name
        assert told[shown]["items"] == rows[name].total()
    week = {(day, hour): told["week"][day][hour] for day in range(7) for hour in range(24)}
    assert {at: items for at, items in week.items() if items} == rows["week"]


def test_an1_the_period_before_is_counted_alike(house: House, past: Past) -> None:
    who, _, said = past

    told = analytics(who, start="2026-10-20", end="2026-10-29", timeZone="Europe/Paris")

    assert told["before"]["range"]["start"] == "2026-10-10"
    rows = counted(house, who, said, "2026-10-10", "2026-10-19", "Europe/Paris")
    assert told["before"]["received"] == rows["days"].total() > 0


def test_an1_the_median_is_that_of_the_rows_to_the_step(house: House, bob: Account) -> None:
    now = datetime.now(UTC)
    for minutes in (0, 3, 61, 200, 5_000, 9_000):
        item_id = say_at(house, bob, now - timedelta(minutes=minutes), {})
        bob.put(f"/api/feedback/{item_id}", json={"status": "RESOLVED"})
    sql = "SELECT position, updated_at FROM feedback WHERE account_id = :id"
    took = [at - ids.position_time(position) for position, at in house.rows(sql, id=bob.id)]

    told = analytics(bob)

    assert told["medianToResolveSeconds"] == rollups.step(statistics.median_low(took)) > 3_000
    assert wrong_counts(house, bob) == 0


def test_an1_what_is_reopened_no_longer_counts_in_the_median(house: House, bob: Account) -> None:
    item_id = say_at(house, bob, datetime(2026, 11, 2, tzinfo=UTC), {})
    for status in ("RESOLVED", "NEW", "RESOLVED", "REVIEWED"):
        bob.put(f"/api/feedback/{item_id}", json={"status": status})

    told = analytics(bob, start="2026-11-01", end="2026-11-03")

    assert (told["medianToResolveSeconds"], told["reviewed"]) == (None, 1)
    assert wrong_counts(house, bob) == 0


def test_an1_all_projects_are_counted_together_and_each_alone(house: House, bob: Account) -> None:
    other = bob.post("/api/projects", json={"name": "Another"}).json()["data"]
    bob.say("Here")
    bob.post(f"/api/projects/{other['id']}/feedback", json={"message": "There"})
    bob.post(f"/api/projects/{other['id']}/feedback", json={"message": "There again"})

    assert analytics(bob)["received"] == 3
    assert analytics(bob, project=bob.slug)["received"] == 1
    assert analytics(bob, project=other["id"])["received"] == 2


def test_an1_a_deleted_project_is_gone_from_the_figures(house: House, bob: Account) -> None:
    other = bob.post("/api/projects", json={"name": "Another"}).json()["data"]
    context = {"url": "https://shop.example/only-here"}
    said = {"message": "There", "context": context}
    bob.post(f"/api/projects/{other['id']}/feedback", json=said)
    bob.say("Here")

    bob.delete(f"/api/projects/{other['id']}")

    assert analytics(bob)["received"] == 1
    assert analytics(bob)["paths"]["values"] == []
    for table in ("arrivals", "rollup_additions", "rollups"):
        sql = f"SELECT count(*) FROM {table} WHERE account_id = :id AND project_id = :project"
        until(partial(_is_empty, house, sql, bob.id, other["id"]), table)
    assert analytics(bob)["received"] == 1


def _is_empty(house: House, sql: str, account_id: str, project_id: str) -> bool:
    count: int = house.row(sql, id=account_id, project=project_id)[0]
    return count == 0


def test_nothing_foreign_is_counted(house: House, bob: Account, mallory: Account) -> None:
    bob.say("Mine")

    assert analytics(mallory)["received"] == 0
    refused = mallory.get("/api/analytics", params={"project": bob.project_id})
    assert (refused.status_code, refused.json()) == (404, {"error": "Project not found"})


@pytest.mark.parametrize(
    "query",
    [
        {"range": "8d"},
        {"start": "2026-02-30", "end": "2026-03-01"},
        {"start": "2026-03-01"},
        {"start": "2026-03-02", "end": "2026-03-01"},
        {"start": "2024-01-01", "end": "2026-03-01"},
        {"start": "0001-01-01", "end": "0001-01-02"},
        {"timeZone": "Mars/Olympus"},
        {"timeZone": "../../etc/passwd"},
    ],
)
def test_a_range_that_makes_no_sense_is_400(bob: Account, query: dict[str, str]) -> None:
    answer = bob.get("/api/analytics", params=query)

    assert answer.status_code == 400
    assert len(answer.json()["error"]) > 20


def test_a_session_on_free_is_told_the_counts_alone(house: House, alice: Account) -> None:
    alice.say("A word", context={"url": "https://shop.example/"})

    told = owner_of(house, alice).get("/api/analytics").json()["data"]

    assert told["received"] == 1
    assert {told[name] for name in ("medianToResolveSeconds", "paths", "week")} == {None}
    assert alice.get("/api/analytics").status_code == 401


def test_a_year_that_has_a_29th_of_february_is_a_year(bob: Account) -> None:
    told = analytics(bob, start="2024-01-01", end="2024-12-31")

    assert len(told["days"]) == 366


def test_a_day_of_25_hours_has_all_its_hours(house: House, bob: Account) -> None:
    for hours in range(25):
        at = datetime(2026, 10, 24, 22, 30, tzinfo=UTC) + timedelta(hours=hours)
        say_at(house, bob, at, {})

    told = analytics(bob, start="2026-10-25", end="2026-10-25", timeZone="Europe/Paris")

    assert told["received"] == 25
    assert told["week"][6] == [1, 1, 2, *[1] * 21]
