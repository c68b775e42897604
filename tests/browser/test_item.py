"""One item: its address, its context, its links, its history and its neighbours (FD1 to FD7)."""

import json
import re
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import Locator, Page, expect

from miniback.accounts import Role
from tests.browser.conftest import cookies_of
from tests.browser.test_inbox_list import NewPage, listed, opened, shown
from tests.feedback.batch import fill
from tests.house import House
from tests.visitor import Member, member_of, owner

CHROME = (
    "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/537.36 (KHTML, like Gecko)"
    " Chrome/142.0.0.0 Safari/537.36"
)
KNOWN = {
    "url": "https://shop.example/pricing?plan=pro#top",
    "title": "Prices",
    "referrer": "https://search.example/",
    "userAgent": CHROME,
    "language": "en-GB",
    "timezone": "Europe/Vienna",
    "viewport": "1512x982",
    "screen": "3024x1964",
    "appVersion": "4.2.0",
    "platform": "ios",
    "osVersion": "18.1",
    "deviceModel": "iPhone16,1",
    "userId": "user-17",
    "screenName": "CheckoutScreen",
}
LINKS = ["http://shop.example/", "https://shop.example/a?b=c#d", "HTTPS://SHOP.EXAMPLE/"]
NO_LINKS = [
    "javascript:alert(1)",
    "JaVaScRiPt:alert(1)",
    " javascript:alert(1)",
    "java\nscript:alert(1)",
    "data:text/html,<script>alert(1)</script>",
    "vbscript:msgbox(1)",
    "file:///etc/passwd",
    "ftp://shop.example/",
    "//shop.example/",
    "/inbox",
    "https:",
    "https://",
    "https:shop.example",
    "mailto:a@example.test",
    "https://shop.example/\u202egpj.exe",
]
TRACKERS = [("GitHub", "github.com", "body"), ("Linear", "linear.new", "description")]


@pytest.fixture
def bob(demo: House) -> Member:
    return owner(demo)


def facts(page: Page) -> dict[str, str]:
    """What is known of the item that is open, by label."""
    script = "all => all.map(e => [e.textContent, e.nextElementSibling.textContent])"
    return dict(page.locator(".facts dt").evaluate_all(script))


def data(page: Page) -> dict[str, str]:
    """The other data of the item that is open, by name."""
    script = "all => all.map(e => [e.cells[0].textContent, e.cells[1].textContent])"
    return dict(page.locator(".data tr").evaluate_all(script))


def item_page(new_page: NewPage, member: Member, context: dict[str, Any]) -> Page:
    """Open the page of a new item with a context."""
    item = member.account.say("What was said", context=context)
    return opened(new_page, member, f"/inbox/{item['id']}")


def detail(page: Page) -> Locator:
    return page.locator("#detail")


def test_fd1_an_item_opens_cold_on_its_page_of_the_filtered_list(
    new_page: NewPage, bob: Member
) -> None:
    ids = fill(bob.house, bob.account, [f"Item {number}" for number in range(60)])
    for item in ids[::2]:
        bob.account.put(f"/api/feedback/{item}", json={"status": "REVIEWED"})
    page = opened(new_page, bob, f"/inbox/{ids[2]}?status=REVIEWED")

    expect(page.get_by_role("heading", name="Item 2", exact=True)).to_be_visible()
    assert shown(page) == listed(bob, status="REVIEWED", page=2)
    expect(page.locator(".item[aria-current=true]")).to_have_attribute("data-id", ids[2])
    expect(page).to_have_title("Item 2 · Inbox · Miniback")


def test_fd1_unknown_foreign_and_deleted_ids_give_one_and_the_same_page(
    new_page: NewPage, bob: Member, demo: House
) -> None:
    foreign = owner(demo).account.say("Not yours")["id"]
    deleted = bob.account.say()["id"]
    bob.account.delete(f"/api/feedback/{deleted}")
    page = new_page(cookies_of(bob))
    said = set()
    for item in (foreign, deleted, f"{foreign[:-1]}x", "nothing", "feedback_"):
        answer = page.goto(f"/inbox/{item}")
        assert answer
        assert answer.status == 404
        expect(page.get_by_role("navigation", name="Main")).to_be_visible()
        said.add(re.sub("Request .*", "", page.get_by_role("main").inner_text()) + page.title())
    assert len(said) == 1


