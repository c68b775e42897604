"""The widget as a package for applications that bundle their scripts."""

import shutil
import subprocess
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.customers import Shop, open_panel, panel, ready, send
from tests.browser.test_widget_once import only_one

FRONTEND = Path(__file__).parents[2] / "frontend"
DIST = FRONTEND / "widget" / "package" / "dist"
APPLICATION = """import { init } from "./index.js";
const options = {api: "%s/", project: "%s", title: "Of the application", color: undefined};
window.same = init(options) === init(options);"""

pytestmark = pytest.mark.skipif(
    not (shutil.which("node") and (FRONTEND / "node_modules").is_dir()),
    reason="needs Node and `npm ci` in frontend/",
)


@pytest.fixture(scope="module")
def package() -> str:
    subprocess.run(["node", "pack.mjs"], cwd=FRONTEND, check=True)
    return (DIST / "index.js").read_text()


def test_an_application_begins_it_once(package: str, shop: Shop, visitor: Page) -> None:
    shop.site.file("/index.js", package, "text/javascript")
    application = APPLICATION % (shop.house.base_url, shop.account.slug)
    shop.site.file("/app.js", application, "text/javascript")
    visitor.goto(shop.site.page("<script type=module src=/app.js></script>", lang="de"))
    ready(visitor)

    only_one(visitor)
    assert visitor.evaluate("same")
    open_panel(visitor)
    expect(panel(visitor).get_by_role("heading")).to_have_text("Of the application")
    send(visitor, "Aus der Anwendung")
    expect(panel(visitor).get_by_role("status")).to_contain_text("Danke")


def test_it_can_be_imported_where_there_is_no_page(package: str) -> None:
    script = "const {init} = await import('./index.js'); if (!init) process.exit(1)"
    command = ["node", "--input-type=module", "-e", script]

    assert subprocess.run(command, cwd=DIST, check=False).returncode == 0


def test_the_types_name_what_is_there(package: str) -> None:
    types = (DIST / "index.d.ts").read_text()

    assert "export function init(options: Options): Miniback;" in types
    assert "export interface Miniback" in types
    assert package
