"""The inbox's list: its filters are its address, Back and search (IN1 to IN3)."""

import re
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, Request, Route, expect

from tests.browser.conftest import cookies_of
from tests.feedback.batch import fill, new_project, place
from tests.house import House, until
from tests.visitor import Member, owner

NewPage = Callable[..., Page]
LONG_AGO = datetime(2026, 3, 10, 12, tzinfo=UTC)
CHOICES = {
    "status": "REVIEWED",
    "source": "WIDGET",
    "search": "checkout",
    "start": "2026-03-09",
    "end": "2026-03-10",
}
TOGETHER = [
    *((name,) for name in CHOICES),
    ("project",),
    ("source", "status"),
    ("search", "project"),
    ("start", "end"),
    ("search", "source", "status", "project"),
    ("search", "start", "end", "project", "source", "status"),
]


@pytest.fixture(scope="module")
def carol(demo: House) -> Member:
    """The owner of 76 items of each kind: two projects, sources, statuses, words and days."""
    carol = owner(demo)
    account = carol.account
    hour = 3_600_000_000
    for number in range(6):
        message = f"Old {'checkout' if number % 2 else 'basket'} {number}"
        place(demo, account, int(LONG_AGO.timestamp()) * 1_000_000 + number * 12 * hour, message)
    # As the server writes documents: an item's id is read from behind `{"id":"`.
    sql = "UPDATE feedback SET document = REPLACE(document, '\": ', '\":') WHERE account_id = :id"
    demo.change(sql, id=account.id)
    second = new_project(account, "Second shop", slug=f"second-{account.slug}")["id"]
    fill(demo, account, [f"Filler {number}" for number in range(40)])
    for number in range(30):
        path = f"/api/projects/{second if number % 3 else account.project_id}/feedback"
        headers = {"x-feedback-source": "widget" if number % 2 else "api"}
        body = {"message": f"{'Checkout' if number % 4 else 'Basket'} {number}"}
        item = account.post(path, json=body, headers=headers).json()["data"]
        if number % 5 < 3:
            account.put(f"/api/feedback/{item['id']}", json={"status": "REVIEWED"})
    return carol


def opened(new_page: NewPage, member: Member, path: str = "/inbox", **options: Any) -> Page:
    """Open a page at a path as somebody."""
    page = new_page(cookies_of(member), **options)
    page.goto(path)
    return page


def rows(page: Page) -> Locator:
    return page.locator(".items > .item")


def shown(page: Page) -> list[str]:
    """The ids of the rows that are to be seen, from the top."""
    script = "all => all.filter(e => e.checkVisibility()).map(e => e.dataset.id)"
    found: list[str] = rows(page).evaluate_all(script)
    return found


def listed(member: Member, **query: Any) -> list[str]:
    """The ids that the API lists for the same query."""
    answer = member.account.get("/api/feedback", params={"pageSize": 25, **query})
    assert answer.status_code == 200, answer.text
    return [each["id"] for each in answer.json()["data"]]


def expect_shown(page: Page, ids: list[str]) -> None:
    until(lambda: shown(page) == ids, f"the rows {ids}")


def state(page: Page, scroll: int) -> tuple[str, list[str], int]:
    """Scroll so far, and return what Back has to bring back."""
    page.evaluate(f"scrollTo(0, {scroll})")
    return page.url, shown(page), page.evaluate("scrollY")


def expect_scroll(page: Page, scroll: int) -> None:
    until(lambda: abs(page.evaluate("scrollY") - scroll) <= 50, f"a scroll to {scroll} px")


def holding(page: Page, url: str | re.Pattern[str]) -> list[Route]:
    """Keep requests from the server until the test lets them go; return them as they come."""
    held: list[Route] = []

    def hold(route: Route) -> None:
        held.append(route)

    page.route(url, hold)
    return held


def wait_for(page: Page, found: list[Any], what: str) -> None:
    """Wait until something is in a list that the browser's events fill."""
    until(lambda: page.evaluate("1") and found, what)


def choose(page: Page, name: str, value: str) -> None:
    """Set one filter as people do."""
    if name == "status":
        page.get_by_role("navigation", name="Status").get_by_role("link", name="Reviewed").click()
    elif name in ("project", "source"):
        page.locator(f"#{name}").select_option(value)
    elif name == "search":
        page.get_by_role("searchbox").fill(value)
    else:
        if not page.get_by_label("From").is_visible():
            page.get_by_text("Dates", exact=True).click()
        page.locator(f"[name={name}]").fill(value)
    expect(page).to_have_url(re.compile(f"[?&]{name}={value}(&|$)"))
    # The links of the page that is still to be seen would forget this filter.
    expect(page.locator("#inbox")).to_have_attribute("data-query", re.compile(f"{name}={value}"))


