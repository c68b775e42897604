"""The widget on pages that nobody here wrote: Sphinx, MkDocs, and the strictest of policies."""

import functools
import http.server
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.customers import BOXES, Shop, launcher, open_panel, panel, ready, send

WATCHING = """
window.violations = [];
document.addEventListener("securitypolicyviolation", event =>
  violations.push(`${event.violatedDirective} ${event.blockedURI}`));
"""
WORDS = "Words that a manual has many of.\n\n" * 40


def run(*command: str, folder: Path) -> None:
    made = subprocess.run(
        [sys.executable, "-m", *command], cwd=folder, capture_output=True, text=True, check=False
    )
    assert made.returncode == 0, made.stderr


def sphinx(folder: Path, script: str) -> Path:
    """A manual made by Sphinx, as its quick start makes one."""
    (folder / "conf.py").write_text(
        f'project = "Shop"\nhtml_js_files = [("{script}", {{"async": "async"}})]\n'
    )
    (folder / "index.rst").write_text(f"Shop\n====\n\n{WORDS}\n.. toctree::\n\n   more\n")
    (folder / "more.rst").write_text(f"More\n====\n\n{WORDS}")
    run("sphinx", "-q", "-b", "html", ".", "built", folder=folder)
    return folder / "built"


def mkdocs(folder: Path, script: str) -> Path:
    """A manual made by MkDocs, with the theme that it comes with."""
    (folder / "docs").mkdir()
    (folder / "mkdocs.yml").write_text(
        # Its highlighter would come from another server.
        "site_name: Shop\ntheme: {name: mkdocs, highlightjs: false}\n"
        f"extra_javascript: ['{script}']\n"
    )
    (folder / "docs" / "index.md").write_text(f"# Shop\n\n{WORDS}")
    (folder / "docs" / "more.md").write_text(f"# More\n\n{WORDS}")
    run("mkdocs", "build", "-q", "-d", "built", folder=folder)
    return folder / "built"


@contextmanager
def served(folder: Path) -> Iterator[str]:
    """A folder as a website of its own, with the icon that browsers ask for."""
    (folder / "favicon.ico").touch()

    class Quiet(http.server.SimpleHTTPRequestHandler):
        def log_message(self, *_: object) -> None:
            """Say nothing."""

    handler = functools.partial(Quiet, directory=str(folder))
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
        thread.start()
        yield f"http://localhost:{server.server_port}/"
        server.shutdown()
        thread.join()


def watch(page: Page) -> list[str]:
    complaints: list[str] = []
    page.add_init_script(WATCHING)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on(
        "console",
        lambda said: complaints.append(said.text) if said.type in ("error", "warning") else None,
    )
    return complaints


def send_and_close(page: Page, text: str) -> None:
    """Send feedback by the widget of a page, and close the panel."""
    ready(page)
    open_panel(page)
    send(page, text)
    expect(panel(page).get_by_role("status")).to_contain_text("Thank you")
    page.keyboard.press("Escape")
    expect(panel(page)).to_be_hidden()
    expect(launcher(page)).to_be_visible()


def boxes_without(page: Page, address: str, script: str) -> list[str]:
    """Where everything of a page stands when its widget does not come."""
    page.route(script, lambda route: route.fulfill(body="", content_type="text/javascript"))
    page.goto(address)
    boxes: list[str] = page.evaluate(BOXES)
    page.unroute_all()
    return boxes


def assert_undisturbed(page: Page, complaints: list[str]) -> None:
    assert (complaints, page.evaluate("violations")) == ([], [])


@pytest.mark.parametrize("made", [sphinx, mkdocs], ids=["sphinx", "mkdocs"])
def test_w_on_pages_made_by_others_it_opens_sends_and_closes(
    shop: Shop, visitor: Page, tmp_path: Path, made: Callable[[Path, str], Path]
) -> None:
    complaints = watch(visitor)

    with served(made(tmp_path, shop.script)) as address:
        before = boxes_without(visitor, address, shop.script)
        visitor.goto(address)
        send_and_close(visitor, "From a manual")
        assert_undisturbed(visitor, complaints)
        assert visitor.evaluate(BOXES) == before

    assert [(each["message"], each["source"]) for each in shop.items()] == [
        ("From a manual", "WIDGET")
    ]


def test_w_under_the_strictest_policy_two_sources_are_enough(shop: Shop, visitor: Page) -> None:
    complaints = watch(visitor)
    own = shop.house.base_url
    policy = f"default-src 'none'; script-src {own}; connect-src {own}"
    # A browser asks for an icon by itself, which this policy would not allow.
    head = shop.tag() + '<link rel="icon" href="data:,">'
    policy += "; img-src data:"
    shop.site.page(head, content_security_policy=policy)

    visitor.goto(shop.site.origin + "/")
    send_and_close(visitor, "From behind a wall")

    assert_undisturbed(visitor, complaints)
    assert [(each["message"], each["source"]) for each in shop.items()] == [
        ("From behind a wall", "WIDGET")
    ]
