"""Behind the proxies that are shipped as examples: with TLS, and below a path, too (C6)."""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import httpx2
import pytest
from playwright.sync_api import Browser, Page, Request, Route, expect

from tests.browser.conftest import ADA
from tests.browser.customers import message, open_panel, open_site, panel, ready
from tests.browser.routes import OPEN_ROUTES, ROUTES, at
from tests.house import PATIENCE_S, House, until
from tests.packaging.proxies import EXAMPLES, Proxied, in_front
from tests.visitor import PASSWORD

PATIENCE_MS = 20_000
# Whatever a page names an address in.
ADDRESSES = """() => ["href", "src", "action", "formaction", "hx-get", "hx-post", "data-address",
  "data-done"].flatMap(name => [...document.querySelectorAll(`[${name}]`)]
  .map(element => element.getAttribute(name)))"""


@pytest.fixture(scope="module", params=EXAMPLES)
def site(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Any:
    folder: Path = tmp_path_factory.mktemp("proxy")
    own = tmp_path_factory.mktemp("house")
    house = House(own, f"sqlite:///{own}/miniback.db")
    filled = house.run("seed", "--demo", "--password", PASSWORD)
    assert filled.returncode == 0, filled.stderr
    with in_front(request.param, house, folder) as site:
        yield site


@pytest.fixture(scope="module")
def ada(site: Proxied, browser: Browser) -> Iterator[Page]:
    """Ada's page, signed in by the form at the address that people know."""
    context = browser.new_context(ignore_https_errors=True)
    context.set_default_timeout(PATIENCE_MS)
    page = context.new_page()
    sign_in(page, site)
    yield page
    context.close()


@pytest.fixture
def page(site: Proxied, browser: Browser) -> Iterator[Page]:
    """Somebody who is nobody yet."""
    context = browser.new_context(ignore_https_errors=True)
    context.set_default_timeout(PATIENCE_MS)
    yield context.new_page()
    context.close()


def sign_in(page: Page, site: Proxied) -> None:
    page.goto(f"{site.base_url}/settings/profile")
    page.get_by_label("Email").fill(ADA)
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    page.wait_for_url(f"{site.base_url}/settings/profile")


def path_of(page: Page) -> str:
    return urlsplit(page.url).path


def test_c6_the_first_address_leads_to_the_form_and_back(site: Proxied, page: Page) -> None:
    page.goto(f"{site.base_url}/")
    assert path_of(page) == f"{site.root}/login"

    page.goto(site.base_url)
    assert path_of(page) == f"{site.root}/login"

    sign_in(page, site)
    page.goto(f"{site.base_url}/inbox/")
    expect(page.locator("mb-inbox")).to_be_visible()


def test_c6_the_cookies_are_secure_and_go_no_further_than_the_path(
    site: Proxied, ada: Page
) -> None:
    session = [each for each in ada.context.cookies() if each["name"].endswith("-miniback")]
    (cookie,) = session

    assert cookie["name"] == ("__Secure-miniback" if site.root else "__Host-miniback")
    assert cookie["path"] == (site.root or "/")
    assert (cookie["secure"], cookie["httpOnly"], cookie["sameSite"]) == (True, True, "Lax")
    sent = ada.context.cookies(f"{site.origin}/elsewhere")
    assert bool(sent) is not bool(site.root)


@pytest.mark.parametrize("route", [*OPEN_ROUTES, *ROUTES])
def test_c6_every_address_of_every_page_is_below_the_path(
    site: Proxied, ada: Page, route: str
) -> None:
    asked: list[Request] = []

    def note(request: Request) -> None:
        asked.append(request)

    ada.on("request", note)
    answer = ada.goto(site.base_url + at(site.house, route))
    ada.remove_listener("request", note)

    assert answer
    assert answer.status == (404 if route in ("/nowhere", "/projects/no-such-project") else 200)
    own = [address for address in ada.evaluate(ADDRESSES) if address.startswith("/")]
    assert [each for each in own if not f"{each}/".startswith(f"{site.root}/")] == []
    assert [each for each in own if each.startswith("/feedback/feedback")] == []
    asked = [each for each in asked if not each.url.startswith("data:")]
    assert [each.url for each in asked if not each.url.startswith(site.base_url)] == []
    assert [each.url for each in asked if (sent := each.response()) and sent.status >= 400] == (
        [ada.url] if answer.status == 404 else []
    )


def test_c6_every_link_of_the_menu_and_the_settings_leads_somewhere(
    site: Proxied, ada: Page
) -> None:
    links: set[str] = set()
    for start in ("/inbox", "/settings/profile", "/projects/storefront", "/settings/data"):
        ada.goto(site.base_url + start)
        links |= set(ada.evaluate("() => [...document.links].map(link => link.href)"))

    ours = sorted({link.split("#")[0] for link in links if link.startswith(site.base_url)})
    assert len(ours) > 40
    statuses = {link: ada.request.get(link, max_redirects=3).status for link in ours}
    assert {link: status for link, status in statuses.items() if status != 200} == {}


def test_c6_forms_lead_to_pages_below_the_path(site: Proxied, ada: Page) -> None:
    ada.goto(f"{site.base_url}/projects/new")
    ada.get_by_label("Name").fill("Behind a proxy")
    ada.get_by_role("button", name="Create", exact=True).click()

    ada.wait_for_url(f"{site.base_url}/projects/behind-a-proxy")
    ada.get_by_role("link", name="Install", exact=True).click()
    code = ada.get_by_label("Code", exact=True).inner_text()
    assert f'src="{site.base_url}/w/behind-a-proxy.js"' in code
    ada.goto(f"{site.base_url}/projects/behind-a-proxy")
    ada.get_by_role("button", name="Pause").click()
    expect(ada.get_by_role("button", name="Resume")).to_be_visible()
    assert path_of(ada) == f"{site.root}/projects/behind-a-proxy"


def test_c6_what_scripts_ask_for_is_below_the_path(site: Proxied, ada: Page) -> None:
    ada.goto(f"{site.base_url}/projects")
    with ada.expect_response(lambda answer: "search=store" in answer.url) as found:
        ada.get_by_role("searchbox").fill("store")
    assert found.value.url.startswith(f"{site.base_url}/projects?")
    ada.goto(f"{site.base_url}/settings/appearance")
    with ada.expect_response("**/settings/theme") as switched:
        ada.keyboard.press("t")
    assert (switched.value.status, path_of(ada)) == (204, f"{site.root}/settings/appearance")

    ada.keyboard.press("g")
    ada.keyboard.press("p")
    ada.wait_for_url(f"{site.base_url}/projects")


def test_c6_a_call_of_the_reference_is_tried_below_the_path(site: Proxied, page: Page) -> None:
    page.goto(f"{site.base_url}/docs/api/service")
    form = page.locator("article:has(> #getReadiness) mb-try")
    form.locator("summary").first.click()
    form.get_by_role("button", name="Send").click()

    expect(form.locator(".outcome p").first).to_contain_text("200")


def test_c6_an_item_is_opened_and_resolved_in_place(site: Proxied, ada: Page) -> None:
    ada.goto(f"{site.base_url}/inbox?status=NEW")
    ada.locator("[data-id] .message").first.click()
    expect(ada.locator("#detail")).to_be_visible()
    assert re.fullmatch(rf"{site.root}/inbox/feedback_\w+", path_of(ada))
    with ada.expect_response("**/inbox/act") as acted:
        ada.get_by_role("button", name="Resolve").first.click()

    assert (acted.value.status, acted.value.url) == (200, f"{site.base_url}/inbox/act")


def test_c6_news_come_through_as_they_happen(site: Proxied, ada: Page) -> None:
    def only_the_stream(route: Route) -> None:
        # Asking now and then, which stands in for the stream, would hide that it does not come.
        if route.request.resource_type == "eventsource":
            route.continue_()
        else:
            route.abort()

    ada.context.route("**/inbox/live*", only_the_stream)
    with ada.expect_response("**/inbox/live*"):
        ada.goto(f"{site.base_url}/inbox")
    sent = httpx2.post(
        f"{site.base_url}/api/feedback",
        json={"message": "Hot off the press", "projectSlug": "storefront"},
        headers={"origin": site.origin},
        verify=False,
    )

    assert sent.status_code == 201
    expect(ada.locator("[data-pill]")).to_have_text("1 new", timeout=PATIENCE_MS)
    ada.context.unroute("**/inbox/live*")


def test_c6_a_file_is_given_out_and_taken_in(site: Proxied, ada: Page, tmp_path: Path) -> None:
    ada.goto(f"{site.base_url}/settings/data")
    with ada.expect_download() as download:
        ada.locator("a[href$='export.jsonl']").click()
    download.value.save_as(tmp_path / "items.jsonl")
    lines = (tmp_path / "items.jsonl").read_text().splitlines()
    assert len(lines) > 600
    assert json.loads(lines[0])["id"].startswith("feedback_")

    ada.goto(f"{site.base_url}/settings/data/import")
    ada.locator("input[type=file]").set_input_files(tmp_path / "items.jsonl")
    ada.locator("form[action$='/settings/data/import'] button").last.click()
    ada.wait_for_url(f"{site.base_url}/settings/data/import/*")


def test_c6_the_widget_of_another_site_loads_and_sends(site: Proxied, page: Page) -> None:
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    slug = site.house.account().slug
    with open_site() as shop:
        page.goto(shop.page(f'<script async src="{site.base_url}/w/{slug}.js"></script>'))
        ready(page)
        open_panel(page)
        message(page).fill("From another site")
        with page.expect_response(f"{site.base_url}/api/feedback") as sent:
            panel(page).locator(".main").click()

    assert sent.value.status == 201
    assert is_stored(site, "From another site")
    ours = [url for url in asked if not url.startswith(shop.origin)]
    assert [url for url in ours if not url.startswith(site.base_url)] == []


def test_c6_the_form_without_a_script_sends(site: Proxied, browser: Browser) -> None:
    context = browser.new_context(ignore_https_errors=True, java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{site.base_url}/f/storefront")
    page.locator("textarea").fill("Without a script")
    page.locator("form button").last.click()

    page.wait_for_url(f"{site.base_url}/f/storefront/sent?reference=feedback_*")
    assert is_stored(site, "Without a script")
    context.close()


def test_c6_links_in_letters_lead_back(site: Proxied, page: Page) -> None:
    page.goto(f"{site.base_url}/forgot")
    page.get_by_label("Email").fill(ADA)
    page.get_by_role("button").last.click()

    link = until(lambda: logged_link(site), "the link")
    assert link.startswith(f"{site.base_url}/reset?token=")
    page.goto(link)
    expect(page.get_by_label("New password")).to_be_visible()


def test_c6_people_are_known_by_their_own_address(site: Proxied, ada: Page) -> None:
    elsewhere = httpx2.HTTPTransport(local_address="127.0.0.2", verify=False)
    with httpx2.Client(transport=elsewhere, timeout=PATIENCE_S) as client:
        form = client.get(f"{site.base_url}/login").text
        (token,) = re.findall(r'name="csrf_token" value="([^"]+)"', form)
        fields = {"email": ADA, "password": PASSWORD, "csrf_token": token}
        origin = {"origin": site.origin}
        signed = client.post(f"{site.base_url}/login", data=fields, headers=origin)
    assert signed.headers["location"] == f"{site.root}/inbox"

    ada.goto(f"{site.base_url}/settings/profile")
    assert "127.0.0.2" in ada.locator("main").inner_text()


def test_c6_signing_out_takes_the_cookie_away(site: Proxied, page: Page) -> None:
    sign_in(page, site)
    page.goto(f"{site.base_url}/logout")
    page.get_by_role("button", name="Sign out").last.click()

    page.wait_for_url(f"{site.base_url}/login")
    assert [c for c in page.context.cookies() if c["name"].endswith("-miniback")] == []


def is_stored(site: Proxied, text: str) -> bool:
    sql = "SELECT count(*) FROM feedback WHERE document LIKE :text"
    return bool(site.house.row(sql, text=f"%{text}%")[0])


def logged_link(site: Proxied) -> str:
    lines = [json.loads(line) for line in site.house.log.splitlines() if '"link_for"' in line]
    links = [str(line["link"]) for line in lines if line["email"] == ADA]
    return links[-1] if links else ""
