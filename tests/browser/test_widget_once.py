"""However a page loads the widget, and whatever it does to itself: exactly one (W13)."""

import pytest
from playwright.sync_api import Page, expect

from tests.browser.customers import Shop, launcher, message, open_panel, panel, ready, send

INJECTED = """const script = document.createElement("script");
script.src = "{src}"; document.head.append(script);"""
# What htmx and Turbo do: new content comes, and its scripts are made anew so that they run.
SWAPPED = """async ([html, what]) => {
  const page = new DOMParser().parseFromString(html, "text/html");
  const place = document.querySelector(what);
  place.replaceWith(document.adoptNode(page.querySelector(what)));
  for (const old of document.querySelectorAll(what + " script")) {
    const script = document.createElement("script");
    for (const {name, value} of old.attributes) script.setAttribute(name, value);
    await new Promise((done) => {
      script.addEventListener("load", done);
      old.replaceWith(script);
    });
  }
}"""


def only_one(page: Page) -> None:
    expect(page.locator("miniback-widget")).to_have_count(1)
    expect(launcher(page)).to_have_count(1)
    expect(launcher(page)).to_be_visible()


@pytest.mark.parametrize("how", ["", "async", "defer", 'type="module" crossorigin'])
@pytest.mark.parametrize("place", ["head", "body"])
def test_w13_however_it_is_loaded(how: str, place: str, shop: Shop, visitor: Page) -> None:
    tag = shop.tag(how=how)
    visitor.goto(shop.site.page(tag) if place == "head" else shop.site.page(body=tag))
    ready(visitor)

    only_one(visitor)
    open_panel(visitor)
    send(visitor, "However it came")
    expect(panel(visitor).get_by_role("status")).to_contain_text("Thank you")


def test_w13_a_script_that_is_added_by_another(shop: Shop, visitor: Page) -> None:
    shop.site.file("/own.js", INJECTED.replace("{src}", shop.script), "text/javascript")
    visitor.goto(shop.site.page("<script src='/own.js'></script>"))
    ready(visitor)

    only_one(visitor)


def test_w13_two_tags_are_one_widget(shop: Shop, visitor: Page) -> None:
    visitor.goto(shop.site.page(shop.tag() * 2, body=shop.tag(how="defer")))
    ready(visitor)
    visitor.wait_for_load_state("networkidle")

    only_one(visitor)


def test_w13_a_page_that_changes_its_address_keeps_it(shop: Shop, visitor: Page) -> None:
    shop.visit(visitor)
    visitor.evaluate("history.pushState({}, '', '/next'); document.body.innerHTML = '<p>Next</p>'")
    only_one(visitor)
    open_panel(visitor)
    send(visitor, "From the next page")
    expect(panel(visitor).get_by_role("status")).to_be_visible()

    (item,) = shop.items()
    assert item["context"]["url"] == f"{shop.site.origin}/next"


@pytest.mark.parametrize("what", ["body", "main"])
def test_w13_content_that_is_swapped_brings_no_second_one(
    what: str, shop: Shop, visitor: Page
) -> None:
    body = f"<p>Another page</p>{shop.tag()}"
    shop.visit(visitor, body=body)
    html = f"<body><main><h1>Next</h1>{body}</main></body>"
    visitor.evaluate(SWAPPED, [html, what])

    expect(visitor.get_by_role("heading")).to_have_text("Next")
    only_one(visitor)


def test_w13_one_that_was_thrown_out_comes_back_when_opened(shop: Shop, visitor: Page) -> None:
    shop.visit(visitor)
    visitor.evaluate("document.querySelector('miniback-widget').remove(); miniback.open()")

    expect(panel(visitor)).to_be_visible()
    only_one(visitor)


def test_w13_after_the_end_it_can_begin_again(shop: Shop, visitor: Page) -> None:
    shop.visit(visitor)
    open_panel(visitor)
    visitor.evaluate("miniback.destroy()")
    expect(visitor.locator("miniback-widget")).to_have_count(0)
    assert visitor.evaluate("window.miniback") is None
    visitor.evaluate(INJECTED.replace("{src}", shop.script))
    ready(visitor)

    only_one(visitor)
    open_panel(visitor)
    expect(message(visitor)).to_be_focused()
