"""The API access page: a key is shown once, copied, replaced and stopped (AK1 to AK6)."""

import re
from collections.abc import Callable
from pathlib import Path

import httpx2
import pytest
from playwright.sync_api import Locator, Page, expect

from miniback import plans
from tests.browser.conftest import cookies_of
from tests.house import House, until
from tests.visitor import Member, owner

NewPage = Callable[..., Page]
CLIPBOARD = ["clipboard-read", "clipboard-write"]


@pytest.fixture
def bob(demo: House) -> Member:
    return owner(demo)


@pytest.fixture
def page(new_page: NewPage, bob: Member) -> Page:
    """Bob's page of API access; it came from the list, so there is a way back."""
    page = new_page(cookies_of(bob), permissions=CLIPBOARD)
    page.goto("/projects")
    page.goto(address(bob))
    return page


@pytest.fixture
def reveal(page: Page) -> Locator:
    """The dialog with the new key, come to by the keyboard alone."""
    page.get_by_role("link", name="Regenerate").press("Enter")
    page.get_by_role("radio", name="now").press("Enter")
    dialog = page.get_by_role("dialog", name="Copy your key now")
    expect(dialog).to_be_visible()
    return dialog


def address(member: Member) -> str:
    return f"/projects/{member.account.slug}/api"


def shown_key(reveal: Locator) -> str:
    return reveal.get_by_label("API key").input_value()


def finish(page: Page, reveal: Locator) -> str:
    """Say that the key is stored, and return it."""
    key = shown_key(reveal)
    reveal.get_by_label("I have stored this key").check()
    reveal.get_by_role("link", name="Done").click()
    expect(reveal).to_have_count(0)
    expect(page.locator("code.key")).to_have_text(re.compile(f"{key[-4:]}$"))
    return key


def status_with(member: Member, key: str) -> int:
    answer: httpx2.Response = member.house.client.get("/api/projects", headers={"x-api-key": key})
    return answer.status_code


def holds_secret(content: str, key: str) -> bool:
    return key in content or key[8:-4] in content


@pytest.mark.parametrize("way", ["done", "reload", "back", "other tab"])
def test_ak1_after_done_no_page_holds_the_key(
    page: Page, bob: Member, new_page: NewPage, reveal: Locator, way: str
) -> None:
    key = finish(page, reveal)
    if way == "reload":
        page.reload()
    elif way == "back":
        page.go_back()
        assert not holds_secret(page.content(), key)
        page.go_forward()
    elif way == "other tab":
        page = new_page(cookies_of(bob))
        page.goto(address(bob))

    expect(page.locator("code.key")).to_have_text(re.compile(f"{key[-4:]}$"))
    assert not holds_secret(page.content(), key)


def test_ak1_leaving_without_done_and_coming_back_shows_no_key(page: Page, reveal: Locator) -> None:
    key = shown_key(reveal)
    page.goto("/usage")
    page.go_back()

    expect(page.locator("code.key")).to_have_text(re.compile(f"{key[-4:]}$"))
    assert not holds_secret(page.content(), key)


def test_ak1_the_key_is_kept_in_no_log_no_file_and_no_storage(
    page: Page, bob: Member, reveal: Locator
) -> None:
    reveal.get_by_role("button", name="Test now").click()
    expect(reveal.get_by_text("The key works")).to_be_visible()
    key = finish(page, reveal)
    assert status_with(bob, key) == 200

    secret = key[8:-4].encode()
    files: list[Path] = [each for each in bob.house.folder.rglob("*") if each.is_file()]
    assert [each.name for each in files if secret in each.read_bytes()] == []
    stored = page.evaluate(
        "JSON.stringify([{...localStorage}, {...sessionStorage}, history.state])"
    )
    assert not holds_secret(stored + page.url, key)


