"""Reading the documentation's pages as a browser would: what they link to, what stands in them."""

import gzip
import re
from collections.abc import Iterator
from html.parser import HTMLParser
from typing import Any

import httpx2

from miniback.docs.contents import PAGES
from tests.house import House

GUIDES = [f"/docs/{slug}" for slug in PAGES]
TAGS = (
    *("projects", "api-keys", "feedback", "team", "webhooks", "exports", "public-door"),
    *("usage", "analytics", "audit-log", "service"),
)
GROUPS = [f"/docs/api/{tag}" for tag in TAGS]
READ = ["/docs", *GUIDES, "/docs/api", *GROUPS]
METHODS = ("get", "put", "post", "delete", "options")


class Page(HTMLParser):
    """What a page links to, its anchors, its headings and its blocks of code."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.links: list[str] = []
        self.anchors: set[str] = set()
        self.headings: list[tuple[str, dict[str, str | None]]] = []
        self.codes: list[str] = []
        self._in_code = self._in_pre = False
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        names = dict(attrs)
        self.links += [names[name] or "" for name in ("href", "src", "action") if name in names]
        if names.get("id"):
            self.anchors.add(names["id"] or "")
        if tag in ("h2", "h3", "h4"):
            self.headings.append((tag, names))
        self._in_pre = self._in_pre or tag == "pre"
        if tag == "code" and self._in_pre:
            self._in_code = True
            self.codes.append("")

    def handle_endtag(self, tag: str) -> None:
        self._in_pre = self._in_pre and tag != "pre"
        self._in_code = self._in_code and tag != "code"

    def handle_data(self, data: str) -> None:
        if self._in_code:
            self.codes[-1] += data


def page(house: House, path: str) -> Page:
    answer = house.client.get(path)
    assert answer.status_code == 200, path
    return Page(answer.text)


def weight(answer: httpx2.Response) -> int:
    """How many bytes a page is, packed with gzip."""
    return len(gzip.compress(answer.content, 9))


def fences(markdown: str) -> list[tuple[str, str]]:
    """The blocks of code of a page as it is written: language and text."""
    found = re.findall(r"^( *)```(\S*)[^\n]*\n(.*?)\n\1```$", markdown, re.M | re.S)
    return [(language, re.sub(f"(?m)^{indent}", "", text)) for indent, language, text in found]


def calls(description: dict[str, Any]) -> Iterator[tuple[str, str, dict[str, Any]]]:
    """The calls that a description has: method, path, and what is said of them."""
    for path, item in description["paths"].items():
        for method in METHODS:
            if method in item:
                yield method.upper(), path, item[method]
