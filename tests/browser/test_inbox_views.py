"""Saved views, and the list as a command for a shell and as a file (IN12 to IN14)."""

import csv
import os
import re
import subprocess
from pathlib import Path

import msgspec
import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.conftest import cookies_of
from tests.browser.test_inbox_list import (
    NewPage,
    choose,
    expect_shown,
    listed,
    opened,
    rows,
    shown,
)
from tests.browser.test_inbox_live import PATIENCE_MS, listening
from tests.feedback.batch import fill
from tests.house import House
from tests.visitor import Member, owner

CLIPBOARD = ["clipboard-read", "clipboard-write"]
QUERIES = [
    "",
    "?status=NEW",
    "?search=checkout&page=2&pageSize=7",
    "?search=it%27s%20%24HOME%20%60x%60",
    "?start=2020-01-01&end=2099-12-31&source=API",
    "?end=2020-01-01",
]


@pytest.fixture
def bob(demo: House) -> Member:
    """The owner of 40 items, every second about the checkout, every third reviewed."""
    bob = owner(demo)
    words = ("Checkout", "Basket")
    ids = fill(demo, bob.account, [f"{words[at % 2]} {at}" for at in range(39)])
    ids += fill(demo, bob.account, ["it's $HOME `x`"])
    for item in ids[::3]:
        bob.account.put(f"/api/feedback/{item}", json={"status": "REVIEWED"})
    return bob


def save(page: Page, name: str) -> None:
    page.get_by_text("Save view", exact=True).click()
    page.get_by_label("Name of the view").fill(name)
    page.get_by_role("button", name="Save", exact=True).click()


def view(page: Page, name: str) -> Locator:
    menu = page.get_by_role("navigation", name="Main")
    return menu.get_by_role("listitem").filter(has_text=name)


def test_in12_a_view_is_in_the_menu_with_its_count_and_opens_the_filters(
    new_page: NewPage, bob: Member
) -> None:
    path = "/inbox?search=checkout&status=NEW"
    page = opened(new_page, bob, path)
    total = len(listed(bob, search="checkout", status="NEW"))
    save(page, "Checkout woes")
    expect(view(page, "Checkout woes").locator(".count")).to_have_text(str(total))
    page.goto("/projects")
    view(page, "Checkout woes").get_by_role("link").first.click()

    expect(page).to_have_url(re.compile("search=checkout"))
    expect(page).to_have_url(re.compile("status=NEW"))
    expect_shown(page, listed(bob, search="checkout", status="NEW"))
    again = opened(new_page, bob, page.url)
    assert shown(again) == listed(bob, search="checkout", status="NEW")


def test_in12_filters_chosen_on_the_page_are_those_that_are_saved(
    new_page: NewPage, bob: Member
) -> None:
    page = opened(new_page, bob)
    choose(page, "search", "checkout")
    choose(page, "status", "REVIEWED")
    save(page, "Looked at")
    view(page, "Looked at").get_by_role("link").first.click()

    expect(page).to_have_url(re.compile("search=checkout"))
    expect(page).to_have_url(re.compile("status=REVIEWED"))
    expect_shown(page, listed(bob, search="checkout", status="REVIEWED"))


def test_in12_a_view_without_a_name_is_not_saved(new_page: NewPage, bob: Member) -> None:
    page = opened(new_page, bob, "/inbox?status=NEW")
    sent: list[str] = []
    page.on("request", lambda each: sent.append(each.url) if each.method == "POST" else None)
    save(page, "")
    expect(page.get_by_label("Name of the view")).to_be_focused()
    assert sent == []
    answer = bob.submit("/inbox/views", "/inbox", query="?status=NEW", name="  ")

    assert answer.status_code in (400, 422)
    page.reload()
    assert page.locator(".view").count() == 0


def test_in12_the_count_of_a_view_follows_what_comes_in(new_page: NewPage, bob: Member) -> None:
    page = listening(new_page(cookies_of(bob)))
    page.goto("/inbox?search=checkout")
    save(page, "Checkout woes")
    count = view(page, "Checkout woes").locator(".count")
    expect(count).to_have_text("20")
    bob.account.say("Checkout is down")

    expect(count).to_have_text("21", timeout=PATIENCE_MS)


def test_in12_a_view_is_renamed_and_deleted(new_page: NewPage, bob: Member) -> None:
    page = opened(new_page, bob, "/inbox?status=NEW")
    save(page, "Old name")
    page.get_by_role("link", name="Change the view Old name").click()
    field = page.get_by_label("Name of the view")
    expect(field).to_have_value("Old name")
    field.fill("Better name")
    page.get_by_role("button", name="Save", exact=True).click()
    expect(view(page, "Better name")).to_have_count(1)
    expect(view(page, "Old name")).to_have_count(0)
    page.get_by_role("link", name="Change the view Better name").click()
    page.get_by_role("button", name="Delete the view").click()

    expect(page.locator(".toast")).to_contain_text("View deleted")
    expect(page.locator(".view")).to_have_count(0)
    assert bob.account.get("/api/feedback").json()["pagination"]["total"] == 40


