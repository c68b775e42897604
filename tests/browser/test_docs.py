"""The documentation in a browser: copying, the choice of language, trying calls, the explorer."""

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect

from miniback import plans
from tests.browser.conftest import ADA
from tests.browser.test_g_axe import found_by_axe
from tests.browser.test_g_every_page import WATCHING, wider_than_the_window
from tests.clients.test_calls import PNG
from tests.docs.reading import GROUPS, GUIDES, calls
from tests.docs.things import ids_of, named
from tests.house import Account, House

NewPage = Callable[..., Page]
CLIPBOARD = ["clipboard-read", "clipboard-write"]
STORED = """async () => JSON.stringify([
  {...localStorage}, {...sessionStorage}, document.cookie, history.state,
  (await indexedDB.databases()).length, (await caches.keys()).length])"""
REFUSED = "requests are available on paid plans only"


@pytest.fixture
def reader(new_page: NewPage) -> Page:
    """Somebody who is not signed in."""
    return new_page(permissions=CLIPBOARD)


@pytest.mark.parametrize("path", [*GUIDES, "/docs/api", "/docs/api/feedback"])
def test_do1_each_button_copies_its_code_to_the_letter(reader: Page, path: str) -> None:
    reader.goto(path)
    for code in reader.locator(".code").all():
        if not code.is_visible():
            continue
        code.get_by_role("button").click()
        expect(code.get_by_role("button")).to_have_text("Copied")
        copied = reader.evaluate("navigator.clipboard.readText()")
        assert copied == code.locator("code").evaluate("code => code.textContent")


def shown(page: Page) -> set[str]:
    """The languages of the blocks of code that are seen where there is a choice."""
    blocks = page.locator(".samples .code:visible")
    found: list[str] = blocks.evaluate_all("all => all.map(each => each.dataset.language)")
    return set(found)


def test_do3_a_chosen_language_holds_for_every_page_and_the_next_visit(reader: Page) -> None:
    reader.goto("/docs/api/feedback")
    assert shown(reader) == {"curl"}
    reader.get_by_role("button", name="Python", exact=True).first.click()
    assert shown(reader) == {"python"}
    reader.goto("/docs/api/projects")
    assert shown(reader) == {"python"}
    again = reader.context.new_page()
    again.goto("/docs/api/team")

    assert shown(again) == {"python"}
    pressed = again.locator("[aria-pressed=true]").all_text_contents()
    assert set(pressed) == {"Python"}


def test_do3_where_the_chosen_language_is_not_there_the_first_one_is_shown(reader: Page) -> None:
    reader.goto("/docs/api/public-door")
    reader.get_by_role("button", name="JavaScript", exact=True).first.click()

    assert reader.locator(".samples:not(:has(.code:visible))").count() == 0
    assert "js" in shown(reader)


def test_do3_without_a_script_everything_is_read(new_page: NewPage) -> None:
    page = new_page(java_script_enabled=False)
    page.goto("/docs/api/feedback")

    assert shown(page) == {"curl", "python", "js", "cli"}
    for name in ("Copy", "Send", "Python"):
        expect(page.get_by_role("button", name=name, exact=True)).to_have_count(0)


def test_do3_without_a_script_one_searches_and_follows_a_result(new_page: NewPage) -> None:
    page = new_page(java_script_enabled=False)
    page.goto("/docs")
    page.get_by_role("searchbox").first.fill("regenerate key")
    page.get_by_role("searchbox").first.press("Enter")
    page.locator(".found a").first.click()

    expect(page.locator("h1")).to_be_visible()
    assert page.url.partition("/docs/")[2].partition("?")[0] != "search"


def test_do3_a_slash_leads_to_the_search(reader: Page) -> None:
    reader.goto("/docs/webhooks")
    reader.keyboard.press("/")
    expect(reader.locator("#q")).to_be_focused()
    reader.keyboard.type("a/b")

    expect(reader.locator("#q")).to_have_value("a/b")


