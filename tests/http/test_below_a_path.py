"""A server below a path of another site: what it takes off addresses, and what it puts on."""

import re
from collections.abc import Callable, Iterator

import pytest

from tests.house import House, running
from tests.visitor import link_for, owner, visiting

DATABASES = ("sqlite",)
BASE, ROOT = "http://shop.example/in/feedback", "/in/feedback"
SETTINGS = {"MINIBACK_BASE_URL": BASE}
ADDRESSES = re.compile(r'\s(?:href|src|action|hx-\w+)="(/[^"]*)"')


@pytest.fixture(scope="module")
def below(new_house: Callable[..., House]) -> Iterator[House]:
    with running(new_house("sqlite", environment=SETTINGS)) as house:
        house.account()  # without anybody the first page is another
        yield house


def location(house: House, path: str) -> str:
    answer = house.client.get(path)
    assert answer.status_code == 303
    return str(answer.headers["location"])


@pytest.mark.parametrize("prefix", [ROOT, ""], ids=["left", "taken off"])
def test_an_address_is_the_same_whether_a_proxy_leaves_the_path_or_not(
    below: House, prefix: str
) -> None:
    assert below.client.get(f"{prefix}/healthz").status_code == 200
    assert location(below, f"{prefix}/inbox?status=NEW") == (
        f"{ROOT}/login?next=/inbox%3Fstatus%3DNEW"
    )
    page = below.client.get(f"{prefix}/login").text
    assert {each.startswith(f"{ROOT}/") for each in ADDRESSES.findall(page)} == {True}
    assert page.count(f"{ROOT}{ROOT}") == 0


@pytest.mark.parametrize("path", [ROOT, f"{ROOT}/"])
def test_the_path_itself_is_the_first_page(below: House, path: str) -> None:
    assert location(below, path) == f"{ROOT}/login"


@pytest.mark.parametrize("path", [f"{ROOT}s/login", f"{ROOT}{ROOT}/login", "/in/login"])
def test_another_path_is_none_of_ours(below: House, path: str) -> None:
    assert below.client.get(path).status_code == 404


def test_programs_are_answered_as_everywhere(below: House) -> None:
    bob = below.account()
    posted = bob.post(ROOT + bob.feedback_path, json={"message": "From below"})

    assert posted.status_code == 201
    described = below.client.get(f"{ROOT}/openapi.json").json()
    assert described["servers"] == [{"url": f"{ROOT}/"}]
    refused = below.client.get(f"{ROOT}/api/nowhere")
    assert (refused.status_code, refused.json()) == (404, {"error": "Not found"})
    image = bob.get(f"{ROOT}/api/feedback/{posted.json()['data']['id']}/attachments")
    assert image.json() == {"data": []}


def test_what_people_wrote_stays_as_they_wrote_it(below: House) -> None:
    bob = owner(below)
    item = bob.account.say('See href="/inbox" and <a href="/inbox">')

    page = bob.get(f"{ROOT}/inbox/{item['id']}").text

    assert "See href=&#34;/inbox&#34; and &lt;a href=&#34;/inbox&#34;&gt;" in page
    assert f'href="{ROOT}/inbox"' in page
    assert f"&#34;{ROOT}" not in page


def test_links_that_are_sent_have_the_path(below: House) -> None:
    bob = owner(below)
    with visiting(below) as visitor:
        visitor.client.headers["origin"] = "http://shop.example"
        assert visitor.submit(f"{ROOT}/forgot", email=bob.email).status_code == 200

    assert link_for(below, bob.email).startswith(f"{BASE}/reset?token=")


@pytest.mark.parametrize(
    "path", ["/inbox", "/api", "/shop/widget", "/w", "/assets/x"], ids=lambda path: path[1:]
)
def test_a_path_that_has_pages_of_ours_stops_the_start(
    new_house: Callable[..., House], path: str
) -> None:
    house = new_house("sqlite", environment={"MINIBACK_BASE_URL": f"https://shop.example{path}"})
    ended = house.run("serve", "--port", "0")

    assert ended.returncode == 78
    assert "choose another path" in ended.stderr
    assert "Traceback" not in ended.stderr


@pytest.mark.parametrize("path", ["a//b", "ä", "a;b", "../a", "a?b", "'"])
def test_a_path_that_addresses_cannot_carry_as_it_is_stops_the_start(
    new_house: Callable[..., House], path: str
) -> None:
    address = f"https://shop.example/{path}"
    ended = new_house("sqlite", environment={"MINIBACK_BASE_URL": address}).run("serve")

    assert ended.returncode == 78
    assert "MINIBACK_BASE_URL must be an address such as" in ended.stderr