def test_in12_a_view_of_somebody_else_is_not_there(
    new_page: NewPage, bob: Member, demo: House
) -> None:
    page = opened(new_page, bob, "/inbox?status=NEW")
    save(page, "Mine")
    address = view(page, "Mine").locator(".edit").get_attribute("href") or ""
    mallory = owner(demo)

    assert mallory.get(address).status_code == 404
    token = {"csrf_token": mallory.token("/inbox")}
    assert mallory.client.post(f"{address}/delete", data=token).status_code == 404
    page.reload()
    expect(view(page, "Mine")).to_have_count(1)


@pytest.mark.parametrize("has_script", [True, False])
def test_in12_the_filters_of_a_view_are_changed(
    new_page: NewPage, bob: Member, has_script: bool
) -> None:
    bob.submit("/inbox/views", "/usage", name="Checkout woes", query="?search=checkout")
    page = opened(new_page, bob, "/projects", java_script_enabled=has_script)
    view(page, "Checkout woes").get_by_role("link").first.click()
    expect(page.get_by_role("button", name="Update view")).to_have_count(0)
    page.get_by_role("navigation", name="Status").get_by_role("link", name="Reviewed").click()
    page.get_by_role("searchbox").fill("basket")
    page.get_by_role("searchbox").press("Enter")
    wanted = listed(bob, search="basket", status="REVIEWED")
    expect(rows(page)).to_have_count(len(wanted))
    page.get_by_role("button", name="Update view").click()
    expect(page.locator(".toast")).to_contain_text("View updated")
    expect(page.get_by_role("button", name="Update view")).to_have_count(0)
    expect(view(page, "Checkout woes").locator(".count")).to_have_text(str(len(wanted)))
    page.goto("/projects")
    view(page, "Checkout woes").get_by_role("link").first.click()

    expect_shown(page, wanted)


def copied(page: Page) -> str:
    page.get_by_role("button", name="Copy as cURL").click()
    expect(page.locator(".toast").last).to_contain_text("Copied")
    text: str = page.evaluate("navigator.clipboard.readText()")
    return text


def ran(command: str, member: Member) -> list[str]:
    """Run a command in a shell, with a key, and return the ids that it gives."""
    key = {"MINIBACK_API_KEY": member.account.key, "PATH": os.environ["PATH"], "no_proxy": "*"}
    done = subprocess.run(["sh", "-c", command], env=key, capture_output=True, check=True)
    return [each["id"] for each in msgspec.json.decode(done.stdout)["data"]]


@pytest.mark.parametrize("query", QUERIES)
def test_in13_the_copied_command_gives_the_items_of_the_list(
    new_page: NewPage, bob: Member, query: str
) -> None:
    page = opened(new_page, bob, f"/inbox{query}", permissions=CLIPBOARD)

    assert ran(copied(page), bob) == [each for each in shown(page) if each]


@pytest.mark.parametrize("zone", ["Asia/Kathmandu", "America/New_York"])
def test_in13_days_are_those_of_the_persons_zone(new_page: NewPage, bob: Member, zone: str) -> None:
    sql = "UPDATE users SET time_zone = :zone WHERE email = :email"
    assert bob.house.change(sql, zone=zone, email=bob.email) == 1
    page = opened(new_page, bob, permissions=CLIPBOARD)
    today = page.evaluate("zone => new Date().toLocaleDateString('sv', {timeZone: zone})", zone)
    page.goto(f"/inbox?start={today}&end={today}")
    command = copied(page)

    assert len(shown(page)) == 25
    assert ran(command, bob) == shown(page)
    assert "Z" not in command.split("start=")[1][:33]


def test_in13_filters_chosen_on_the_page_are_in_the_command(new_page: NewPage, bob: Member) -> None:
    page = opened(new_page, bob, permissions=CLIPBOARD)
    choose(page, "search", "checkout")
    choose(page, "status", "REVIEWED")
    wanted = listed(bob, search="checkout", status="REVIEWED")
    expect_shown(page, wanted)

    assert ran(copied(page), bob) == wanted


@pytest.mark.parametrize("has_script", [True, False])
def test_in14_the_button_gives_a_file_of_what_the_list_shows(
    new_page: NewPage, bob: Member, has_script: bool
) -> None:
    page = opened(new_page, bob, "/inbox?search=checkout", java_script_enabled=has_script)
    page.get_by_role("navigation", name="Status").get_by_role("link", name="Reviewed").click()
    wanted = listed(bob, search="checkout", status="REVIEWED")
    expect(rows(page)).to_have_count(len(wanted))
    page.locator("summary", has_text="Export").click()
    with page.expect_download() as download:
        page.get_by_role("link", name="CSV for a spreadsheet").click()

    assert download.value.suggested_filename == "miniback-feedback.csv"
    text = Path(download.value.path()).read_text("utf-8-sig")
    assert [row["id"] for row in csv.DictReader(text.splitlines())] == wanted == shown(page)
    expect(page).to_have_url(re.compile("search=checkout"))


def test_in14_an_empty_list_offers_no_file(new_page: NewPage, bob: Member) -> None:
    page = opened(new_page, bob, "/inbox?search=nothing+like+this")

    expect(page.get_by_role("heading", name="Nothing matches")).to_be_visible()
    expect(page.locator("summary", has_text="Export")).to_have_count(0)
