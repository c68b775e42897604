"""Each example: the site and Miniback in one process, each with its own addresses."""

import json
import re
from collections.abc import Iterator
from urllib.parse import urljoin, urlsplit

import httpx2
import pytest

from tests.house import NO_TLS, PATIENCE_S
from tests.mounting.conftest import NewSite
from tests.mounting.sites import AT, EXAMPLES, PROJECT, Site, open_for
from tests.visitor import Member, Visitor, owner_of, visiting

ADDRESS = re.compile(r'\s(?:action|href|src|hx-\w+|data-(?:address|done))="(/[^"]*)"')
PAGES = ("/inbox", "/projects", "/projects/new", "/analytics", "/usage", "/settings/profile")


@pytest.fixture(scope="module", params=EXAMPLES)
def site(request: pytest.FixtureRequest, new_site: NewSite) -> Iterator[Site]:
    with open_for(new_site(f"examples.{request.param}:app")) as site:
        yield site


@pytest.fixture(scope="module")
def ada(site: Site) -> Member:
    """The owner of the first account, whose project is the one that the site's page names."""
    ada = owner_of(site, site.account())
    assert ada.account.slug == PROJECT
    return ada


@pytest.fixture
def visitor(site: Site) -> Iterator[Visitor]:
    with visiting(site) as visitor:
        yield visitor


def test_the_site_s_own_page_has_a_widget_that_says_where_its_parts_are(
    site: Site, ada: Member
) -> None:
    page = site.visit()
    (address,) = re.findall(r'src="([^"]+)"', page.text)
    script = httpx2.get(site.origin + address, headers={"referer": site.origin}, verify=NO_TLS)
    told = json.loads(re.findall(r"minibackSettings=(\{.*\});", script.text)[0])

    assert (page.status_code, script.status_code, address) == (200, 200, f"{AT}/w/{PROJECT}.js")
    assert (told["project"], told["state"]) == (ada.account.slug, "active")
    part = httpx2.get(f"{site.base_url}{told['assets']}proof.js", verify=NO_TLS)
    assert (part.status_code, part.headers["access-control-allow-origin"]) == (200, "*")


def test_a_visitor_of_the_site_sends_and_a_key_reads_it(site: Site, ada: Member) -> None:
    body = {"message": "From the site", "projectSlug": PROJECT}
    sent = site.client.post("/api/feedback", json=body, headers={"origin": site.origin})
    found = ada.account.get("/api/feedback", params={"search": "site"}).json()["data"]

    assert sent.status_code == 201
    assert sent.json()["data"]["id"] in [item["id"] for item in found]


def test_signing_in_stays_below_the_path_as_its_cookies_do(
    site: Site, ada: Member, visitor: Visitor
) -> None:
    turned_away = visitor.get("/inbox")
    entered = visitor.sign_in(ada.email)
    cookies = entered.headers.get_list("set-cookie")

    assert turned_away.headers["location"] == f"{AT}/login?next=/inbox"
    assert (entered.status_code, entered.headers["location"]) == (303, f"{AT}/inbox")
    assert cookies
    assert all(f"; Path={AT};" in cookie for cookie in cookies)
    assert {cookie.path for cookie in visitor.client.cookies.jar} == {AT}
    assert visitor.get("/inbox").status_code == 200


@pytest.mark.parametrize("page", PAGES)
def test_every_address_on_a_page_is_below_the_path_and_leads_somewhere(
    site: Site, ada: Member, page: str
) -> None:
    addresses = set(ADDRESS.findall(ada.get(page).text))

    assert addresses
    assert [each for each in addresses if not each.startswith(f"{AT}/")] == []
    assets = [each for each in addresses if each.startswith(f"{AT}/assets/")]
    assert {ada.client.get(urljoin(site.origin, each)).status_code for each in assets} == {200}


def test_what_is_not_there_is_told_by_whose_address_it_is(site: Site, visitor: Visitor) -> None:
    at_the_site, below = site.visit("/nowhere"), visitor.get("/nowhere")

    assert (at_the_site.status_code, below.status_code) == (404, 404)
    assert "Miniback" not in at_the_site.text
    assert "There is nothing here" in below.text
    # Only what continues the path is below it.
    assert "Miniback" not in site.visit(f"{AT}s").text


def test_the_path_itself_leads_to_the_inbox(site: Site, ada: Member) -> None:
    with visiting(site) as somebody:
        answer = somebody.client.get(site.base_url, follow_redirects=True)

    assert urlsplit(str(answer.url)).path == f"{AT}/login"


def test_an_open_inbox_is_told_what_comes_in(site: Site, ada: Member) -> None:
    with (
        httpx2.Client(timeout=PATIENCE_S, verify=NO_TLS, cookies=ada.client.cookies) as client,
        client.stream(
            "GET", f"{site.base_url}/inbox/live", headers={"accept": "text/event-stream"}
        ) as stream,
    ):
        lines = (line for line in stream.iter_lines() if line.startswith("data: "))
        next(lines)
        ada.account.say("News")
        news = json.loads(next(lines).removeprefix("data: "))

    assert stream.status_code == 200
    assert len(news["new"]) == 1


def test_a_request_too_large_is_refused_below_the_path(site: Site, ada: Member) -> None:
    answer = ada.account.post(ada.account.feedback_path, content=b"x" * 200_000)

    assert answer.status_code == 413
    assert "larger than" in answer.json()["error"]
