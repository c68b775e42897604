"""What holds on every page, light and dark, wide and narrow: each is loaded once per look."""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, CDPSession, Page, ViewportSize

from tests.browser.conftest import ADA
from tests.browser.routes import OPEN_ROUTES, ROUTES, at
from tests.house import House

SIZES = ((360, 740), (1440, 900))
LOOKS = [(scheme, size) for scheme in ("light", "dark") for size in SIZES]
CASES = [(route, *look) for look in LOOKS for route in [*OPEN_ROUTES, *ROUTES]]
PAGES = [case for case in CASES if case[1:] == LOOKS[0]]
SLOWER = 4
MOST_SHIFT = 0.05
LOADS = 3
AXE = Axe()
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
# Of all that they hold, colours alone differ in the dark.
RULES_OF_COLOURS = {"type": "rule", "values": ["color-contrast", "link-in-text-block"]}
WATCHING = """
window.seen = {violations: [], shift: 0};
document.addEventListener("securitypolicyviolation", (event) =>
  seen.violations.push(`${event.violatedDirective} ${event.blockedURI}`));
new PerformanceObserver((list) => {
  for (const each of list.getEntries()) seen.shift += each.value;
}).observe({type: "layout-shift", buffered: true});
"""
# Every control that can be reached, focused one after the other as by Tab: is its ring drawn, and
# does any of it stand where it is seen?
WALK = """() => {
  const all = "a[href], button, input:not([type=hidden], [tabindex='-1']), select, summary,"
    + "[tabindex='0']";
  const controls = [...document.querySelectorAll(all)].filter(e => !e.disabled);
  return controls.filter(e => e.checkVisibility()).filter(e => {
    e.focus();
    const {outlineStyle, outlineWidth} = getComputedStyle(e);
    const ring = outlineStyle !== "none" && parseFloat(outlineWidth) >= 2;
    const box = e.getClientRects()[0];
    const at = document.elementFromPoint(box.x + box.width / 2, box.y + box.height / 2);
    return !ring || !e.matches(":focus-visible") || !e.contains(at);
  }).map(e => e.outerHTML.slice(0, 160));
}"""
LINKS_THAT_RUN = """() => ["href", "src", "action", "formaction", "xlink:href"].flatMap(name =>
  [...document.querySelectorAll("*")].map(e => e.getAttribute(name) ?? ""))
  .filter(value => /^(javascript|vbscript|data):/i.test(value.replace(/[\\s\\0-\\x20]/g, "")))"""
CONTROLS = ("button", "link", "textbox", "searchbox", "combobox", "checkbox", "radio", "meter")
TWO_FRAMES = "new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))"


@dataclass
class Seen:
    """A page as it was loaded, and what the browser said meanwhile."""

    page: Page
    cdp: CDPSession
    route: str
    scheme: str
    size: ViewportSize
    status: int = 0
    html: str = ""
    shift: float = 0
    complaints: list[str] = field(default_factory=list)
    requests: list[str] = field(default_factory=list)
    received: dict[str, float] = field(default_factory=dict)


def named(case: tuple[str, str, tuple[int, int]]) -> str:
    route, scheme, (width, _) = case
    return f"{route}-{scheme}-{width}"


# What stands in the HTML is the same however it is looked at.
once_a_page = pytest.mark.parametrize("seen", PAGES, ids=named, indirect=True)


@pytest.fixture(scope="module", params=CASES, ids=named)
def seen(
    request: pytest.FixtureRequest,
    browser: Browser,
    demo: House,
    cookies: dict[str, list[dict[str, Any]]],
) -> Iterator[Seen]:
    route, scheme, (width, height) = request.param
    size: ViewportSize = {"width": width, "height": height}
    context = browser.new_context(base_url=demo.base_url, color_scheme=scheme, viewport=size)
    context.set_default_timeout(10_000)
    if route in ROUTES:
        context.add_cookies(cookies[ADA])  # type: ignore[arg-type]
    page = context.new_page()
    seen = Seen(page, context.new_cdp_session(page), route, scheme, size)
    _watch(seen)
    # Colours move nothing, so one theme shows what a slow machine does.
    slower = SLOWER if scheme == "light" else 1
    seen.cdp.send("Emulation.setCPUThrottlingRate", {"rate": slower})
    response = page.goto(at(demo, route))
    assert response
    seen.status, seen.html = response.status, response.text()
    page.evaluate(TWO_FRAMES)
    seen.shift = page.evaluate("seen.shift")
    seen.cdp.send("Emulation.setCPUThrottlingRate", {"rate": 1})
    yield seen
    context.close()


