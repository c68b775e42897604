"""Nothing that was written is lost or arrives twice; bots are held off (W10, W11)."""

import base64
import json
import re
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.browser.customers import Shop, alert, body, message, open_panel, panel, ready, send
from tests.house import until

SLOWER = 4
# Ten times what the criterion names.
IN_TIME_MS = 15_000
# What a slice of work may take, by a clock that moves by a millisecond whenever anyone looks at it.
SLICE_MS = 16
HASHES_A_LOOK = 16
KEPT = """slug => Object.keys(localStorage).filter(name => name.startsWith(`miniback:${slug}:`))
  .map(name => JSON.parse(localStorage[name]))"""
NO_LOCKS = "Object.defineProperty(navigator, 'locks', {value: undefined})"
NO_STORAGE = """for (const name of ["localStorage", "sessionStorage"])
  Object.defineProperty(window, name, {get() { throw new DOMException("", "SecurityError"); }})"""
OWN_CLOCK = """let now = 0, given = 0; window.longest = 0; window.looks = 0;
  performance.now = () => { looks++; longest = Math.max(longest, ++now - given); return now; };
  const {MessageChannel} = window;
  window.MessageChannel = class extends MessageChannel {
    constructor() { super(); given = now; }
  }"""


def kept(shop: Shop, page: Page) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = page.evaluate(KEPT, shop.account.slug)
    return found


def thanked(page: Page) -> None:
    expect(panel(page).get_by_role("status")).to_contain_text("Thank you")


@pytest.mark.parametrize("script", ["", NO_LOCKS], ids=["locks", "lease"])
def test_w10_what_is_sent_offline_arrives_once_although_two_pages_are_open(
    script: str, shop: Shop, visitor: Page
) -> None:
    visitor.context.add_init_script(script)
    shop.visit(visitor)
    other = visitor.context.new_page()
    shop.visit(other)
    visitor.context.set_offline(True)
    open_panel(visitor)
    send(visitor, "Written on a train")
    expect(panel(visitor).get_by_role("status")).to_contain_text("You are offline")
    assert len(kept(shop, visitor)) == 1

    visitor.context.set_offline(False)
    until(lambda: kept(shop, visitor) == [], "the queue to be empty")
    assert [item["message"] for item in shop.items()] == ["Written on a train"]


def test_w10_what_was_kept_arrives_with_the_next_page(shop: Shop, visitor: Page) -> None:
    shop.visit(visitor)
    visitor.route("**/api/feedback", lambda route: route.abort())
    open_panel(visitor)
    send(visitor, "Written before the tab was closed")
    expect(alert(visitor)).to_be_visible()
    (item,) = kept(shop, visitor)
    visitor.unroute_all(behavior="wait")
    with visitor.expect_request("**/api/feedback") as sent:
        visitor.reload()

    assert sent.value.post_data == item["body"]
    assert sent.value.headers["idempotency-key"] == item["key"]
    until(lambda: kept(shop, visitor) == [], "the queue to be empty")
    assert [each["message"] for each in shop.items()] == ["Written before the tab was closed"]


def test_w10_what_was_written_anew_is_sent_instead_of_what_waits(shop: Shop, visitor: Page) -> None:
    shop.visit(visitor)
    visitor.route("**/api/feedback", lambda route: route.abort())
    open_panel(visitor)
    send(visitor, "First thought")
    expect(alert(visitor)).to_be_visible()
    send(visitor, "Second thought")
    until(lambda: "Second" in kept(shop, visitor)[0]["body"], "the second to be kept")
    assert len(kept(shop, visitor)) == 1
    visitor.unroute_all(behavior="wait")

    until(lambda: kept(shop, visitor) == [], "the queue to be empty")
    assert [item["message"] for item in shop.items()] == ["Second thought"]
    # What came through by itself is said to have arrived.
    thanked(visitor)


def test_w10_what_waits_to_be_sent_is_no_draft(shop: Shop, visitor: Page) -> None:
    shop.visit(visitor)
    visitor.route("**/api/feedback", lambda route: route.abort())
    open_panel(visitor)
    send(visitor, "Once is enough")
    expect(alert(visitor)).to_be_visible()
    visitor.reload()
    ready(visitor)
    open_panel(visitor)

    expect(message(visitor)).to_have_value("")
    assert len(kept(shop, visitor)) == 1


def test_w10_the_server_is_given_the_time_it_asks_for(shop: Shop, visitor: Page) -> None:
    shop.visit(visitor)
    answers = [503, 200]
    headers = {
        "access-control-allow-origin": "*",
        "access-control-expose-headers": "Retry-After",
        "retry-after": "1",
    }

    def refuse_once(route: Any) -> None:
        if answers.pop(0) == 503:
            route.fulfill(status=503, headers=headers, json={"error": "Busy"})
        else:
            route.continue_()

    visitor.route("**/api/feedback", refuse_once)
    open_panel(visitor)
    send(visitor, "Patiently")

    thanked(visitor)
    assert [item["message"] for item in shop.items()] == ["Patiently"]


