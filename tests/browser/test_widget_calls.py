"""What pages can call, and what they are told: calls, the queue before loading, events."""

import hashlib
import hmac
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from miniback import projects
from tests.browser.customers import Shop, body, launcher, message, open_panel, panel, ready, send
from tests.house import until

RECORD = """window.told = [];
for (const name of ["ready", "open", "close", "submit", "success", "error", "queued", "blocked"])
  document.addEventListener("miniback:" + name, (event) => told.push([name, event.detail]));"""
STUB = "window.miniback = [['open', {message: 'Asked before', kind: 'idea'}], ['show']];"


def told(page: Page) -> list[str]:
    names: list[str] = page.evaluate("told.map(([name]) => name)")
    return names


def test_calls_before_loading_are_made_up_for(shop: Shop, visitor: Page) -> None:
    visitor.add_init_script(STUB)
    shop.visit(visitor)

    expect(panel(visitor)).to_be_visible()
    expect(message(visitor)).to_have_value("Asked before")
    expect(panel(visitor).locator("[value=idea]")).to_be_checked()
    visitor.evaluate("miniback.push(['close'])")
    expect(panel(visitor)).to_be_hidden()


def test_opening_and_closing(shop: Shop, visitor: Page) -> None:
    shop.visit(visitor, 'data-button="false"')
    expect(launcher(visitor)).to_have_count(0)
    visitor.evaluate("miniback.toggle()")
    expect(panel(visitor)).to_be_visible()
    assert visitor.evaluate("miniback.isOpen()")
    visitor.evaluate("miniback.toggle()")
    expect(panel(visitor)).to_be_hidden()
    assert not visitor.evaluate("miniback.isOpen()")
    assert visitor.evaluate("miniback.version")


def test_hiding_and_showing(shop: Shop, visitor: Page) -> None:
    shop.visit(visitor)
    visitor.evaluate("miniback.hide()")
    expect(launcher(visitor)).to_be_hidden()
    visitor.evaluate("miniback.open()")
    expect(panel(visitor)).to_be_visible()
    visitor.keyboard.press("Escape")
    expect(launcher(visitor)).to_be_hidden()
    visitor.evaluate("miniback.show()")
    expect(launcher(visitor)).to_be_visible()


def test_events_tell_what_happens(shop: Shop, visitor: Page) -> None:
    visitor.add_init_script(RECORD)
    shop.visit(visitor)
    open_panel(visitor)
    send(visitor, "Told of")
    expect(panel(visitor).get_by_role("status")).to_be_visible()
    visitor.keyboard.press("Escape")
    expect(panel(visitor)).to_be_hidden()

    until(lambda: told(visitor)[-1] == "close", "the last event")
    assert told(visitor) == ["ready", "open", "submit", "success", "close"]
    (item,) = shop.items()
    assert visitor.evaluate("told.find(([name]) => name === 'success')[1].id") == item["id"]


def test_a_listener_can_change_what_is_sent(shop: Shop, visitor: Page) -> None:
    shop.visit(visitor)
    visitor.evaluate("miniback.on('submit', (payload) => { payload.context.cart = ['tea', 2]; })")
    visitor.evaluate("miniback.send({message: 'With the cart', kind: 'bug'})")

    until(shop.items, "the feedback")
    context = shop.items()[0]["context"]
    assert (context["cart"], context["kind"]) == (["tea", 2], "bug")


@pytest.mark.parametrize("how", ["() => false", "(payload, event) => event.preventDefault()"])
def test_a_listener_can_keep_it_from_being_sent(how: str, shop: Shop, visitor: Page) -> None:
    shop.visit(visitor)
    visitor.evaluate(f"prevent = {how}; miniback.on('submit', prevent)")
    outcome = visitor.evaluate("miniback.send({message: 'Never sent'})")
    assert outcome is None
    visitor.evaluate("miniback.off('submit', prevent)")
    outcome = visitor.evaluate("miniback.send({message: 'Sent'})")

    assert outcome["status"] == 201
    assert [item["message"] for item in shop.items()] == ["Sent"]


def test_listeners_that_fail_break_nothing(shop: Shop, visitor: Page) -> None:
    shop.visit(visitor)
    visitor.evaluate("miniback.on('submit', () => { throw new Error('Mine') })")

    assert visitor.evaluate("miniback.send({message: 'Sent all the same'})")["status"] == 201


def test_settings_can_be_changed_at_any_time(shop: Shop, visitor: Page) -> None:
    shop.visit(visitor, 'data-label="Say it"')
    expect(launcher(visitor)).to_have_text("Say it")
    open_panel(visitor)
    message(visitor).fill("Kept through it all")
    visitor.evaluate(
        "miniback.configure({color: '#facc15', title: 'Tell us', position: 'top-left',"
        " fields: 'rating', texts: {send: 'Off it goes'}})"
    )

    expect(panel(visitor).get_by_role("heading")).to_have_text("Tell us")
    expect(panel(visitor).get_by_role("button", name="Off it goes")).to_have_css(
        "background-color", "rgb(250, 204, 21)"
    )
    expect(message(visitor)).to_have_value("Kept through it all")
    expect(panel(visitor).locator("[name=email]")).to_have_count(0)
    box = panel(visitor).bounding_box()
    assert box
    assert box["x"] < 100