def _watch(seen: Seen) -> None:
    names: dict[str, str] = {}

    main = seen.cdp.send("Page.getFrameTree")["frameTree"]["frame"]["id"]

    # What stands in a frame is a page of its own.
    def asked(event: dict[str, Any]) -> None:
        # The browser draws its own controls from data, which nobody is asked for.
        if event.get("frameId") == main and not event["request"]["url"].startswith("data:"):
            names[event["requestId"]] = event["request"]["url"]
            seen.requests.append(event["request"]["url"])

    def arrived(event: dict[str, Any]) -> None:
        name = names.get(event["requestId"])
        if name is None:
            return
        seen.received[name] = seen.received.get(name, 0) + event["encodedDataLength"]

    seen.cdp.on("Network.requestWillBeSent", asked)
    seen.cdp.on("Network.loadingFinished", arrived)
    seen.cdp.send("Network.enable")
    seen.page.on("pageerror", lambda error: seen.complaints.append(str(error)))
    seen.page.on("console", lambda said: seen.complaints.append(f"{said.type}: {said.text}"))
    seen.page.add_init_script(WATCHING)


def size_of(seen: Seen, *endings: str) -> float:
    """How many bytes came for the addresses that end so."""
    return sum(
        size for name, size in seen.received.items() if name.partition("?")[0].endswith(endings)
    )


def test_g1_axe_finds_nothing(seen: Seen) -> None:
    rules = TAGS if seen.scheme == "light" else RULES_OF_COLOURS
    found = AXE.run(seen.page, options={"runOnly": rules, "resultTypes": ["violations"]})

    assert [
        (each["id"], node["target"], node["failureSummary"])
        for each in found.response["violations"]
        for node in each["nodes"]
    ] == []


def test_g2_no_page_is_wider_than_its_window(seen: Seen) -> None:
    assert wider_than_the_window(seen.page) == []


def test_g2_no_page_is_wider_than_a_window_of_320_px(seen: Seen) -> None:
    seen.page.set_viewport_size({"width": 320, "height": 640})
    too_wide = wider_than_the_window(seen.page)
    seen.page.set_viewport_size(seen.size)

    assert too_wide == []


