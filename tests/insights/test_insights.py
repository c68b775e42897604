"""Insights: what rises and what repeats is found, with its arithmetic, for those who have it."""

import math
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import httpx2
import pytest

from miniback import plans
from miniback.accounts import Role
from miniback.app import plan_table
from miniback.feedback import service
from miniback.settings import Settings
from tests.analytics.past import say_at
from tests.house import Account, House, running, until
from tests.inbox.acting import act
from tests.visitor import Member, member_of, owner_of, said

PAGE = "/analytics/insights"


@pytest.fixture
def bea(house: House) -> Member:
    return owner_of(house, house.account(plans.PRO))


def computed(who: Member) -> httpx2.Response:
    """Ask for insights by the page's button, and return the page that has them."""
    assert who.submit(PAGE).status_code == 303
    return shown(who)


def shown(who: Member) -> httpx2.Response:
    found: list[httpx2.Response] = []

    def is_there() -> bool:
        found.append(who.get(PAGE))
        return "Rising pages" in found[-1].text

    until(is_there, "insights")
    return found[-1]


def say_on(house: House, who: Account, path: str, days_ago: list[float]) -> None:
    for days in days_ago:
        at = datetime.now(UTC) - timedelta(days=days)
        say_at(house, who, at, {"url": f"https://shop.example{path}"})


def test_a_page_with_more_than_usual_is_told_with_its_arithmetic(house: House, bea: Member) -> None:
    say_on(house, bea.account, "/checkout", [0.5] * 12 + [8] * 3 + [15] * 2 + [22] * 4 + [29] * 3)
    say_on(house, bea.account, "/always", [0.5] * 3 + [8] * 3 + [15] * 3 + [22] * 3 + [29] * 3)

    page = said(computed(bea))

    assert "/checkout 12 this week, 3.0 usual · weeks before: 3, 2, 4, 3" in page
    assert f"chance would not exceed {3 + 3 * math.sqrt(3):.1f}" in page
    assert "/always" not in page


def test_a_word_that_rises_is_told(bea: Member) -> None:
    for number in range(5):
        bea.account.say(f"The voucher number {number} was refused")
        bea.account.say("Nice", context={"n": number})

    page = computed(bea)

    assert "voucher 5 this week, 0.0 usual" in said(page)
    assert 'href="/inbox?search=voucher"' in page.text


def test_messages_that_say_the_same_are_put_together(bea: Member) -> None:
    for text in (
        "The invoice download fails with error 500",
        "invoice download failed, error 500!",
        "Download of the invoice fails: error",
        "I love the new colours",
        "Where is the search field?",
        *(f"Something else number {each} entirely" for each in ("one", "two")),
    ):
        bea.account.say(text)

    page = said(computed(bea))

    assert "3 messages" in page
    assert "invoice 3 of 3" in page
    assert "I love the new colours" not in page


def test_an_item_shows_others_that_are_likely_to_say_the_same(bea: Member) -> None:
    first = bea.account.say("The checkout button does nothing on my phone")
    bea.account.say("checkout buttons do nothing on the phone")
    bea.account.say("Please add a dark theme")

    page = said(bea.get(f"/inbox/{first['id']}"))

    similar = page.partition("Likely to say the same")[2].partition("Timeline")[0]
    assert "checkout buttons do nothing on the phone" in similar
    assert "of 100 alike, both have: checkout, nothing, phone, the" in similar
    assert "dark theme" not in similar


def test_nothing_of_another_account_is_found(house: House, bea: Member) -> None:
    mallory = owner_of(house, house.account(plans.PRO))
    mine = bea.account.say("The checkout button does nothing on my phone")
    mallory.account.say("The checkout button does nothing on my phone, says Mallory")

    assert "Mallory" not in bea.get(f"/inbox/{mine['id']}").text
    assert "Mallory" not in computed(bea).text


@pytest.mark.parametrize("plan", [plans.FREE, plans.STARTER])
def test_a_plan_without_them_is_told_what_they_are(house: House, plan: str) -> None:
    who = owner_of(house, house.account(plan))

    page = who.get(PAGE)

    assert 'href="/settings/billing"' in page.text
    assert "Compute insights" not in page.text
    assert who.submit(PAGE, "/usage").status_code == 403


def test_viewers_do_not_have_them_computed(house: House, bea: Member) -> None:
    viewer = member_of(house, bea.account, Role.VIEWER)

    assert viewer.submit(PAGE, "/usage").status_code == 403
    assert viewer.get(PAGE).status_code == 200


def test_what_was_found_is_forgotten_with_what_is_erased(house: House, bea: Member) -> None:
    said_so = [bea.account.say(f"Pumpernickel is missing, {n} times")["id"] for n in range(5)]
    assert "pumpernickel" in computed(bea).text
    act(bea, "DELETE", *said_so)

    sql = "UPDATE deleted_feedback SET deleted_at = 0 WHERE account_id = :id"
    house.change(sql, id=bea.account.id)
    house.tx(service.forget_rested, plan_table(Settings()), 1_000)

    sql = "SELECT count(*) FROM insights WHERE account_id = :id AND content LIKE '%pumpernickel%'"
    assert house.row(sql, id=bea.account.id) == (0,)
    until(lambda: "pumpernickel" not in shown(bea).text, "insights without it")


def test_where_they_are_turned_off_there_are_none(
    database: str, new_house: Callable[..., House]
) -> None:
    off = new_house(database, environment={"MINIBACK_INSIGHTS": "off"})
    with running(off):
        bea = owner_of(off, off.account(plans.PRO))
        first = bea.account.say("The checkout button does nothing")
        bea.account.say("The checkout button does nothing")

        assert "Turned off on this server" in said(bea.get(PAGE))
        assert bea.submit(PAGE, "/usage").status_code == 403
        assert "Likely to say the same" not in bea.get(f"/inbox/{first['id']}").text