def test_w10_at_most_twenty_are_kept_and_none_for_over_a_week(shop: Shop, visitor: Page) -> None:
    shop.visit(visitor)
    old = {"key": "old", "at": 1, "body": "{}"}
    visitor.evaluate(
        "([name, item]) => localStorage[name] = JSON.stringify(item)",
        [f"miniback:{shop.account.slug}:old", old],
    )
    visitor.route("**/api/feedback", lambda route: route.abort())
    visitor.evaluate(
        "(async () => { for (let n = 0; n < 25; n++)"
        " await miniback.send({message: `Number ${n}`}) })()"
    )

    messages = [re.search(r"Number \d+", item["body"]) for item in kept(shop, visitor)]
    assert {found[0] for found in messages if found} == {f"Number {n}" for n in range(5, 25)}
    assert len(messages) == 20


def test_w10_a_draft_survives_a_reload_and_ends_when_sent(shop: Shop, visitor: Page) -> None:
    shop.visit(visitor)
    open_panel(visitor)
    message(visitor).fill("Half a thought")
    panel(visitor).locator("[value=idea]").check()
    visitor.reload()
    ready(visitor)
    open_panel(visitor)
    expect(message(visitor)).to_have_value("Half a thought")
    expect(panel(visitor).locator("[value=idea]")).to_be_checked()
    panel(visitor).locator(".main").click()
    thanked(visitor)
    visitor.reload()
    ready(visitor)
    open_panel(visitor)

    expect(message(visitor)).to_have_value("")


def test_w10_a_page_without_storage_sends_and_retries(shop: Shop, visitor: Page) -> None:
    failures: list[str] = []
    visitor.on("pageerror", lambda each: failures.append(str(each)))
    visitor.add_init_script(NO_STORAGE)
    shop.visit(visitor)
    visitor.context.set_offline(True)
    open_panel(visitor)
    send(visitor, "Kept in mind")
    expect(panel(visitor).get_by_role("status")).to_contain_text("You are offline")
    visitor.context.set_offline(False)

    until(lambda: len(shop.items()) == 1, "the feedback")
    assert failures == []


def test_w11_who_fills_in_the_trap_is_thanked_and_held_as_spam(shop: Shop, visitor: Page) -> None:
    shop.visit(visitor)
    open_panel(visitor)
    visitor.evaluate(
        "document.querySelector('miniback-widget').shadowRoot"
        ".querySelector('[name=website]').value = 'https://spam.example'"
    )
    with visitor.expect_response("**/api/feedback") as answer:
        send(visitor, "Buy now")

    thanked(visitor)
    assert answer.value.status == 201
    assert shop.shelves() == ["SPAM"]


@pytest.mark.parametrize("proof", ["always", "automatic"])
def test_w11_a_proof_of_work_is_made_while_the_page_stays_quick(
    proof: str, shop: Shop, visitor: Page
) -> None:
    shop.decide(proof=proof)
    visitor.add_init_script(OWN_CLOCK)
    shop.visit(visitor)
    cdp = visitor.context.new_cdp_session(visitor)
    cdp.send("Emulation.setCPUThrottlingRate", {"rate": SLOWER})
    open_panel(visitor)
    sent: list[Any] = []
    visitor.on("request", lambda each: sent.append(each) if each.method == "POST" else None)
    # Filled in faster than people are: a reason to ask for a proof where it is asked for at need.
    send(visitor, "Worked for")
    expect(panel(visitor).get_by_role("status")).to_contain_text("Thank you", timeout=IN_TIME_MS)

    proof_made = json.loads(base64.b64decode(body(sent[-1])["altcha"]))
    hashes = proof_made["solution"]["counter"] * proof_made["challenge"]["parameters"]["cost"]
    assert visitor.evaluate("looks") >= hashes / HASHES_A_LOOK
    assert visitor.evaluate("longest") <= SLICE_MS
    assert [item["message"] for item in shop.items()] == ["Worked for"]


def test_w11_a_server_that_asks_for_a_proof_gets_the_same_words_with_one(
    shop: Shop, visitor: Page
) -> None:
    shop.visit(visitor)
    # Asked for after the page has come, so that the widget learns of it from the refusal.
    shop.decide(proof="always")
    sent: list[Any] = []
    visitor.on("request", lambda each: sent.append(each) if each.method == "POST" else None)
    open_panel(visitor)
    send(visitor, "Twice the same")
    thanked(visitor)

    first, second = (body(each) for each in sent)
    assert "altcha" not in first
    assert second.pop("altcha")
    assert first == second
    assert sent[0].headers["idempotency-key"] == sent[1].headers["idempotency-key"]
