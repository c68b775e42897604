"""`make screenshots`: a picture of every page, light and dark, wide and at phone width.

They are written to screenshots/, which git ignores. With `--readme` the four small ones of the
README are made anew.
"""

import re
import sys
import tempfile
from pathlib import Path

from playwright.sync_api import Browser, sync_playwright

from tests.browser.conftest import ADA, CHROMIUM, signed_in
from tests.browser.routes import OPEN_ROUTES, ROUTES, at
from tests.house import House, running
from tests.visitor import PASSWORD

FOLDER = Path(__file__).parents[2] / "screenshots"
SIZES = ((1440, 900), (360, 740))
README_FOLDER = Path(__file__).parents[2] / "docs" / "images"
README_PICTURES = (
    ("/inbox/{item}", "light", (1200, 750)),
    ("/projects/storefront", "dark", (1200, 750)),
    ("/projects/storefront/api", "light", (1200, 750)),
    ("/inbox", "light", (390, 750)),
)


def main() -> None:
    """Take them all."""
    FOLDER.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as driver:
        house = House(Path(folder), f"sqlite:///{folder}/miniback.db")
        house.run("seed", "--demo", "--password", PASSWORD)
        browser = driver.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        with running(house):
            if "--readme" in sys.argv:
                _take_for_readme(browser, house)
                return
            for scheme in ("light", "dark"):
                for size in SIZES:
                    _take(browser, house, scheme, size)


def _take_for_readme(browser: Browser, house: House) -> None:
    README_FOLDER.mkdir(exist_ok=True)
    for route, scheme, (width, height) in README_PICTURES:
        context = browser.new_context(
            base_url=house.base_url,
            color_scheme=scheme,  # type: ignore[arg-type]
            viewport={"width": width, "height": height},
            device_scale_factor=0.6,
        )
        context.add_cookies(signed_in(house, ADA))  # type: ignore[arg-type]
        page = context.new_page()
        page.goto(at(house, route))
        page.screenshot(path=README_FOLDER / f"{_name(route)}-{scheme}-{width}.png")
        context.close()


def _take(browser: Browser, house: House, scheme: str, size: tuple[int, int]) -> None:
    width, height = size
    for routes, cookies in ((OPEN_ROUTES, []), (ROUTES, signed_in(house, ADA))):
        context = browser.new_context(
            base_url=house.base_url,
            color_scheme=scheme,  # type: ignore[arg-type]
            viewport={"width": width, "height": height},
        )
        context.add_cookies(cookies)  # type: ignore[arg-type]
        page = context.new_page()
        for route in routes:
            page.goto(at(house, route))
            picture = FOLDER / f"{_name(route)}-{scheme}-{width}.png"
            page.screenshot(path=picture, full_page=True)
        context.close()


def _name(route: str) -> str:
    return re.sub(r"\W+", "-", route).strip("-")


if __name__ == "__main__":
    main()
