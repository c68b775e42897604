"""G10: times are told in the person's zone, or in the browser's, over a change of the clocks."""

import secrets
from collections.abc import Callable
from datetime import datetime
from typing import NamedTuple

import pytest
from playwright.sync_api import Page, expect

from miniback import clock, plans, projects
from miniback.plans import Allowance
from tests.browser.conftest import cookies_of
from tests.house import House
from tests.visitor import Member, owner

NewPage = Callable[..., Page]


class Case(NamedTuple):
    """A zone, a moment, and what the title says of it there."""

    zone: str
    moment: str
    title: str


CASES = [
    Case("Asia/Kathmandu", "2026-03-08T06:59:59.000Z", "2026-03-08 12:44"),
    Case("Asia/Kathmandu", "2026-11-01T18:20:00.000Z", "2026-11-02 00:05"),
    Case("America/New_York", "2026-03-08T06:59:59.000Z", "2026-03-08 01:59"),
    Case("America/New_York", "2026-03-08T07:00:00.000Z", "2026-03-08 03:00"),
    Case("America/New_York", "2026-11-01T05:30:00.000Z", "2026-11-01 01:30"),
    Case("America/New_York", "2026-11-01T06:30:00.000Z", "2026-11-01 01:30"),
    Case("America/New_York", "2026-11-01T18:20:00.000Z", "2026-11-01 13:20"),
]
ZONES = ["Asia/Kathmandu", "America/New_York"]


@pytest.fixture
def member(demo: House) -> Member:
    """Somebody whose projects were made at the moments of the cases."""
    member = owner(demo)
    for moment in {case.moment for case in CASES}:
        ms = round(datetime.fromisoformat(moment).timestamp() * clock.SECOND_MS)
        allowance = Allowance(member.account.id, plans.reshaped("")[plans.PRO], ms)
        project = demo.tx(projects.create, allowance, moment, None)
        sql = "UPDATE projects SET id = :new WHERE id = :old"
        demo.change(sql, new=id_at(ms, project.id), old=project.id)
    return member


def id_at(ms: int, made_today: str) -> str:
    """What an id would have been at another moment: a process cannot go back in time by itself."""
    digits = "0123456789abcdefghijklmnopqrstuv"
    number = ms * 1_000 << 64 | secrets.randbits(64)
    body = "".join(digits[number >> shift & 31] for shift in range(115, -1, -5))
    return f"{made_today.partition('_')[0]}_{body}"


def titles(page: Page, zone: str) -> dict[str, str]:
    """What the list of projects says of each of the zone's moments."""
    page.goto("/projects")
    found = page.locator("time").evaluate_all("all => all.map(e => [e.dateTime, e.title])")
    wanted = {case.moment for case in CASES if case.zone == zone}
    return {moment: title for moment, title in found if moment in wanted}


def expected(zone: str) -> dict[str, str]:
    return {case.moment: f"{case.title} ({zone})" for case in CASES if case.zone == zone}


@pytest.mark.parametrize("zone", ZONES)
def test_g10_times_are_told_in_the_zone_of_the_profile(
    zone: str, new_page: NewPage, member: Member
) -> None:
    page = new_page(cookies_of(member), timezone_id="Pacific/Auckland")
    page.goto("/settings/profile")
    page.get_by_label("Time zone").select_option(zone)
    page.locator("section[aria-labelledby=you] button").click()
    expect(page.locator(".toast")).to_be_visible()

    assert titles(page, zone) == expected(zone)


@pytest.mark.parametrize("zone", ZONES)
def test_g10_without_one_times_are_told_in_the_zone_of_the_browser(
    zone: str, new_page: NewPage, member: Member
) -> None:
    # The browser may know a zone by its older name.
    page = new_page(cookies_of(member), timezone_id=zone)
    found = {
        when: title.replace("Katmandu", "Kathmandu") for when, title in titles(page, zone).items()
    }

    assert found == expected(zone)


def test_g10_without_one_and_without_a_script_times_are_told_in_utc(
    new_page: NewPage, member: Member
) -> None:
    page = new_page(cookies_of(member), java_script_enabled=False)
    moment = "2026-11-01T06:30:00.000Z"

    assert titles(page, "America/New_York")[moment] == "2026-11-01 06:30 (UTC)"


def test_g10_a_time_that_the_list_is_asked_for_anew_is_told_in_the_same_zone(
    new_page: NewPage, member: Member
) -> None:
    page = new_page(cookies_of(member), timezone_id="America/New_York")
    page.goto("/projects")
    page.get_by_label("Search projects by name").press_sequentially("2026-03-08T06")
    expect(page.locator(".projects li")).to_have_count(1)

    expect(page.locator(".projects time")).to_have_attribute(
        "title", "2026-03-08 01:59 (America/New_York)"
    )


def test_g10_a_time_grows_older_while_the_page_is_open(new_page: NewPage, demo: House) -> None:
    page = new_page(cookies_of(owner(demo)))
    page.clock.install()
    page.goto("/projects")
    expect(page.locator(".projects time")).to_have_text("just now")
    page.clock.run_for(3 * 60_000)

    expect(page.locator(".projects time")).to_have_text("3 min ago")
