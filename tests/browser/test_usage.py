"""Plan and usage: meters, warnings, and changes of the plan by its administrator (US1 to US4)."""

import re
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Locator, Page, expect

from miniback import plans
from tests.browser.conftest import cookies_of
from tests.house import House, running
from tests.plans.figures import use
from tests.visitor import Member, owner

NewPage = Callable[..., Page]
PAGES = ["/projects", "/projects/new", "/usage", "/settings/profile", "/settings/appearance"]


@pytest.fixture
def carol(demo: House) -> Member:
    """The owner of an account on STARTER, with a project."""
    return owner(demo, plans.STARTER)


@pytest.fixture
def page(new_page: NewPage, carol: Member) -> Page:
    """Carol's page."""
    return new_page(cookies_of(carol))


@pytest.fixture(scope="module")
def manual(new_house: Callable[..., House]) -> Iterator[House]:
    """A house that tells prices and whose plans its administrator changes."""
    with running(new_house("sqlite", environment={"MINIBACK_BILLING": "manual"})) as house:
        yield house


@pytest.fixture
def boss(manual: House) -> Member:
    """The administrator of that house, on STARTER with three projects."""
    boss = owner(manual, plans.STARTER)
    manual.change("UPDATE users SET is_administrator = 1 WHERE email = :email", email=boss.email)
    for name in ("Second", "Third"):
        assert boss.call("POST", "/api/projects", json={"name": name}).status_code == 201
    return boss


@pytest.fixture
def office(new_page: NewPage, manual: House, boss: Member) -> Page:
    """The administrator's page."""
    return new_page(cookies_of(boss), base_url=manual.base_url)


def meter(page: Page, label: str) -> Locator:
    return page.get_by_role("meter", name=label)


@pytest.mark.parametrize(
    ("calls", "percent", "told", "state"),
    [
        (7_999, 79, None, "ok"),
        (8_000, 80, "near the limit", "warn"),
        (9_999, 99, "near the limit", "warn"),
        (10_000, 100, "limit reached", "over"),
    ],
)
def test_us1_a_meter_tells_its_state_in_words_too(
    page: Page, carol: Member, calls: int, percent: int, told: str | None, state: str
) -> None:
    use(carol.house, carol.account, (calls, 0, 0))
    page.goto("/usage")

    shown = meter(page, "API calls this month")
    expect(shown).to_have_attribute("aria-valuenow", str(calls))
    expect(shown).to_have_attribute("aria-valuetext", re.compile(f"of 10,?000, {percent} %"))
    card = page.locator(f".meter.{state}", has_text="API calls this month")
    expect(card).to_contain_text(f"{calls:,} of 10,000")
    expect(card.locator(".hint")).to_have_text(f"{percent} %" + (f" · {told}" if told else ""))


def test_us1_the_states_differ_in_colour(page: Page, carol: Member) -> None:
    colours = set()
    for calls in (1, 8_000, 10_000):
        use(carol.house, carol.account, (calls, 0, 0))
        page.goto("/usage")
        bar = page.locator(".meter", has_text="API calls this month").locator(".bar")
        colours.add(bar.evaluate("(bar) => getComputedStyle(bar).fill"))

    assert len(colours) == 3


def test_us1_without_a_limit_there_is_a_count_and_no_bar(new_page: NewPage, demo: House) -> None:
    bob = owner(demo, plans.PRO)
    use(demo, bob.account, (12_345, 6, 0))
    page = new_page(cookies_of(bob))
    page.goto("/usage")

    expect(page.get_by_text("12,345 · Unlimited")).to_be_visible()
    expect(page.get_by_role("meter")).to_have_count(0)


def test_us2_a_call_is_on_the_meter_within_a_minute(page: Page, carol: Member) -> None:
    use(carol.house, carol.account, (41, 7, 0))
    carol.account.say()

    page.goto("/usage")
    expect(meter(page, "API calls this month")).to_have_attribute("aria-valuenow", "42")
    expect(meter(page, "Feedback this month")).to_have_attribute("aria-valuenow", "8")
    row = page.get_by_role("table").get_by_role("row").nth(1)
    expect(row.get_by_role("cell")).to_have_text([re.compile("-"), re.compile("-"), "42", "8", "0"])


