"""GET /api/usage (contract section 3)."""

from datetime import datetime

from tests.house import Account, House, until
from tests.plans.figures import use


def test_usage_has_the_members_of_the_contract_in_order(carol: Account) -> None:
    usage = carol.get("/api/usage").json()["data"]

    assert [list(usage), list(usage["period"]), list(usage["apiCalls"])] == [
        ["plan", "period", "apiCalls", "feedback", "projects"],
        ["start", "end"],
        ["used", "limit"],
    ]
    assert [list(usage["feedback"]), list(usage["projects"])] == [
        ["used", "limit", "held"],
        ["used", "limit"],
    ]


def test_usage_tells_the_figures_of_the_period(house: House, carol: Account) -> None:
    use(house, carol, (12, 34, 5))
    carol.post("/api/projects", json={"name": "Second"})

    usage = carol.get("/api/usage").json()["data"]

    assert usage["plan"] == "STARTER"
    assert usage["apiCalls"] == {"used": 13, "limit": 10_000}
    assert usage["feedback"] == {"used": 34, "limit": 5_000, "held": 5}
    assert usage["projects"] == {"used": 2, "limit": 10}


def test_usage_on_pro_has_null_where_there_is_no_limit(bob: Account) -> None:
    bob.say()

    usage = bob.get("/api/usage").json()["data"]

    assert usage["plan"] == "PRO"
    assert usage["feedback"] == {"used": 1, "limit": None, "held": 0}
    assert usage["projects"] == {"used": 1, "limit": None}


def test_usage_on_pro_tells_the_calls_in_the_end(bob: Account) -> None:
    bob.get("/api/projects")

    counted = {"used": 1, "limit": None}
    until(lambda: bob.get("/api/usage").json()["data"]["apiCalls"] == counted, "Bob's one call")


def test_a_paused_project_is_not_among_those_used(carol: Account) -> None:
    carol.put(f"/api/projects/{carol.project_id}", json={"status": "PAUSED"})

    assert carol.get("/api/usage").json()["data"]["projects"] == {"used": 0, "limit": 10}


def test_feedback_held_back_is_told(house: House, carol: Account) -> None:
    use(house, carol, (0, 5_000, 0))
    sent = {"message": "A", "projectSlug": carol.slug}
    assert house.client.post("/api/feedback", json=sent).status_code == 201

    usage = carol.get("/api/usage").json()["data"]

    assert usage["feedback"] == {"used": 5_000, "limit": 5_000, "held": 1}


def test_the_period_is_told_in_midnights_around_now(carol: Account) -> None:
    answer = carol.get("/api/usage")
    period = answer.json()["data"]["period"]

    start, end = (datetime.fromisoformat(period[edge]) for edge in ("start", "end"))
    assert start <= datetime.now(start.tzinfo) < end
    assert all(at.endswith("T00:00:00.000Z") for at in period.values())


def test_the_period_begins_on_the_anchors_day(house: House, carol: Account) -> None:
    fifth = int(datetime.fromisoformat("2024-01-05T13:00:00Z").timestamp() * 1000)
    house.change("UPDATE accounts SET anchor = :at WHERE id = :id", at=fifth, id=carol.id)

    period = carol.get("/api/usage").json()["data"]["period"]

    assert period["start"][8:] == period["end"][8:] == "05T00:00:00.000Z"


def test_what_was_used_in_an_earlier_period_is_not_told(house: House, carol: Account) -> None:
    use(house, carol, (12, 34, 0), months_ago=1)

    usage = carol.get("/api/usage").json()["data"]

    assert (usage["apiCalls"]["used"], usage["feedback"]["used"]) == (0, 0)


def test_free_gets_no_usage_by_key(alice: Account) -> None:
    refused = alice.get("/api/usage")

    assert refused.status_code == 401
    assert refused.json()["error"].startswith("GET requests are available on paid plans only.")
