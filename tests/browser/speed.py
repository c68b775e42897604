"""`python -m tests.browser.speed`: how fast pages are on a machine four times as slow (G5).

Measured, never asserted: LCP after a cold start, and the longest of a few interactions.
"""

import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, Page, sync_playwright

from tests.browser.conftest import ADA, CHROMIUM, signed_in
from tests.browser.routes import OPEN_ROUTES, ROUTES, at
from tests.house import House, running
from tests.visitor import PASSWORD

Cookies = list[dict[str, Any]]
SLOWER = 4
SIZES = ((360, 740), (1440, 900))
TIMES = 3
OBSERVING = """
window.speed = {lcp: 0, shift: 0, interaction: 0};
const observe = (type, tell, more) => new PerformanceObserver((list) =>
  list.getEntries().forEach(tell)).observe({type, buffered: true, ...more});
observe("largest-contentful-paint", (each) => speed.lcp = each.startTime);
observe("layout-shift", (each) => speed.shift += each.value);
observe("event", (each) => {
  if (each.interactionId) speed.interaction = Math.max(speed.interaction, each.duration);
}, {durationThreshold: 16});
"""
SETTLED = """new Promise(done => requestIdleCallback(
  () => requestAnimationFrame(() => requestAnimationFrame(() => done())), {timeout: 1000}))"""
INTERACTIONS: dict[str, Callable[[Page], None]] = {
    "/projects": lambda page: page.locator("details.menu summary").first.click(),
    "/projects/new": lambda page: page.locator("#name").press_sequentially("A name"),
    "/projects/storefront/api": lambda page: page.locator("[data-opens=regenerate]").click(),
    "/projects/storefront/settings": lambda page: page.locator("[data-opens=delete]").click(),
    "/usage": lambda page: page.keyboard.press("?"),
}


def main() -> None:
    """Print the table."""
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as driver:
        house = House(Path(folder), f"sqlite:///{folder}/miniback.db")
        house.run("seed", "--demo", "--password", PASSWORD)
        browser = driver.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        print(f"{'page':<80} {'width':>5} {'LCP ms':>7} {'CLS':>6} {'longest ms':>10}")  # noqa: T201 - a table is what this is for
        with running(house):
            ada = signed_in(house, ADA)
            for route in [*OPEN_ROUTES, *ROUTES]:
                for size in SIZES:
                    print(_row(browser, house, ada if route in ROUTES else [], route, size))  # noqa: T201 - as above
        browser.close()


def _row(
    browser: Browser, house: House, cookies: Cookies, route: str, size: tuple[int, int]
) -> str:
    """Tell the median LCP of a few cold starts, and the worst of the rest."""
    found = sorted(_measured(browser, house, cookies, route, size) for _ in range(TIMES))
    lcp = found[TIMES // 2][0]
    shift, longest = max(each[1] for each in found), max(each[2] for each in found)
    told = f"{longest:>10.0f}" if route in INTERACTIONS else f"{'-':>10}"
    return f"{route:<80} {size[0]:>5} {lcp:>7.0f} {shift:>6.3f} {told}"


def _measured(
    browser: Browser, house: House, cookies: Cookies, route: str, size: tuple[int, int]
) -> tuple[float, float, float]:
    context = browser.new_context(
        base_url=house.base_url, viewport={"width": size[0], "height": size[1]}
    )
    context.add_cookies(cookies)  # type: ignore[arg-type]
    page = context.new_page()
    page.add_init_script(OBSERVING)
    cdp = context.new_cdp_session(page)
    cdp.send("Emulation.setCPUThrottlingRate", {"rate": SLOWER})
    page.goto(at(house, route))
    page.evaluate(SETTLED)
    lcp, shift = page.evaluate("[speed.lcp, speed.shift]")
    if route in INTERACTIONS:
        INTERACTIONS[route](page)
        page.evaluate(SETTLED)
    longest = page.evaluate("speed.interaction")
    context.close()
    return lcp, shift, longest


if __name__ == "__main__":
    main()
