"""DO1: what the documentation has for pages with the widget runs on one."""

import pytest
from playwright.sync_api import Page

from tests.browser.customers import Shop
from tests.docs.blocks import PAGES, Block, blocks_of

BLOCKS = [each for page in PAGES for each in blocks_of(page) if "browser" in each.words]


def test_do1_there_are_blocks_for_browsers() -> None:
    assert len(BLOCKS) >= 5
    assert {each.language for each in BLOCKS} == {"js"}


@pytest.mark.parametrize("block", BLOCKS, ids=lambda block: block.where)
def test_do1_a_block_for_a_page_runs_on_one(shop: Shop, visitor: Page, block: Block) -> None:
    wrong: list[str] = []
    visitor.on("pageerror", lambda error: wrong.append(str(error)))
    shop.visit(visitor)
    text = block.text.replace("/w/my-website.js", shop.script)

    visitor.evaluate(f"async () => {{ {text} }}")
    visitor.evaluate("miniback.ready")

    assert wrong == []
