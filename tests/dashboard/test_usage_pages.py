"""Plan and usage: meters, months, warnings on every page, changing the plan (ux.md section 10)."""

import csv
import io
import re
from collections.abc import Callable, Iterator

import pytest

from miniback import clock, plans
from miniback.accounts import Role
from tests.house import House, running, until
from tests.plans.figures import Figures, use
from tests.visitor import Member, member_of, owner, said, visiting

EVERYWHERE = ["/projects", "/projects/{slug}", "/usage", "/settings/profile", "/projects/new"]
METER = re.compile(r'<div class="meter (\w+)">.*?(?=<div class="meter |</section>)', re.DOTALL)


@pytest.fixture
def alice(house: House) -> Member:
    """The owner of an account on FREE."""
    return owner(house, plans.FREE)


def meters(member: Member) -> dict[str, tuple[str, str]]:
    """The state of each meter of the usage page, and what it says, by its label."""
    found = METER.finditer(member.get("/usage").text)
    told = [
        (each[1], re.sub(r"\s+", " ", re.sub("<[^>]+>", " ", each[0])).strip()) for each in found
    ]
    return {text.split(" this")[0].split(" that")[0]: (state, text) for state, text in told}


@pytest.mark.parametrize(
    ("calls", "state", "word"),
    [
        (0, "ok", "0 %"),
        (239, "ok", "79 %"),
        (240, "warn", "80 % · near the limit"),
        (299, "warn", "99 % · near"),
        (300, "over", "100 % · limit reached"),
        (450, "over", "150 %"),
    ],
)
def test_us1_a_meter_tells_its_state_by_class_and_words(
    house: House, alice: Member, calls: int, state: str, word: str
) -> None:
    use(house, alice.account, (calls, 0, 0))

    found, text = meters(alice)["API calls"]

    assert found == state
    assert f"{calls} of 300 {word}" in text


def test_us1_a_meter_has_the_role_and_its_value_as_text(house: House, alice: Member) -> None:
    use(house, alice.account, (0, 450, 0))

    page = alice.get("/usage").text

    assert page.count('role="meter"') == 3
    assert (
        'role="meter" aria-labelledby="feedback-label" aria-valuemin="0" aria-valuemax="300"'
        ' aria-valuenow="300" aria-valuetext="450 of 300, 150 %"' in page
    )


def test_us1_what_is_unlimited_is_a_count_without_a_bar(house: House) -> None:
    bob = owner(house)
    use(house, bob.account, (1_234, 0, 0))

    page = bob.get("/usage")

    assert "1,234 · Unlimited" in said(page)
    assert 'role="meter"' not in page.text


def test_us2_the_meters_move_with_each_call(house: House, alice: Member) -> None:
    alice.account.say()

    told = {name: text for name, (_, text) in meters(alice).items()}
    assert "1 of 300" in told["API calls"]
    assert "1 of 300" in told["Feedback"]
    assert "1 of 1" in told["Projects"]


def test_us2_the_meters_of_an_unlimited_plan_move_within_the_minute(house: House) -> None:
    bob = owner(house)
    bob.account.get("/api/projects")

    until(lambda: "1 · Unlimited" in meters(bob)["API calls"][1], "the call to be counted")


def test_us2_the_page_and_the_call_tell_the_same(house: House, alice: Member) -> None:
    use(house, alice.account, (17, 23, 5))

    usage = alice.get("/api/usage").json()["data"]
    page = said(alice.get("/usage"))

    assert (usage["apiCalls"]["used"], usage["feedback"]["used"]) == (17, 23)
    assert ("17 of 300" in page, "23 of 300" in page) == (True, True)
    assert "5 items are held back by the limit" in page
    assert f"Resets on {usage['period']['end'][:10]}" in page


@pytest.mark.parametrize(
    ("figures", "told"),
    [
        ((239, 239, 0), None),
        ((240, 0, 0), "80 % of this month's API calls are used."),
        ((0, 240, 0), "80 % of this month's feedback items are used."),
        ((250, 290, 0), "96 % of this month's feedback items are used."),
        ((300, 0, 0), "This month's API calls are used up."),
        ((0, 300, 9), "This month's feedback items are used up."),
    ],
)
@pytest.mark.parametrize("path", EVERYWHERE)
def test_us2_every_page_warns_from_80_and_at_100_per_cent(
    house: House, free: Member, path: str, figures: Figures, told: str | None
) -> None:
    use(house, free.account, figures)

    page = free.get(path.format(slug=free.account.slug))

    assert ('<div class="banner' in page.text.replace("<mb-offline", "")) == (told is not None)
    assert told is None or told in said(page)
    assert ('class="banner urgent" role="status">\n  <svg' in page.text) == ("up." in str(told))