def test_attributes_win_over_the_project_and_calls_over_both(shop: Shop, visitor: Page) -> None:
    shop.decide(widget={"title": "Of the project", "label": "Of the project"})
    shop.visit(visitor, 'data-title="Of the page"')
    expect(launcher(visitor)).to_have_text("Of the project")
    open_panel(visitor)
    expect(panel(visitor).get_by_role("heading")).to_have_text("Of the page")
    visitor.evaluate("miniback.configure({title: 'Of a call'})")

    expect(panel(visitor).get_by_role("heading")).to_have_text("Of a call")


def test_a_server_below_a_path_is_found(shop: Shop, visitor: Page) -> None:
    visitor.route(
        "**/below/**", lambda route: route.continue_(url=route.request.url.replace("/below", ""))
    )
    script = shop.script.replace("/w/", "/below/w/")
    visitor.goto(shop.site.page(f'<script src="{script}"></script>', lang="de"))
    ready(visitor)
    open_panel(visitor)
    with visitor.expect_request("**/below/api/feedback"):
        send(visitor, "Von unten")

    expect(panel(visitor).get_by_role("status")).to_contain_text("Danke")


def test_colours_come_from_the_page_s_own_variables(shop: Shop, visitor: Page) -> None:
    variables = "<style>:root { --miniback-accent: rgb(0, 128, 0); --miniback-z: 7 }</style>"
    visitor.goto(shop.site.page(variables + shop.tag()))
    ready(visitor)

    expect(launcher(visitor)).to_have_css("background-color", "rgb(0, 128, 0)")
    expect(launcher(visitor)).to_have_css("z-index", "7")


def test_the_project_s_thanks_are_the_project_s(shop: Shop, visitor: Page) -> None:
    shop.decide(widget={"thanks": "You made our day"})
    shop.visit(visitor)
    open_panel(visitor)
    send(visitor, "A word")

    expect(panel(visitor).get_by_role("status")).to_have_text("You made our day")


def test_who_is_vouched_for_is_known(shop: Shop, visitor: Page) -> None:
    account = shop.account
    secret = shop.house.tx(projects.identity_secret, account.id, account.project_id)
    signed = hmac.new(secret.encode(), b"user-7", hashlib.sha256).hexdigest()
    shop.visit(visitor)
    user = {"id": "user-7", "email": "ada@example.test", "name": "Ada", "hash": signed}
    visitor.evaluate("user => miniback.identify(user)", user)
    open_panel(visitor)
    expect(panel(visitor).get_by_label("Email")).to_have_value("ada@example.test")
    with visitor.expect_request("**/api/feedback") as sent:
        send(visitor, "It is me")
    expect(panel(visitor).get_by_role("status")).to_be_visible()

    first = body(sent.value)
    assert first["userHash"] == signed
    context = shop.items()[0]["context"]
    assert (context["userId"], context["name"]) == ("user-7", "Ada")
    visitor.evaluate("miniback.identify(null)")
    with visitor.expect_request("**/api/feedback") as sent:
        visitor.evaluate("miniback.send({message: 'It is nobody'})")
    second = body(sent.value)
    assert "userHash" not in second
    assert "userId" not in second["context"]


def test_own_context_goes_along(shop: Shop, visitor: Page) -> None:
    shop.visit(visitor, 'data-context-plan="pro"')
    visitor.evaluate("miniback.setContext({cart: 3})")
    visitor.evaluate("miniback.open({context: {step: 'payment'}})")
    ready(visitor)
    send(visitor, "Known where")
    expect(panel(visitor).get_by_role("status")).to_be_visible()

    context = shop.items()[0]["context"]
    assert {"plan": "pro", "cart": 3, "step": "payment"}.items() <= context.items()


@pytest.mark.parametrize("engine", ["firefox", "webkit"])
def test_w18_it_works_in_other_browsers(engine: str, shop: Shop, playwright_driver: Any) -> None:
    browser_type = getattr(playwright_driver, engine)
    try:
        browser = browser_type.launch()
    except Exception as error:  # noqa: BLE001 - Playwright has no narrower one for what is missing
        pytest.skip(f"Playwright's own {engine} is not installed: {str(error).splitlines()[0]}")
    page = browser.new_page()
    shop.visit(page)
    open_panel(page)
    send(page, f"From {engine}")
    expect(panel(page).get_by_role("status")).to_contain_text("Thank you")
    browser.close()

    assert [item["message"] for item in shop.items()] == [f"From {engine}"]