def test_ak1_the_answer_that_holds_the_key_is_stored_nowhere(page: Page) -> None:
    page.get_by_role("link", name="Regenerate").click()
    with page.expect_response("**/api/key") as sent:
        page.get_by_role("dialog").get_by_role("button", name="Regenerate").click()

    assert sent.value.headers["cache-control"] == "no-store"
    assert re.search(r"mbk_\w{36}", sent.value.text())


@pytest.mark.parametrize("way", ["Escape", "Escape twice", "backdrop"])
def test_ak2_leaving_before_the_box_is_ticked_asks_first(
    page: Page, reveal: Locator, way: str
) -> None:
    if way == "backdrop":
        page.mouse.click(3, 3)
    for _ in range(way.count("Escape") + way.count("twice")):
        page.keyboard.press("Escape")

    alert = reveal.get_by_role("alert")
    expect(alert).to_contain_text("The key will not be shown again. Close?")
    expect(alert.get_by_role("button", name="Stay here")).to_be_focused()
    expect(reveal.get_by_label("API key")).to_be_visible()


def test_ak2_staying_keeps_the_key_and_closing_takes_it_away(page: Page, reveal: Locator) -> None:
    page.keyboard.press("Escape")
    page.keyboard.press("Enter")
    expect(reveal.get_by_role("alert")).to_be_hidden()
    expect(reveal.get_by_role("button", name="Copy key")).to_be_focused()
    key = shown_key(reveal)
    page.keyboard.press("Escape")
    reveal.get_by_role("button", name="Close").press("Enter")

    expect(reveal).to_have_count(0)
    assert not holds_secret(page.content(), key)


def test_ak2_once_the_box_is_ticked_escape_just_closes(page: Page, reveal: Locator) -> None:
    reveal.get_by_label("I have stored this key").press("Space")
    page.keyboard.press("Escape")

    expect(reveal).to_have_count(0)
    expect(page.locator("code.key")).to_be_visible()


def test_ak2_done_does_nothing_before_the_box_is_ticked(page: Page, reveal: Locator) -> None:
    done = reveal.get_by_role("link", name="Done")
    expect(done).to_have_attribute("aria-disabled", "true")
    done.press("Enter")
    expect(reveal).to_be_visible()
    reveal.get_by_label("I have stored this key").press("Space")

    expect(done).to_have_attribute("aria-disabled", "false")


def test_ak2_the_focus_starts_on_copy_and_stays_inside(page: Page, reveal: Locator) -> None:
    expect(reveal.get_by_role("button", name="Copy key")).to_be_focused()
    for _ in range(10):
        page.keyboard.press("Tab")
        assert page.evaluate(
            "document.activeElement === document.body || !!document.activeElement.closest('dialog')"
        )


def test_ak2_the_focus_returns_to_what_opened_it(page: Page, reveal: Locator) -> None:
    finish(page, reveal)

    expect(page.get_by_role("link", name="Regenerate")).to_be_focused()


def test_ak3_the_old_key_stops_now_unless_one_chooses_otherwise(page: Page, bob: Member) -> None:
    page.get_by_role("link", name="Regenerate").click()
    dialog = page.get_by_role("dialog", name="Regenerate the key")
    expect(dialog).to_contain_text("The old one was never used.")
    expect(dialog.get_by_role("radio", name="now")).to_be_checked()
    dialog.get_by_role("button", name="Regenerate").click()
    new = shown_key(page.get_by_role("dialog", name="Copy your key now"))

    assert [status_with(bob, key) for key in (bob.account.key, new)] == [403, 200]


@pytest.mark.parametrize(("label", "hours"), [("in an hour", 1), ("in 24 hours", 24)])
def test_ak3_the_old_key_works_until_it_is_due(
    page: Page, bob: Member, label: str, hours: int
) -> None:
    old, of_bob = bob.account.key, {"id": bob.account.id}
    page.get_by_role("link", name="Regenerate").click()
    page.get_by_role("radio", name=label).check()
    page.get_by_role("dialog").get_by_role("button", name="Regenerate").click()
    new = shown_key(page.get_by_role("dialog", name="Copy your key now"))
    assert [status_with(bob, key) for key in (old, new)] == [200, 200]

    sql = "UPDATE api_keys SET expires_at = expires_at - :ms WHERE account_id = :id"
    bob.house.change(sql, ms=hours * 3_600_000, **of_bob)
    assert [status_with(bob, key) for key in (old, new)] == [403, 200]