@pytest.fixture(scope="module")
def free(house: House) -> Member:
    """One account on FREE for all tests that set its figures."""
    return owner(house, plans.FREE)


def banner(member: Member) -> bool:
    return '<form method="post" action="/settings/dismiss">' in member.get("/projects").text


def dismiss(member: Member) -> None:
    (mark,) = re.findall(r'name="mark" value="([^"]+)"', member.get("/projects").text)
    assert member.submit("/settings/dismiss", page="/projects", mark=mark).status_code == 303


def test_us2_a_warning_that_is_put_away_stays_away_for_the_period(
    house: House, alice: Member
) -> None:
    use(house, alice.account, (240, 0, 0))
    dismiss(alice)
    use(house, alice.account, (290, 0, 0))

    assert not banner(alice)


def test_us2_at_100_per_cent_it_warns_again(house: House, alice: Member) -> None:
    use(house, alice.account, (240, 0, 0))
    dismiss(alice)
    use(house, alice.account, (300, 0, 0))

    assert banner(alice)
    dismiss(alice)
    assert not banner(alice)


def test_us2_in_the_next_period_it_warns_again(house: House, alice: Member) -> None:
    use(house, alice.account, (240, 0, 0))
    dismiss(alice)
    # The account's day of the month moves, and with it the start of the period.
    sql = "UPDATE accounts SET anchor = anchor - :days WHERE id = :id"
    house.change(sql, days=10 * clock.DAY_MS, id=alice.account.id)
    use(house, alice.account, (240, 0, 0))

    assert banner(alice)


def test_us2_a_warning_is_put_away_by_each_member_alone(house: House, alice: Member) -> None:
    viewer = member_of(house, alice.account, Role.VIEWER)
    use(house, alice.account, (240, 0, 0))

    dismiss(alice)

    assert (banner(alice), banner(viewer)) == (False, True)
    dismiss(viewer)
    assert not banner(viewer)


def test_us2_there_is_no_warning_for_those_who_are_not_signed_in(
    house: House, alice: Member
) -> None:
    use(house, alice.account, (300, 300, 0))
    with visiting(house) as visitor:
        assert "used up" not in visitor.get("/login").text


def aged(house: House, member: Member, months: int) -> None:
    """Let an account be older."""
    sql = "UPDATE accounts SET anchor = anchor - :days WHERE id = :id"
    house.change(sql, days=months * 31 * clock.DAY_MS, id=member.account.id)


def months_of(member: Member) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(member.get("/usage.csv").text)))


def test_the_csv_has_the_months_newest_first(house: House, alice: Member) -> None:
    aged(house, alice, 2)
    use(house, alice.account, (7, 5, 3))
    use(house, alice.account, (70, 50, 30), months_ago=1)

    now, before, *_ = months_of(alice)

    assert list(now) == ["period_start", "period_end", "api_calls", "feedback", "held"]
    assert list(now.values())[2:] == ["7", "5", "3"]
    assert list(before.values())[2:] == ["70", "50", "30"]
    assert before["period_end"] == now["period_start"]


@pytest.mark.parametrize(("age", "rows"), [(0, 1), (40, 12)])
def test_the_csv_and_the_table_have_at_most_twelve_months_that_the_account_has_lived(
    house: House, alice: Member, age: int, rows: int
) -> None:
    aged(house, alice, age)

    (table,) = re.findall(r"<tbody>(.*?)</tbody>", alice.get("/usage").text, re.DOTALL)
    assert (len(months_of(alice)), table.count("<tr>")) == (rows, rows)


def test_the_csv_is_ones_own(house: House, alice: Member) -> None:
    use(house, owner(house, plans.FREE).account, (99, 99, 0))

    assert [each["api_calls"] for each in months_of(alice)] == ["0"]


def test_us3_without_billing_there_is_no_price_anywhere(alice: Member) -> None:
    for path in ("/usage", "/settings/billing", "/settings/billing?plan=PRO"):
        assert not re.search("€|EUR|Price", said(alice.get(path)))


@pytest.fixture(scope="module")
def shop(database: str, new_house: Callable[..., House]) -> Iterator[House]:
    """A house that tells prices."""
    with running(new_house(database, environment={"MINIBACK_BILLING": "manual"})) as shop:
        yield shop


def test_us3_with_manual_billing_prices_are_told(shop: House) -> None:
    carol = owner(shop, plans.STARTER)

    assert "STARTER €9 a month" in said(carol.get("/usage"))
    assert "€0 €9 €39" in said(carol.get("/settings/billing"))
