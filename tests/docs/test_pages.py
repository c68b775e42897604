"""What pages say is what there is: texts of errors, code that the dashboard shows, headings."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from miniback.notifications.snippets import SNIPPETS
from tests.described import SPEC
from tests.docs.blocks import PAGES, ROOT

DOCS = ROOT / "docs"
_LINK = re.compile(r"\]\((?!https?:)([^)#]*)#([^)]+)\)")
_HEADING = re.compile(r"^#+ (.+)$", re.M)
_METHOD = re.compile(r"^(POST|PUT|DELETE) requests")


def errors(part: Any) -> Iterator[str]:
    """The texts of errors in a description, each for GET where methods differ alone."""
    if isinstance(part, dict):
        if isinstance(text := part.get("error"), str):
            yield _METHOD.sub("GET requests", text)
        for each in part.values():
            yield from errors(each)
    elif isinstance(part, list):
        for each in part:
            yield from errors(each)


def anchors(page: Path) -> set[str]:
    """What leads to the headings of a page, as it is named in the repository."""
    plain = (re.sub(r"[^\w\- ]", "", title.lower()) for title in _HEADING.findall(page.read_text()))
    return {title.replace(" ", "-") for title in plain}


def test_the_page_of_errors_has_each_text_of_the_description() -> None:
    told = set(re.findall(r"(?<!`)`([^`\n]+)`(?!`)", (DOCS / "errors.md").read_text()))
    described = set(errors(SPEC))

    assert len(described) > 50
    assert described - told == set()


def test_the_page_of_webhooks_has_the_code_that_the_dashboard_shows() -> None:
    page = (DOCS / "webhooks.md").read_text()

    assert [name for name, code in SNIPPETS if code not in page] == []


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_do7_every_link_to_a_heading_leads_to_one(page: Path) -> None:
    links = [
        (target, anchor)
        for target, anchor in _LINK.findall(page.read_text())
        if not target or target.endswith(".md")
    ]

    lost = [
        each
        for each in links
        if each[1] not in anchors((page.parent / each[0]) if each[0] else page)
    ]
    assert lost == []
