"""What one chooses before the list has answered is added to what was chosen before (IN1 to IN3)."""

import re
from urllib.parse import parse_qsl

import pytest
from playwright.sync_api import Locator, Page, Route, expect

from tests.browser.test_inbox_list import NewPage, expect_shown, listed, opened, wait_for
from tests.feedback.batch import fill
from tests.house import House, until
from tests.visitor import Member, owner

# Every answer to a change of the list; the news of an open page go their own way.
ANSWERS = re.compile(r"/inbox(\?|$)")


@pytest.fixture
def bob(demo: House) -> Member:
    """The owner of 60 items: every second about the checkout, every third reviewed."""
    bob = owner(demo)
    ids = fill(demo, bob.account, [f"{('Checkout', 'Basket')[at % 2]} {at}" for at in range(60)])
    for item in ids[::3]:
        bob.account.put(f"/api/feedback/{item}", json={"status": "REVIEWED"})
    return bob


def status(page: Page, name: str) -> Locator:
    return page.get_by_role("navigation", name="Status").get_by_role("link", name=name)


def holding_first(page: Page, count: int = 1) -> list[Route]:
    """Keep the first answers from the page for good; return them as they are asked for."""
    held: list[Route] = []

    def hold(route: Route) -> None:
        if len(held) < count:
            held.append(route)
        else:
            route.continue_()

    page.route(ANSWERS, hold)
    return held


def expect_state(page: Page, query: dict[str, str]) -> None:
    """Expect an address and a list of just these filters."""
    script = "() => [location.search, document.querySelector('#inbox').dataset.query]"
    until(lambda: [parsed(each) for each in page.evaluate(script)] == [query, query], str(query))


def parsed(query: str) -> dict[str, str]:
    return dict(parse_qsl(query.removeprefix("?")))


def test_in1_a_tab_pressed_before_the_filter_is_there_keeps_it(
    new_page: NewPage, bob: Member
) -> None:
    page = opened(new_page, bob)
    held = holding_first(page)
    page.locator("#source").select_option("API")
    wait_for(page, held, "the filter to be asked for")
    status(page, "Reviewed").click()

    expect_state(page, {"source": "API", "status": "REVIEWED"})
    expect_shown(page, listed(bob, source="API", status="REVIEWED"))
    expect(page.locator("#source")).to_have_value("API")


def test_in1_a_filter_chosen_before_the_tab_is_there_keeps_it(
    new_page: NewPage, bob: Member
) -> None:
    page = opened(new_page, bob, "/inbox?status=NEW")
    held = holding_first(page)
    status(page, "Reviewed").click()
    wait_for(page, held, "the tab to be asked for")
    page.locator("#source").select_option("API")

    expect_state(page, {"source": "API", "status": "REVIEWED"})
    expect_shown(page, listed(bob, source="API", status="REVIEWED"))


def test_in1_none_of_three_choices_made_at_a_go_is_lost(new_page: NewPage, bob: Member) -> None:
    page = opened(new_page, bob)
    held = holding_first(page, 3)
    page.locator("#source").select_option("API")
    page.locator("#project").select_option(bob.account.slug)
    status(page, "Reviewed").click()
    until(lambda: page.evaluate("1") and len(held) == 3, "what was chosen to be asked for")
    page.get_by_role("searchbox").fill("checkout")

    query = {"source": "API", "project": bob.account.slug, "status": "REVIEWED"}
    expect_state(page, {**query, "search": "checkout"})
    expect_shown(page, listed(bob, **query, search="checkout"))


def test_in3_a_word_that_is_just_typed_is_searched_for_in_the_tab_that_is_pressed(
    new_page: NewPage, bob: Member
) -> None:
    page = opened(new_page, bob)
    page.evaluate("""() => {
      const field = document.querySelector("#search");
      field.value = "checkout";
      field.dispatchEvent(new Event("input", {bubbles: true}));
      [...document.querySelectorAll(".tabs a")].find(e => e.text.startsWith("Reviewed")).click();
    }""")

    expect_state(page, {"search": "checkout", "status": "REVIEWED"})
    expect_shown(page, listed(bob, search="checkout", status="REVIEWED"))
    expect(page.get_by_role("searchbox")).to_have_value("checkout")


def test_in1_a_chip_taken_away_stays_away_in_the_tab_that_is_pressed(
    new_page: NewPage, bob: Member
) -> None:
    page = opened(new_page, bob, "/inbox?search=checkout&source=API")
    held = holding_first(page)
    page.get_by_role("link", name="Source: API").click()
    wait_for(page, held, "the list without the filter to be asked for")
    status(page, "Reviewed").click()

    expect_state(page, {"search": "checkout", "status": "REVIEWED"})


def test_in1_a_page_turned_before_the_filter_is_there_is_one_of_the_filter(
    new_page: NewPage, bob: Member
) -> None:
    page = opened(new_page, bob)
    held = holding_first(page)
    page.get_by_role("searchbox").fill("checkout")
    wait_for(page, held, "the search to be asked for")
    page.get_by_role("link", name="Next").click()

    expect_state(page, {"search": "checkout", "page": "2"})
    expect_shown(page, listed(bob, search="checkout", page=2))


def test_in1_a_tab_pressed_before_the_page_is_there_shows_its_own_first(
    new_page: NewPage, bob: Member
) -> None:
    page = opened(new_page, bob)
    held = holding_first(page)
    page.get_by_role("link", name="Next").click()
    wait_for(page, held, "the page to be asked for")
    status(page, "New").click()

    expect_state(page, {"status": "NEW"})
    expect_shown(page, listed(bob, status="NEW"))


def test_in1_an_item_opened_before_the_filter_is_there_is_closed_into_it(
    new_page: NewPage, bob: Member
) -> None:
    page = opened(new_page, bob)
    held = holding_first(page)
    page.locator("#source").select_option("API")
    wait_for(page, held, "the filter to be asked for")
    page.locator(".item .message").first.click()
    expect(page.locator("#detail")).to_be_visible()
    page.keyboard.press("Escape")

    expect(page.locator("#detail")).to_have_count(0)
    expect_state(page, {"source": "API"})