@pytest.mark.parametrize(
    ("calls", "told"),
    [(8_000, "80 % of this month's API calls are used"), (10_000, "API calls are used up")],
)
def test_us2_a_banner_warns_on_every_page(page: Page, carol: Member, calls: int, told: str) -> None:
    use(carol.house, carol.account, (calls, 0, 0))

    for path in [*PAGES, f"/projects/{carol.account.slug}"]:
        page.goto(path)
        expect(page.locator(".banner:not(mb-offline)")).to_contain_text(told)


def test_us2_a_banner_put_away_stays_away_until_the_next_step(page: Page, carol: Member) -> None:
    use(carol.house, carol.account, (8_000, 0, 0))
    page.goto("/usage")
    banner = page.locator(".banner:not(mb-offline)")
    banner.get_by_role("button", name="Dismiss").click()
    expect(banner).to_have_count(0)
    page.goto("/settings/profile")
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    expect(banner).to_have_count(0)

    use(carol.house, carol.account, (10_000, 0, 0))
    page.reload()
    expect(banner).to_contain_text("used up")


@pytest.mark.parametrize("path", ["/usage", "/settings/billing", "/projects/new", "/projects"])
def test_us3_a_server_without_billing_tells_no_price(page: Page, path: str) -> None:
    page.goto(path)

    expect(page.get_by_role("heading", level=1)).to_be_visible()
    assert not re.search(r"€|EUR|\bprice", page.locator("body").inner_text(), re.IGNORECASE)


def test_us3_manual_billing_tells_the_prices(office: Page) -> None:
    office.goto("/settings/billing")
    row = office.get_by_role("row", name=re.compile("Price a month"))
    expect(row.get_by_role("cell")).to_have_text(["€0", "€9", "€39"])
    office.goto("/usage")

    expect(office.get_by_role("heading", name="Plan STARTER")).to_contain_text("€9 a month")


def test_us3_the_administrator_changes_the_plan_and_the_gates_with_it(
    office: Page, boss: Member
) -> None:
    use(boss.house, boss.account, (10_000, 0, 0))
    assert boss.account.get("/api/projects").status_code == 429
    office.goto("/settings/billing")
    office.get_by_role("link", name="Choose PRO").click()
    office.get_by_role("button", name="Change to PRO").click()

    expect(office.locator(".toast")).to_contain_text("The account is on PRO")
    assert boss.account.get("/api/projects").status_code == 200


def test_us3_who_administers_nothing_is_told_whom_to_ask(page: Page) -> None:
    page.goto("/settings/billing")

    expect(page.get_by_text("The administrator of this server changes plans.")).to_be_visible()
    expect(page.get_by_role("link", name=re.compile("Choose"))).to_have_count(0)


def active(boss: Member) -> int:
    sql = "SELECT name FROM projects WHERE account_id = :id AND status = 'ACTIVE'"
    return len(boss.house.rows(sql, id=boss.account.id))


def test_us4_a_downgrade_lists_what_it_pauses_and_waits_for_a_yes(
    office: Page, boss: Member
) -> None:
    office.goto("/settings/billing")
    office.get_by_role("link", name="Choose FREE").click()
    asked = office.get_by_role("region", name="Change from STARTER to FREE?")
    expect(asked).to_contain_text("2 projects are more than FREE has room for")
    expect(asked.get_by_role("listitem")).to_have_text([re.compile("Third"), re.compile("Second")])
    assert active(boss) == 3

    asked.get_by_role("button", name="Change to FREE").click()
    expect(office.locator(".toast")).to_contain_text("Paused: Third, Second")
    assert active(boss) == 1


def test_us4_cancel_changes_nothing(office: Page, boss: Member) -> None:
    office.goto("/settings/billing?plan=FREE")
    office.get_by_role("link", name="Cancel").click()

    expect(office.get_by_role("button", name=re.compile("Change to"))).to_have_count(0)
    assert active(boss) == 3
