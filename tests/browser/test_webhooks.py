"""Webhooks on their pages: added, tested, verified, mended (SE1 to SE4, SE6)."""

import json
import re
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Dialog, Locator, Page, expect

from miniback import plans
from tests.browser.conftest import cookies_of
from tests.house import House, running, until
from tests.notifications.receivers import Got, Receiver, answer, receiving
from tests.visitor import Member, owner, said

NewPage = Callable[..., Page]
HOOKS = "/settings/webhooks"
ANSWER = answer(202, b'{"taken": true}')
CALL_PYTHON = """
import json, sys
given = json.loads(sys.argv[1])
print(verify(given["secret"], given["headers"], given["body"].encode()))
"""
CALL_NODE = """
const given = JSON.parse(process.argv[2]);
console.log(verify(given.secret, given.headers, Buffer.from(given.body)));
"""


@pytest.fixture(scope="module")
def telling(new_house: Callable[..., House]) -> Iterator[House]:
    """A house that may tell receivers on this very machine."""
    environment = {"MINIBACK_ALLOW_PRIVATE_TARGETS": "on"}
    with running(new_house("sqlite", environment=environment)) as house:
        yield house


@pytest.fixture
def bob(telling: House) -> Member:
    return owner(telling)


@pytest.fixture
def page(new_page: NewPage, telling: House, bob: Member) -> Page:
    clipboard = ["clipboard-read", "clipboard-write"]
    return new_page(cookies_of(bob), base_url=telling.base_url, permissions=clipboard)


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with receiving(ANSWER) as receiver:
        yield receiver


def add(page: Page, receiver: Receiver) -> str:
    """Add a webhook by the form, store its secret, and return it."""
    page.goto(HOOKS)
    page.get_by_label("Address").fill(receiver.url)
    page.get_by_role("button", name="Add webhook").click()
    return finish(page, page.get_by_role("dialog", name="Copy the secret now"))


def finish(page: Page, dialog: Locator) -> str:
    secret = dialog.get_by_label("Secret", exact=True).input_value()
    dialog.get_by_label("I have stored this secret").check()
    dialog.get_by_role("link", name="Done").click()
    expect(dialog).to_have_count(0)
    page.wait_for_url(re.compile(r"/settings/webhooks/target_\w+$"))
    return secret


def log(page: Page) -> Locator:
    return page.get_by_role("region", name="Deliveries").locator("tbody tr")


def test_se1_an_address_that_is_not_safe_is_refused_with_the_reason(
    new_page: NewPage, demo: House
) -> None:
    page = new_page(cookies_of(owner(demo)))
    page.goto(HOOKS)
    address = page.get_by_label("Address")
    for url, reason in (
        ("http://example.com/hook", "The address must begin with https://"),
        ("https://10.0.0.1/hook", "This address is private"),
    ):
        address.fill(url)
        page.get_by_role("button", name="Add webhook").click()
        expect(page.locator(".error")).to_contain_text(reason)
        expect(address).to_have_value(url)
        expect(address).to_be_focused()


def test_se1_a_test_shows_status_latency_and_body(page: Page, receiver: Receiver) -> None:
    add(page, receiver)
    page.get_by_role("button", name="Send a test").click()

    outcome = page.locator("#tested")
    expect(outcome).to_contain_text(re.compile(r"202 in \d+ ms"), timeout=100_000)
    expect(outcome).to_contain_text('{"taken": true}')
    assert "This is a test" in receiver.got[0].json["data"]["feedback"]["message"]


def test_se1_a_test_of_what_is_away_says_so(page: Page, receiver: Receiver) -> None:
    add(page, receiver)
    receiver.answers = [answer(503, b"Come back later")]
    page.get_by_role("button", name="Send a test").click()

    expect(page.locator("#tested")).to_contain_text("503, is tried again", timeout=100_000)
    expect(page.locator("#tested")).to_contain_text("Come back later")


@pytest.mark.parametrize("way", ["reload", "back", "other tab"])
def test_se2_the_secret_is_shown_once(page: Page, receiver: Receiver, way: str) -> None:
    secret = add(page, receiver)
    if way == "reload":
        page.reload()
    elif way == "back":
        page.go_back()
    else:
        address = page.url
        page = page.context.new_page()
        page.goto(address)

    assert secret.startswith("whsec_")
    assert secret not in page.content()


