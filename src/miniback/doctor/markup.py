"""What stands in a page's HTML: its scripts, and the policies of its meta elements."""

from html.parser import HTMLParser
from typing import NamedTuple
from urllib.parse import urljoin


class Script(NamedTuple):
    """A script element: where its script comes from, and what lets it run."""

    url: str
    nonce: str
    project: str


class Elements(HTMLParser):
    """Reads a page as a browser would, as far as the widget is concerned."""

    def __init__(self, url: str) -> None:
        super().__init__()
        self._base = url
        self.scripts: list[Script] = []
        self.policies: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note what an element says."""
        given = {name: value or "" for name, value in attrs}
        if tag == "base" and given.get("href"):
            self._base = urljoin(self._base, given["href"])
        if tag == "script" and given.get("src"):
            url = urljoin(self._base, given["src"])
            self.scripts.append(Script(url, given.get("nonce", ""), given.get("data-project", "")))
        if tag == "meta" and given.get("http-equiv", "").lower() == "content-security-policy":
            self.policies.append(given.get("content", ""))