def test_do7_the_menu_of_a_phone_leads_on(new_page: NewPage) -> None:
    page = new_page(java_script_enabled=False, viewport={"width": 360, "height": 740})
    page.goto("/docs")
    page.get_by_role("button", name="Menu").click()
    page.get_by_role("navigation").get_by_role("link", name="Webhooks", exact=True).first.click()

    expect(page.locator("h1")).to_have_text("Webhooks")


def test_do7_the_menu_of_those_signed_in_leads_to_the_documentation(page: Page) -> None:
    page.goto("/projects/storefront/api")
    expect(page.get_by_role("link", name="API reference")).to_have_attribute("href", "/docs/api")
    page.get_by_role("navigation").get_by_role("link", name="Docs").click()

    expect(page.locator("h1")).to_have_text("Documentation")


def open_form(page: Page, name: str) -> Locator:
    """The form of a call, unfolded."""
    article = page.locator(f"article:has(> #{name})")
    article.locator("mb-try > details > summary").click()
    return article.locator("mb-try")


def send(form: Locator, account: Account, ids: dict[str, str]) -> str:
    """Fill in what is needed, send it, and return what is shown of the answer."""
    for field in form.locator("input[required]:not([type=file])").all():
        example = field.get_attribute("placeholder") or ""
        field.fill(named(example, account, ids))
    for file in form.locator("input[type=file]").all():
        file.set_input_files({"name": "a.png", "mimeType": "image/png", "buffer": PNG})
    for body in form.locator("textarea").all():
        body.fill(named(body.input_value(), account, ids))
    form.get_by_role("button", name="Send").click()
    expect(form.locator(".outcome p").first).to_have_text(re.compile(r"^\d{3}.* · \d+ ms$"))
    return form.locator(".outcome").inner_text()


def of_group(house: House, path: str) -> list[tuple[str, dict[str, Any]]]:
    """The calls on a page of the reference, by name."""
    described = calls(house.client.get("/openapi.json").json())
    all_calls = [(call["operationId"], call) for _, _, call in described]
    return [each for each in all_calls if path.endswith(slug_of(each[1]["tags"][0]))]


def slug_of(tag: str) -> str:
    return "/" + tag.lower().replace(" ", "-")


@pytest.mark.parametrize("path", GROUPS)
def test_do2_each_call_is_tried_with_success(reader: Page, demo: House, path: str) -> None:
    for name, call in of_group(demo, path):
        if name == "getMetrics":  # this server's operator has set no token
            continue
        account = demo.account(plans.PRO)
        reader.goto(path)
        reader.locator("#key").fill(account.key)
        told = send(open_form(reader, name), account, ids_of(demo, account))
        assert told[:3] in call["responses"], f"{name}: {told}"
        assert told[0] == "2", f"{name}: {told}"


@pytest.mark.parametrize("path", GROUPS)
def test_do2_a_key_of_a_free_account_is_told_what_its_plan_is(
    reader: Page, demo: House, path: str
) -> None:
    account = demo.account(plans.FREE)
    reader.goto(path)
    reader.locator("#key").fill(account.key)
    for name, call in of_group(demo, path):
        if plans.FREE in call["x-plans"]:
            continue
        told = send(open_form(reader, name), account, {"proj": account.project_id} | ANY)
        assert told.startswith("401"), f"{name}: {told}"
        assert REFUSED in told


ANY = dict.fromkeys(["feedback", "note", "tag", "attachment", "target", "delivery"], "none_1")


def test_do2_the_answer_tells_status_time_headers_and_body(reader: Page, demo: House) -> None:
    account = demo.account(plans.STARTER)
    reader.goto("/docs/api/usage")
    reader.locator("#key").fill(account.key)
    form = open_form(reader, "getUsage")
    told = send(form, account, {})
    form.locator(".outcome summary").click()

    assert told.startswith("200")
    expect(form.locator(".outcome pre").first).to_contain_text("content-type: application/json")
    pretty = '{\n  "data": {\n    "plan": "STARTER"'
    expect(form.locator(".outcome pre").last).to_contain_text(pretty)