def test_se2_the_secret_is_copied(page: Page, receiver: Receiver) -> None:
    page.goto(HOOKS)
    page.get_by_label("Address").fill(receiver.url)
    page.get_by_role("button", name="Add webhook").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_role("button", name="Copy secret").click()
    expect(dialog.get_by_role("button", name="Copied")).to_be_visible()
    copied = page.evaluate("navigator.clipboard.readText()")

    assert copied == finish(page, dialog)


def test_se2_a_rotated_secret_is_shown_once_too(page: Page, receiver: Receiver) -> None:
    first = add(page, receiver)
    page.get_by_role("link", name="Rotate secret").click()
    page.get_by_role("dialog").get_by_role("button", name="Rotate secret").click()
    second = finish(page, page.get_by_role("dialog", name="Copy the secret now"))

    assert second != first
    assert second not in page.content()


def given_to(got: Got, secret: str) -> str:
    names = ("webhook-id", "webhook-timestamp", "webhook-signature")
    headers = {name: got.header(name) for name in names}
    return json.dumps({"secret": secret, "headers": headers, "body": got.body.decode()})


def verdict(name: str, code: str, given: str, folder: Path) -> str:
    """What the snippet of a page says of a delivery, run as its readers run it."""
    script = folder / ("snippet.py" if name == "Python" else "snippet.mjs")
    script.write_text(code + (CALL_PYTHON if name == "Python" else CALL_NODE))
    command = ["python3" if name == "Python" else "node", str(script), given]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    return done.stdout.strip().lower()


@pytest.mark.parametrize("name", ["Python", "Node.js"])
def test_se2_the_snippet_verifies_a_real_delivery(
    page: Page, bob: Member, receiver: Receiver, name: str, tmp_path: Path
) -> None:
    secret = add(page, receiver)
    bob.account.say("Wörds")
    (got,) = until(lambda: receiver.got, "a delivery")
    sample = page.locator("details.sample", has_text=name)
    if sample.get_attribute("open") is None:
        sample.locator("summary").click()
    sample.get_by_role("button", name="Copy").click()
    expect(sample.get_by_role("button", name="Copied")).to_be_visible()
    code = page.evaluate("navigator.clipboard.readText()")
    tampered = Got(got.head, got.body.replace("Wörds".encode(), b"Other"), got.at)
    old = got.head.replace("webhook-timestamp: ", "webhook-timestamp: 1")

    def told(which: Got, by: str = secret) -> str:
        return verdict(name, code, given_to(which, by), tmp_path)

    assert told(got) == "true"
    assert told(tampered) == "false"
    assert told(got, "whsec_" + "A" * 32) == "false"
    assert told(Got(old, got.body, got.at)) == "false"


def test_se3_a_failing_webhook_is_disabled_mended_and_redelivered(
    page: Page, bob: Member, receiver: Receiver
) -> None:
    add(page, receiver)
    receiver.answers = [answer(410, b"Gone for good")]
    item = bob.account.say("A word")
    sql = "SELECT status FROM targets WHERE account_id = :id"
    until(lambda: bob.house.row(sql, id=bob.account.id) == ("DISABLED",), "the end of it")

    page.goto(HOOKS)
    expect(page.locator(".notice.urgent")).to_contain_text("It answered that it is gone (410).")
    page.locator(".notice.urgent").get_by_role("link", name="Look at it").click()
    expect(log(page)).to_have_count(1)
    receiver.answers = [answer(200, b"Here again")]
    page.get_by_role("button", name="Enable").click()
    until(lambda: len(receiver.got) == 2, "what waited")
    until(lambda: "200 in" in said(bob.get(page.url)), "the log")
    page.reload()
    page.get_by_role("button", name="Redeliver").click()
    until(lambda: len(receiver.got) == 3, "the redelivery")

    assert {each.json["data"]["feedback"]["id"] for each in receiver.got} == {item["id"]}
    page.get_by_role("link", name="Look at it").click()
    attempts = page.get_by_role("region", name="Attempts")
    expect(attempts).to_contain_text(re.compile(r"Attempt 1 · 410 in \d+ ms"))
    expect(attempts).to_contain_text("Gone for good")
    expect(page.get_by_role("region", name="Request")).to_contain_text('"message": "A word"')


