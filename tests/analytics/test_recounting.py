"""Counts that are wrong are found and mended, and items of before are counted."""

import json
from datetime import UTC, datetime

import pytest

from miniback import plans
from miniback.db import Entry, Tx
from miniback.feedback import ITEM, Item, Shelf, moves
from tests.analytics.past import await_counts, live_through
from tests.analytics.test_numbers import analytics
from tests.feedback.batch import new_project
from tests.house import Account, House, until
from tests.inbox.acting import wrong_counts

BEGIN = datetime(2026, 9, 3, tzinfo=UTC)


@pytest.fixture
def bea(house: House) -> Account:
    who = house.account(plans.PRO)
    live_through(house, who, BEGIN, 5, 12)
    await_counts(house)
    return who


DAMAGES = [
    "UPDATE arrivals SET new_api = new_api + 1 WHERE account_id = :id",
    "DELETE FROM arrivals WHERE account_id = :id",
    "UPDATE rollups SET items = items + 1 WHERE account_id = :id AND grain = 1",
    "UPDATE rollups SET items = 7 WHERE account_id = :id AND grain = 96 AND dimension = 'path'",
    "DELETE FROM rollups WHERE account_id = :id AND dimension = 'browser'",
]


@pytest.mark.parametrize("damage", DAMAGES)
def test_a_wrong_count_is_found_and_mended(house: House, bea: Account, damage: str) -> None:
    before = analytics(bea, start="2026-09-01", end="2026-09-10")
    house.change(damage, id=bea.id)
    assert wrong_counts(house, bea) > 0

    mended = house.run("analytics", "rebuild", "--account", bea.id, "--json")

    assert json.loads(mended.stdout)["countsMended"] > 0
    assert wrong_counts(house, bea) == 0
    assert analytics(bea, start="2026-09-01", end="2026-09-10") == before


def test_the_command_tells_whether_all_counts_are_right(house: House, bea: Account) -> None:
    right = house.run("analytics", "check", "--account", bea.id)
    house.change(DAMAGES[0], id=bea.id)
    wrong = house.run("analytics", "check", "--account", bea.id, "--json")

    assert (right.returncode, right.stdout.strip()) == (0, "All counts are right")
    assert (wrong.returncode, json.loads(wrong.stdout)["wrong"] > 0) == (1, True)


def test_items_of_before_are_read_and_counted_in_the_background(house: House, bea: Account) -> None:
    new_project(bea)
    before = analytics(bea, start="2026-09-01", end="2026-09-10")
    _forget_all(house, bea)
    sql = (
        "INSERT INTO outbox (account_id, id, event, subject, due_at)"
        " VALUES (:id, 'event_000000000000000000000000', 'rollups.due', '', 0)"
    )
    house.change(sql, id=bea.id)

    done = "SELECT count(*) FROM outbox WHERE account_id = :id AND event = 'rollups.due'"
    until(lambda: house.row(done, id=bea.id)[0] == 0, "all to be counted")

    assert analytics(bea, start="2026-09-01", end="2026-09-10") == before
    assert wrong_counts(house, bea) == 0
    path = before["paths"]["values"][0]
    found = bea.get("/api/feedback", params={"path": path["value"]}).json()
    assert found["pagination"]["total"] == path["items"]


def test_recounting_goes_on_while_feedback_comes_in(house: House, bea: Account) -> None:
    house.change("DELETE FROM rollups WHERE account_id = :id", id=bea.id)
    for number in range(20):
        bea.say("Meanwhile", context={"url": f"https://shop.example/{number}"})
        if number % 10 == 0:
            assert house.run("analytics", "rebuild", "--account", bea.id).returncode == 0

    assert wrong_counts(house, bea) == 0
    assert analytics(bea)["received"] == 20


def _forget_all(house: House, who: Account) -> None:
    """Make an account's items those of a version that knew no facets."""
    house.tx(_unindex, who.id)
    for sql in (
        "UPDATE feedback SET facets = '' WHERE account_id = :id",
        "DELETE FROM arrivals WHERE account_id = :id",
        "DELETE FROM rollups WHERE account_id = :id",
    ):
        house.change(sql, id=who.id)


def _unindex(tx: Tx, account_id: str) -> None:
    """Have the search index know no facet either."""
    rows = tx.all(f"SELECT {ITEM} FROM feedback WHERE account_id = :id", id=account_id)
    states = moves.states(tx, account_id, [(Item(*row), Shelf.LIVE) for row in rows])
    tx.unindex([Entry(account_id, each.item.position, each.tokens) for each in states])
    silent = [each._replace(item=each.item._replace(facets="")) for each in states]
    tx.index([Entry(account_id, each.item.position, each.tokens) for each in silent])