def test_fd2_what_is_known_has_a_row_with_a_label(new_page: NewPage, bob: Member) -> None:
    page = item_page(new_page, bob, KNOWN)
    found = facts(page)
    assert data(page) == {}
    assert found.pop("Browser") == "Chrome 142 · macOS"
    # Nobody has vouched for who it is, and that is said beside it.
    found["User"] = found["User"].removesuffix("as the page says").strip()
    assert set(found.values()) >= {KNOWN[name] for name in KNOWN if name != "userAgent"}
    assert len(found) == len(KNOWN)


@pytest.mark.parametrize("name", ["viewport", "screen"])
def test_fd2_a_size_in_two_numbers_has_its_row_as_well(
    new_page: NewPage, bob: Member, name: str
) -> None:
    page = item_page(new_page, bob, {name: {"width": 1512, "height": 982}})

    assert re.search("1512.*982", facts(page)[name.capitalize()])


def test_fd2_what_is_unknown_is_a_table_with_nested_values_as_json(
    new_page: NewPage, bob: Member
) -> None:
    nested = {"items": [1, {"sku": "A-1"}], "empty": None}
    page = item_page(new_page, bob, {"plan": "pro", "cart": nested, "beta": True, "seats": 3})
    found = data(page)

    assert json.loads(found.pop("cart")) == nested
    assert found == {"plan": "pro", "beta": "true", "seats": "3"}
    expect(page.locator(".data table")).to_be_visible()


@pytest.mark.parametrize("width", [360, 1440])
def test_fd2_the_longest_context_is_folded_away_and_can_be_read(
    new_page: NewPage, bob: Member, width: int
) -> None:
    context = {f"key{at}": "long value " * 50 for at in range(28)} | {"url": KNOWN["url"]}
    page = item_page(new_page, bob, context)
    page.set_viewport_size({"width": width, "height": 740})
    expect(page.locator(".data table")).to_be_hidden()
    expect(page.get_by_role("heading", name="Timeline")).to_be_visible()
    page.get_by_text("More data", exact=True).click()
    expect(page.locator(".data table")).to_be_visible()

    assert len(data(page)) == 28
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


@pytest.mark.parametrize("field", ["url", "referrer"])
def test_fd3_only_addresses_of_the_web_are_links(
    new_page: NewPage, bob: Member, field: str
) -> None:
    page = new_page(cookies_of(bob))
    for address in [*LINKS, *NO_LINKS]:
        item = bob.account.say(address, context={field: address, "unknown": address})
        page.goto(f"/inbox/{item['id']}")
        found = page.locator(".facts a[target], .data a, .said a")
        assert found.count() == (address in LINKS), address
        assert address in facts(page).values()
        if address in LINKS:
            assert found.get_attribute("href") == address
            assert found.get_attribute("target") == "_blank"
            wanted = {"noopener", "noreferrer", "nofollow"}
            assert wanted <= set((found.get_attribute("rel") or "").split())


def test_fd4_the_timeline_tells_what_was_done_by_whom_when_and_how(
    new_page: NewPage, bob: Member
) -> None:
    item = bob.account.say()["id"]
    bob.account.put(f"/api/feedback/{item}", json={"status": "REVIEWED"})
    grace = member_of(bob.house, bob.account, Role.MEMBER)
    page = opened(new_page, grace, f"/inbox/{item}")
    detail(page).get_by_role("button", name="Resolve").click()
    events = page.locator(".timeline li")
    expect(events).to_have_count(3)
    expect(events.nth(0)).to_contain_text(re.compile(f"Resolved.*{grace.email}.*on a page"))
    expect(events.nth(1)).to_contain_text(re.compile("Reviewed.*by the API"))
    expect(events.nth(2)).to_contain_text(re.compile("Received.*API"))

    shown = bob.account.get(f"/api/feedback/{item}").json()["data"]
    times = events.locator("time").evaluate_all("all => all.map(e => e.dateTime)")
    assert times == sorted(times, reverse=True)
    assert times[2] == shown["createdAt"]
    assert shown["createdAt"] < shown["updatedAt"] <= times[0]


