"""The analytics in a real browser: bars that lead somewhere and are seen in any colours."""

import re

from playwright.sync_api import Page, expect

BARS = ".columns rect:not(.hit), .ranking .bar, .week rect:not(.shade-0)"
FILLS = f"""() => [...document.querySelectorAll("{BARS}")]
  .map(bar => getComputedStyle(bar).fill)"""
GROUND = "getComputedStyle(document.querySelector('.blocks .card')).backgroundColor"


def test_an2_a_click_on_a_bar_opens_the_list_of_as_many_items(page: Page) -> None:
    page.goto("/analytics?range=90d")
    bar = page.locator(".ranking a").first
    items = bar.locator("text.end").text_content()

    bar.locator("text").first.click()

    expect(page).to_have_url(re.compile("/inbox\\?start=.*&source=WIDGET"))
    expect(page.get_by_text(f"of {items}", exact=False).first).to_be_visible()


def test_an2_a_day_is_chosen_in_the_picture_or_by_keyboard_in_its_table(page: Page) -> None:
    page.goto("/analytics")
    page.locator(".columns a").last.click()
    by_picture = page.url
    page.go_back()

    page.locator("#days ~ details, section:has(#days) details").first.locator("summary").press(
        "Enter"
    )
    link = page.locator("section:has(#days) table a").first
    link.focus()
    page.keyboard.press("Enter")

    expect(page).to_have_url(by_picture)


def test_an3_bars_are_seen_in_forced_colours(page: Page) -> None:
    page.emulate_media(forced_colors="active")
    page.goto("/analytics")

    ground = page.evaluate(GROUND)
    fills = page.evaluate(FILLS)
    assert len(fills) > 50
    assert {ground, "rgba(0, 0, 0, 0)"} & set(fills) == set()


def test_the_range_is_chosen_by_a_form_without_a_script(page: Page) -> None:
    page.goto("/analytics")
    page.get_by_label("Project").select_option(label="Storefront")
    page.get_by_role("button", name="Show").click()

    expect(page).to_have_url(re.compile("project=storefront&start="))
    expect(page.get_by_label("Project")).to_have_value("storefront")
