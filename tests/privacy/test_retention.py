"""What a project keeps no longer is deleted for good; what it keeps is not touched."""

import pytest

from miniback import clock
from miniback.feedback import erasures
from tests.audit.logs import last
from tests.house import Account, House, until
from tests.inbox.acting import figures_are_right, listed, place
from tests.visitor import Member, owner, said

DAYS = 30


@pytest.fixture
def bob(house: House) -> Member:
    """The owner of an account, signed in."""
    return owner(house)


def settings(who: Account) -> str:
    return f"/api/projects/{who.project_id}/settings"


def aged(house: House, who: Account, days: float) -> str:
    """Place an item that came so many days ago."""
    return place(house, who, clock.now() - round(days * clock.DAY_MS), "An old word")


def let_a_day_come(house: House, who: Account) -> None:
    """Let it be time for a project to delete, and let the worker's look come at once."""
    sql = "UPDATE projects SET forgets_at = 1 WHERE id = :id"
    assert house.change(sql, id=who.project_id) == 1
    house.tx(erasures.begin_due, 20)


def test_what_is_older_goes_and_what_is_younger_stays(house: House, bob: Member) -> None:
    account, mallory = bob.account, owner(house).account
    for days in (DAYS + 0.1, 400):
        aged(house, account, days)
    kept = [aged(house, account, DAYS - 0.1), account.say()["id"]]
    theirs = aged(house, mallory, 400)
    account.put(settings(account), json={"retentionDays": DAYS})

    let_a_day_come(house, account)

    until(lambda: sorted(listed(account)) == sorted(kept), "what is older to go")
    until(lambda: last(house, account.id).action == "retention.applied", "the log")
    entry = last(house, account.id)
    assert (entry.way, entry.user_id) == ("SYSTEM", "")
    assert entry.details == {"projectId": account.project_id, "days": DAYS, "items": 2}
    assert listed(mallory) == [theirs]
    figures_are_right(house, account)
    assert "2 items deleted that were too old" in said(bob.get("/settings/data/people"))


def test_spam_and_what_is_held_back_go_too(house: House, bob: Member) -> None:
    account = bob.account
    for shelf in ("SPAM", "HELD"):
        item = aged(house, account, 400)
        for table in ("feedback", "tallies"):
            sql = f"UPDATE {table} SET shelf = :shelf WHERE project_id = :id AND shelf = 'LIVE'"
            house.change(sql, shelf=shelf, id=account.project_id)
        assert item not in listed(account)
    account.put(settings(account), json={"retentionDays": 1})

    let_a_day_come(house, account)

    sql = "SELECT 1 FROM feedback WHERE account_id = :id"
    until(lambda: not house.rows(sql, id=account.id), "both to go")


def test_nothing_goes_before_an_hour_nor_without_the_setting(house: House, bob: Member) -> None:
    account = bob.account
    sql = "SELECT forgets_at FROM projects WHERE id = :id"
    assert house.row(sql, id=account.project_id) == (None,)
    before = clock.now()

    account.put(settings(account), json={"retentionDays": DAYS})

    (at,) = house.row(sql, id=account.project_id)
    assert 0 <= at - before - 3_600_000 < 60_000
    account.put(settings(account), json={"proof": "off"})
    assert house.row(sql, id=account.project_id) == (at,)
    account.put(settings(account), json={"retentionDays": None})
    assert house.row(sql, id=account.project_id) == (None,)


@pytest.mark.parametrize("days", [0, -1, 3_651, 1.5, "30", True, []])
def test_what_is_no_number_of_days_is_400(bob: Member, days: object) -> None:
    account = bob.account

    answer = account.put(settings(account), json={"retentionDays": days})

    text = "retentionDays must be null or a whole number from 1 to 3650"
    assert (answer.status_code, answer.json()) == (400, {"error": text})
    assert account.get(settings(account)).json()["data"]["retentionDays"] is None


def test_the_page_sets_it_and_takes_it_back(bob: Member) -> None:
    account = bob.account
    path = f"/projects/{account.slug}/settings"

    refused = bob.submit(f"{path}/retention", path, retention_days="many")
    bob.submit(f"{path}/retention", path, retention_days="365")

    assert refused.status_code == 422
    assert f'value="{account.slug}"' in refused.text
    assert account.get(settings(account)).json()["data"]["retentionDays"] == 365
    assert 'value="365"' in bob.get(path).text
    bob.submit(f"{path}/retention", path, retention_days="")
    assert account.get(settings(account)).json()["data"]["retentionDays"] is None
