"""The widget in use: focus, keys, what it sends, what it says when that fails (W5, W6, W8, W9)."""

from typing import Any

import pytest
from playwright.sync_api import Page, Route, expect

from tests.browser.customers import (
    Shop,
    alert,
    body,
    launcher,
    message,
    open_panel,
    panel,
    ready,
    send,
)
from tests.house import until

FIELDS = 'data-fields="rating,kind,name,email"'
OPENER = "<button id='own' data-miniback-open='idea'>Tell us</button><input id='other'>"
ANSWERS = {"access-control-allow-origin": "*", "access-control-expose-headers": "Retry-After"}
# Where the focus is, however deep in shadows.
FOCUSED = """() => {
  let at = document.activeElement;
  while (at.shadowRoot?.activeElement) at = at.shadowRoot.activeElement;
  return at.id || at.name || at.className || at.localName;
}"""


def test_w5_focus_goes_to_the_message_and_back_to_the_opener(shop: Shop, visitor: Page) -> None:
    shop.visit(visitor, FIELDS, body=OPENER)
    visitor.locator("#own").click()

    expect(message(visitor)).to_be_focused()
    visitor.keyboard.press("Escape")
    expect(panel(visitor)).to_be_hidden()
    expect(visitor.locator("#own")).to_be_focused()


def test_w5_a_modal_panel_keeps_the_focus_in(shop: Shop, visitor: Page) -> None:
    shop.visit(visitor, FIELDS, body=OPENER)
    open_panel(visitor)
    seen = set()
    for _ in range(20):
        visitor.keyboard.press("Tab")
        seen.add(visitor.evaluate(FOCUSED))

    assert {"close", "rating", "kind", "message", "name", "email", "main"} <= seen
    assert not seen & {"own", "other", "website"}
    visitor.keyboard.press("Escape")
    expect(launcher(visitor)).to_be_focused()


def test_w5_beside_a_panel_that_is_not_modal_the_page_works(shop: Shop, visitor: Page) -> None:
    shop.visit(visitor, 'data-modal="false"', body=OPENER)
    open_panel(visitor)
    visitor.locator("#other").fill("Typed beside it")

    expect(panel(visitor)).to_be_visible()
    message(visitor).press("Escape")
    expect(panel(visitor)).to_be_hidden()


def test_w5_it_opens_as_often_as_one_likes(shop: Shop, visitor: Page) -> None:
    shop.visit(visitor)
    for _ in range(3):
        open_panel(visitor)
        panel(visitor).get_by_role("button", name="Close").click()
        expect(panel(visitor)).to_be_hidden()


def test_w6_shortcuts_of_the_page_hear_nothing(shop: Shop, visitor: Page) -> None:
    shop.visit(visitor, body=OPENER)
    visitor.evaluate(
        "heard = []; for (const type of ['keydown', 'keyup', 'keypress'])"
        " document.addEventListener(type, (event) => heard.push(event.key))"
    )
    open_panel(visitor)
    visitor.keyboard.type("jk?/")

    expect(message(visitor)).to_have_value("jk?/")
    assert visitor.evaluate("heard") == []


def test_w6_ctrl_and_enter_send(shop: Shop, visitor: Page) -> None:
    shop.visit(visitor)
    open_panel(visitor)
    message(visitor).fill("Sent by keys")
    message(visitor).press("Control+Enter")

    expect(panel(visitor).get_by_role("status")).to_contain_text("Thank you")
    assert [item["message"] for item in shop.items()] == ["Sent by keys"]


def test_w8_it_sends_what_is_asked_and_where_from(shop: Shop, visitor: Page) -> None:
    shop.visit(visitor, FIELDS + ' data-context-plan="pro" data-user-id="7"')
    cdp = visitor.context.new_cdp_session(visitor)
    methods: list[str] = []
    cdp.on("Network.requestWillBeSent", lambda each: methods.append(each["request"]["method"]))
    cdp.send("Network.enable")
    open_panel(visitor)
    panel(visitor).locator("[value=bug]").check()
    panel(visitor).get_by_role("radio", name="Very good").check()
    panel(visitor).get_by_label("Email").fill("ada@example.test")
    with visitor.expect_request("**/api/feedback") as sent:
        send(visitor, "The button is too small")
    expect(panel(visitor).get_by_role("status")).to_be_visible()

    sent_body = body(sent.value)
    assert sent.value.headers["x-feedback-source"] == "widget"
    assert sent_body["projectSlug"] == shop.account.slug
    assert sent_body["website"] == ""
    (item,) = shop.items()
    assert item["source"] == "WIDGET"
    context = item["context"]
    assert context["url"] == shop.site.origin + "/"
    assert {"userAgent", "timestamp", "language", "timezone", "viewport"} <= set(context)
    told = {name: context[name] for name in ("kind", "rating", "email", "plan", "userId")}
    assert told == {
        "kind": "bug",
        "rating": 5,
        "email": "ada@example.test",
        "plan": "pro",
        "userId": "7",
    }
    assert methods.count("OPTIONS") <= 1