def test_fd5_only_message_context_and_timeline_are_printed(new_page: NewPage, bob: Member) -> None:
    page = item_page(new_page, bob, {**KNOWN, "plan": "pro"})
    page.emulate_media(media="print")

    for selector in ("#said", ".facts", ".data table", ".timeline"):
        expect(page.locator(selector)).to_be_visible()
    for selector in ("nav", "button", "input", "select", "textarea", ".items", ".ends"):
        assert page.locator(f"{selector}:visible").count() == 0, selector
    text = page.locator("body").inner_text()
    assert not re.search("Projects|Settings|Skip to|Search|Resolve$|Copy|Older|Close", text)


def test_fd5_a_context_that_is_folded_away_is_printed(new_page: NewPage, bob: Member) -> None:
    page = item_page(new_page, bob, {f"key{at}": "long value " * 50 for at in range(20)})
    page.emulate_media(media="print")

    expect(page.locator(".data table")).to_be_visible()


@pytest.fixture
def walked(demo: House, bob: Member) -> list[str]:
    """The ids of seven new items, newest first, between others that are reviewed."""
    ids = fill(demo, bob.account, [f"Item {number}" for number in range(14)])
    for item in ids[::2]:
        bob.account.put(f"/api/feedback/{item}", json={"status": "REVIEWED"})
    return ids[::-2]


@pytest.mark.parametrize("way", ["keys", "links"])
def test_fd6_the_filtered_items_are_walked_across_pages(
    new_page: NewPage, bob: Member, walked: list[str], way: str
) -> None:
    page = opened(new_page, bob, f"/inbox/{walked[0]}?status=NEW&pageSize=3")

    def go(key: str, name: str) -> None:
        if way == "keys":
            page.keyboard.press(key)
        else:
            detail(page).get_by_role("link", name=name, exact=True).click()

    for key, name, ids in (("j", "Older", walked[1:]), ("k", "Newer", walked[-2::-1])):
        for item in ids:
            go(key, name)
            expect(detail(page)).to_have_attribute("data-id", item)
            expect(page.locator(".item[aria-current=true]")).to_have_attribute("data-id", item)
            expect(page).to_have_url(re.compile(f"/inbox/{item}.*status=NEW"))
        expect(detail(page).get_by_role("link", name=name, exact=True)).to_have_count(0)


def test_fd6_rows_are_walked_across_pages(
    new_page: NewPage, bob: Member, walked: list[str]
) -> None:
    page = opened(new_page, bob, "/inbox?status=NEW&pageSize=3")
    focused = page.locator(".item:has(.message:focus)")
    for key, ids in (("j", walked), ("k", walked[-2::-1])):
        for item in ids:
            page.keyboard.press(key)
            expect(focused).to_have_attribute("data-id", item)
    page.keyboard.press("k")
    expect(focused).to_have_attribute("data-id", walked[0])


def test_fd6_one_goes_on_behind_an_item_that_has_left_the_filter(
    new_page: NewPage, bob: Member, walked: list[str]
) -> None:
    page = opened(new_page, bob, f"/inbox/{walked[2]}?status=NEW&pageSize=3")
    page.keyboard.press("e")
    expect(page.locator(".detail-head .badge")).to_have_text("Resolved")
    page.keyboard.press("j")
    expect(detail(page)).to_have_attribute("data-id", walked[3])
    page.keyboard.press("k")

    expect(detail(page)).to_have_attribute("data-id", walked[1])


@pytest.mark.parametrize("message", ["Checkout & <b>bold</b> #1", "🙂 long 100% " * 700])
def test_fd7_an_issue_is_begun_with_the_message_and_the_permalink(
    new_page: NewPage, bob: Member, message: str
) -> None:
    item = bob.account.say(message)["id"]
    page = opened(new_page, bob, f"/inbox/{item}")
    detail(page).get_by_text("Create issue").click()
    permalink = f"{bob.house.base_url}/inbox/{item}"
    for tracker, host, field in (
        ("GitHub", "github.com", "body"),
        ("Linear", "linear.new", "description"),
    ):
        link = detail(page).get_by_role("link", name=tracker)
        expect(link).to_be_visible()
        address = link.get_attribute("href") or ""
        query = parse_qs(urlsplit(address).query)
        assert len(address) <= 8_000
        assert urlsplit(address).hostname == host
        assert message.startswith(query["title"][0].strip()[:40])
        body, _, last = query[field][0].rpartition("\n\n")
        assert last == permalink
        assert message.startswith(body)
        assert len(body) == len(message) or len(address) > 7_900