@pytest.mark.parametrize("names", TOGETHER, ids="-".join)
def test_in1_filters_are_in_the_address_and_show_what_the_api_lists(
    new_page: NewPage, carol: Member, names: tuple[str, ...]
) -> None:
    values = {**CHOICES, "project": f"second-{carol.account.slug}"}
    query = {name: values[name] for name in names}
    wanted = listed(carol, **query)
    page = opened(new_page, carol)
    for name, value in query.items():
        choose(page, name, value)

    expect_shown(page, wanted)
    page.reload()
    assert shown(page) == wanted
    again = opened(new_page, carol, page.url)
    assert shown(again) == wanted
    for name, value in query.items():
        expect(again).to_have_url(re.compile(f"[?&]{name}={value}(&|$)"))


def test_in1_page_and_page_size_are_those_of_the_api(new_page: NewPage, carol: Member) -> None:
    page = opened(new_page, carol, "/inbox?pageSize=7&page=3")
    assert shown(page) == listed(carol, pageSize=7, page=3)
    page.get_by_role("link", name="Next").click()

    expect(page).to_have_url(re.compile("page=4"))
    expect_shown(page, listed(carol, pageSize=7, page=4))


def test_in1_a_chip_takes_its_filter_away_and_the_fields_follow(
    new_page: NewPage, carol: Member
) -> None:
    page = opened(new_page, carol, "/inbox?search=checkout&source=WIDGET")
    page.get_by_role("link", name="Source: WIDGET").click()
    expect(page).to_have_url(re.compile(r"/inbox\?search=checkout$"))
    expect(page.locator("#source")).to_have_value("")
    page.get_by_role("link", name="Clear all").click()

    expect(page).to_have_url(f"{carol.house.base_url}/inbox")
    expect(page.get_by_role("searchbox")).to_have_value("")
    expect_shown(page, listed(carol))


def test_in2_back_walks_the_states_in_reverse_with_scroll_and_focus(
    new_page: NewPage, carol: Member
) -> None:
    page = opened(new_page, carol, viewport={"width": 1200, "height": 700})
    steps = {"source": "API", "project": carol.account.slug, "search": "filler"}
    states = []
    for at, (name, value) in enumerate(steps.items()):
        states.append(state(page, 20 * at + 20))
        choose(page, name, value)
    states.append(state(page, 500))
    message = rows(page).nth(8).locator(".message")
    message.click()
    expect(page.locator("#detail")).to_be_visible()
    page.go_back()

    expect(message).to_be_focused()
    for url, ids, scroll in reversed(states):
        expect(page).to_have_url(url)
        expect_shown(page, ids)
        expect_scroll(page, scroll)
        expect(page.locator("#detail")).to_have_count(0)
        page.go_back()


def test_in3_a_word_typed_at_a_go_is_searched_for_twice_at_most(
    new_page: NewPage, carol: Member
) -> None:
    page = opened(new_page, carol)
    asked: list[str] = []

    def note(request: Request) -> None:
        if "search=" in request.url:
            asked.append(request.url)

    page.on("request", note)
    page.get_by_role("searchbox").press_sequentially("checkout", delay=50)
    expect_shown(page, listed(carol, search="checkout"))

    assert 1 <= len(asked) <= 2
    expect(page.get_by_role("searchbox")).to_be_focused()
    expect(page.get_by_role("searchbox")).to_have_value("checkout")


def test_in3_an_answer_that_comes_late_never_wins(new_page: NewPage, carol: Member) -> None:
    page = opened(new_page, carol)
    held = holding(page, re.compile(r"/inbox\?search=basket"))
    field = page.get_by_role("searchbox")
    field.fill("basket")
    wait_for(page, held, "the first search")
    answer = held[0].fetch()
    field.fill("checkout")
    wanted = listed(carol, search="checkout")
    expect_shown(page, wanted)
    held[0].fulfill(response=answer)
    page.evaluate("new Promise(done => requestIdleCallback(() => requestAnimationFrame(done)))")

    assert shown(page) == wanted
    expect(field).to_have_value("checkout")
    expect(page).to_have_url(re.compile("search=checkout"))