@pytest.mark.parametrize("text", ["", "   \n", "\u200b"])
def test_w9_an_empty_message_is_pointed_out(text: str, shop: Shop, visitor: Page) -> None:
    shop.visit(visitor)
    open_panel(visitor)
    send(visitor, text)

    expect(alert(visitor)).to_have_text("Please write a message.")
    expect(message(visitor)).to_have_attribute("aria-invalid", "true")
    expect(message(visitor)).to_be_focused()
    assert shop.items() == []


def test_w9_a_bad_address_is_pointed_out(shop: Shop, visitor: Page) -> None:
    shop.visit(visitor)
    open_panel(visitor)
    email = panel(visitor).get_by_label("Email")
    email.fill("ada@nowhere")
    send(visitor, "A word")

    expect(alert(visitor)).to_have_text("Please check the email address.")
    expect(email).to_have_attribute("aria-invalid", "true")
    expect(email).to_be_focused()
    expect(message(visitor)).to_have_attribute("aria-invalid", "false")


@pytest.mark.parametrize(
    ("status", "code", "text"),
    [
        (429, "too_many", "That was a lot"),
        (403, "project_paused", "not taking feedback"),
        (403, "site_not_allowed", "may not send feedback"),
        (413, None, "too long"),
        (500, None, "did not work"),
        (503, None, "cannot reach the server"),
    ],
)
def test_w9_each_refusal_has_its_words_and_keeps_what_was_typed(
    status: int, code: str | None, text: str, shop: Shop, visitor: Page
) -> None:
    shop.visit(visitor)

    def refuse(route: Route) -> None:
        route.fulfill(status=status, headers=ANSWERS, json={"error": "No", "code": code})

    visitor.route("**/api/feedback", refuse)
    open_panel(visitor)
    send(visitor, "Words that stay")

    expect(alert(visitor)).to_contain_text(text)
    expect(message(visitor)).to_have_value("Words that stay")


def test_w9_a_broken_connection_is_told_and_pressing_again_sends_the_same(
    shop: Shop, visitor: Page
) -> None:
    shop.visit(visitor)
    keys: list[Any] = []

    def break_off(route: Route) -> None:
        keys.append(route.request.headers["idempotency-key"])
        # The first is cut off after the server has taken it.
        if len(keys) == 1:
            route.fetch()
            route.abort()
        else:
            route.continue_()

    visitor.route("**/api/feedback", break_off)
    open_panel(visitor)
    send(visitor, "Said once")
    expect(alert(visitor)).to_contain_text("cannot reach the server")
    expect(message(visitor)).to_have_value("Said once")
    panel(visitor).locator(".main").click()

    expect(panel(visitor).get_by_role("status")).to_contain_text("Thank you")
    assert len(set(keys)) == 1
    assert [item["message"] for item in shop.items()] == ["Said once"]


def test_w9_a_paused_project_shows_words_instead_of_the_form(shop: Shop, visitor: Page) -> None:
    shop.account.put(f"/api/projects/{shop.account.project_id}", json={"status": "PAUSED"})
    shop.visit(visitor)
    open_panel(visitor)

    expect(panel(visitor)).to_contain_text("not taking feedback")
    expect(message(visitor)).to_have_count(0)


def test_w9_on_a_site_that_is_not_allowed_there_is_no_button(shop: Shop, visitor: Page) -> None:
    shop.decide(allowedDomains=["elsewhere.example"])
    said: list[str] = []
    visitor.on("console", lambda each: said.append(each.text))
    shop.visit(visitor)

    until(lambda: any("blocked" in text for text in said), "the warning")
    expect(visitor.locator("miniback-widget")).to_have_count(0)
    visitor.evaluate("miniback.open()")
    expect(panel(visitor)).to_have_count(0)


def test_settings_come_with_the_core_that_has_none_inside(shop: Shop, visitor: Page) -> None:
    shop.decide(widget={"title": "Tell the shop"})
    core = (
        f'<script src="{shop.house.base_url}/widget.js" data-slug="{shop.account.slug}"></script>'
    )
    visitor.goto(shop.site.page(core))
    ready(visitor)
    open_panel(visitor)

    expect(panel(visitor).get_by_role("heading")).to_have_text("Tell the shop")