def test_ak3_escape_leaves_the_old_key_and_gives_the_focus_back(page: Page, bob: Member) -> None:
    page.get_by_role("link", name="Regenerate").press("Enter")
    page.keyboard.press("Escape")

    expect(page.get_by_role("link", name="Regenerate")).to_be_focused()
    assert status_with(bob, bob.account.key) == 200


def test_ak3_a_key_that_was_revoked_stops_and_the_page_says_so(page: Page, bob: Member) -> None:
    page.get_by_role("link", name="Revoke").click()
    page.get_by_role("button", name="Revoke the key").click()

    expect(page.locator(".toast")).to_contain_text("The key is revoked")
    expect(page.get_by_role("button", name="Generate the key")).to_be_visible()
    assert status_with(bob, bob.account.key) == 403


def test_ak4_only_prefix_and_end_are_shown_and_the_last_use_is_told(
    page: Page, bob: Member
) -> None:
    key = bob.account.key
    expect(page.locator("code.key")).to_have_text(f"{key[:8]}…{key[-4:]}")
    expect(page.get_by_text("Created just now · never used")).to_be_visible()
    assert status_with(bob, key) == 200
    sql = "SELECT last_used_at FROM api_keys WHERE account_id = :id"
    until(lambda: bob.house.row(sql, id=bob.account.id)[0], "the last use to be written")
    page.reload()

    expect(page.get_by_text("Created just now · last used just now")).to_be_visible()


def test_ak5_on_free_one_reads_what_the_key_may_do_before_there_is_one(
    new_page: NewPage, demo: House
) -> None:
    alice = owner(demo, plans.FREE)
    demo.change("DELETE FROM api_keys WHERE account_id = :id", id=alice.account.id)
    page = new_page(cookies_of(alice))
    page.goto(address(alice))

    expect(page.get_by_text("On FREE a key may send feedback (POST) and nothing")).to_be_visible()
    expect(page.get_by_role("region", name="curl")).to_contain_text("curl -X POST")
    page.get_by_role("button", name="Generate the key").press("Enter")
    expect(page.get_by_role("dialog")).to_contain_text("On FREE it may send feedback (POST)")
    expect(page.get_by_role("button", name="Copy key")).to_be_focused()


@pytest.mark.parametrize("has_clipboard", [True, False])
@pytest.mark.parametrize("button", ["Copy key", "Copy .env line"])
def test_ak6_what_is_copied_is_the_key_and_it_is_announced(
    page: Page, reveal: Locator, button: str, has_clipboard: bool
) -> None:
    key = shown_key(reveal)
    reader = page.context.new_page()
    reader.goto("/usage")
    page.bring_to_front()
    if not has_clipboard:  # as on plain http
        page.evaluate("Object.defineProperty(navigator, 'clipboard', {value: undefined})")
    reveal.get_by_role("button", name=button).press("Enter")

    expect(reveal.get_by_role("status").filter(has_text="Copied")).to_have_count(1)
    reader.bring_to_front()
    prefix = "MINIBACK_API_KEY=" if "env" in button else ""
    assert reader.evaluate("navigator.clipboard.readText()") == prefix + key


def test_ak6_the_key_can_be_selected_but_not_changed(page: Page, reveal: Locator) -> None:
    field, key = reveal.get_by_label("API key"), shown_key(reveal)
    expect(field).to_be_enabled()
    expect(field).not_to_be_editable()
    field.focus()
    page.keyboard.press("Control+A")
    page.keyboard.type("x")

    assert page.evaluate("getSelection().toString()") == key
    expect(field).to_have_value(key)