def test_se3_attempts_in_vain_are_listed_and_wait_longer_each_time(
    page: Page, bob: Member, receiver: Receiver
) -> None:
    add(page, receiver)
    receiver.answers = [answer(500, b"Broken")]
    bob.account.say("A word")
    waits = [wait_after(bob, number) for number in (1, 2, 3)]
    page.reload()

    assert waits == sorted(waits)
    expect(log(page).first).to_contain_text("500, is tried again")
    page.get_by_role("link", name="Look at it").click()
    for number in (1, 2, 3):
        expect(page.get_by_role("region", name="Attempts")).to_contain_text(f"Attempt {number}")


def wait_after(who: Member, number: int) -> int:
    """How long is waited after an attempt; then the next one is let go at once."""
    sql = (
        "SELECT deliveries.due_at - attempts.at FROM deliveries"
        " JOIN attempts ON delivery_id = deliveries.id"
        " JOIN targets ON targets.id = target_id"
        " WHERE targets.account_id = :id AND number = :number AND leased_until = 0"
    )
    account_id = who.account.id
    rows = until(lambda: who.house.rows(sql, id=account_id, number=number), "an attempt")
    for table in ("deliveries", "targets"):
        who.house.change(f"UPDATE {table} SET due_at = 0 WHERE account_id = :id", id=account_id)
    return int(rows[0][0])


def test_se4_on_free_there_is_one_way_on_and_no_form(new_page: NewPage, demo: House) -> None:
    page = new_page(cookies_of(owner(demo, plans.FREE)))
    page.goto(HOOKS)
    expect(page.get_by_role("main").get_by_role("textbox")).to_have_count(0)
    expect(page.locator(".notice")).to_contain_text("signed requests to any number of addresses")
    page.get_by_role("link", name="See the plans").click()

    expect(page.get_by_role("heading", name="Plans")).to_be_visible()


def test_se6_leaving_with_changes_asks_first(page: Page, receiver: Receiver) -> None:
    add(page, receiver)
    asked: list[Any] = []

    def note(dialog: Dialog) -> None:
        asked.append(dialog.type)
        dialog.accept()

    page.on("dialog", note)
    page.get_by_label("A status that changes").check()
    page.goto("/usage")

    assert asked == ["beforeunload"]


def test_se6_saving_is_announced(page: Page, receiver: Receiver) -> None:
    add(page, receiver)
    page.get_by_label("A status that changes").check()
    page.get_by_role("button", name="Save").click()

    expect(page.locator("[role=status] .toast")).to_contain_text("Webhook saved")
    expect(page.get_by_label("A status that changes")).to_be_checked()


def test_g6_all_of_it_is_done_without_a_script(
    new_page: NewPage, telling: House, bob: Member, receiver: Receiver
) -> None:
    page = new_page(cookies_of(bob), base_url=telling.base_url, java_script_enabled=False)
    page.goto(HOOKS)
    page.get_by_label("Address").fill(receiver.url)
    page.get_by_role("button", name="Add webhook").click()
    assert page.locator("#new-key").input_value().startswith("whsec_")
    page.get_by_role("link", name="Done").click()
    page.get_by_role("button", name="Send a test").click()
    until(lambda: receiver.got, "the test")
    until(lambda: "202 in" in said(bob.get(page.url)), "the outcome")
    page.reload()
    expect(page.get_by_role("region", name="Attempts")).to_contain_text('{"taken": true}')
    page.get_by_role("link", name=receiver.url).click()
    page.get_by_role("button", name="Rotate secret").click()
    assert page.locator("#new-key").input_value().startswith("whsec_")
    page.get_by_role("link", name="Done").click()
    page.get_by_role("button", name="Disable").click()
    page.get_by_role("button", name="Enable").click()
    page.get_by_role("link", name="Delete").click()
    page.get_by_role("button", name="Delete the webhook").click()

    expect(page.get_by_text("There is none yet.")).to_be_visible()


def test_fd4_the_timeline_of_an_item_tells_who_was_told(
    page: Page, bob: Member, receiver: Receiver
) -> None:
    add(page, receiver)
    item = bob.account.say("A word")
    until(lambda: "202 in" in said(bob.get(page.url)), "the delivery")
    page.goto(f"/inbox/{item['id']}")

    line = f"Told by webhook 127.0.0.1:{receiver.port}: 202"
    expect(page.locator(".timeline")).to_contain_text(line)
