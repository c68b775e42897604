"""What a visitor has sent arrives once, whatever happens meanwhile: by chance, from a seed."""

import os
import random
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from tests.browser.customers import Shop, message, open_panel, open_site, panel, ready
from tests.house import House, running, until

SEEDS = range(200 if os.environ.get("MINIBACK_SOAK") else 4)
MISHAPS = ("offline", "reload", "second page", "killed server", "nothing")


@pytest.fixture(scope="module")
def fragile(new_house: Callable[..., House]) -> Iterator[House]:
    """A server of this file's own, which is killed again and again."""
    with running(new_house("sqlite")) as house:
        yield house


@pytest.fixture
def visitors(browser: Browser) -> Iterator[BrowserContext]:
    context = browser.new_context()
    context.set_default_timeout(10_000)
    yield context
    context.close()


def arrive(shop: Shop, visitors: BrowserContext) -> Page:
    page = visitors.new_page()
    page.goto(shop.site.origin + "/")
    ready(page)
    return page


def press_send(page: Page) -> None:
    """Press the button and wait for nothing."""
    page.evaluate(
        """document.querySelector("miniback-widget").shadowRoot
            .querySelector("dialog .main").click()"""
    )


def happen(mishap: str, shop: Shop, page: Page, chance: random.Random) -> None:
    """Let something happen to a page that is about to send, or is sending."""
    if mishap == "offline":
        page.context.set_offline(True)
        press_send(page)
        expect(panel(page).get_by_role("status")).to_contain_text("You are offline")
    elif mishap == "killed server":
        press_send(page)
        page.wait_for_timeout(chance.uniform(0, 30))  # how far it has come is left to chance
        shop.house.kill()
    elif mishap == "second page":
        arrive(shop, page.context)
        press_send(page)
    elif mishap == "reload":
        press_send(page)
        page.wait_for_timeout(chance.uniform(0, 10))
        page.reload()
    else:
        press_send(page)


def recover(shop: Shop, visitors: BrowserContext) -> None:
    """Let everything be well again, and the visitor come back twice at the same time."""
    visitors.set_offline(False)
    house = shop.house
    if house.process and house.process.poll() is not None:
        house.start()
    for page in visitors.pages:
        page.reload()
    arrive(shop, visitors)


def is_all_sent(visitors: BrowserContext, slug: str) -> bool:
    names = "slug => Object.keys(localStorage).filter(name => name.startsWith(`miniback:${slug}:`))"
    return bool(visitors.pages[-1].evaluate(names, slug) == [])


@pytest.mark.parametrize("seed", SEEDS)
def test_w10_one_item_never_two_never_none(
    fragile: House, visitors: BrowserContext, seed: int
) -> None:
    chance = random.Random(seed)
    with open_site() as site:
        shop = Shop(fragile, fragile.account(), site)
        site.page(shop.tag())
        said = f"Said in run {seed}, once and for all of you"
        page = arrive(shop, visitors)
        open_panel(page)
        message(page).fill(said)

        happen(MISHAPS[seed % len(MISHAPS)], shop, page, chance)
        for _ in range(chance.randrange(2)):
            page.context.set_offline(chance.random() < 0.5)
        recover(shop, visitors)

        until(lambda: is_all_sent(visitors, shop.account.slug), "the queue to be empty")
        until(shop.items, "the item to arrive")
        assert [item["message"] for item in shop.items()] == [said]
