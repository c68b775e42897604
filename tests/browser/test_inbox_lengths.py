"""Lists of none and of very many, and what a list is to who cannot see it (IN10, IN11, IN16)."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser.test_inbox_list import NewPage, choose, expect_shown, listed, opened, rows
from tests.feedback.batch import fill
from tests.house import House
from tests.visitor import Member, owner

# Rules of the style sheet that only show something to who points at it.
SHOWN_BY_HOVER = """() => [...document.styleSheets].flatMap(sheet => [...sheet.cssRules])
  .flatMap(rule => rule.cssRules?.length ? [...rule.cssRules] : [rule])
  .filter(rule => rule.selectorText?.includes(":hover"))
  .filter(({style}) => style.display || style.visibility || style.opacity || style.clipPath)
  .map(rule => rule.cssText)"""
IS_SEEN = "e => e.checkVisibility({opacityProperty: true, visibilityProperty: true})"


@pytest.fixture
def bob(demo: House) -> Member:
    return owner(demo)


@pytest.fixture(scope="module")
def carol(demo: House) -> Member:
    """The owner of 30 items on two pages."""
    carol = owner(demo)
    words = ("Checkout", "Basket")
    fill(demo, carol.account, [f"{words[number % 2]} {number}" for number in range(30)])
    return carol


@pytest.fixture(scope="module")
def many(demo: House) -> tuple[Member, list[str]]:
    """The owner of 10,000 items in one project, and their ids, the oldest first."""
    member = owner(demo)
    return member, fill(demo, member.account, [f"Item {at} of many" for at in range(10_000)])


def test_in10_without_a_project_the_first_one_is_offered(new_page: NewPage, bob: Member) -> None:
    deleted = bob.call("DELETE", f"/api/projects/{bob.account.project_id}", json={})
    assert deleted.is_success, deleted.text
    page = opened(new_page, bob)

    expect(page.locator("main .primary:visible")).to_have_count(1)
    page.get_by_role("link", name="Start the first one").click()
    expect(page).to_have_url(re.compile("/projects/new$"))


def test_in10_without_feedback_the_way_to_the_first_is_shown(
    new_page: NewPage, bob: Member
) -> None:
    page = opened(new_page, bob)

    expect(page.get_by_role("heading", name="No feedback yet")).to_be_visible()
    expect(page.locator("main .primary:visible")).to_have_count(1)
    expect(page.locator("main .primary:visible")).to_have_attribute(
        "href", f"/projects/{bob.account.slug}/api"
    )


def test_in10_where_nothing_matches_the_filters_are_named_and_can_be_cleared(
    new_page: NewPage, bob: Member
) -> None:
    item = bob.account.say("A word")
    page = opened(new_page, bob, "/inbox?search=nowhere&source=WIDGET&status=NEW")
    empty = page.locator(".empty")
    expect(empty).to_contain_text("Search: nowhere")
    expect(empty).to_contain_text("Source: WIDGET")
    expect(page.locator("main .primary:visible")).to_have_count(1)
    empty.get_by_role("link").click()

    expect_shown(page, [item["id"]])
    expect(page).to_have_url(f"{bob.house.base_url}/inbox")


def test_in10_when_nothing_is_new_one_is_all_caught_up(new_page: NewPage, bob: Member) -> None:
    item = bob.account.say()
    bob.account.put(f"/api/feedback/{item['id']}", json={"status": "RESOLVED"})
    page = opened(new_page, bob, "/inbox?status=NEW")

    expect(page.get_by_role("heading", name="All caught up")).to_be_visible()
    expect(page.locator("main .primary:visible")).to_have_count(1)


@pytest.mark.parametrize("path", ["/inbox", "/inbox/{last}", "/inbox?page=200"])
def test_in11_ten_thousand_items_are_few_nodes_and_the_last_page_is_in_reach(
    new_page: NewPage, many: tuple[Member, list[str]], path: str
) -> None:
    member, ids = many
    page = opened(new_page, member, path.format(last=ids[-1]))
    assert page.evaluate("document.querySelectorAll('*').length") <= 1_500
    page.get_by_role("navigation", name="Pages").get_by_role("link", name="Page 400").click()

    expect_shown(page, ids[24::-1])
    assert page.evaluate("document.querySelectorAll('*').length") <= 1_500


def test_in16_the_list_is_a_list_of_messages_each_with_its_checkbox(
    new_page: NewPage, bob: Member
) -> None:
    messages = ["The first thing", "The second thing"]
    fill(bob.house, bob.account, messages)
    page = opened(new_page, bob)
    assert rows(page).first.evaluate("e => e.parentElement.tagName") == "UL"
    for message in messages:
        row = page.get_by_role("listitem").filter(has_text=message)
        expect(row.get_by_role("link", name=message, exact=True)).to_have_count(1)
        expect(row.get_by_role("checkbox", name=message, exact=True)).to_have_count(1)


def test_in16_the_count_of_results_is_told_in_a_status_that_stays(
    new_page: NewPage, carol: Member
) -> None:
    page = opened(new_page, carol)
    status = page.get_by_role("status").filter(has_text="30 items")
    expect(status).to_have_count(1)
    before = status.element_handle()
    choose(page, "search", "checkout")
    total = len(listed(carol, search="checkout", pageSize=100))

    expect(page.locator("#found")).to_have_text(f"{total} items")
    assert before.evaluate("e => e.isConnected && e.textContent") == f"{total} items"


def test_in16_what_is_chosen_is_told_in_a_status_that_was_there_before(
    new_page: NewPage, carol: Member
) -> None:
    page = opened(new_page, carol)
    # A live region that only appears together with its words is not read out.
    assert page.locator("[role=status][data-chosen]").evaluate("e => e.checkVisibility()")
    rows(page).nth(0).get_by_role("checkbox").check()
    rows(page).nth(1).get_by_role("checkbox").check()

    expect(page.locator("[role=status][data-chosen]")).to_have_text("2 chosen")


def test_in16_nothing_waits_to_be_pointed_at(new_page: NewPage, carol: Member) -> None:
    page = opened(new_page, carol)
    controls = rows(page).locator("a, input, button")

    assert controls.count() == 50
    assert all(control.evaluate(IS_SEEN) for control in controls.all())
    assert page.evaluate(SHOWN_BY_HOVER) == []
