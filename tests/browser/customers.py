"""Customers' websites with the widget on them: pages of another origin."""

import http.server
import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

from playwright.sync_api import Locator, Page, Request, expect

from miniback import projects
from tests.house import Account, House

PARAGRAPH = "<p>" + "Words of a page that has much to tell. " * 30 + "</p>"
PLAIN = """<!doctype html><html lang="{lang}"><head><meta charset="utf-8"><title>A shop</title>
<meta name="viewport" content="width=device-width">{head}</head>
<body><main><h1>A shop</h1>{body}</main></body></html>"""
# Where everything of a page stands, the widget apart.
BOXES = """() => [...document.querySelectorAll("body, body *")].map(element => {
  const {x, y, width, height} = element.getBoundingClientRect();
  return [element.localName, x, y, width, height].join(" ");
})"""


@dataclass
class Site:
    """A website: its pages by path, with the headers that they are sent with."""

    origin: str
    pages: dict[str, tuple[bytes, dict[str, str]]] = field(default_factory=dict)

    def page(
        self,
        head: str = "",
        body: str = PARAGRAPH,
        path: str = "/",
        lang: str = "en",
        **headers: str,
    ) -> str:
        """Put up a page, and return its address."""
        return self.file(path, PLAIN.format(lang=lang, head=head, body=body), **headers)

    def file(self, path: str, text: str, kind: str = "text/html", **headers: str) -> str:
        """Put up a file, and return its address."""
        sent = {name.replace("_", "-"): value for name, value in headers.items()}
        self.pages[path] = (text.encode(), {"content-type": f"{kind}; charset=utf-8", **sent})
        return self.origin + path


@contextmanager
def open_site(host: str = "localhost") -> Iterator[Site]:
    """A website of its own until the end of the block."""
    site = Site("")

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            text, headers = site.pages.get(urlsplit(self.path).path, (b"", {}))
            self.send_response(200 if headers else 404)
            for name, value in headers.items():
                self.send_header(name, value)
            self.send_header("content-length", str(len(text)))
            self.end_headers()
            self.wfile.write(text)

        def log_message(self, *_: Any) -> None:
            """Say nothing."""

    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        site.origin = f"http://{host}:{server.server_port}"
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
        thread.start()
        yield site
        server.shutdown()
        thread.join()


@dataclass
class Shop:
    """A customer: an account with a project, and a website that has its widget."""

    house: House
    account: Account
    site: Site

    def tag(self, attributes: str = "", how: str = "async") -> str:
        """The script tag that a customer copies."""
        return f'<script {how} src="{self.script}" {attributes}></script>'

    @property
    def script(self) -> str:
        return f"{self.house.base_url}/w/{self.account.slug}.js"

    def visit(self, page: Page, attributes: str = "", at: str = "/", **options: Any) -> Page:
        """Go to a page with the widget, and wait for it."""
        self.site.page(self.tag(attributes), **options)
        page.goto(self.site.origin + at)
        ready(page)
        return page

    def decide(self, **settings: Any) -> None:
        """Change the project's settings, by the names of the API."""
        self.house.tx(projects.decide, self.account.id, self.account.project_id, settings)

    def items(self) -> list[dict[str, Any]]:
        """What has arrived, newest first."""
        found: list[dict[str, Any]] = self.account.get("/api/feedback").json()["data"]
        return found

    def shelves(self) -> list[str]:
        """Where what has arrived lies."""
        sql = "SELECT shelf FROM feedback WHERE account_id = :id ORDER BY id"
        return [shelf for (shelf,) in self.house.rows(sql, id=self.account.id)]


def ready(page: Page) -> None:
    """Wait until the widget is there."""
    page.wait_for_function("window.miniback && miniback.version")
    page.evaluate("miniback.ready")


def launcher(page: Page) -> Locator:
    return page.locator("miniback-widget .launch")


def panel(page: Page) -> Locator:
    return page.locator("miniback-widget dialog")


def message(page: Page) -> Locator:
    return panel(page).locator("textarea")


def alert(page: Page) -> Locator:
    return panel(page).get_by_role("alert")


def open_panel(page: Page) -> Locator:
    """Press the button and wait for the panel."""
    launcher(page).click()
    expect(panel(page)).to_be_visible()
    return panel(page)


def send(page: Page, text: str) -> None:
    """Write a message into the open panel and send it."""
    message(page).fill(text)
    panel(page).locator(".main").click()


def body(request: Request) -> dict[str, Any]:
    """The JSON that was sent."""
    sent: dict[str, Any] = json.loads(request.post_data or "")
    return sent