# The size of letters that people set in their browser: 32 px where 16 are the default.
def test_g2_no_page_is_wider_than_its_window_with_letters_twice_as_large(seen: Seen) -> None:
    seen.page.set_viewport_size({"width": max(720, seen.size["width"] // 2), "height": 900})
    seen.cdp.send("Page.setFontSizes", {"fontSizes": {"standard": 32, "fixed": 26}})
    letters = seen.page.evaluate("getComputedStyle(document.documentElement).fontSize")
    too_wide = wider_than_the_window(seen.page)
    seen.cdp.send("Page.setFontSizes", {"fontSizes": {"standard": 16, "fixed": 13}})
    seen.page.set_viewport_size(seen.size)

    assert (letters, too_wide) == ("30px", [])


def test_g3_the_browser_complains_of_nothing(seen: Seen) -> None:
    own = "Failed to load resource: the server responded with a status of 404"
    # The preview shows a page of ours, which could do what this page can do anyway.
    preview = "allow-scripts and allow-same-origin"
    complaints = [
        each
        for each in seen.complaints
        if not each.startswith("verbose:")
        and not (own in each and seen.status == 404)
        and not (preview in each and seen.route.endswith("/widget"))
    ]

    assert (complaints, seen.page.evaluate("seen.violations")) == ([], [])


def test_g3_nothing_is_asked_of_another_server(seen: Seen, demo: House) -> None:
    assert [each for each in seen.requests if not each.startswith(demo.base_url + "/")] == []


@once_a_page
def test_g3_no_style_and_no_script_stands_in_the_html(seen: Seen) -> None:
    assert Inline.of(seen.html) == []


def test_g4_the_first_visit_is_small(seen: Seen) -> None:
    assert sum(seen.received.values()) <= 60 * 1_024
    assert len(seen.requests) <= 8
    assert size_of(seen, ".js") <= 26 * 1_024
    assert size_of(seen, ".css") <= 8 * 1_024
    assert size_of(seen, ".woff", ".woff2", ".ttf", ".otf") == 0


# A busy machine draws a page in pieces as they come. What moves by design moves each time.
def test_g5_nothing_jumps_while_the_page_loads(seen: Seen) -> None:
    shifts = [seen.shift]
    while shifts[-1] > MOST_SHIFT and len(shifts) < LOADS:
        seen.page.reload()
        seen.page.evaluate(TWO_FRAMES)
        shifts.append(seen.page.evaluate("seen.shift"))

    assert min(shifts) <= MOST_SHIFT


@once_a_page
def test_g7_a_page_has_one_heading_and_one_main_part(seen: Seen) -> None:
    assert seen.page.locator("h1").count() == 1
    assert seen.page.locator("main").count() == 1
    assert (seen.page.locator("h1").text_content() or "").strip()


def test_g7_every_control_has_a_name(seen: Seen) -> None:
    nodes = seen.cdp.send("Accessibility.getFullAXTree")["nodes"]
    controls = [each for each in nodes if each.get("role", {}).get("value") in CONTROLS]

    assert controls
    assert [each for each in controls if not each.get("name", {}).get("value", "").strip()] == []


def test_g7_the_first_tab_reaches_the_skip_link_and_it_skips(seen: Seen) -> None:
    focused = "document.activeElement?.className || document.activeElement?.id"
    if seen.page.locator("[autofocus]").count():
        seen.page.locator(".skip").focus()
        seen.page.keyboard.press("Shift+Tab")
        assert seen.page.evaluate("document.activeElement === document.body")
    seen.page.keyboard.press("Tab")
    assert seen.page.evaluate(focused) == "skip"
    seen.page.keyboard.press("Enter")
    assert seen.page.evaluate("document.activeElement?.id") == "main"


def test_g7_the_focus_is_seen_on_every_control(seen: Seen) -> None:
    seen.page.keyboard.press("Tab")

    assert seen.page.evaluate(WALK) == []


@once_a_page
def test_g8_the_title_names_the_page_and_the_product(seen: Seen) -> None:
    assert re.fullmatch(r"\S.*\S · Miniback", seen.page.title())


@once_a_page
def test_g8_a_private_page_is_kept_out_of_search_engines(seen: Seen) -> None:
    robots = seen.page.locator("meta[name=robots]").evaluate_all("all => all.map(e => e.content)")
    shared = seen.page.locator("meta[property^='og:']").count()

    assert robots == ["noindex"] or (seen.route in OPEN_ROUTES and seen.status == 200 and shared)


@once_a_page
def test_g10_every_time_tells_its_moment(seen: Seen) -> None:
    times = seen.page.locator("time").evaluate_all("all => all.map(e => [e.dateTime, e.title])")

    for moment, title in times:
        assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z", moment)
        assert re.fullmatch(r"\d{4}-\d\d-\d\d \d\d:\d\d \(Europe/Paris\)", title)


@once_a_page
def test_g10_no_time_of_day_stands_outside_a_time(seen: Seen) -> None:
    # But for the documentation's prose, which tells no moments.
    script = """() => [...document.querySelectorAll("body *:not(time, pre, code, script)")]
      .filter(e => !e.closest("[lang]:not(html)"))
      .flatMap(e => [...e.childNodes]).filter(n => n.nodeType === 3).map(n => n.data.trim())
      .filter(text => /\\b\\d\\d:\\d\\d\\b/.test(text))"""
    assert seen.page.evaluate(script) == []


# But for forms of those who have no session that somebody could misuse.
@once_a_page
def test_g11_every_form_that_changes_something_carries_the_token(seen: Seen) -> None:
    ours = "form[method=post]:not([action^='/f/'], [action^='/unsubscribe/'])"
    tokens = seen.page.locator(ours).evaluate_all(
        "all => all.map(form => form.elements.namedItem('csrf_token')?.value ?? '')"
    )
    assert [token for token in tokens if len(token) < 40] == []


@once_a_page
def test_g12_no_link_runs_a_script(seen: Seen) -> None:
    assert seen.page.evaluate(LINKS_THAT_RUN) == []


def wider_than_the_window(page: Page) -> list[str]:
    """What makes a page scroll sideways, [] where it does not."""
    script = """() => document.documentElement.scrollWidth <= innerWidth ? [] :
      [`${document.documentElement.scrollWidth} > ${innerWidth}`,
       ...[...document.querySelectorAll("body *")]
        .filter(e => e.getBoundingClientRect().right > innerWidth + 0.5)
        .map(e => `${e.tagName}.${e.className} ${Math.round(e.getBoundingClientRect().right)}`)]"""
    found: list[str] = page.evaluate(script)
    return found


class Inline(HTMLParser):
    """Finds what a strict policy forbids: style=, on…=, <style>, <script> without src."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    @classmethod
    def of(cls, html: str) -> list[str]:
        parser = cls()
        parser.feed(html)
        return parser.found

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        names = dict(attrs)
        forbidden = [name for name in names if name == "style" or name.startswith("on")]
        if forbidden or tag == "style" or (tag == "script" and not names.get("src")):
            self.found.append(json.dumps([tag, names]))