def test_do2_what_is_filled_in_is_sent(reader: Page, demo: House) -> None:
    account = demo.account(plans.PRO)
    for number in range(3):
        account.say(f"Number {number}")
    reader.goto("/docs/api/feedback")
    reader.locator("#key").fill(account.key)
    form = open_form(reader, "listProjectFeedback")
    form.get_by_label("limit").fill("1")
    told = send(form, account, {"proj": account.project_id})

    assert '"limit": 1' in told
    assert told.count('"message"') == 1


def test_do2_the_key_is_in_no_store_no_address_and_no_log(reader: Page, demo: House) -> None:
    account = demo.account(plans.PRO)
    addresses: list[str] = []
    reader.on("request", lambda request: addresses.append(request.url))
    reader.goto("/docs/api/projects")
    reader.locator("#key").fill(account.key)
    assert send(open_form(reader, "listProjects"), account, {}).startswith("200")
    secret = account.key.removeprefix("mbk_")

    assert secret not in reader.evaluate(STORED)
    assert secret not in str(reader.context.storage_state())
    assert not [each for each in addresses if secret in each]
    assert secret not in demo.log
    assert secret not in reader.content()
    reader.goto("/docs")
    reader.go_back()
    expect(reader.locator("#key")).to_have_value("")


def test_do2_a_call_shows_what_the_key_may_do_and_not_who_is_signed_in(
    new_page: NewPage, demo: House, cookies: dict[str, list[dict[str, Any]]]
) -> None:
    page = new_page(cookies[ADA])
    page.goto("/docs/api/projects")

    assert send(open_form(page, "listProjects"), demo.account(), {}).startswith("401")


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [360, 1440])
def test_do2_axe_finds_nothing_in_a_form_and_its_answer(
    new_page: NewPage, demo: House, scheme: str, width: int
) -> None:
    account = demo.account(plans.PRO)
    page = new_page(color_scheme=scheme, viewport={"width": width, "height": 740})
    page.goto("/docs/api/feedback")
    for errors in page.locator(".problems > summary").all():
        errors.click()
    page.locator("#key").fill(account.key)
    send(open_form(page, "createFeedback"), account, {"proj": account.project_id})

    assert found_by_axe(page) == []
    assert wider_than_the_window(page) == []


def test_do5_the_explorer_is_drawn_under_the_policy_and_asks_nobody_else(
    reader: Page, demo: House
) -> None:
    asked: list[str] = []
    complaints: list[str] = []
    reader.add_init_script(WATCHING)
    reader.on("request", lambda request: asked.append(request.url))
    reader.on("pageerror", lambda error: complaints.append(str(error)))
    reader.on("console", lambda said: complaints.append(f"{said.type}: {said.text}"))
    answer = reader.goto("/docs/explorer")
    expect(reader.locator(".opblock-tag").first).to_be_visible(timeout=30_000)
    first = reader.locator(".opblock").first
    first.locator(".opblock-summary-control").click()
    expect(first.locator(".responses-wrapper").first).to_be_visible()
    first.get_by_role("button", name="Try it out").click()
    first.get_by_role("button", name="Execute").click()
    expect(first.locator(".response .response-col_status").first).to_contain_text("401")

    assert answer
    assert "unsafe" not in answer.headers["content-security-policy"]
    assert reader.evaluate("seen.violations") == []
    assert [each for each in asked if not each.startswith((demo.base_url + "/", "data:"))] == []
    assert [each for each in complaints if "401" not in each and "error" in each] == []


def test_do5_the_explorer_shows_every_call(reader: Page, demo: House) -> None:
    described = list(calls(demo.client.get("/openapi.json").json()))
    reader.goto("/docs/explorer")
    expect(reader.locator(".opblock")).to_have_count(len(described), timeout=30_000)


def test_do5_what_the_explorer_is_made_of_is_that_of_its_package(demo: House) -> None:
    folder = Path(__file__).parents[2] / "src" / "miniback" / "docs" / "explorer"
    script = demo.client.get("/docs/explorer/swagger-ui-bundle.js")

    assert script.content == (folder / "swagger-ui-bundle.js").read_bytes()
    assert script.headers["content-encoding"] in ("gzip", "br")
    assert demo.client.get("/docs/explorer/LICENSE").status_code == 404
