"""Customers' websites with the widget on them: pages of another origin, as strict as they please."""

import http.server
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

PARAGRAPH = "<p>" + "Words of a page that has much to tell. " * 30 + "</p>"
PLAIN = """<!doctype html><html lang="{lang}"><head><meta charset="utf-8"><title>A shop</title>
<meta name="viewport" content="width=device-width">{head}</head>
<body><main><h1>A shop</h1>{body}</main></body></html>"""


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


def tag(house_url: str, slug: str, attributes: str = "") -> str:
    """The script tag that a customer copies."""
    return f'<script async src="{house_url}/w/{slug}.js" {attributes}></script>'
